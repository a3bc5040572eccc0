"""Minutes of a commit by the time since the one before."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worklog.workday import commit

from git_bill.worklog.effort import SESSION, combined, estimates
from git_bill.worklog.point import Point, Sort, points, sort_of


def line(*gaps: int, **facts: Any) -> list[tuple[Point, Sort]]:
    """Commits with these minutes between them, from ten o'clock on."""
    first = commit("0", "2026-10-05 10:00", **facts)
    found, minutes = [first], 0
    for number, gap in enumerate(gaps, 1):
        minutes += gap
        found.append(replace(first, key=str(number), at=first.at + timedelta(minutes=minutes, seconds=number)))
    return [(point, sort_of(point, {})) for point in points(found, {"mira"}, {"web-shop"})]


def told(*gaps: int, **facts: Any) -> list[tuple[int, int, int]]:
    """Low, expected and high of each."""
    return [(e.low, e.expected, e.high) for e in estimates(line(*gaps, **facts))]


@pytest.mark.parametrize(
    ("gap", "minutes"),
    [(0, (0, 0, 0)), (1, (0, 1, 1)), (15, (1, 15, 15)), (16, (1, 15, 16)), (40, (4, 27, 40)), (90, (9, 52, 90))],
)
def test_within_a_session_the_first_quarter_of_an_hour_counts_whole_and_the_rest_half(
    gap: int, minutes: tuple[int, int, int]
) -> None:
    assert told(gap)[1] == minutes


@pytest.mark.parametrize(
    ("lines", "minutes"),
    [
        (0, (1, 10, 50)),
        (5, (1, 10, 50)),
        (6, (2, 30, 60)),
        (30, (2, 30, 60)),
        (31, (5, 60, 120)),
        (151, (5, 75, 240)),
        (601, (5, 90, 275)),
        (10**9, (5, 90, 275)),
        (None, (2, 45, 120)),
    ],
)
def test_a_sessions_first_commit_counts_by_its_size(lines: int | None, minutes: tuple[int, int, int]) -> None:
    assert told(added=lines, deleted=0 if lines is not None else None) == [minutes]


def test_an_opening_does_not_reach_back_beyond_the_commit_before() -> None:
    assert told(91, added=1000)[1] == (5, 90, 91)


def test_merges_add_ten_minutes_inside_a_session_and_open_none() -> None:
    assert told(parents=2) == [(0, 0, 0)]
    work, merge = line(30)[0], line(30, parents=2)[1]
    assert [(e.low, e.expected, e.high) for e in estimates([work, merge])] == [(5, 60, 120), (0, 10, 10)]


def test_a_merge_does_not_keep_a_session_going() -> None:
    work, _, later = line(60, 80)
    merge = line(60, parents=2)[1]
    found = estimates([work, merge, later])
    assert [e.expected for e in found] == [60, 10, 60]  # 140 minutes after the last work: an opening, not a gap


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), max_size=8), st.sampled_from((0, 20, 100, 700)))
def test_estimates_never_overlap(gaps: list[int], added: int) -> None:
    found = estimates(line(*gaps, added=added))
    for before, after in pairwise(found):
        assert after.high <= after.point.minute - before.point.minute
    assert all(0 <= e.low <= e.expected <= e.high for e in found)


PARTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 120)).map(lambda p: (p[0], p[0] + p[1], sum(p)))
)


@settings(deadline=None)
@given(PARTS)
def test_the_range_of_a_sum_is_no_wider_than_the_sum_of_ranges(parts: list[tuple[int, int, int]]) -> None:
    low, expected, high = combined(parts)
    assert expected == sum(part[1] for part in parts)
    assert sum(part[0] for part in parts) <= low <= expected <= high <= sum(part[2] for part in parts)


def test_the_range_of_much_work_is_the_error_that_all_of_it_shares() -> None:
    low, expected, high = combined([(5, 60, 120)] * 400)
    assert (low * 100 // expected, high * 100 // expected) == (59, 185)


def test_stated_minutes_have_no_range() -> None:
    assert combined([(30, 30, 30), (90, 90, 90)]) == (120, 120, 120)


def test_one_estimate_keeps_its_range() -> None:
    assert combined([(5, 60, 120)]) == (5, 60, 120)


def test_openings_cover_every_size() -> None:
    assert [o.lines for o in SESSION.openings] == sorted(o.lines for o in SESSION.openings)
    assert SESSION.openings[-1].lines >= 2**62
