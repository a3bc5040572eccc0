"""Evidence from calendars (RFC 5545): meetings that took place, and days off.

Recurrence and zones are the libraries' work.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from git_bill.problem import Problem
from git_bill.sources.away import says_away
from git_bill.sources.faults import few
from git_bill.sources.recorded import Recording, Seen, name_of_thing
from git_bill.sources.series import fault, many
from git_bill.worklog import dayoff
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.measured import BUSY, CALENDAR
from git_bill.worklog.ticket import ticket_in

_LONGEST = timedelta(hours=16)  # what goes on longer is a trip or a reminder, not one piece of work
_TRIP = timedelta(days=31)  # what goes on longer is no trip either, but a slip
_MOST = 50_000  # events of a calendar
_TEXT = 500  # characters of a title
_PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})
_BACK = timedelta(days=400)  # how far back a calendar is read that has no `since`
_CANT_FOLLOW = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)
_Found = tuple[str, int | None]  # what is wrong, and at which line
_EXAMPLE = "BEGIN:VEVENT … DTSTART:20261005T091000Z … END:VEVENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """An occurrence [begin, end), aware. `all_day`: it marks days, not minutes. `private`: its text is not for others.

    `taken`: its person was there as far as the calendar knows: it was neither declined nor cancelled, and blocks time.
    `away`: it says that its person is not at work.
    """

    key: str
    begin: datetime
    end: datetime
    text: str = ""
    labels: tuple[str, ...] = ()
    all_day: bool = False
    private: bool = False
    taken: bool = True
    away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What a calendar holds between two instants, oldest first, and what could not be read."""

    meetings: tuple[Meeting, ...] = ()
    problems: tuple[Problem, ...] = ()


def seen(content: bytes, file: str, recording: Recording) -> tuple[Seen, tuple[Problem, ...]]:
    """The meetings that took place, as evidence; for `busy` their times alone."""
    first = recording.start or recording.now - _BACK
    person, others = _addresses(recording), _names_of_others(recording)
    found = read(content, file, recording.zone, first=first, last=recording.now, person=person, others=others)
    busy = recording.kind == BUSY
    held = (one for one in found.meetings if one.taken and not one.all_day and (busy or not one.away))
    records = (*(_record(meeting, recording) for meeting in held), *_days_off(found.meetings, first, recording))
    whole = () if found.problems else ((first, recording.now),)  # what can't be read is not gone
    return Seen(records=records, spans=whole), found.problems


def read(
    content: bytes,
    file: str,
    zone: tzinfo,
    *,
    first: datetime,
    last: datetime,
    person: frozenset[str],
    others: frozenset[str] = frozenset(),
) -> Calendar:
    """Occurrences between two instants. `person`: the addresses of whose calendar it is; `others`: names of others.

    A broken event costs only itself. Floating times are taken in the calendar's own zone, else in `zone`.
    """
    import icalendar

    try:
        calendars = icalendar.Calendar.from_ical(content, multiple=True)
    except _CANT_FOLLOW as error:
        return Calendar(problems=(_broken(content, file, error),))
    if not any(isinstance(calendar, icalendar.Calendar) for calendar in calendars):
        return Calendar(problems=(_broken(content, file, ValueError("it holds no VCALENDAR")),))
    found: list[_Found] = []
    meetings: dict[str, Meeting] = {}
    for calendar in calendars:
        for event in _events(calendar, content, first, last, found):
            try:
                meeting = _meeting(event, zone, person, others)
            except _CANT_FOLLOW as error:
                found.append((f"{_named(event)} can't be read: {error}", _line(content, event)))
                continue
            meetings.setdefault(meeting.key, meeting)
            if isinstance(event.start, datetime) and meeting.end - meeting.begin > _TRIP:
                days = (meeting.end - meeting.begin).days
                found.append((f"{_named(event)} goes on for {days:,} days: it is no work", _line(content, event)))
    ordered = sorted(meetings.values(), key=lambda one: (one.begin, one.end, one.key))
    return Calendar(
        meetings=tuple(ordered), problems=few(_wrong(file, told, line) for told, line in dict.fromkeys(found))
    )


def _events(calendar: Any, content: bytes, first: datetime, last: datetime, problems: list[_Found]) -> Iterator[Any]:
    """Occurrences as the library finds them; a series that can't be followed is left out and the others are not."""
    import x_wr_timezone

    events = list(calendar.walk("VEVENT"))
    if len(events) > _MOST:
        problems.append((f"it has more than {_MOST:,} events: none of them is counted", None))
        return
    wrong = [(event, why) for event in events if (why := _fault(event, first, last)) is not None]
    for event, why in wrong:
        problems.append((f"{_named(event)} {why}", _line(content, event)))
    left_out = {id(event) for event, _ in wrong}
    calendar.subcomponents[:] = [part for part in calendar.subcomponents if id(part) not in left_out]
    standard = x_wr_timezone.to_standard(calendar)
    try:
        yield from _between(standard, first, last)
    except _CANT_FOLLOW:  # one of them: each by itself
        for series in _series(standard):
            try:
                yield from _between(series, first, last)
            except _CANT_FOLLOW as error:
                (event,) = series.walk("VEVENT")[:1]
                why = str(error) or type(error).__name__
                problems.append((f"{_named(event)} can't be followed: {why}", _line(content, event)))


def _fault(event: Any, first: datetime, last: datetime) -> str | None:
    try:
        return fault(event, first, last)
    except _CANT_FOLLOW as error:
        return f"can't be read: {error}"


def _between(calendar: Any, first: datetime, last: datetime) -> Iterator[Any]:
    import recurring_ical_events

    yield from recurring_ical_events.of(calendar, components=["VEVENT"]).between(first, last)


def _series(calendar: Any) -> Iterator[Any]:
    """A calendar of its own for the events of each UID."""
    import icalendar

    events = defaultdict[str, list[Any]](list)
    for event in calendar.walk("VEVENT"):
        events[str(event.get("UID", ""))].append(event)
    zones = calendar.walk("VTIMEZONE")
    for own in events.values():
        alone = icalendar.Calendar(calendar)
        alone.subcomponents = [*zones, *own]
        yield alone


def _named(event: Any) -> str:
    """`'Stand-up' of 2026-10-05`"""
    title = str(event.get("SUMMARY", "")).strip()[:60]
    day = getattr(event.get("DTSTART"), "dt", None)
    return (repr(title) if title else "an event") + (f" of {day:%Y-%m-%d}" if isinstance(day, date) else "")


def _record(meeting: Meeting, recording: Recording) -> Evidence:
    busy = recording.kind == BUSY
    told = "" if busy or meeting.private else meeting.text[:_TEXT]
    return Evidence(
        key=name_of_thing(recording, meeting.key),
        kind=BUSY if busy else CALENDAR,
        source=recording.source,
        contributor=recording.contributor,
        at=meeting.begin,
        text=told,
        ticket=ticket_in(told, recording.ticket_pattern) if told else None,
        until=meeting.end,
        labels=() if busy or meeting.private else meeting.labels,
    )


def _days_off(meetings: Iterable[Meeting], first: datetime, recording: Recording) -> Iterator[Evidence]:
    """The days that an event of whole days says somebody is away on, each once, as far as they have begun."""
    days: set[date] = set()
    for meeting in meetings:
        if meeting.away and meeting.all_day:
            begin, end = max(meeting.begin, first), min(meeting.end, recording.now)
            day, last = (each.astimezone(recording.zone).date() for each in (begin, end - timedelta(microseconds=1)))
            while day <= last:
                days.add(day)
                day += timedelta(days=1)
    for day in sorted(days):
        yield Evidence(
            key=name_of_thing(recording, dayoff.KIND, day.isoformat()),
            kind=dayoff.KIND,
            source=recording.source,
            contributor=recording.contributor,
            at=datetime.combine(day, time(), tzinfo=recording.zone),
        )


def _names_of_others(recording: Recording) -> frozenset[str]:
    """Words that name other contributors alone: a shared calendar says who is on vacation."""
    own = {
        word for name, person in recording.people.items() if person == recording.contributor for word in _words(name)
    }
    return frozenset(word for name in recording.people for word in _words(name)) - own


def _words(name: str) -> list[str]:
    return [] if "@" in name else [word for word in name.casefold().split() if len(word) > 1]


def _addresses(recording: Recording) -> frozenset[str]:
    return frozenset(name for name, person in recording.people.items() if person == recording.contributor)


def _meeting(event: Any, zone: tzinfo, person: frozenset[str], others: frozenset[str]) -> Meeting:
    starts, ends = event.start, event.end
    begin, end = _instant(starts, zone), _instant(ends, zone)
    if end < begin:
        raise ValueError("it ends before it begins")
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    transparent = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT"
    declined = _declined(event, person)
    title = str(event.get("SUMMARY", ""))
    marked = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "OOF"
    return Meeting(
        key=f"{event.get('UID', '')}\x1f{begin.astimezone(UTC).isoformat()}",
        begin=begin,
        end=end,
        text=title,
        labels=tuple(sorted({str(one)[:_TEXT] for one in _categories(event)})),
        all_day=not isinstance(starts, datetime) or end - begin > _LONGEST,
        private=str(event.get("CLASS", "PUBLIC")).upper() in _PRIVATE,
        taken=not cancelled and not transparent and not declined,
        away=not cancelled and not declined and (marked or says_away(title, others)),
    )


def _declined(event: Any, person: frozenset[str]) -> bool:
    mine = (one for one in many(event.get("ATTENDEE")) if _address(one) in person)
    return any(str(getattr(one, "params", {}).get("PARTSTAT", "")).upper() == "DECLINED" for one in mine)


def _categories(event: Any) -> Iterator[Any]:
    for one in many(event.get("CATEGORIES")):
        yield from getattr(one, "cats", ())


def _address(attendee: Any) -> str:
    return str(attendee).lower().removeprefix("mailto:")


def _instant(value: date | datetime, zone: tzinfo) -> datetime:
    """An aware instant with a plain offset: what the library brings along is not kept."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(zone)


def _line(content: bytes, event: Any) -> int | None:
    """Where the event stands: at the line of its UID, else of its title."""
    told = (f"{name}:{event[name]}".encode("utf-8", "replace") for name in ("UID", "SUMMARY") if event.get(name))
    at = next((at for text in told if (at := content.find(text)) >= 0), -1)
    return content.count(b"\n", 0, at) + 1 if at >= 0 else None


def _broken(content: bytes, file: str, error: Exception) -> Problem:
    """A file that is no calendar at all, with the line that the library names, else its first."""
    named = re.search(r"Content line could not be parsed into parts: '(.{4,60}?)'", str(error))
    at = content.find(named[1].encode("utf-8", "replace")) if named else 0
    line = content.count(b"\n", 0, at) + 1 if at >= 0 else 1
    return _wrong(file, f"this is no calendar: {error}", line, error=True)


def _wrong(file: str, message: str, line: int | None, *, error: bool = False) -> Problem:
    left = "nothing of it is counted: export the calendar again" if error else "it is left out: mend the event"
    return Problem(
        rule="broken-calendar",
        severity="error" if error else "warning",
        message=message[:200],
        hint=f"{left}; it should look like: {_EXAMPLE}",
        file=file,
        line=line,
    )
