"""Who wins a minute, told by examples; law 1 has the properties."""

from dataclasses import replace

import pytest

from git_bill.worklog.interval import Interval
from git_bill.worklog.timeline import Claim, Frozen, Lost, Precedence, allocate

DAY = Interval(0, 1440)


def claim(entry: str, start: int, end: int, precedence: Precedence = Precedence.SESSION) -> Claim:
    """An interval of Mira's first day."""
    return Claim(
        entry=entry,
        contributor="mira",
        precedence=precedence,
        day=DAY,
        interval=Interval(start, end),
        low=0,
        expected=end - start,
        high=2 * (end - start),
    )


def duration(entry: str, minutes: int, anchor: int | None, precedence: Precedence = Precedence.DIRECTIVE) -> Claim:
    """Minutes without a start."""
    return Claim(
        entry=entry,
        contributor="mira",
        precedence=precedence,
        day=DAY,
        anchor=anchor,
        low=minutes,
        expected=minutes,
        high=minutes,
    )


def frozen(start: int, end: int, minutes: int | None = None, family: frozenset[str] = frozenset()) -> Frozen:
    """Ground of the billed entry W-B."""
    return Frozen(
        entry="W-B",
        invoice="INV-2026-0032",
        contributor="mira",
        day=DAY,
        intervals=(Interval(start, end),),
        minutes=end - start if minutes is None else minutes,
        family=family,
    )


def won(*claims: Claim, ground: tuple[Frozen, ...] = ()) -> dict[str, tuple[tuple[Interval, ...], int]]:
    """Entry → intervals and minutes without a place."""
    return {a.claim.entry: (a.intervals, a.floating) for a in allocate(ground, claims).won}


@pytest.mark.parametrize(
    ("stronger", "weaker"), [(one, other) for one in Precedence for other in Precedence if one < other]
)
def test_a_stronger_claim_takes_the_minutes_of_a_weaker_one(stronger: Precedence, weaker: Precedence) -> None:
    strong, weak = claim("W-1", 600, 660, stronger), claim("W-2", 630, 690, weaker)
    assert won(weak, strong) == {"W-1": ((Interval(600, 660),), 0), "W-2": ((Interval(660, 690),), 0)}


def test_the_order_is_edit_manual_directive_timer_calendar_journal_review_session() -> None:
    assert [p.name for p in sorted(Precedence)] == [
        "EDIT", "MANUAL", "DIRECTIVE", "TIMER", "CALENDAR", "JOURNAL", "REVIEW", "SESSION"
    ]  # fmt: skip


def test_who_lost_to_whom_and_why_is_kept() -> None:
    strong, weak = claim("W-1", 600, 660, Precedence.CALENDAR), claim("W-2", 630, 690)
    result = allocate((frozen(680, 800),), [weak, strong])
    assert result.lost == (
        Lost(claim=weak, minutes=30, to="W-1", why="overlap", holder=Precedence.CALENDAR),
        Lost(claim=weak, minutes=10, to="W-B", why="already billed on INV-2026-0032"),
    )


def test_billed_minutes_are_out_of_reach_of_a_person_too() -> None:
    assert won(claim("W-1", 600, 700, Precedence.EDIT), ground=(frozen(600, 660),)) == {
        "W-1": ((Interval(660, 700),), 0)
    }


def test_a_billed_entrys_own_evidence_keeps_its_ground_and_is_not_counted_twice() -> None:
    ground = frozen(0, 1400, family=frozenset({"W-1"}))
    assert won(claim("W-1", 1300, 1400), ground=(ground,)) == {"W-1": ((Interval(1300, 1400),), 0)}
    assert won(claim("W-2", 1400, 1440), ground=(ground,)) == {"W-2": ((Interval(1400, 1440),), 0)}


def test_a_claim_inside_another_splits_it() -> None:
    assert won(claim("W-1", 600, 700), claim("W-2", 620, 640, Precedence.CALENDAR))["W-1"] == (
        (Interval(600, 620), Interval(640, 700)),
        0,
    )


def test_unproven_claims_yield_to_all_others() -> None:
    forged = replace(claim("W-1", 600, 700, Precedence.DIRECTIVE), proven=False)
    assert won(forged, claim("W-2", 600, 650))["W-1"] == ((Interval(650, 700),), 0)


def test_a_duration_goes_into_free_time_before_its_anchor() -> None:
    meeting = claim("W-1", 540, 600, Precedence.MANUAL)
    assert won(duration("W-2", 90, 660), meeting)["W-2"] == ((Interval(510, 540), Interval(600, 660)), 0)


def test_what_finds_no_room_before_its_anchor_takes_part_in_the_sum() -> None:
    assert won(duration("W-2", 90, 30)) == {"W-2": ((Interval(0, 30),), 60)}
    assert won(duration("W-2", 90, None)) == {"W-2": ((), 90)}
    assert won(duration("W-2", 90, 0)) == {"W-2": ((), 90)}


def test_a_day_has_24_hours() -> None:
    told = duration("W-1", 1400, None, Precedence.MANUAL)
    late = claim("W-2", 600, 660)
    result = allocate((), [late, told])
    assert won(late, told) == {"W-1": ((), 1400), "W-2": ((Interval(620, 660),), 0)}
    assert result.lost == (Lost(claim=late, minutes=20, to=None, why="the day has no room for it"),)


def test_floating_minutes_of_invoices_use_the_day_too() -> None:
    assert won(duration("W-1", 100, None), ground=(frozen(0, 10, minutes=1400),)) == {"W-1": ((), 40)}


def test_the_range_follows_what_was_won() -> None:
    (first, second) = allocate((), [claim("W-1", 600, 660, Precedence.TIMER), claim("W-2", 630, 690)]).won
    assert (first.low, first.minutes, first.high) == (0, 60, 120)
    assert (second.low, second.minutes, second.high) == (0, 30, 90)
    lost = allocate((frozen(600, 660),), [replace(claim("W-2", 600, 660), low=10)]).won[0]
    assert (lost.low, lost.minutes, lost.high) == (0, 0, 0)


def test_of_equally_strong_claims_the_one_that_has_a_place_keeps_it() -> None:
    told = claim("W-9", 580, 600, Precedence.DIRECTIVE)
    assert won(duration("W-1", 30, 600), told) == {
        "W-9": ((Interval(580, 600),), 0),
        "W-1": ((Interval(550, 580),), 0),
    }


def test_a_sum_keeps_its_places_from_the_entries_that_it_stands_instead_of_alone() -> None:
    told = replace(duration("W-1", 60, None, Precedence.EDIT), places=(Interval(600, 700),), instead=frozenset({"W-2"}))
    assert won(told, claim("W-2", 600, 640), claim("W-3", 610, 630)) == {
        "W-1": ((Interval(640, 700),), 0),
        "W-2": ((), 0),
        "W-3": ((Interval(610, 630),), 0),
    }
