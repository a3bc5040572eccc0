"""Days under caps: counted one by one as the lines are counted in the end, and what one more costs stays the same."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.contract.limit import Cap
from git_bill.contract.rate import Rate
from git_bill.contract.terms import Discount
from git_bill.invoice.capping import rooms
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.day import day_by_day
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.totals import net_of
from git_bill.money import Money
from git_bill.period import Period
from git_bill.problem import errors

if TYPE_CHECKING:
    from tests.invoice.conftest import World

ODD = Money.parse("333.33 EUR")
RATES = (Rate(daily=ODD), Rate(daily=Money.parse("800.01 EUR"), contributor="jonas"))
CAPS = st.lists(
    st.builds(
        Cap,
        amount=st.decimals(1, 3000, places=2).map(lambda amount: Money(amount, "EUR")),
        per=st.sampled_from(["invoice", "month", "ticket", "project", "contract"]),
        then=st.sampled_from(["carry", "waive"]),
    ),
    min_size=1,
    max_size=3,
)
WORK = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.sampled_from(["mira", "jonas"]),
        st.integers(60, 400),
        st.sampled_from(["WEB-1", "WEB-2"]),
        st.sampled_from(["development", "meeting"]),
    ),
    max_size=12,
)
DISCOUNTS = st.lists(
    st.builds(
        Discount,
        percent=st.integers(1, 60).map(Decimal),
        charge=st.booleans(),
        of=st.just("lines"),
        activity=st.sampled_from([(), ("development",)]),
        reason=st.just("because"),
    ),
    max_size=2,
)
PERIOD = Period(date(2026, 9, 28), date(2026, 10, 31))


def taken(draft: Draft, world: "World", basis: Any) -> bool:
    """Whether no cap is exceeded by the lines as they are in the end."""
    contract = basis.engagement.contracts[0]
    entries = [worked.entry for worked in basis.worked.values()]
    return all(
        room.limit.taken(draft.lines, basis).get(room.about, Decimal(0)) <= room.left
        for room in rooms(basis, contract, PERIOD, entries)
    )


@settings(max_examples=150, deadline=None)
@given(CAPS, WORK, DISCOUNTS)
def test_no_cap_is_exceeded_and_nothing_that_fits_is_left_out(
    caps: list[Cap], work: list[tuple[int, str, int, str, Any]], discounts: list[Discount]
) -> None:
    from tests.invoice.conftest import World

    world = World()
    first = date(2026, 9, 28)
    entries = [
        world.entry(f"W-{n:02}", minutes, first + timedelta(days=day), by=by, ticket=ticket, activity=about)
        for n, (day, by, minutes, ticket, about) in enumerate(work)
    ]
    contract = world.contract(kind="daily", rates=RATES, caps=tuple(caps), discounts=tuple(discounts))
    basis = world.basis(*entries, contract=contract)
    draft = world.draft(basis, PERIOD)
    assert taken(draft, world, basis)
    wrong = {problem.rule for problem in errors(draft_problems(draft, basis, name="x"))}
    assert wrong.isdisjoint({"above-cap", "not-as-agreed"})
    billed = {entry: n for line in draft.lines for entry, n in line.entries.items()}
    listed = {entry: left.minutes for entry, left in draft.not_billed.items()}
    assert {**billed, **listed} == {worked.id: worked.entry.minutes for worked in entries}
    assert billed.keys().isdisjoint(listed)


def test_a_month_counts_its_own_days(world: "World") -> None:
    """A day in September and one in October, each under 400.00 a month that waives: both are billed whole."""
    cap = Cap(amount=Money.parse("400.00 EUR"), per="month", then="waive")
    contract = world.contract(kind="daily", rates=RATES, caps=(cap,))
    work = [world.entry("W-a", 320, date(2026, 9, 30)), world.entry("W-b", 900, date(2026, 10, 1))]
    draft = world.draft(world.basis(*work, contract=contract), PERIOD)
    assert [(line.quantity, str(net_of(line))) for line in draft.lines] == [(Decimal(2), "666.66 EUR")]
    assert draft.not_billed == {}


def test_the_parts_of_a_line_of_days(world: "World") -> None:
    contract = world.contract(kind="daily", rates=RATES)
    work = [world.entry("W-a", 320, 5), world.entry("W-b", 130, 6), world.entry("W-c", 10, 6)]
    basis = world.basis(*work, contract=contract)
    (line,) = world.draft(basis).lines
    parts = list(day_by_day(line, basis.worked))
    assert [(part.quantity, dict(part.entries)) for part in parts] == [
        (Decimal(1), {"W-a": 320}),
        (Decimal("0.5"), {"W-b": 130, "W-c": 10}),
    ]
    by_hand = replace(line, quantity=Decimal(1))
    assert list(day_by_day(by_hand, basis.worked)) == [by_hand]
    plain = Line(description="x", quantity=Decimal(1), unit_price=ODD)
    assert list(day_by_day(plain, basis.worked)) == [plain]
