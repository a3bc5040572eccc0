"""Paid: what a person says of money without a statement, down to currencies, fees, discounts, credit and mistakes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.laws.cashier import FIRST, Cashier, document

from git_bill.contract.exchange import Quote, none_known
from git_bill.contract.terms import EarlyPayment
from git_bill.flows.bookkeeping import Till
from git_bill.flows.desk import Desk
from git_bill.flows.paid import Said, by_hand, from_remittance
from git_bill.flows.paid_back import returned, set_off, undone, write_off
from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.problem import Problem, Stop
from git_bill.receivable.booked import booked
from git_bill.receivable.credit import credits
from git_bill.receivable.payment import Aside, Payments
from git_bill.receivable.receivable import receivables
from git_bill.receivable.remittance import Remittance

DAY = FIRST.replace(day=20)


def till(*documents: Invoice) -> Cashier:
    """A cashier with these documents issued."""
    return Cashier(till=Till(invoices=documents, paid=booked(()), months=()), day=DAY)


def over(number: str, amount: str, currency: str = "EUR", **facts: object) -> Invoice:
    """An invoice over an amount in a currency."""
    made = document(number, amount)
    asked = Money(Decimal(amount), currency)
    facts.setdefault("totals", replace(made.totals, payable=asked, gross=asked))
    return replace(made, currency=currency, **facts)  # type: ignore[arg-type]


def said(amount: str | None = None, **facts: object) -> Said:
    facts.setdefault("on", DAY)
    return Said(amount=Money.parse(amount) if amount else None, **facts)  # type: ignore[arg-type]


def say(cashier: Cashier, make: Callable[[Desk], Payments]) -> Payments:
    """Record a person's word."""
    made = make(cashier.desk())
    cashier.take(made)
    return made


def open_of(cashier: Cashier) -> dict[str, str]:
    return {each.number: str(each.open) for each in receivables(cashier.till.invoices, cashier.till.paid)}


def refused(cashier: Cashier, make: Callable[[Desk], Payments]) -> str:
    """The message of what is refused; nothing is recorded."""
    with pytest.raises(Stop) as stopped:
        cashier.till.with_(make(cashier.desk()))
    return " ".join(f"{each.message} ({each.hint})" for each in stopped.value.problems)


@pytest.mark.parametrize(
    ("currency", "whole", "part", "left"),
    [("JPY", "119000", "19000", "100000 JPY"), ("KWD", "119.25", "19.125", "100.125 KWD")],
)
def test_currencies_with_other_decimals(currency: str, whole: str, part: str, left: str) -> None:
    shop = till(over("ONE", whole, currency))
    say(shop, lambda desk: by_hand(desk, ["ONE"], said(f"{part} {currency}")))
    assert open_of(shop) == {"ONE": left}
    say(shop, lambda desk: by_hand(desk, ["ONE"], said()))
    assert Money.parse(open_of(shop)["ONE"]).amount == 0


def test_a_fee_of_several_invoices_is_shared_to_the_smallest_coin() -> None:
    shop = till(over("ONE", "100.125", "KWD"), over("TWO", "200.250", "KWD"))
    fee = Money.parse("0.374 KWD")
    made = say(shop, lambda desk: by_hand(desk, ["ONE", "TWO"], said("300.001 KWD", fee=fee)))
    assert sum(each.amount.amount for each in made.allocations) == Decimal("300.001")
    assert {Money.parse(each).amount for each in open_of(shop).values()} == {0}


def test_a_fee_in_another_currency_is_refused_in_words() -> None:
    shop = till(over("ONE", "100.00"))
    told = refused(shop, lambda desk: by_hand(desk, ["ONE"], said("99.00 EUR", fee=Money.parse("1.00 USD"))))
    assert "1.00 USD" in told
    told = refused(shop, lambda desk: by_hand(desk, ["ONE"], said(fee=Money.parse("1.00 USD"))))
    assert "1.00 USD" in told


def test_another_currency_settles_all_only_where_a_person_says_so() -> None:
    """One euro is no thousand dollars: nobody knows a rate here."""
    shop = till(over("ONE", "1000.00", "USD"))
    told = refused(shop, lambda desk: by_hand(desk, ["ONE"], said("1.00 EUR")))
    assert "--full exchange" in told
    assert "1000.00 USD" in told
    hundred = Money.parse("100.00 USD")
    say(shop, lambda desk: by_hand(desk, ["ONE"], said("92.00 EUR", settles=hundred, again=True)))
    assert open_of(shop) == {"ONE": "900.00 USD"}
    assert "more than is open" in refused(
        shop, lambda desk: by_hand(desk, ["ONE"], said("990.00 EUR", settles=hundred * 10))
    )
    made = say(shop, lambda desk: by_hand(desk, ["ONE"], said("920.00 EUR", difference="exchange")))
    assert [(str(each.amount), str(each.settles), each.difference) for each in made.allocations] == [
        ("920.00 EUR", "900.00 USD", "exchange")
    ]
    assert open_of(shop) == {"ONE": "0.00 USD"}


def test_a_credit_note_in_another_currency_is_paid_out() -> None:
    shop = till(over("ONE", "100.00", "USD"))
    say(shop, lambda desk: by_hand(desk, ["ONE"], said("92.00 EUR", difference="exchange")))
    shop.issue(replace(document("CN", "100.00", of="ONE"), currency="USD", totals=over("x", "100.00", "USD").totals))
    assert open_of(shop) == {"ONE": "0.00 USD", "CN": "-100.00 USD"}
    say(shop, lambda desk: by_hand(desk, ["CN"], said("92.00 EUR", difference="exchange")))
    assert open_of(shop) == {"ONE": "0.00 USD", "CN": "0.00 USD"}


def credited() -> Cashier:
    """An invoice that was paid, then credited in full."""
    shop = till(over("ONE", "119.00"), over("TWO", "50.00"))
    say(shop, lambda desk: by_hand(desk, ["ONE"], said()))
    shop.issue(document("CN", "119.00", of="ONE"))
    return shop


def test_a_part_of_a_credit_note_is_paid_out_by_the_amount_that_went() -> None:
    shop = credited()
    made = say(shop, lambda desk: by_hand(desk, ["CN"], said("19.00 EUR")))
    assert str(made.remittances[0].amount) == "-19.00 EUR"
    assert open_of(shop)["CN"] == "-100.00 EUR"


def test_a_fee_that_a_credit_note_bears() -> None:
    shop = credited()
    say(shop, lambda desk: by_hand(desk, ["CN"], said("118.00 EUR", difference="fee")))
    assert open_of(shop)["CN"] == "0.00 EUR"


SKONTO = EarlyPayment(percent=Decimal(2), days=14)


@pytest.mark.parametrize(("on", "left"), [(8, "0.00 EUR"), (31, "2.00 EUR")])
def test_a_discount_counts_in_its_term(on: int, left: str) -> None:
    shop = till(over("ONE", "100.00", early_payment=SKONTO))
    say(shop, lambda desk: by_hand(desk, ["ONE"], said("98.00 EUR", on=FIRST.replace(day=on))))
    assert open_of(shop) == {"ONE": left}


def test_a_discount_that_came_late_counts_where_a_person_says_so() -> None:
    shop = till(over("ONE", "100.00", early_payment=SKONTO))
    say(shop, lambda desk: by_hand(desk, ["ONE"], said("98.00 EUR", on=date(2026, 10, 31), difference="discount")))
    assert open_of(shop) == {"ONE": "0.00 EUR"}


def test_too_much_needs_to_be_said_whatever_the_difference_is() -> None:
    shop = till(over("ONE", "100.00"))
    assert "--over" in refused(shop, lambda desk: by_hand(desk, ["ONE"], said("150.00 EUR", difference="fee")))
    say(shop, lambda desk: by_hand(desk, ["ONE"], said("150.00 EUR", over=True)))
    [credit] = credits(shop.till.invoices, shop.till.paid)
    assert (str(credit.amount), credit.client) == ("50.00 EUR", "acme")


def test_money_before_any_of_the_invoices_was_issued_needs_a_reason() -> None:
    later = replace(over("TWO", "50.00"), issue_date=date(2026, 11, 15))
    shop = till(over("ONE", "100.00"), later)
    assert "TWO was issued on 2026-11-15" in refused(shop, lambda desk: by_hand(desk, ["ONE", "TWO"], said()))
    say(shop, lambda desk: by_hand(desk, ["ONE", "TWO"], said(because="in advance")))
    assert set(open_of(shop).values()) == {"0.00 EUR"}


def test_credit_is_the_clients_until_the_invoice_that_it_pays_is_issued() -> None:
    """As of a day between, nothing of it has gone."""
    shop = till(over("ONE", "100.00"))
    [paid] = say(shop, lambda desk: by_hand(desk, ["ONE"], said("150.00 EUR", over=True))).remittances
    shop.issue(replace(over("TWO", "50.00"), issue_date=date(2026, 11, 15)))
    say(shop, lambda desk: set_off(desk, "TWO", paid.id, said()))
    assert credits(shop.till.invoices, shop.till.paid) == ()
    [then] = credits(shop.till.invoices, shop.till.paid, date(2026, 11, 14))
    assert str(then.amount) == "50.00 EUR"
    assert credits(shop.till.invoices, shop.till.paid, date(2026, 11, 15)) == ()


def test_credit_of_one_client_is_not_taken_off_anothers_invoice() -> None:
    shop = till(over("ONE", "100.00"), over("THEIRS", "50.00", client_id="globex"))
    [paid] = say(shop, lambda desk: by_hand(desk, ["ONE"], said("150.00 EUR", over=True))).remittances
    assert "acme" in refused(shop, lambda desk: set_off(desk, "THEIRS", paid.id, said()))
    shop.issue(document("CN", "100.00", of="ONE"))
    assert "CN" in refused(shop, lambda desk: set_off(desk, "THEIRS", "CN", said()))


@pytest.mark.parametrize("amount", ["10.00 USD", "0.00 EUR", "-5.00 EUR", "500.00 EUR"])
def test_an_amount_that_is_not_there_is_neither_set_off_nor_returned(amount: str) -> None:
    shop = credited()
    [paid] = say(shop, lambda desk: by_hand(desk, ["TWO"], said("80.00 EUR", over=True))).remittances
    shop.issue(over("MORE", "40.00"))
    assert refused(shop, lambda desk: set_off(desk, "MORE", "CN", said(amount)))
    assert refused(shop, lambda desk: returned(desk, paid.id, said(amount)))
    assert refused(shop, lambda desk: write_off(desk, "MORE", Money.parse(amount), "small", said(because="x")))


def test_what_was_recorded_by_mistake_leaves_no_money_behind() -> None:
    """A payment by hand is there only by a person's word: taken back, nobody holds it."""
    shop = till(over("ONE", "100.00"))
    [wrong] = say(shop, lambda desk: by_hand(desk, ["ONE"], said("60.00 EUR"))).allocations
    say(shop, lambda desk: undone(desk, [wrong.id], "typed wrongly"))
    assert dict(shop.till.paid.remittances) == {}
    assert open_of(shop) == {"ONE": "100.00 EUR"}
    say(shop, lambda desk: by_hand(desk, ["ONE"], said("60.00 EUR")))  # and it can be said again
    assert open_of(shop) == {"ONE": "40.00 EUR"}
    assert len(shop.till.paid.remittances) == 1


def test_a_loss_that_was_taken_back_is_paid() -> None:
    shop = till(over("ONE", "100.00"))
    [lost] = say(shop, lambda desk: write_off(desk, "ONE", None, "uncollectable", said(because="gone"))).write_offs
    assert lost.id in refused(shop, lambda desk: by_hand(desk, ["ONE"], said("30.00 EUR")))
    say(shop, lambda desk: undone(desk, [lost.id], "they came back"))
    say(shop, lambda desk: by_hand(desk, ["ONE"], said("30.00 EUR")))
    assert open_of(shop) == {"ONE": "70.00 EUR"}


def test_another_currency_of_a_remittance_is_no_guess_either() -> None:
    shop = till(over("ONE", "100.00"), over("TWO", "500.00", "USD"))
    [paid] = say(shop, lambda desk: by_hand(desk, ["ONE"], said("150.00 EUR", over=True))).remittances
    assert "--full exchange" in refused(shop, lambda desk: from_remittance(desk, ["TWO"], paid.id, said()))
    say(shop, lambda desk: from_remittance(desk, ["TWO"], paid.id, said(difference="exchange")))
    assert open_of(shop)["TWO"] == "0.00 USD"


def known(base: str, currency: str, day: date) -> Quote | Problem:
    """1 CHF = 1.05 EUR, and nothing else."""
    if (base, currency) != ("CHF", "EUR"):
        return none_known(base, currency, day)
    return Quote(base="CHF", currency="EUR", rate=Decimal("1.05"), on=day, source="ECB")


def test_a_known_rate_tells_a_slip_in_the_currency_from_a_payment() -> None:
    shop = till(over("ONE", "1050.00"))
    told = refused(shop, lambda desk: by_hand(replace(desk, quotes=known), ["ONE"], said("10.00 CHF")))
    assert "10.00 CHF was worth 10.50 EUR on 2026-10-20" in told
    assert "of 1050.00 EUR" in told
    assert "--full exchange" in told
    assert '--settles "10.50 EUR"' in told
    [made] = say(shop, lambda desk: by_hand(replace(desk, quotes=known), ["ONE"], said("970.00 CHF"))).allocations
    assert (str(made.settles), made.difference) == ("1050.00 EUR", "exchange")


def test_a_known_rate_counts_for_a_recorded_remittance_on_its_day() -> None:
    shop = till(over("ONE", "10.00", "CHF"), over("TWO", "1050.00"), over("THREE", "42.00"))
    [paid] = say(shop, lambda desk: by_hand(desk, ["ONE"], said("50.00 CHF", over=True))).remittances
    whole = said(on=DAY.replace(day=25))
    told = refused(shop, lambda desk: from_remittance(replace(desk, quotes=known), ["TWO"], paid.id, whole))
    assert "40.00 CHF was worth 42.00 EUR on 2026-10-20" in told
    say(shop, lambda desk: from_remittance(replace(desk, quotes=known), ["THREE"], paid.id, whole))
    assert open_of(shop)["THREE"] == "0.00 EUR"


def test_what_is_left_of_one_clients_money_pays_anothers_invoice_only_with_a_reason() -> None:
    shop = till(over("ONE", "100.00"), over("THEIRS", "50.00", client_id="globex"))
    [paid] = say(shop, lambda desk: by_hand(desk, ["ONE"], said("150.00 EUR", over=True))).remittances
    told = refused(shop, lambda desk: from_remittance(desk, ["THEIRS"], paid.id, said()))
    assert "is the credit of acme; THEIRS is for globex" in told
    assert "--because" in told
    say(shop, lambda desk: from_remittance(desk, ["THEIRS"], paid.id, said(because="acme pays for globex")))
    assert open_of(shop)["THEIRS"] == "0.00 EUR"


def credit_of(shop: Cashier, client: str) -> str:
    """Money that a person put aside as a client's credit; its id."""
    name = "R-abcdefghijkl"
    came = Remittance(id=name, rail="bank", booked=DAY, amount=Money.parse("50.00 EUR"), kind="payment")
    aside = Aside(remittance=name, as_="credit", of=client, by="mira", at=shop.desk().stamp.at)
    shop.take(Payments(remittances=(came,), aside=(aside,)))
    return name


def test_what_a_person_called_one_clients_credit_is_never_anothers() -> None:
    shop = till(over("THEIRS", "50.00", client_id="globex"), over("ONE", "50.00"))
    name, why = credit_of(shop, "acme"), said(because="x")
    for told in (
        refused(shop, lambda desk: from_remittance(desk, ["THEIRS"], name, why)),
        refused(shop, lambda desk: set_off(desk, "THEIRS", name, why)),
    ):
        assert "is the credit of acme; THEIRS is for globex" in told
        assert f"git bill paid --undo {name}" in told
    say(shop, lambda desk: set_off(desk, "ONE", name, said()))
    assert open_of(shop) == {"THEIRS": "50.00 EUR", "ONE": "0.00 EUR"}


def test_credit_of_a_client_pays_what_another_is_billed_for() -> None:
    """The one worked for and the one who pays are both meant by it."""
    for client in ("acme", "holding"):
        shop = till(over("ONE", "50.00", bill_to="holding"))
        name = credit_of(shop, client)
        say(shop, lambda desk, name=name: set_off(desk, "ONE", name, said()))  # type: ignore[misc]
        assert open_of(shop) == {"ONE": "0.00 EUR"}


def test_nothing_is_open_of_what_was_settled() -> None:
    shop = till(over("ONE", "50.00"), over("TWO", "70.00"))
    say(shop, lambda desk: by_hand(desk, ["ONE"], said()))
    assert say(shop, lambda desk: by_hand(desk, ["ONE"], said())).is_empty  # the same again
    told = refused(shop, lambda desk: by_hand(desk, ["ONE"], said(on=DAY.replace(day=21))))
    assert "nothing is open of ONE: paid on 2026-10-20" in told
    shop.issue(document("CN", "70.00", of="TWO"))
    assert "nothing is open of TWO: credited by CN" in refused(shop, lambda desk: by_hand(desk, ["TWO"], said()))
