"""Local days: minutes of UTC as dates and times of day in a contributor's zone, right across clock changes."""

import functools
import itertools
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from git_bill.worklog.interval import Interval, length, merged

_CLOCK = re.compile(r"(?P<h>[01]\d|2[0-3]):(?P<m>[0-5]\d)(?P<offset>[+-]\d\d:[0-5]\d)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def minute_of(instant: datetime) -> int:
    """The whole minute of UTC that an aware instant lies in."""
    return (instant - _EPOCH) // _MINUTE


def day_of(minute: int, zone: tzinfo) -> date:
    """The date there."""
    return _local(minute, zone).date()


@functools.lru_cache(maxsize=4096)
def whole_day(day: date, zone: tzinfo) -> Interval:
    """A date there as an interval: 23, 24 or 25 hours."""
    if day == date.max:
        return Interval(_midnight(day, zone), _midnight(day, zone) + 24 * 60)
    return Interval(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))


def by_day(interval: Interval, zone: tzinfo) -> tuple[tuple[date, Interval], ...]:
    """An interval cut at every midnight there, each piece with its date."""
    pieces: list[tuple[date, Interval]] = []
    start = interval.start
    while start < interval.end:
        day = day_of(start, zone)
        end = min(interval.end, whole_day(day, zone).end)
        pieces.append((day, Interval(start, end)))
        start = end
    return tuple(pieces)


def clock_text(interval: Interval, zone: tzinfo) -> str:
    """`"09:10/09:55"`; `"23:10/24:00"` up to midnight. A time that comes twice that night carries its offset."""
    day = day_of(interval.start, zone)
    end = "24:00" if interval.end == whole_day(day, zone).end else _clock(interval.end, zone)
    return f"{_clock(interval.start, zone)}/{end}"


def clock_minutes(interval: Interval, zone: tzinfo) -> tuple[tuple[int, int], ...]:
    """A day's interval as minutes of that day as clocks show them, apart where they are changed: none is lost."""
    edges = [interval.start, interval.end]
    if _shift(interval.start, zone) != _shift(interval.end - 1, zone):
        inner = range(interval.start + 1, interval.end)
        edges[1:1] = [minute for minute in inner if _shift(minute, zone) != _shift(minute - 1, zone)]
    starts = [_local(start, zone) for start in edges[:-1]]
    shown = [local.hour * 60 + local.minute for local in starts]
    lengths = (end - start for start, end in itertools.pairwise(edges))
    return tuple((start, start + minutes) for start, minutes in zip(shown, lengths, strict=True))


def is_clock(text: str) -> bool:
    """Whether it has the form that `clock_text` writes."""
    start, slash, end = text.partition("/")
    return bool(slash) and is_time(start) and (end == "24:00" or is_time(end))


def ground(texts: Iterable[str], day: date, zone: tzinfo) -> tuple[Interval, ...]:
    """The intervals that `clock_text` wrote, sorted. Raises ValueError for text of another form.

    What is no interval of that day there is left out: the zone was changed since it was written.
    """
    whole = whole_day(day, zone)
    found: list[Interval] = []
    for text in texts:
        if not is_clock(text):
            raise ValueError(f'{text!r} is not an interval of a day; write it like "09:10/09:55"')
        first, _, last = text.partition("/")
        start = parse_time(first, day, zone)
        end = whole.end if last == "24:00" else parse_time(last, day, zone)
        if start < end:
            found.append(Interval(start, end))
    return merged(found)


def unplaced(minutes: int, texts: Iterable[str], day: date, zone: tzinfo) -> int:
    """How many of an entry's minutes have no place among its intervals: the day had no room for them there."""
    return max(0, minutes - length(ground(texts, day, zone)))


def parse_time(text: str, day: date, zone: tzinfo) -> int:
    """`"14:00"` on a day there → minute of UTC (the first one where it comes twice). Raises ValueError."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f'{text!r} is not a time of day; write it like "14:00"')
    local = datetime(day.year, day.month, day.day, int(match["h"]), int(match["m"]), tzinfo=zone)
    if match["offset"] and _offset(local) != match["offset"]:
        local = local.replace(fold=1)
    return minute_of(local.astimezone(UTC))


def is_time(text: str) -> bool:
    """Whether it is a time of day such as `"14:00"`."""
    return _CLOCK.fullmatch(text) is not None


def _local(minute: int, zone: tzinfo) -> datetime:
    return (_EPOCH + minute * _MINUTE).astimezone(zone)


def _shift(minute: int, zone: tzinfo) -> timedelta | None:
    return _local(minute, zone).utcoffset()


def _midnight(day: date, zone: tzinfo) -> int:
    return minute_of(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC))


def _clock(minute: int, zone: tzinfo) -> str:
    local = _local(minute, zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M}" + (_offset(local) if twice else "")


def _offset(local: datetime) -> str:
    text = local.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"
