"""Recurring prices: each period once, in advance or after it, by days."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.contract.terms import Fee
from git_bill.invoice.draft import NotBilled
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money, total
from git_bill.period import Period, month

if TYPE_CHECKING:
    from tests.invoice.conftest import World

NOVEMBER = month(date(2026, 11, 1))
SUPPORT = Fee(id="support", name="Support plan", amount=Money.parse("450.00 EUR"), from_=date(2026, 10, 10))


def test_the_first_draft_bills_what_has_begun_and_the_next_month_in_advance(world: "World") -> None:
    draft = world.draft(world.basis(contract=world.contract(fees=(SUPPORT,))))
    begun, ahead = draft.lines
    assert (begun.detail, str(begun.unit_price)) == ("10–31 Oct 2026", "319.35 EUR")  # 450.00 − round(450.00 × 9/31)
    assert begun.reason == "450.00 EUR a month, in advance; 22 of 31 days"
    assert (ahead.detail, str(ahead.unit_price), ahead.bills) == (
        "November 2026",
        "450.00 EUR",
        ("fee:support:2026-11",),
    )


def test_each_month_is_billed_once(world: "World") -> None:
    contract = world.contract(fees=(SUPPORT,))
    basis = world.basis(contract=contract)
    october = world.issue(world.draft(basis), basis)
    later = world.basis(contract=contract, invoices=(october,))
    assert [line.bills for line in world.draft(later, NOVEMBER).lines] == [("fee:support:2026-12",)]


def test_afterwards_means_when_the_period_is_over(world: "World") -> None:
    fee = Fee(id="hosting", amount=Money.parse("90.00 EUR"), every="quarter", in_advance=False)
    basis = world.basis(contract=world.contract(fees=(fee,)))
    assert world.draft(basis).lines == ()
    (line,) = world.draft(basis, month(date(2026, 12, 1))).lines
    assert (line.bills, line.first, line.last) == (("fee:hosting:2026-Q4",), date(2026, 10, 1), date(2026, 12, 31))


def test_time_of_a_subscription_is_listed_and_never_billed(world: "World") -> None:
    contract = world.contract(kind="subscription", fees=(SUPPORT,))
    draft = world.draft(world.basis(world.entry("W-a", 90), contract=contract))
    assert draft.not_billed == {"W-a": NotBilled(minutes=90, because="included in the price", then="waive")}
    assert all(line.entries == {} for line in draft.lines)


@settings(max_examples=40, deadline=None)
@given(
    amount=st.decimals(Decimal("0.01"), Decimal(5_000), places=2),
    start=st.dates(date(2026, 1, 1), date(2026, 3, 31)),
    in_advance=st.booleans(),
)
def test_a_year_of_drafts_bills_every_agreed_day_once(amount: Decimal, start: date, in_advance: bool) -> None:
    from tests.invoice.conftest import World

    world = World()
    fee = Fee(id="f", amount=Money(amount, "EUR"), from_=start, until=date(2026, 12, 31), in_advance=in_advance)
    contract = world.contract(fees=(fee,))
    invoices: list[object] = []
    for number in range(1, 13):
        period = month(date(2026, number, 1))
        basis = world.basis(contract=contract, invoices=tuple(invoices))
        draft = world.draft(basis, period)
        if draft.lines:
            invoices.append(world.issue(draft, basis, f"INV-2026-{number:04}", period.last))
    billed = [item for invoice in invoices for line in invoice.lines for item in line.bills]  # type: ignore[attr-defined]
    assert sorted(billed) == [f"fee:f:2026-{n:02}" for n in range(start.month, 13)]
    net = total((invoice.totals.net for invoice in invoices), "EUR")  # type: ignore[attr-defined]
    first = Period(month(start).first, month(start).last)
    before = (start - first.first).days
    started = (fee.amount * Decimal(before) * (Decimal(1) / first.days)).rounded()
    assert abs((fee.amount * (13 - start.month) - started - net).amount) <= Decimal("0.01")


def test_the_draft_of_a_fee_alone_has_totals(world: "World") -> None:
    draft = world.draft(world.basis(contract=world.contract(fees=(SUPPORT,))))
    assert str(draft_totals(draft).gross) == "915.53 EUR"  # 769.35 + 146.18
