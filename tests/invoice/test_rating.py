"""From entries to lines: what is joined, what it is called, what it costs and why."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.agreement import Contract
from git_bill.contract.rate import Rate
from git_bill.contract.terms import Rounding
from git_bill.invoice.grouping import Item, Known
from git_bill.invoice.rating import net_sum, rate
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total
from git_bill.worklog.entry import Activity, Entry, Worked

if TYPE_CHECKING:
    from tests.invoice.conftest import World

NAMES = Known(names={"mira": "Mira Kovac", "jonas": "Jonas Beck"})


def items(*worked: Worked) -> list[Item]:
    return [Item(worked=w, minutes=w.entry.minutes) for w in worked]


def test_one_line_for_a_ticket_and_a_price_with_its_entries_pinned(world: "World") -> None:
    found = rate(
        items(
            world.entry("W-b", 50, 6, text="fix: round totals"),
            world.entry("W-a", 130, 5, text="feat(cart): add totals (#12)"),
            world.entry("W-c", 30, 6, activity="meeting", text="call about totals"),
        ),
        world.contract(),
        NAMES,
    )
    code, call = found.lines
    assert (code.description, code.detail) == ("WEB-5 Add totals", "Round totals")
    assert (code.quantity, code.unit, str(code.unit_price), code.base_quantity) == (
        Decimal(3),
        "HUR",
        "95.00 EUR",
        Decimal(1),
    )
    assert (code.first, code.last, code.raw) == (date(2026, 10, 5), date(2026, 10, 6), 180)
    assert dict(code.entries) == {"W-a": 130, "W-b": 50}
    assert code.reason == "95.00 EUR an hour: rate for development"
    assert (call.description, call.quantity, str(net_of(call))) == (
        "WEB-5 Call about totals",
        Decimal("0.5"),
        "40.00 EUR",
    )
    assert call.reason == "80.00 EUR an hour: the default rate"


def test_raw_time_stays_beside_what_is_billed(world: "World") -> None:
    (line,) = rate(items(world.entry("W-a", 52)), world.contract(), NAMES).lines
    assert (line.raw, line.quantity) == (52, Decimal("0.75"))
    assert line.reason == (
        "95.00 EUR an hour: rate for development; 52m rounded to 45m (15m, nearest, per ticket and day)"
    )


def test_minutes_that_no_two_decimals_hold_are_billed_as_minutes(world: "World") -> None:
    (line,) = rate(items(world.entry("W-a", 50)), world.contract(rounding=Rounding()), NAMES).lines
    assert (line.quantity, line.unit, line.base_quantity) == (Decimal(50), "MIN", Decimal(60))
    assert net_of(line) == Money.parse("79.17 EUR")


def test_without_a_ticket_project_and_activity_make_the_line(world: "World") -> None:
    found = rate(
        items(
            world.entry("W-a", 60, ticket=None, text="call with the customer"),
            world.entry("W-b", 60, ticket=None, text="", activity="meeting"),
            world.entry("W-c", 60, ticket=None, text="", project="infra"),
        ),
        world.contract(),
        NAMES,
    )
    assert [line.description for line in found.lines] == [
        "Call with the customer",
        "Meeting, web-shop",
        "Development, infra",
    ]


def test_a_bare_number_is_a_ticket_of_its_project_only(world: "World") -> None:
    two = items(world.entry("W-a", 60, ticket="#12"), world.entry("W-b", 60, ticket="#12", project="infra"))
    assert len(rate(two, world.contract(), NAMES).lines) == 2
    one = items(world.entry("W-a", 60), world.entry("W-b", 60, project="infra"))
    assert len(rate(one, world.contract(), NAMES).lines) == 1


def test_contributors_are_named_where_more_than_one_works(world: "World") -> None:
    found = rate(
        items(
            world.entry("W-a", 60),
            world.entry("W-b", 90, by="jonas"),
            world.entry("W-c", 60, 6, ticket="WEB-6", text="fix rounding", by="jonas"),
        ),
        world.contract(),
        NAMES,
    )
    assert [line.description for line in found.lines] == [
        "WEB-5 Add totals (Jonas Beck, Mira Kovac)",
        "WEB-6 Fix rounding (Jonas Beck)",
    ]


def test_what_rounds_to_nothing_is_no_line(world: "World") -> None:
    found = rate(items(world.entry("W-a", 7)), world.contract(), NAMES)
    assert found.lines == ()
    assert [item.worked.id for item in found.nothing] == ["W-a"]


def test_a_missing_rate_is_said_once(world: "World") -> None:
    only = (Rate(hourly=Money.parse("95.00 EUR"), activity="development"),)
    calls = items(*(world.entry(f"W-{n}", 60, activity="meeting") for n in "abc"))
    found = rate(calls, world.contract(rates=only), NAMES)
    assert [problem.message for problem in found.problems] == ["contract acme-2026 has no rate for meeting by mira"]


FACTS: list[tuple[str, int, int, str | None, str, Activity]] = [
    ("W-a", 52, 5, "WEB-5", "mira", "development"),
    ("W-b", 7, 5, "WEB-6", "jonas", "development"),
    ("W-c", 8, 5, None, "mira", "meeting"),
    ("W-d", 131, 6, "WEB-5", "mira", "meeting"),
    ("W-e", 131, 6, "WEB-5", "jonas", "development"),
]
WORK = [
    Worked(
        id=id,
        client="acme",
        entry=Entry(day=date(2026, 10, day), by=by, ticket=ticket, activity=activity, minutes=minutes, text=id),
    )
    for id, minutes, day, ticket, by, activity in FACTS
]


@given(
    order=st.permutations(WORK),
    per=st.sampled_from(["entry", "ticket", "ticket-day", "day", "line", "invoice"]),
)
def test_a_permutation_of_entries_changes_nothing(
    order: list[Worked], per: Literal["entry", "ticket", "ticket-day", "day", "line", "invoice"]
) -> None:
    rates = (Rate(hourly=Money.parse("95.00 EUR"), activity="development"), Rate(hourly=Money.parse("80.00 EUR")))
    rounding = Rounding(to=15, per=per)
    contract = Contract(id="c", from_=date(2026, 1, 1), currency="EUR", rates=rates, rounding=rounding)
    found = rate(items(*order), contract, NAMES)
    assert found == rate(items(*WORK), contract, NAMES)
    assert net_sum(items(*order), contract, NAMES) == total((net_of(line) for line in found.lines), "EUR")


@pytest.mark.parametrize("count", [10_000])
def test_the_cost_grows_linearly_enough_for_large_books(world: "World", count: int) -> None:
    many = items(*(world.entry(f"W-{n:07}", 30, n % 28 + 1, ticket=f"WEB-{n % 500}") for n in range(count)))
    found = rate(many, world.contract(), NAMES)
    assert len(found.lines) == 500
    assert sum(len(line.entries) for line in found.lines) == count


def test_work_with_an_agent_is_a_line_of_its_own_at_the_same_price(world: "World") -> None:
    worked = (
        world.entry("W-a", 60),
        world.entry("W-b", 30, agent="Claude"),
        world.entry("W-c", 30, 6, agent="Copilot"),
    )
    own, helped = rate(items(*worked), world.contract(), NAMES).lines
    assert (own.description, dict(own.entries)) == ("WEB-5 Add totals", {"W-a": 60})
    assert (helped.description, dict(helped.entries)) == (
        "WEB-5 Add totals (AI: Claude, Copilot)",
        {"W-b": 30, "W-c": 30},
    )
    assert own.unit_price == helped.unit_price
    assert helped.reason == "95.00 EUR an hour: rate for development, as for work without an AI agent"


def test_work_with_an_agent_costs_what_its_rate_says(world: "World") -> None:
    card = (*world.contract().rates, Rate(hourly=Money.parse("50.00 EUR"), agent=True))
    worked = (world.entry("W-a", 60), world.entry("W-b", 60, agent="Claude"))
    own, helped = rate(items(*worked), world.contract(rates=card), NAMES).lines
    assert (str(net_of(own)), str(net_of(helped))) == ("95.00 EUR", "50.00 EUR")
    assert helped.reason == "50.00 EUR an hour: rate for work with an AI agent"
