"""Time by the day: whole, half or not at all, and no day twice."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.contract.limit import Cap
from git_bill.contract.rate import Multiplier, Rate
from git_bill.invoice.draft import NotBilled
from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.period import Period

if TYPE_CHECKING:
    from tests.invoice.conftest import World

    from git_bill.contract.agreement import Contract

RATES = (Rate(daily=Money.parse("760.00 EUR")), Rate(daily=Money.parse("800.00 EUR"), contributor="jonas"))


def by_day(world: "World", **over: object) -> "Contract":
    return world.contract(kind="daily", rates=RATES, **over)


def test_five_hours_are_a_day_two_are_half_of_one(world: "World") -> None:
    work = [
        world.entry("W-a", 300, 5),
        world.entry("W-b", 299, 6),
        world.entry("W-c", 120, 7),
        world.entry("W-d", 119, 8),
    ]
    draft = world.draft(world.basis(*work, contract=by_day(world)))
    (line,) = draft.lines
    assert (line.quantity, line.unit, str(line.unit_price)) == (Decimal(2), "DAY", "760.00 EUR")
    assert line.bills == ("day:mira:2026-10-05", "half-day:mira:2026-10-06", "half-day:mira:2026-10-07")
    assert line.entries == {"W-a": 300, "W-b": 299, "W-c": 120}
    assert line.reason == "760.00 EUR a day: the default rate; a day counts half from 2h, whole from 5h"
    assert draft.not_billed == {"W-d": NotBilled(minutes=119, because="rounds to nothing", then="waive")}


def test_several_entries_make_one_day_and_each_person_has_their_own(world: "World") -> None:
    work = [
        world.entry("W-a", 200, 5),
        world.entry("W-b", 100, 5, ticket="WEB-6", text="fix cart"),
        world.entry("W-c", 300, 5, by="jonas"),
    ]
    draft = world.draft(world.basis(*work, contract=by_day(world)))
    assert [(line.description, line.quantity, str(line.unit_price)) for line in draft.lines] == [
        ("Development, web-shop, Jonas Beck", Decimal(1), "800.00 EUR"),
        ("Development, web-shop, Mira Kovac", Decimal(1), "760.00 EUR"),
    ]


def test_a_day_that_another_client_has_is_not_sold_again(world: "World") -> None:
    """Six hours for each of two clients are one day, which the first invoice has; a half leaves a half."""
    work = [world.entry("W-a", 360, 5), world.entry("W-b", 360, 6)]
    held = {"beta/beta-2026/day:mira:2026-10-05": "beta-2026-10", "beta/beta-2026/half-day:mira:2026-10-06": "x"}
    draft = world.draft(world.basis(*work, contract=by_day(world), held=held))
    assert [line.bills for line in draft.lines] == [("half-day:mira:2026-10-06",)]
    assert list(draft.not_billed) == ["W-a"]


def test_late_work_makes_a_half_day_whole(world: "World") -> None:
    contract = by_day(world)
    early, late = world.entry("W-a", 180, 5), world.entry("W-b", 150, 5)
    basis = world.basis(early, contract=contract)
    issued = world.issue(world.draft(basis), basis)
    assert issued.lines[0].bills == ("half-day:mira:2026-10-05",)
    again = world.basis(early, late, contract=contract, invoices=(issued,))
    (line,) = world.draft(again).lines
    assert (line.bills, line.entries) == (("half-day:mira:2026-10-05:2",), {"W-b": 150})


def test_no_day_rate_is_said(world: "World") -> None:
    contract = world.contract(kind="daily")
    (problem,) = world.drafted(world.basis(world.entry("W-a", 300), contract=contract)).problems
    assert problem.message == "contract acme-2026 has no day rate for development by mira"
    assert 'daily = "760.00 EUR"' in problem.hint


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["mira", "jonas"]), st.integers(1, 500)), max_size=12))
def test_no_person_sells_more_than_one_day_a_day(work: list[tuple[int, str, int]]) -> None:
    from tests.invoice.conftest import World

    world = World()
    contract = by_day(world)
    entries = [world.entry(f"W-{n:02}", minutes, day, by=by) for n, (day, by, minutes) in enumerate(work)]
    invoices: tuple[Invoice, ...] = ()
    for number in range(len(entries)):  # entries come one after the other, all late but the first
        basis = world.basis(*entries[: number + 1], contract=contract, invoices=invoices)
        draft = world.draft(basis, Period(date(2026, 10, 1), date(2026, 10, 31)))
        if draft.lines:
            invoices = (*invoices, world.issue(draft, basis, f"INV-2026-{number:04}"))
    sold: dict[str, Decimal] = {}
    for line in (line for invoice in invoices for line in invoice.lines):
        shares = {bill: Decimal(1) if bill.startswith("day:") else Decimal("0.5") for bill in line.bills}
        assert line.quantity == sum(shares.values())
        for bill, share in shares.items():
            day = bill.partition(":")[2].removesuffix(":2")
            sold[day] = sold.get(day, Decimal(0)) + share
    assert all(share <= 1 for share in sold.values())


def test_a_day_that_no_cap_lets_through_is_a_half_or_waits(world: "World") -> None:
    """1,200.00 a month hold one day of 760.00 and a half of another; the third comes back."""
    contract = by_day(world, caps=(Cap(amount=Money.parse("1200.00 EUR"), per="month"),))
    work = [world.entry(f"W-{day}", 300, day) for day in (5, 6, 7)]
    draft = world.draft(world.basis(*work, contract=contract))
    (line,) = draft.lines
    assert line.bills == ("day:mira:2026-10-05", "half-day:mira:2026-10-06")
    assert draft.not_billed == {"W-7": NotBilled(minutes=300, because="cap", then="carry")}


def test_a_cap_in_time_counts_days(world: "World") -> None:
    """12 h are a day and a half of eight hours."""
    contract = by_day(world, caps=(Cap(time=12 * 60, per="contract", then="waive"),))
    work = [world.entry(f"W-{day}", 300, day) for day in (5, 6, 7)]
    draft = world.draft(world.basis(*work, contract=contract))
    assert draft.lines[0].quantity == Decimal("1.5")
    assert draft.not_billed == {"W-7": NotBilled(minutes=300, because="cap", then="waive")}


def test_a_day_that_is_billed_elsewhere_says_so(world: "World") -> None:
    held = {"other/other-2026/day:mira:2026-10-05": "other-2026-10"}
    draft = world.draft(world.basis(world.entry("W-a", 360, 5), contract=by_day(world), held=held))
    assert draft.not_billed == {"W-a": NotBilled(minutes=360, because="the day is billed already", then="waive")}


def test_a_multiplier_of_whole_days_is_of_the_days_price(world: "World") -> None:
    """10 October 2026 is a Saturday; a day has no time at night."""
    saturdays = Multiplier(factor=Decimal("1.5"), name="Weekend", weekdays=("sat", "sun"))
    contract = by_day(world, multipliers=(saturdays,))
    draft = world.draft(world.basis(world.entry("W-a", 300, 9), world.entry("W-b", 300, 10), contract=contract))
    assert [(line.quantity, str(line.unit_price)) for line in draft.lines] == [
        (Decimal(1), "760.00 EUR"),
        (Decimal(1), "1140.00 EUR"),
    ]
    assert draft.lines[1].reason.startswith("1140.00 EUR a day: the default rate × 1.5 for Weekend; a day counts")
