"""Entries balance in every currency, and a client's receivable is what is open; each case worked by hand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.receivable.export.till import (
    AE,
    AT,
    LYON,
    OUT,
    S7,
    S19,
    USA,
    balance,
    bill,
    came,
    due,
    entries,
    eur,
    kept,
    known,
    lost,
    offset,
    paid,
    rates,
    settles,
    usd,
)

from git_bill.invoice.issued import Invoice
from git_bill.money import total
from git_bill.receivable.booked import Booked
from git_bill.receivable.export.document import documents
from git_bill.receivable.export.entry import Entry
from git_bill.receivable.export.settings import Basis, Relief
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.payment import Allocation, Aside, WriteOff
from git_bill.receivable.receivable import excess, receivables
from git_bill.receivable.remittance import Remittance

FIRST = "INV-2026-0001"
OCT5, OCT12, OCT20 = date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 20)


def posted(entry: Entry) -> dict[str, str]:
    """Account → amount as stated."""
    return {":".join((p.account.role, *p.account.of)): str(p.amount.stated) for p in entry.postings}


def balanced(found: tuple[Entry, ...]) -> None:
    for entry in found:
        assert not total((each.amount.worth for each in entry.postings), "EUR"), entry
        for currency in {each.amount.stated.currency for each in entry.postings}:
            stated = [p.amount.stated for p in entry.postings if p.amount.stated.currency == currency]
            assert not total(stated, currency), entry


def test_an_invoice_with_two_rates() -> None:
    (made,) = entries([bill(FIRST, OCT5, ("1000.00", S19), ("100.00", S7))])
    assert posted(made) == {
        "receivable:acme": "1297.00 EUR",
        "revenue:S:19:DE": "-1000.00 EUR",
        "vat:S:19": "-190.00 EUR",
        "revenue:S:7:DE": "-100.00 EUR",
        "vat:S:7": "-7.00 EUR",
    }


def test_a_discount_for_paying_early_takes_its_tax_back() -> None:
    money = came(OCT12, eur("1166.20"))
    paid_early = kept([money], [settles(money, FIRST, eur("1166.20"), eur("1190.00"), difference="discount")])
    _, made = entries([bill(FIRST, OCT5, ("1000.00", S19), early="2")], paid_early)
    assert posted(made) == {
        "receivable:acme": "-1190.00 EUR",
        "bank:DE02120300000000202051": "1166.20 EUR",
        "discount:S:19": "20.00 EUR",
        "vat:S:19": "3.80 EUR",
    }


def test_a_fee_on_the_way_is_a_cost_and_leaves_the_tax_alone() -> None:
    money = came(OCT12, eur("1172.50"))
    short = kept([money], [settles(money, FIRST, eur("1172.50"), eur("1190.00"), difference="fee")])
    _, made = entries([bill(FIRST, OCT5, ("1000.00", S19))], short)
    assert posted(made) == {
        "receivable:acme": "-1190.00 EUR",
        "bank:DE02120300000000202051": "1172.50 EUR",
        "fees": "17.50 EUR",
    }


def test_a_provider_keeps_its_fee_and_pays_out() -> None:
    got = came(OCT12, eur("1155.00"), rail="stripe", account="", fee=eur("35.00"))
    out = came(OCT20, eur("-1155.00"), rail="stripe", account="", kind="payout")
    arrived = came(OCT20, eur("1155.00"))
    aside = [Aside(remittance=arrived.id, as_="transfer", of=out.id, at=AT)]
    booked = kept([got, out, arrived], [settles(got, FIRST, eur("1155.00"), eur("1190.00"))], aside=aside)
    found = entries([bill(FIRST, OCT5, ("1000.00", S19))], booked)
    balanced(found)
    assert balance(found, "provider") == balance(found, "transfer") == 0
    assert (balance(found, "bank"), balance(found, "fees")) == (Decimal(1155), Decimal(35))


def test_a_dollar_invoice_gains_or_loses_by_the_rate() -> None:
    """1000 USD at 0.90, paid as 780 EUR: income 900, loss 120. As 950 EUR: a gain of 50."""
    for amount, exchange in (("780.00", 120), ("950.00", -50)):
        money = came(OCT20, eur(amount))
        booked = kept([money], [settles(money, FIRST, eur(amount), usd("1000.00"), difference="exchange")])
        found = entries([bill(FIRST, OCT5, ("1000.00", OUT), client=USA, currency="USD")], booked)
        balanced(found)
        assert balance(found, "revenue") == -900
        assert balance(found, "exchange") == exchange
        assert balance(found, "receivable") == balance(found, "receivable", worth=False) == 0


def test_tax_in_another_currency_is_what_the_document_states() -> None:
    """BT-111 is not the sum of what each group's tax comes to: the document's word counts."""
    invoice = bill(FIRST, OCT5, ("100.24", S19), ("33.33", S7), currency="USD", rate="0.9137")
    (made,) = entries([invoice])
    balanced((made,))
    assert str(invoice.totals.exchanged_tax) == "19.53 EUR"
    assert balance((made,), "vat") == Decimal("-19.53")


def test_a_credit_note_keeps_the_rate_of_its_invoice() -> None:
    invoices = [
        bill(FIRST, OCT5, ("1000.00", OUT), client=USA, currency="USD"),
        bill("CN-2026-0001", OCT20, ("1000.00", OUT), client=USA, currency="USD", reverses=FIRST),
    ]
    found = entries(invoices)
    balanced(found)
    assert balance(found, "receivable") == balance(found, "revenue") == balance(found, "conversion") == 0


def test_a_credit_note_keeps_the_rate_that_its_invoice_states() -> None:
    invoices = [
        bill(FIRST, OCT5, ("1000.00", S19), currency="USD", rate="0.5"),
        bill("CN-2026-0001", OCT20, ("1000.00", S19), currency="USD", reverses=FIRST),
    ]
    found = entries(invoices)
    assert balance(found, "revenue") == balance(found, "receivable") == 0


def test_what_was_paid_before_what_is_kept_and_what_rounds() -> None:
    """1190.00 with 90.00 paid before, 0.30 off to a round sum, 100.00 kept for the tax office: 999.70 to pay."""
    invoice = bill(FIRST, OCT5, ("1000.00", S19))
    totals = replace(
        invoice.totals,
        prepaid=eur("90.00"),
        rounding=eur("-0.30"),
        payable=eur("1099.70"),
        withheld=eur("100.00"),
        receivable=eur("999.70"),
    )
    (made,) = entries([replace(invoice, totals=totals)])
    assert posted(made) == {
        "receivable:acme": "999.70 EUR",
        "withheld": "100.00 EUR",
        "credit:acme": "90.00 EUR",
        "difference": "0.30 EUR",
        "revenue:S:19:DE": "-1000.00 EUR",
        "vat:S:19": "-190.00 EUR",
    }


@pytest.mark.parametrize(("reached", "fee", "off"), [("1146.20", "20.00", "20.00"), ("1166.20", "0", "20.00")])
def test_a_discount_and_a_provider_s_fee_are_told_apart(reached: str, fee: str, off: str) -> None:
    """2 % off and 20.00 kept on the way; or the fee was taken elsewhere, and all that is missing is the discount."""
    money = came(OCT12, eur(reached), rail="stripe", fee=eur("20.00"))
    booked = kept([money], [settles(money, FIRST, eur(reached), eur("1190.00"), difference="discount")])
    found = entries([bill(FIRST, OCT5, ("1000.00", S19), early="2")], booked)
    assert balance(found, "fees") == Decimal(fee)
    assert balance(found, "discount") == Decimal(off)


@pytest.mark.parametrize(
    ("reached", "kept_", "went", "fee", "balances"),
    [
        ("1166.20", None, "-1166.20", None, ("0.00", "0.00")),  # the discount is taken back with the payment
        ("1170.00", "20.00", "-1170.00", "-20.00", ("0.00", "0.00")),  # the provider gave its fee back
        ("1170.00", "20.00", "-1190.00", None, ("20.00", "0.00")),  # it kept it
        ("1170.00", "20.00", "-1205.00", "15.00", ("35.00", "0.00")),  # it kept it, and asks for another one
    ],
)
def test_what_is_charged_back_takes_back_what_was_missing(
    reached: str, kept_: str | None, went: str, fee: str | None, balances: tuple[str, str]
) -> None:
    """As `reconcile` records it: 1190.00 open again, whatever was missing is called a fee."""
    money = came(OCT12, eur(reached), rail="stripe", fee=eur(kept_) if kept_ else None)
    back = came(OCT20, eur(went), rail="stripe", fee=eur(fee) if fee else None, kind="chargeback")
    told: Difference = "fee" if kept_ else "discount"
    off = settles(back, FIRST, eur(went), eur("-1190.00"), difference=None if went == "-1190.00" else "fee")
    booked = kept([money, back], [settles(money, FIRST, eur(reached), eur("1190.00"), difference=told), off])
    found = entries([bill(FIRST, OCT5, ("1000.00", S19), early="2")], booked)
    balanced(found)
    assert (
        str(balance(found, "fees") + eur("0.00").amount),
        str(balance(found, "discount") + eur("0.00").amount),
    ) == balances
    assert balance(found, "vat") == -190
    assert balance(found, "receivable") == 1190


def test_the_same_money_that_two_feeds_tell_of_is_booked_once() -> None:
    first, again = came(OCT12, eur("1190.00")), came(OCT12, eur("1190.00"), feed="mt940")
    aside = Aside(remittance=again.id, as_="same", of=first.id, at=AT)
    booked = kept([first, again], [settles(first, FIRST, eur("1190.00"))], aside=[aside])
    found = entries([bill(FIRST, OCT5, ("1000.00", S19))], booked)
    assert (str(balance(found, "bank")), balance(found, "unassigned")) == ("1190.00", Decimal(0))


def test_what_the_client_keeps_for_the_tax_office_is_no_discount() -> None:
    money = came(OCT12, eur("1040.00"))
    booked = kept([money], [settles(money, FIRST, eur("1040.00"), eur("1190.00"), difference="withholding")])
    found = entries([bill(FIRST, OCT5, ("1000.00", S19))], booked, "payment")
    assert balance(found, "withheld") == 150
    assert balance(found, "vat") == -190


def test_an_unknown_rate_is_a_problem() -> None:
    made, problems = documents([bill(FIRST, OCT5, ("1.00", OUT), client=USA, currency="JPY")], "EUR", rates)
    assert (made, [each.rule for each in problems]) == ({}, ["no-exchange-rate"])


@pytest.mark.parametrize(
    ("why", "role", "tax"),
    [("uncollectable", "bad-debts", "19.00"), ("goodwill", "discount", "19.00"), ("small", "difference", "19.00")],
)
def test_what_is_written_off_takes_its_tax_back(why: str, role: str, tax: str) -> None:
    found = entries([bill(FIRST, OCT5, ("1000.00", S19))], kept(write_offs=[lost(FIRST, eur("119.00"), OCT20, why)]))
    assert posted(found[1]) == {
        "receivable:acme": "-119.00 EUR",
        f"{role}:S:19": "100.00 EUR",
        "vat:S:19": f"{tax} EUR",
    }


def test_a_bank_s_fee_that_is_given_up_leaves_the_tax_alone() -> None:
    found = entries([bill(FIRST, OCT5, ("1000.00", S19))], kept(write_offs=[lost(FIRST, eur("17.50"), OCT20, "fee")]))
    assert posted(found[1]) == {"receivable:acme": "-17.50 EUR", "fees": "17.50 EUR"}


def test_paid_too_much_is_the_client_s_until_another_invoice_takes_it() -> None:
    money = came(OCT12, eur("1290.00"))
    invoices = [bill(FIRST, OCT5, ("1000.00", S19)), bill("INV-2026-0002", OCT12, ("1000.00", S19))]
    whole = settles(money, FIRST, eur("1190.00"))
    found = entries(invoices, kept([money], [whole]))
    balanced(found)
    assert (str(balance(found, "credit")), str(balance(found, "receivable"))) == ("-100.00", "1190.00")
    found = entries(invoices, kept([money], [whole, settles(money, "INV-2026-0002", eur("100.00"))]))
    assert balance(found, "credit") == 0
    assert balance(found, "receivable") == 1090


def test_a_credit_note_set_off_moves_no_money() -> None:
    invoices = [
        bill(FIRST, OCT5, ("1000.00", S19)),
        bill("INV-2026-0002", OCT5, ("100.00", S19)),
        bill("CN-2026-0001", OCT12, ("100.00", S19), reverses=FIRST),
    ]
    money = came(OCT12, eur("1190.00"))
    booked = kept(
        [money],
        [settles(money, FIRST, eur("1190.00"))],
        set_offs=[offset("CN-2026-0001", "INV-2026-0002", eur("119.00"), OCT20)],
    )
    found = entries(invoices, booked)
    balanced(found)
    assert posted(found[-1]) == {"receivable:acme": "-119.00 EUR"}  # and as much of the credit note
    assert balance(found, "receivable") == 0


def test_paid_too_much_and_sent_back() -> None:
    money, back = came(OCT12, eur("1290.00")), came(OCT20, eur("-100.00"), kind="refund")
    given_back = settles(back, "", eur("-100.00"), returns=money.id)
    found = entries(
        [bill(FIRST, OCT5, ("1000.00", S19))], kept([money, back], [settles(money, FIRST, eur("1190.00")), given_back])
    )
    balanced(found)
    assert balance(found, "credit") == 0
    assert balance(found, "bank") == 1190


def test_what_a_person_recorded_is_in_the_bank() -> None:
    money = came(OCT12, eur("1190.00"), rail="hand", account="")
    _, made = entries([bill(FIRST, OCT5, ("1000.00", S19))], kept([money], [settles(money, FIRST, eur("1190.00"))]))
    assert posted(made) == {"receivable:acme": "-1190.00 EUR", "bank": "1190.00 EUR"}


@pytest.mark.parametrize("word", ["cash", "Cash ", "bar"])
def test_cash_is_no_money_in_the_bank(word: str) -> None:
    money = came(OCT12, eur("1190.00"), rail="hand", account=word)
    _, made = entries([bill(FIRST, OCT5, ("1000.00", S19))], kept([money], [settles(money, FIRST, eur("1190.00"))]))
    assert posted(made) == {"receivable:acme": "-1190.00 EUR", "cash": "1190.00 EUR"}


def test_money_of_nobody_knows_whom_waits() -> None:
    found = entries([], kept([came(OCT12, eur("5.00"))]))
    assert balance(found, "unassigned") == -5


def test_with_the_payment_tax_waits_for_it() -> None:
    invoices = [bill(FIRST, OCT5, ("1000.00", S19)), bill("INV-2026-0002", OCT5, ("100.00", AE), client=LYON)]
    found = entries(invoices, paid(OCT12, FIRST, eur("400.00")), "payment")
    balanced(found)
    assert balance(found, "vat") == Decimal("-63.87")  # 400 × 19 ÷ 119
    assert balance(found, "vat-pending") == Decimal("-126.13")


def test_with_the_supply_the_tax_of_a_deposit_waits_for_its_money() -> None:
    """As the report says: nothing was supplied yet (Directive 2006/112/EC Art. 65)."""
    deposit = bill(FIRST, OCT5, ("1000.00", S19), kind="deposit")
    assert balance(entries([deposit], None, "supply"), "vat-pending") == -190
    found = entries([deposit], paid(OCT12, FIRST, eur("595.00")), "supply")
    balanced(found)
    assert balance(found, "vat") == balance(found, "vat-pending") == -95


def test_who_sent_private_money_is_not_told() -> None:
    gift = came(OCT12, eur("50.00"), payer="Aunt Vera", text="birthday")
    made = kept([gift], aside=[Aside(remittance=gift.id, as_="private", at=AT)])
    (found,) = entries([], made)
    assert posted(found) == {"bank:DE02120300000000202051": "50.00 EUR", "private": "-50.00 EUR"}
    assert found.payee == ""


@pytest.mark.parametrize(("basis", "due_before"), [("invoice", -190), ("payment", 0)])
def test_where_a_bad_debt_gives_no_tax_back_at_once_all_of_it_is_a_loss(basis: Basis, due_before: int) -> None:
    """Directive 2006/112/EC Art. 90(2): relief comes later, on conditions. With the payment no tax ever fell due."""
    invoices, gone = [bill(FIRST, OCT5, ("1000.00", S19))], kept(write_offs=[lost(FIRST, eur("1190.00"), OCT20)])
    found = entries(invoices, gone, basis, relief="later")
    balanced(found)
    assert balance(found, "bad-debts") == (1190 if due_before else 1000)
    assert balance(found, "vat") == due_before
    assert balance(found, "vat-pending") == 0
    assert -balance(found, "vat") == sum(each.tax.worth.amount for each in due(invoices, gone, basis, relief="later"))
    small = kept(write_offs=[lost(FIRST, eur("119.00"), OCT20, "goodwill")])
    assert balance(entries(invoices, small, "invoice", relief="later"), "vat") == -171


def test_with_the_payment_a_credit_that_an_invoice_takes_up_leaves_nothing_waiting() -> None:
    invoices = [
        bill(FIRST, OCT5, ("1000.00", S19), ("333.33", S7)),
        bill("CN-2026-0001", OCT12, ("333.33", S7), reverses=FIRST),
    ]
    found = entries(invoices, paid(OCT20, FIRST, eur("1190.00")), "payment")
    balanced(found)
    assert balance(found, "receivable") == balance(found, "vat-pending") == 0
    assert balance(found, "vat") == -190


CENTS = st.integers(1, 90_000).map(lambda n: Decimal(n) / 100)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Invoice], Booked]:
    """Invoices with credit notes, then payments, refunds, discounts and losses, none more than what is open."""
    invoices: list[Invoice] = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        nets = [(str(draw(CENTS)), draw(st.sampled_from([S19, S7]))) for _ in range(draw(st.integers(1, 2)))]
        name = f"INV-2026-{number:04}"
        invoices.append(bill(name, OCT5 + timedelta(days=draw(st.integers(0, 9))), *nets))
        if draw(st.booleans()):
            net = str(min(Decimal(nets[0][0]), draw(CENTS)))
            day = OCT20 + timedelta(days=draw(st.integers(0, 9)))
            invoices.append(bill(f"CN-2026-{number:04}", day, (net, nets[0][1]), reverses=name))
    money: list[Remittance] = []
    found: list[Allocation] = []
    losses: list[WriteOff] = []
    for step in range(draw(st.integers(0, 6))):
        day = date(2026, 11, 1) + timedelta(days=3 * step)
        owed = [each for each in receivables(invoices, kept(money, found, losses)) if each.open]
        if not owed:
            break
        each = draw(st.sampled_from(owed))
        amount = (each.open * draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.07")]))).rounded()
        amount = amount or each.open
        what = draw(st.sampled_from(["pay", "over", "discount", "loss", "back"]))
        if what == "back" and found and found[-1].settles.amount > 0:
            last = found[-1]
            money.append(came(day, -last.amount, kind="chargeback"))
            missing: Difference | None = "fee" if last.difference else None
            found.append(settles(money[-1], last.invoice, -last.amount, -last.settles, difference=missing))
            continue
        if what == "loss" and amount.amount > 0:
            losses.append(lost(each.number, amount, day))
            continue
        less = amount - (amount * Decimal("0.02")).rounded() if what == "discount" and amount.amount > 0 else amount
        extra = eur("7.77") if what == "over" and amount.amount > 0 else eur("0.00")
        money.append(came(day, less + extra))
        told: Difference | None = "discount" if less != amount else None
        found.append(settles(money[-1], each.number, less, amount, difference=told))
    return invoices, kept(money, found, losses)


@settings(max_examples=60, deadline=None)
@given(
    histories(),
    st.sampled_from(["supply", "invoice", "payment"]),
    st.sampled_from(["at-once", "later"]),
    st.integers(0, 45),
)
def test_whatever_happens_the_books_agree_with_what_is_open(
    history: tuple[list[Invoice], Booked], basis: Basis, relief: Relief, later: int
) -> None:
    """Law 10, as of any day. The tax of the journal is the tax of the report; once all is settled none waits."""
    invoices, booked = history
    assert tuple(excess(invoices, booked)) == ()
    found = entries(invoices, booked, basis, relief)
    balanced(found)
    for as_of in (OCT5 + timedelta(days=later), date.max):
        owed = receivables(invoices, booked, as_of)
        upto = [each for each in found if each.day <= as_of]
        assert balance(upto, "receivable") == sum((each.open.amount for each in owed), Decimal(0))
    assert balance(found, "bank") == sum((each.amount.amount for each in booked.remittances.values()), Decimal(0))
    taxes = due(invoices, booked, basis, relief)
    assert -balance(found, "vat") == sum((each.tax.worth.amount for each in taxes), Decimal(0))
    if not any(each.open for each in receivables(invoices, booked)):
        assert balance(found, "vat-pending") == 0


def test_documents_are_told_in_the_order_of_issue() -> None:
    assert list(known(bill("INV-2026-0002", OCT12, ("1.00", S19)), bill(FIRST, OCT5, ("1.00", S19)))) == [
        FIRST,
        "INV-2026-0002",
    ]
