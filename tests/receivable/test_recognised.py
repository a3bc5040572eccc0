"""What is known without a guess: money that goes back, own transfers, money that was recorded before."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from git_bill.money import Money
from git_bill.receivable import recognised
from git_bill.receivable.booked import Booked, booked
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Allocation, Payments, Stamp
from git_bill.receivable.recognised import Numbers, origin, paid_out, taken_back, transfers
from git_bill.receivable.remittance import Remittance

STAMP = Stamp(at=datetime(2026, 12, 1, tzinfo=UTC), by="mira")
DAY = date(2026, 11, 20)


def euros(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def moved(name: str, amount: str, **facts: object) -> Remittance:
    plain: dict[str, object] = {"rail": "stripe", "booked": DAY, "end_to_end": name, "bank_reference": f"txn_{name}"}
    return Remittance(id=f"R-{name:a<12}", amount=Money.parse(amount), **{**plain, **facts})  # type: ignore[arg-type]


def standing(of: Remittance, *shares: tuple[str, str, str]) -> Booked:
    """Shares: invoice, amount, what it settles."""
    allocations = tuple(
        Allocation(
            id=f"A-{number.lower():a<12}",
            remittance=of.id,
            invoice=number,
            amount=Money.parse(amount),
            settles=Money.parse(settles),
            at=STAMP.at,
        )
        for number, amount, settles in shares
    )
    return booked([Payments(remittances=(of,), allocations=allocations)])


def back(taken: Remittance, of: Remittance, paid: Booked) -> list[tuple[str, str, str]]:
    made = taken_back(taken, of, paid, {}, STAMP)
    return [(each.invoice or each.returns, str(each.amount), str(each.settles)) for each in made]


def test_a_whole_refund_mirrors_what_was_settled_and_bears_the_fee() -> None:
    of = moved("ch", "219.00 EUR", fee=euros("7.10"))
    paid = standing(of, ("ONE", "219.00 EUR", "226.10 EUR"))
    assert back(moved("re", "-226.10 EUR", kind="refund", reverses="ch"), of, paid) == [
        ("ONE", "-226.10 EUR", "-226.10 EUR")
    ]


def test_a_returned_payment_opens_all_that_it_had_settled_the_discount_too() -> None:
    of = moved("ch", "980.00 EUR")
    paid = standing(of, ("ONE", "980.00 EUR", "1000.00 EUR"))
    assert back(moved("re", "-980.00 EUR", kind="chargeback", reverses="ch"), of, paid) == [
        ("ONE", "-980.00 EUR", "-1000.00 EUR")
    ]


def test_in_another_currency_the_whole_goes_back_and_a_part_is_asked_about() -> None:
    of = moved("ch", "920.00 EUR")
    paid = standing(of, ("ONE", "920.00 EUR", "1000.00 USD"))
    assert back(moved("re", "-920.00 EUR", reverses="ch"), of, paid) == [("ONE", "-920.00 EUR", "-1000.00 USD")]
    assert back(moved("re", "-92.00 EUR", reverses="ch"), of, paid) == []


def test_what_was_left_over_goes_back_first_then_the_last_invoice() -> None:
    of = moved("ch", "300.00 EUR")
    paid = standing(of, ("ONE", "100.00 EUR", "100.00 EUR"), ("TWO", "150.00 EUR", "150.00 EUR"))
    assert back(moved("re", "-210.00 EUR", kind="refund", reverses="ch"), of, paid) == [
        (of.id, "-50.00 EUR", "-50.00 EUR"),
        ("TWO", "-150.00 EUR", "-150.00 EUR"),
        ("ONE", "-10.00 EUR", "-10.00 EUR"),
    ]


def test_a_refund_pays_out_the_credit_note_before_it_opens_the_invoice() -> None:
    of = moved("ch", "100.00 EUR")
    paid = standing(of, ("ONE", "100.00 EUR", "100.00 EUR"))
    taken = moved("re", "-60.00 EUR", kind="refund", reverses="ch")
    made = taken_back(taken, of, paid, {"ONE": [("CN", euros("-40.00"))]}, STAMP)
    assert [(each.invoice, str(each.settles)) for each in made] == [("CN", "-40.00 EUR"), ("ONE", "-20.00 EUR")]


def test_nothing_is_taken_back_twice() -> None:
    of = moved("ch", "100.00 EUR")
    paid = standing(of, ("ONE", "100.00 EUR", "100.00 EUR"))
    first = moved("re", "-60.00 EUR", kind="refund", reverses="ch")
    once = booked(
        [
            Payments(remittances=tuple(paid.remittances.values()), allocations=paid.allocations),
            Payments(remittances=(first,), allocations=taken_back(first, of, paid, {}, STAMP)),
        ]
    )
    assert back(moved("dp", "-100.00 EUR", kind="chargeback", reverses="ch"), of, once) == []
    assert back(moved("dp", "-40.00 EUR", kind="chargeback", reverses="ch"), of, once) == [
        ("ONE", "-40.00 EUR", "-40.00 EUR")
    ]


def test_a_name_that_two_payments_have_is_nobodys() -> None:
    taken = moved("re", "-10.00 EUR", reverses="E2E-1")
    one, two = moved("a", "10.00 EUR", end_to_end="E2E-1"), moved("b", "10.00 EUR", end_to_end="E2E-1")
    assert origin(taken, [taken, one]) == one
    assert origin(taken, [one, two, taken]) is None
    assert origin(moved("re", "10.00 EUR", reverses="E2E-1"), [one]) is None  # of the same direction


def test_at_a_bank_what_a_payer_chose_needs_the_payers_account() -> None:
    acme, other = "DE89370400440532013000", "GB29NWBK60161331926819"
    paid = moved("a", "10.00 EUR", rail="bank", end_to_end="ACME-77", bank_reference="BK1", payer_account=acme)
    back = moved("re", "-10.00 EUR", rail="bank", end_to_end="", bank_reference="", reverses="ACME-77")
    assert origin(replace(back, payer_account=acme), [paid]) == paid
    assert origin(replace(back, payer_account=other), [paid]) is None
    assert origin(back, [paid]) is None
    assert origin(back, [replace(paid, payer_account="")]) is None
    assert origin(replace(back, reverses="BK1", payer_account=other), [paid]) == paid, "the bank's own"


def test_a_payout_goes_by_its_id_and_never_by_a_part_of_a_word() -> None:
    payout = moved("po", "-98.20 EUR", kind="payout", bank_reference="po_1", booked=date(2026, 11, 20))
    first = moved("b", "98.20 EUR", rail="bank", text="STRIPE", bank_reference="", booked=date(2026, 11, 21))
    named = moved("c", "98.20 EUR", rail="bank", text="STRIPE po_1", bank_reference="", booked=date(2026, 11, 23))
    other = replace(payout, id="R-" + "z" * 12, bank_reference="po_12", booked=date(2026, 11, 19))
    listed = [payout, other, first, named]
    met = {each.remittance: each.of for each in transfers(listed, booked([Payments(remittances=tuple(listed))]), STAMP)}
    assert (met[payout.id], met[other.id]) == (named.id, first.id)
    invoice = Open(
        number="INV-1", client="acme", names=("Pin Stripe",), accounts=(), open=euros("98.20"), gross=euros("98.20"),
        issued=DAY, due=DAY,
    )  # fmt: skip
    for credit in (
        replace(first, text="Pinstripe"),
        replace(first, text="STRIPE INV-1"),
        replace(first, payer="PIN STRIPE"),
    ):
        assert transfers([payout, credit], booked([Payments(remittances=(payout, credit))]), STAMP, [invoice]) == ()
    paid = replace(invoice, open=euros("0.00"))
    once = replace(first, text="STRIPE INV-1")
    assert transfers([payout, once], booked([Payments(remittances=(payout, once))]), STAMP, [paid]) != ()


@pytest.mark.parametrize(
    ("amount", "day", "payer", "meets"),
    [
        ("98.20 EUR", date(2026, 11, 23), "STRIPE PAYMENTS EUROPE", True),
        ("98.20 EUR", date(2026, 11, 23), "Acme GmbH", False),  # nothing names the provider
        ("98.21 EUR", date(2026, 11, 23), "STRIPE", False),
        ("98.20 EUR", date(2026, 11, 30), "STRIPE", False),  # too late
    ],
)
def test_a_payout_meets_the_banks_credit(amount: str, day: date, payer: str, meets: bool) -> None:
    payout = moved("po", "-98.20 EUR", kind="payout")
    credit = moved("x", amount, rail="bank", booked=day, payer=payer)
    found = transfers([payout, credit], booked([Payments(remittances=(payout, credit))]), STAMP)
    assert {(each.remittance, each.of) for each in found} == (
        {(payout.id, credit.id), (credit.id, payout.id)} if meets else set()
    )


def test_money_that_went_out_for_a_credit_note_is_only_proposed() -> None:
    note = Open(
        number="CN-2026-0001", client="acme", names=(), open=euros("-40.00"), gross=euros("40.00"), issued=DAY, due=DAY
    )
    out = moved("x", "-40.00 EUR", rail="bank", kind="other", text="Gutschrift cn 2026/0001", payer_account="DE89")
    opens = {note.number: note}
    numbers = Numbers.of(["CN-2026-0001", "CN-2026-0002"])
    found = paid_out(out, numbers, opens, booked([]))
    assert found is not None
    assert found.because == "money that went out is only ever proposed"
    assert "another account" in found.match.reasons[-1].text
    assert paid_out(moved("x", "-41.00 EUR", rail="bank", text="CN-2026-0001"), numbers, opens, booked([])) is None
    assert numbers.named_in(out) == ("CN-2026-0001",)


def test_what_was_given_back_in_another_currency_is_asked_about() -> None:
    """Also where an earlier part of it was: nothing is added up over two currencies."""
    of = moved("ch", "100.00 EUR")
    paid = standing(of, ("ONE", "100.00 EUR", "100.00 EUR"))
    assert back(moved("re", "-40.00 USD", kind="refund", reverses="ch"), of, paid) == []
    dollars = moved("re", "-40.00 USD", kind="refund", reverses="ch")
    part = Allocation(
        id="A-bbbbbbbbbbbb",
        remittance=dollars.id,
        invoice="ONE",
        amount=dollars.amount,
        settles=euros("-36.00"),
        at=STAMP.at,
    )
    twice = booked(
        [
            Payments(remittances=tuple(paid.remittances.values()), allocations=paid.allocations),
            Payments(remittances=(dollars,), allocations=(part,)),
        ]
    )
    assert back(moved("dp", "-64.00 EUR", kind="chargeback", reverses="ch"), of, twice) == []


def test_no_number_is_looked_for_on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement of a thousand lines against a thousand documents reads each of them once."""
    calls: list[str] = []
    real = recognised._plain

    def counted(text: str) -> str:
        calls.append(text)
        return real(text)

    monkeypatch.setattr(recognised, "_plain", counted)
    numbers = Numbers.of(f"INV-2026-{n:04}" for n in range(1000))
    for n in range(1000):
        assert numbers.named_in(moved("x", "-1.00 EUR", rail="bank", text=f"Re INV/2026 {n:04}"))
    assert len(calls) == 2000


def test_a_payout_is_compared_with_credits_of_its_amount_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Remittance] = []
    real = recognised._in_time

    def counted(credit: Remittance, payout: Remittance) -> bool:
        compared.append(credit)
        return real(credit, payout)

    monkeypatch.setattr(recognised, "_in_time", counted)
    letters = "abcdefghijklmnopqrstuvwxyz"
    payouts = [moved(f"p{at}", f"-{n + 1}.00 EUR", kind="payout") for n, at in enumerate(letters)]
    credits = [moved(f"c{at}", f"{n + 1}.00 EUR", rail="bank", payer="STRIPE") for n, at in enumerate(letters)]
    found = transfers([*payouts, *credits], booked([Payments(remittances=(*payouts, *credits))]), STAMP)
    assert len(found) == 52
    assert len(compared) == 52  # once by its id, once by who pays
