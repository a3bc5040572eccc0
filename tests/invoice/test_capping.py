"""Caps: never exceeded, and what exceeds is pinned and comes back."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.contract.agreement import Contract
from git_bill.contract.rate import Rate
from git_bill.contract.terms import Rounding
from git_bill.invoice.capping import cap, rooms
from git_bill.invoice.draft import NotBilled
from git_bill.invoice.grouping import Item, Known
from git_bill.invoice.rating import rate
from git_bill.invoice.totals import draft_totals, net_of
from git_bill.money import Money, total
from git_bill.period import Period, month
from git_bill.worklog.entry import Entry, Worked

if TYPE_CHECKING:
    from tests.invoice.conftest import World

NOVEMBER = month(date(2026, 11, 1))


def test_what_exceeds_the_cap_is_carried_to_the_minute(world: "World") -> None:
    """Cap 190.00: two of three hours; the entry at the edge stands in both."""
    contract = world.contract(cap="190.00 EUR per invoice")
    draft = world.draft(world.basis(world.entry("W-a", 90, 5), world.entry("W-b", 90, 6), contract=contract))
    (line,) = draft.lines
    assert (line.quantity, str(draft_totals(draft).net)) == (Decimal(2), "190.00 EUR")
    assert dict(line.entries) == {"W-a": 90, "W-b": 37}  # 37 minutes round to 30, 38 would be 45
    assert draft.not_billed == {"W-b": NotBilled(minutes=53, because="cap")}


def test_the_rest_is_billed_next_month_as_part_of_its_group(world: "World") -> None:
    """90 worked minutes of the 6th: 30 were billed, the group comes to 90, so 60 are left."""
    contract = world.contract(cap="190.00 EUR per month")
    work = (world.entry("W-a", 90, 5), world.entry("W-b", 90, 6))
    basis = world.basis(*work, contract=contract)
    october = world.issue(world.draft(basis), basis)
    later = world.basis(*work, contract=contract, invoices=(october,))
    entries = [worked.entry for worked in work]
    assert [room.left for room in rooms(later, contract, world.period, entries)] == [0]
    assert [room.left for room in rooms(later, contract, NOVEMBER, entries)] == [190]
    (line,) = world.draft(later, NOVEMBER).lines
    assert (line.entries, line.quantity) == ({"W-b": 53}, Decimal(1))


def test_a_cap_per_month_counts_in_every_month_of_the_period(world: "World") -> None:
    contract = world.contract(cap="190.00 EUR per month")
    quarter = Period(date(2026, 10, 1), date(2026, 12, 31))
    entries = [world.entry("W-a", 60).entry]
    assert [room.left for room in rooms(world.basis(contract=contract), contract, quarter, entries)] == [570]
    assert rooms(world.basis(), world.contract(), quarter, entries) == ()


@settings(max_examples=60)
@given(
    minutes=st.lists(st.integers(1, 300), min_size=1, max_size=8),
    most=st.integers(0, 200_000),
    to=st.sampled_from([1, 15, 60]),
    mode=st.sampled_from(["nearest", "up", "down"]),
    per=st.sampled_from(["entry", "ticket", "ticket-day", "day", "line", "invoice"]),
)
def test_a_cap_is_never_exceeded_and_no_minute_is_lost(
    minutes: list[int],
    most: int,
    to: int,
    mode: Literal["nearest", "up", "down"],
    per: Literal["entry", "ticket", "ticket-day", "day", "line", "invoice"],
) -> None:
    contract = Contract(
        id="c",
        from_=date(2026, 1, 1),
        currency="EUR",
        rounding=Rounding(to=to, mode=mode, per=per),
        rates=(Rate(hourly=Money.parse("95.00 EUR"), activity="development"), Rate(hourly=Money.parse("80.00 EUR"))),
    )
    items = [
        Item(
            worked=Worked(
                id=f"W-{n}",
                client="acme",
                entry=Entry(
                    day=date(2026, 10, n % 3 + 1),
                    by="mira",
                    minutes=m,
                    ticket=f"WEB-{n % 2}",
                    activity="meeting" if n % 4 == 3 else "development",
                ),
            ),
            minutes=m,
        )
        for n, m in enumerate(minutes)
    ]
    limit = Money(Decimal(most).scaleb(-2), "EUR")

    def price(part: Sequence[Item]) -> Money:
        return total((net_of(line) for line in rate(part, contract, Known()).lines), "EUR")

    found = cap(items, lambda part: price(part) <= limit)
    assert price(found.kept) <= limit
    assert sum(item.minutes for item in (*found.kept, *found.over)) == sum(minutes)
    assert (price(items) <= limit) == (found.over == ())
