"""Intervals agree with sets of minutes."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.worklog.interval import Interval, common, first_minutes, last_minutes, length, merged, without


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(-50, 50))
    return Interval(start, start + draw(st.integers(1, 30)))


def minutes(found: tuple[Interval, ...] | list[Interval]) -> set[int]:
    return {minute for interval in found for minute in range(interval.start, interval.end)}


def tidy(found: tuple[Interval, ...]) -> bool:
    return all(one.end <= other.start for one, other in pairwise(found))


@settings(deadline=None)
@given(st.lists(intervals()))
def test_merged_holds_the_same_minutes_once(some: list[Interval]) -> None:
    result = merged(some)
    assert minutes(result) == minutes(some)
    assert length(result) == len(minutes(some))
    assert all(one.end < other.start for one, other in pairwise(result))


@settings(deadline=None)
@given(intervals(), st.lists(intervals()))
def test_without_takes_exactly_the_others_minutes(one: Interval, taken: list[Interval]) -> None:
    result = without(one, taken)
    assert minutes(result) == minutes([one]) - minutes(taken)
    assert tidy(result)


@settings(deadline=None)
@given(intervals(), intervals())
def test_common_is_the_intersection(one: Interval, other: Interval) -> None:
    shared = common(one, other)
    assert minutes([shared] if shared else []) == minutes([one]) & minutes([other])


@settings(deadline=None)
@given(st.lists(intervals()), st.integers(-5, 200))
def test_first_and_last_minutes(some: list[Interval], count: int) -> None:
    ground = merged(some)
    ordered = sorted(minutes(ground))
    assert minutes(first_minutes(ground, count)) == set(ordered[: max(0, count)])
    assert minutes(last_minutes(ground, count)) == set(ordered[-count:] if count > 0 else [])


@pytest.mark.parametrize("end", [5, 4])
def test_an_interval_has_a_minute(end: int) -> None:
    with pytest.raises(ValueError, match="an interval ends after it starts"):
        Interval(5, end)
