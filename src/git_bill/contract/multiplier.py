"""Multipliers: an entry's minutes apart by what each of them costs, at night, on weekdays, on holidays, urgent."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from git_bill.contract.rate import Multiplier
from git_bill.worklog.day import clock_minutes, ground
from git_bill.worklog.holiday import public_holidays

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Clock = tuple[int, int]  # minutes of the local day, from and to


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """When work was done. `clocks`: its known intervals; minutes beyond them have no place in the day."""

    day: date
    minutes: int
    clocks: tuple[Clock, ...] = ()
    labels: tuple[str, ...] = ()


def apart(time: Time, multipliers: Sequence[Multiplier]) -> Mapping[Multiplier | None, int]:
    """Minutes by the multiplier that they cost, None for those at the card's price. They sum to all minutes.

    Minutes without a place in the day count by weekday, holiday and label, and never as work at night.
    """
    able = [each for each in multipliers if _on(each, time)]
    found: dict[Multiplier | None, int] = defaultdict(int)
    left = time.minutes
    for start, end in time.clocks:
        edges = sorted({start, end, *(edge for each in able for edge in _edges(each) if start < edge < end)})
        for begin, stop in itertools.pairwise(edges):
            minutes = min(stop - begin, left)
            found[_best(each for each in able if _at(each, begin))] += minutes
            left -= minutes
    found[_best(each for each in able if each.start is None)] += left
    return {each: minutes for each, minutes in found.items() if minutes}


def shared(parts: Mapping[Multiplier | None, int], minutes: int) -> Mapping[Multiplier | None, int]:
    """Fewer minutes in the same proportions: whole ones that sum to `minutes` exactly."""
    whole = sum(parts.values())
    if minutes >= whole:
        return parts
    found: dict[Multiplier | None, int] = {}
    passed = given = 0
    for each, part in parts.items():
        passed += part
        found[each] = minutes * passed // whole - given
        given += found[each]
    return {each: part for each, part in found.items() if part}


def clocks(texts: Iterable[str], day: date, zone: tzinfo) -> tuple[Clock, ...]:
    """`("22:30/24:00",)` → minutes of the day there; an hour that comes twice in a night is there twice."""
    return tuple(clock for interval in ground(texts, day, zone) for clock in clock_minutes(interval, zone))


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:5])


def _on(each: Multiplier, time: Time) -> bool:
    """Whether a multiplier can hold at all that day, for that ticket."""
    if each.weekdays and _WEEKDAYS[time.day.weekday()] not in each.weekdays:
        return False
    if each.holidays and time.day not in public_holidays(each.holidays, time.day.year):
        return False
    labels = {label.casefold() for label in time.labels}
    return not each.labels or any(label.casefold() in labels for label in each.labels)


def _edges(each: Multiplier) -> tuple[int, ...]:
    return () if each.start is None or each.end is None else (_minute(each.start), _minute(each.end))


def _at(each: Multiplier, minute: int) -> bool:
    if each.start is None or each.end is None:
        return True
    start, end = _minute(each.start), _minute(each.end)
    return start <= minute < end if start < end else minute >= start or minute < end


def _best(fitting: Iterable[Multiplier]) -> Multiplier | None:
    """The highest, or with none above 1 the lowest."""
    some = sorted(fitting, key=lambda each: (each.factor, each.name))
    if not some:
        return None
    return some[-1] if some[-1].factor > 1 else some[0]
