"""What a comment changes in a draft, and that drafting again leaves it so."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from git_bill.invoice.amend import Amended, amend, counterpart
from git_bill.invoice.basis import Basis
from git_bill.invoice.billed import pinned
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.command import Command, commands
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.invoice.updating import redraft
from git_bill.money import Money
from git_bill.problem import Problem, errors
from git_bill.shape import read, write

if TYPE_CHECKING:
    from tests.invoice.conftest import World

DOMAIN = Line(description="Domain", quantity=Decimal(1), unit="C62", unit_price=Money.parse("120.00 EUR"), because="it")


def books(world: "World") -> Basis:
    return world.basis(
        world.entry("W-a", 60, 5, ticket="WEB-1", text="login page"),
        world.entry("W-b", 60, 6, ticket="WEB-2", text="search page"),
        world.entry("W-c", 60, 7, ticket="WEB-3", text="basket page"),
    )


def asked(draft: Draft, text: str) -> Amended | Problem:
    (command,) = commands(text)
    assert isinstance(command, Command)
    return amend(draft, command, by="@anna")


def changed(draft: Draft, text: str) -> Draft:
    found = asked(draft, text)
    assert isinstance(found, Amended)
    return found.draft


def again(world: "World", base: Draft, current: Draft) -> Draft:
    basis = books(world)
    return redraft(basis, basis.engagement.contracts[0], world.period, world.tax, base=base, current=current).draft


def test_a_dropped_line_is_waived_with_its_reason(world: "World") -> None:
    base = world.draft(books(world))
    found = asked(base, "/bill drop 2 because it was a favour")
    assert isinstance(found, Amended)
    assert [dict(line.entries) for line in found.draft.lines] == [{"W-a": 60}, {"W-c": 60}]
    assert found.draft.not_billed == {"W-b": NotBilled(minutes=60, because="it was a favour", then="waive")}
    assert found.told == "Line 2, WEB-2 Search page, is taken out; it will not be billed later."
    kept = again(world, base, found.draft)
    assert kept == found.draft
    assert again(world, kept, kept) == kept
    assert errors(draft_problems(kept, books(world), name="acme-2026-10")) == ()


def test_a_deferred_line_comes_back_with_the_next_draft(world: "World") -> None:
    base = world.draft(books(world))
    found = changed(base, "/bill defer 2")
    assert found.not_billed == {"W-b": NotBilled(minutes=60, because="left for later in review", then="carry")}
    assert "W-b" not in pinned(found)
    assert again(world, base, found) == found


@pytest.mark.parametrize("because", ["cap", "unproven", "rounds to nothing"])
def test_a_persons_reason_is_not_taken_for_one_of_drafting(world: "World", because: str) -> None:
    base = world.draft(books(world))
    found = changed(base, f"/bill drop 2 because {because}")
    assert again(world, base, found) == found


def test_less_time_stays_when_drafted_again(world: "World") -> None:
    base = world.draft(books(world))
    found = asked(base, "/bill minutes 2 50m because the rest was our mistake")
    assert isinstance(found, Amended)
    line = found.draft.lines[1]
    assert (line.quantity, line.unit, line.base_quantity) == (Decimal(50), "MIN", Decimal(60))
    assert line.because == "the rest was our mistake"
    assert line.set == ("base_quantity", "because", "quantity", "unit")
    assert found.told == "Line 2, WEB-2 Search page, now bills 50m instead of 1h."
    kept = again(world, base, found.draft)
    assert kept.lines[1] == line
    assert [
        problem.rule for problem in draft_problems(kept, books(world), name="x") if "line 2" in problem.message
    ] == ["less-than-entries"]


def test_more_time_needs_a_reason_and_is_flagged(world: "World") -> None:
    base = world.draft(books(world))
    refused = asked(base, "/bill minutes 2 2h")
    assert isinstance(refused, Problem)
    assert refused.message == "line 2 would bill 2h, more than its work of 1h"
    found = changed(base, "/bill minutes 2 2h because a call was forgotten")
    flags = [p for p in draft_problems(found, books(world), name="x") if p.rule == "more-than-entries"]
    assert [(flag.severity, flag.hint) for flag in flags] == [("info", "because: a call was forgotten")]


def test_the_same_time_again_is_marked_and_changes_no_amount(world: "World") -> None:
    base = world.draft(books(world))
    found = changed(base, "/bill minutes 2 1h")
    assert found.lines[1] == replace(base.lines[1], set=("quantity",))


def test_a_line_that_stands_elsewhere_now_is_told_by_the_number_that_was_shown(world: "World") -> None:
    (command,) = commands("/bill drop 3 because a favour")
    assert isinstance(command, Command)
    found = amend(world.draft(books(world)), command, by="@anna", place=2)
    assert isinstance(found, Amended)
    assert found.told.startswith("Line 3, WEB-2 Search page, is taken out")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("/bill drop 0 because a", "no-such-line"),
        ("/bill drop 5 because a", "no-such-line"),
        ("/bill minutes 4 1h because a", "no-time-line"),
        ("/bill minutes 1 1h because a", "odd-price"),
        ("/bill release", "not-on-hold"),
    ],
)
def test_what_can_not_be_done_changes_nothing(world: "World", text: str, rule: str) -> None:
    made = world.draft(books(world))
    per_day = replace(made.lines[0], base_quantity=Decimal(8))
    draft = replace(made, lines=(per_day, *made.lines[1:], DOMAIN))
    found = asked(draft, text)
    assert isinstance(found, Problem)
    assert found.rule == rule
    assert found.hint


def test_the_last_line_stays(world: "World") -> None:
    draft = world.draft(books(world))
    found = asked(replace(draft, lines=draft.lines[:1]), "/bill drop 1 because a")
    assert isinstance(found, Problem)
    assert found.rule == "last-line"


def test_a_line_without_entries_goes_and_leaves_nothing(world: "World") -> None:
    made = world.draft(books(world))
    assert changed(replace(made, lines=(*made.lines, DOMAIN)), "/bill drop 4 because it is paid") == made


def test_what_the_cap_left_out_of_an_entry_goes_with_the_rest(world: "World") -> None:
    made = replace(world.draft(books(world)), not_billed={"W-b": NotBilled(minutes=30, because="cap")})
    found = changed(made, "/bill drop 2 because a favour")
    assert found.not_billed == {"W-b": NotBilled(minutes=90, because="a favour", then="waive")}


def test_an_entry_that_another_line_bills_too_stays_there(world: "World") -> None:
    made = world.draft(books(world))
    halves = [replace(made.lines[1], entries={"W-b": 30}, quantity=Decimal("0.5")) for _ in range(2)]
    found = changed(replace(made, lines=(made.lines[0], *halves)), "/bill drop 2 because a favour")
    assert dict(found.not_billed) == {}
    assert [dict(line.entries) for line in found.lines] == [{"W-a": 60}, {"W-b": 30}]


def test_hold_and_release(world: "World") -> None:
    base = world.draft(books(world))
    held = changed(base, "/bill hold because the order number is missing")
    assert held.hold == "the order number is missing"
    assert again(world, base, held).hold == held.hold
    assert changed(base, "/bill hold").hold == "@anna asked for it"
    assert changed(held, "/bill release") == base
    assert changed(replace(held, proposed=("13",)), "/bill release") == base


def test_what_was_answered_stays_when_drafted_again(world: "World") -> None:
    base = world.draft(books(world))
    current = replace(base, answered=("11", "12"), proposed=("13",))
    kept = again(world, base, current)
    assert (kept.answered, kept.proposed) == (("11", "12"), ("13",))


def test_a_line_is_found_again_in_another_version(world: "World") -> None:
    base = world.draft(books(world))
    renumbered = changed(changed(base, "/bill drop 1 because a"), "/bill minutes 1 30m")
    assert [counterpart(base, number, renumbered) for number in (0, 1, 2, 3, 4)] == [None, None, 1, 2, None]
    with_domain = replace(base, lines=(DOMAIN, *base.lines))
    assert [counterpart(with_domain, number, with_domain) for number in (1, 2)] == [1, 2]
    assert counterpart(with_domain, 1, base) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    orders=st.lists(
        st.tuples(st.sampled_from(["drop {} because a", "defer {}", "minutes {} {}m because a"]), st.integers(0, 5)),
        max_size=6,
    ),
    minutes=st.integers(1, 200),
)
def test_whatever_is_asked_bills_no_entry_twice_and_drafting_again_keeps_it(
    world: "World", orders: list[tuple[str, int]], minutes: int
) -> None:
    base = world.draft(books(world))
    found = base
    for order, number in orders:
        one = asked(found, "/bill " + order.format(number, minutes))
        found = found if isinstance(one, Problem) else one.draft
    assert read(Draft, write(found), "x").value == found
    stands = [entry for line in found.lines for entry in line.entries]
    assert sorted([*stands, *found.not_billed]) == ["W-a", "W-b", "W-c"]
    assert again(world, base, found) == found
