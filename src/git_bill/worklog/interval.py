"""Intervals of whole minutes since 1970 in UTC, half open: [start, end)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """At least one minute; two intervals that only touch share none."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"an interval ends after it starts, not {self.start}/{self.end}")

    @property
    def minutes(self) -> int:
        """Its length."""
        return self.end - self.start


def length(intervals: Iterable[Interval]) -> int:
    """Minutes of disjoint intervals together."""
    return sum(i.end - i.start for i in intervals)


def common(one: Interval, other: Interval) -> Interval | None:
    """The minutes that both hold."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Interval(start, end) if start < end else None


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same minutes as sorted intervals that neither overlap nor touch."""
    result: list[Interval] = []
    for interval in sorted(intervals):
        if result and interval.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, interval.end))
        else:
            result.append(interval)
    return tuple(result)


def without(interval: Interval, taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """What is left of an interval when the minutes of others are taken away, sorted."""
    left: list[Interval] = []
    start = interval.start
    for other in sorted(taken):
        if other.start >= interval.end:
            break
        if start < other.start:
            left.append(Interval(start, other.start))
        start = max(start, other.end)
    if start < interval.end:
        left.append(Interval(start, interval.end))
    return tuple(left)


def first_minutes(intervals: Sequence[Interval], minutes: int) -> tuple[Interval, ...]:
    """The earliest minutes of sorted, disjoint intervals; all of them where there are not more."""
    result: list[Interval] = []
    for interval in intervals:
        if minutes <= 0:
            break
        result.append(Interval(interval.start, min(interval.end, interval.start + minutes)))
        minutes -= result[-1].minutes
    return tuple(result)


def last_minutes(intervals: Sequence[Interval], minutes: int) -> tuple[Interval, ...]:
    """The latest minutes of sorted, disjoint intervals; all of them where there are not more."""
    result: list[Interval] = []
    for interval in reversed(intervals):
        if minutes <= 0:
            break
        result.append(Interval(max(interval.start, interval.end - minutes), interval.end))
        minutes -= result[-1].minutes
    return tuple(reversed(result))
