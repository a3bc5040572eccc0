"""Events of calendars that can't be followed, or would take for ever: rules that never fit, or far too often."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

_MOST = 50_000  # occurrences of one event: a daily one since 1890
_FURTHEST = timedelta(days=366)  # that one of a series is moved: the library looks at all in between
_CYCLE, _CYCLE_DAYS = 400, 146_097  # years after which the calendar is the same, in days
_LAST_YEAR = 9980
_OFTEN = frozenset({"SECONDLY", "MINUTELY"})


def fault(event: Any, first: datetime, last: datetime) -> str | None:
    """Why an event is left out of what is between two instants; None for one that can be followed."""
    start, rules = _naive(event.get("DTSTART")), [rule for rule in many(event.get("RRULE")) if rule]
    if start is None:
        return None  # the library says what is wrong with it
    length = getattr(event.get("DURATION"), "dt", None)
    backwards = isinstance(length, timedelta) and length < timedelta(0)
    if backwards and (rules or first.replace(tzinfo=None) <= start <= last.replace(tzinfo=None)):
        return "ends before it begins"
    was = _naive(event.get("RECURRENCE-ID"))
    if was is not None and abs(start - was) > _FURTHEST:
        return "was moved by more than a year"
    return next(filter(None, (_rule_fault(rule, start, last.replace(tzinfo=None)) for rule in rules)), None)


def many(value: Any) -> Iterator[Any]:
    """The values of a property that may stand in an event several times."""
    yield from value if isinstance(value, list) else [] if value is None else [value]


def _rule_fault(rule: Any, start: datetime, last: datetime) -> str | None:
    """Tried out at the end of the calendar, where what never fits ends soon: after 400 years all is the same."""
    from dateutil.rrule import rrulestr

    if "FREQ" not in (rule if isinstance(rule, dict) else ()):  # the library keeps what it can't read as text
        return f"has a rule that can't be followed: {str(rule)[:60]}"
    written = rule.to_ical().decode("utf-8", "replace")[:200]
    if not _OFTEN.isdisjoint(map(str, rule.get("FREQ", ()))) or "BYSECOND" in rule or len(rule.get("BYMINUTE", ())) > 4:
        return "repeats more often than every hour"
    if any(not isinstance(step, int) or step < 1 for step in rule.get("INTERVAL", ())):
        return f"repeats at no interval: {written}"
    later = timedelta(days=_CYCLE_DAYS * max(0, (_LAST_YEAR - max(start, last).year) // _CYCLE))
    bare = ";".join(part for part in written.split(";") if not part.startswith(("UNTIL=", "COUNT=")))
    try:
        occurrences = iter(rrulestr(bare, dtstart=start + later))
        most = min(_MOST, max(map(int, rule.get("COUNT", (_MOST,)))))
        end = last + later
        if next(occurrences, None) is None:
            return f"repeats on no day that there is: {written}"
        count = sum(1 for _ in _until(occurrences, end, most))
    except (ValueError, TypeError, OverflowError) as error:
        return f"has a rule that can't be followed: {written} ({str(error)[:60]})"
    return f"repeats more than {_MOST:,} times: {written}" if count >= _MOST else None


def _until(occurrences: Iterator[datetime], end: datetime, most: int) -> Iterator[datetime]:
    for number, at in enumerate(occurrences, 1):
        if at > end:
            return
        yield at
        if number >= most:
            return


def _naive(stamp: Any) -> datetime | None:
    """By the clock on the wall: a day more or less does not matter here."""
    found = getattr(stamp, "dt", None)
    if isinstance(found, datetime):
        return found.replace(tzinfo=None)
    return datetime.combine(found, time()) if isinstance(found, date) else None
