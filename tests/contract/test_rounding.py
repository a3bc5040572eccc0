"""Rounding after grouping, by examples worked out by hand and by laws."""

from datetime import date
from itertools import permutations
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.rounding import Piece, billed_minutes, round_minutes
from git_bill.contract.terms import Rounding

Per = Literal["entry", "ticket", "ticket-day", "day", "line", "invoice"]
ALL: tuple[Per, ...] = ("entry", "ticket", "ticket-day", "day", "line", "invoice")


def piece(entry: str, minutes: int, day: int = 5, work: str = "WEB-5", line: str | None = None) -> Piece:
    return Piece(entry=entry, day=date(2026, 10, day), work=work, line=line or work, minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "to", "mode", "expected"),
    [
        (7, 15, "nearest", 0),
        (8, 15, "nearest", 15),
        (52, 15, "nearest", 45),
        (53, 15, "nearest", 60),
        (3, 6, "nearest", 6),  # half a step goes up
        (1, 15, "up", 15),
        (15, 15, "up", 15),
        (29, 15, "down", 15),
        (0, 15, "up", 0),
        (-8, 15, "nearest", -15),
        (738, 1, "nearest", 738),
    ],
)
def test_rounds_to_the_step(minutes: int, to: int, mode: Literal["nearest", "up", "down"], expected: int) -> None:
    assert round_minutes(minutes, Rounding(to=to, mode=mode)) == expected


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        # three entries of 7, 7 and 8 minutes: 5 Oct WEB-5 7, 5 Oct WEB-6 7, 6 Oct WEB-5 8; to 15m, up
        ("entry", {"WEB-5": 30, "WEB-6": 15}),
        ("ticket-day", {"WEB-5": 30, "WEB-6": 15}),
        ("ticket", {"WEB-5": 15, "WEB-6": 15}),
        ("line", {"WEB-5": 15, "WEB-6": 15}),
        ("day", {"WEB-5": 8 + 15, "WEB-6": 7}),  # 14 → 15 on the 5th: one more for `a`; 8 → 15 on the 6th
        ("invoice", {"WEB-5": 23, "WEB-6": 7}),  # 22 → 30: eight more for the ticket with the most
    ],
)
def test_groups_as_the_contract_says(per: Per, expected: dict[str, int]) -> None:
    pieces = [piece("a", 7), piece("b", 7, work="WEB-6"), piece("c", 8, day=6)]
    assert billed_minutes(pieces, Rounding(to=15, mode="up", per=per)) == expected


def test_what_is_taken_off_goes_on_to_the_next_line_when_one_can_not_bear_it() -> None:
    pieces = [piece("a", 5, work="WEB-1"), piece("b", 5, work="WEB-2"), piece("c", 4, work="WEB-3")]
    assert billed_minutes(pieces, Rounding(to=15, mode="down", per="day")) == {"WEB-1": 0, "WEB-2": 0, "WEB-3": 0}


def test_late_time_is_what_the_group_comes_to_less_what_was_billed() -> None:
    """The case of the facts: 5 minutes were billed as 15, 5 late minutes must not make it 30."""
    up = Rounding(to=15, mode="up", per="ticket-day")
    earlier = [piece("a", 5)]
    assert billed_minutes([piece("b", 5)], up, earlier) == {"WEB-5": 0}
    assert billed_minutes([piece("b", 15)], up, earlier) == {"WEB-5": 15}
    assert billed_minutes([piece("b", 5, day=6)], up, earlier) == {"WEB-5": 15}


def test_a_document_that_rounds_by_itself_takes_no_earlier_one_into_account() -> None:
    assert billed_minutes([piece("b", 5)], Rounding(to=15, mode="up", per="invoice"), [piece("a", 5)]) == {"WEB-5": 15}


PIECES = st.lists(
    st.builds(
        piece,
        entry=st.uuids().map(str),
        minutes=st.integers(1, 600),
        day=st.integers(1, 31),
        work=st.sampled_from(["WEB-1", "WEB-2", "WEB-3"]),
        line=st.sampled_from(["x", "y"]),
    ),
    max_size=12,
    unique_by=lambda p: p.entry,
)
ROUNDINGS = st.builds(
    Rounding,
    to=st.sampled_from([1, 5, 6, 15, 60]),
    mode=st.sampled_from(["nearest", "up", "down"]),
    per=st.sampled_from(ALL),
)


@given(pieces=PIECES, rounding=ROUNDINGS, data=st.data())
def test_the_order_of_entries_changes_nothing(pieces: list[Piece], rounding: Rounding, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(pieces))
    assert billed_minutes(shuffled, rounding) == billed_minutes(pieces, rounding)


@given(pieces=PIECES, rounding=ROUNDINGS)
def test_no_line_is_negative_and_the_sum_is_the_sum_of_the_rounded_groups(
    pieces: list[Piece], rounding: Rounding
) -> None:
    billed = billed_minutes(pieces, rounding)
    assert all(minutes >= 0 for minutes in billed.values())
    raw = sum(p.minutes for p in pieces)
    assert (sum(billed.values()) - raw) * {"up": 1, "down": -1, "nearest": 0}[rounding.mode] >= 0
    assert abs(sum(billed.values()) - raw) < rounding.to * max(1, len(pieces))


@given(pieces=PIECES, earlier=PIECES, rounding=ROUNDINGS)
def test_late_time_never_bills_more_than_all_of_it_would_have_at_once(
    pieces: list[Piece], earlier: list[Piece], rounding: Rounding
) -> None:
    if rounding.per in {"line", "invoice", "entry"}:
        return
    first = sum(billed_minutes(earlier, rounding).values())
    late = sum(billed_minutes(pieces, rounding, earlier).values())
    assert late >= 0
    assert first + late == sum(billed_minutes([*earlier, *pieces], rounding).values())


def test_every_order_of_a_tie_gives_the_same_line_the_difference() -> None:
    pieces = [piece("a", 7, work="WEB-9"), piece("b", 7, work="WEB-1"), piece("c", 7, work="WEB-4")]
    results = {
        tuple(sorted(billed_minutes(order, Rounding(to=15, mode="up", per="day")).items()))
        for order in permutations(pieces)
    }
    assert results == {(("WEB-1", 7), ("WEB-4", 7), ("WEB-9", 16))}


def test_of_lines_with_equal_minutes_the_one_with_the_lowest_entry_bears_the_difference() -> None:
    pieces = [piece("b", 4, work="WEB-1"), piece("c", 3, work="WEB-1"), piece("d", 5, work="WEB-2")]
    pieces.append(piece("a", 2, work="WEB-2"))
    assert billed_minutes(pieces, Rounding(to=15, mode="up", per="day")) == {"WEB-1": 7, "WEB-2": 8}
