"""What is known without a guess: money that goes back, own transfers, money that was recorded before."""

from datetime import UTC, date, datetime

import pytest

from git_bill.money import Money
from git_bill.receivable.booked import Booked, booked
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Allocation, Payments, Stamp
from git_bill.receivable.recognised import named_in, origin, paid_out, taken_back, transfers
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
    found = paid_out(out, opens, booked([]))
    assert found is not None
    assert found.because == "money that went out is only ever proposed"
    assert "another account" in found.match.reasons[-1].text
    assert paid_out(moved("x", "-41.00 EUR", rail="bank", text="CN-2026-0001"), opens, booked([])) is None
    assert named_in(out, ["CN-2026-0001", "CN-2026-0002"]) == ("CN-2026-0001",)
