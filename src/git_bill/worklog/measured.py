"""Time that was measured while it passed: timers, meetings in calendars, editors' heartbeats, busy hours.

A thing is one record for each of its states: its key is a name of 12 characters, `@`, and a digest of what it says.
The latest counts; one of the state `removed` counts no more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import get_args

from git_bill.period import format_duration
from git_bill.problem import Problem
from git_bill.worklog.activity import activity_of
from git_bill.worklog.assignment import assigned, names_in
from git_bill.worklog.day import by_day, day_of, minute_of, whole_day
from git_bill.worklog.entry import Activity
from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.interval import Interval
from git_bill.worklog.piece import Group, Origin, Piece
from git_bill.worklog.point import Point, Rule, Verdict, name_of
from git_bill.worklog.timeline import Precedence

TIMER, CALENDAR, BUSY, HEARTBEAT = "timer", "calendar", "busy", "heartbeat"
REMOVED = "removed"
MEASURED: Mapping[str, Precedence] = {
    TIMER: Precedence.TIMER,
    CALENDAR: Precedence.CALENDAR,
    BUSY: Precedence.CALENDAR,
    HEARTBEAT: Precedence.JOURNAL,
}
_ACTIVITIES = frozenset(get_args(Activity))
_Span = tuple[date, Interval | None, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`running`: (contributor, client) → when that client's timers ran."""

    pieces: tuple[Piece, ...]
    verdicts: tuple[Verdict, ...]
    problems: tuple[Problem, ...]
    running: Mapping[tuple[str, str], tuple[Interval, ...]]


def current(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """What counts: the latest of each thing that was not removed, by source and name."""
    return tuple(record for _, record in sorted(newest(evidence).items()) if record.state != REMOVED)


def place_of(record: Evidence) -> Interval | None:
    """The whole minutes from its begin to its end; None where they are none or it has no place in its day."""
    if record.until is None:
        return None
    start, end = minute_of(record.at), minute_of(record.until)
    return Interval(start, end) if start < end else None


def measured(records: Iterable[Evidence], origins: Mapping[str, Origin], zones: Mapping[str, tzinfo]) -> Measured:
    """What current records claim. What no client is found for is not counted, and told by source."""
    pieces: list[Piece] = []
    verdicts: list[Verdict] = []
    running: dict[tuple[str, str], list[Interval]] = defaultdict(list)
    lost: dict[str, list[Evidence]] = defaultdict(list)
    projects = _projects(origins)
    for record in records:
        origin = origins.get(record.source)
        if origin is None or record.contributor not in zones:
            continue
        whose = assigned(record, origin.routes, origin.client, origin.project)
        own = list(_pieces(record, whose, origin.since, zones[record.contributor], projects)) if whose else []
        pieces += own
        place = place_of(record)
        if whose is None:
            lost[record.source].append(record)
        elif record.kind == TIMER and place:
            running[record.contributor, whose[0]].append(place)
        if not own:
            verdicts.append(_verdict(record, routed=whose is not None, empty=not place and not record.minutes))
    return Measured(
        pieces=tuple(pieces),
        verdicts=tuple(verdicts),
        problems=tuple(unrouted(source, some) for source, some in lost.items()),
        running={key: tuple(intervals) for key, intervals in running.items()},
    )


def _projects(origins: Mapping[str, Origin]) -> Mapping[str, frozenset[str]]:
    """Client → the projects of its sources."""
    found: dict[str, set[str]] = defaultdict(set)
    for origin in origins.values():
        if origin.project:
            found[origin.client].add(origin.project)
    return {client: frozenset(projects) for client, projects in found.items()}


def _pieces(
    record: Evidence,
    whose: tuple[str, str],
    since: date | None,
    zone: tzinfo,
    projects: Mapping[str, frozenset[str]],
) -> Iterator[Piece]:
    client, project = whose
    name = name_of(record)
    point = Point(
        contributor=record.contributor, second=int(record.at.timestamp()), said=record, made=record, names=(name,)
    )
    for day, interval, minutes in _spans(record, zone):
        if since is None or day >= since:
            yield Piece(
                group=Group(
                    contributor=record.contributor,
                    client=client,
                    project=project or _project(record, projects.get(client, frozenset())),
                    day=day,
                    ticket=record.ticket or "",
                    activity=_activity(record),
                    proven=record.proven,
                ),
                point=point,
                day=whole_day(day, zone),
                interval=interval,
                low=minutes,
                expected=minutes,
                high=minutes,
                precedence=MEASURED[record.kind],
            )


def _spans(record: Evidence, zone: tzinfo) -> Iterator[_Span]:
    if record.until is None:
        if record.minutes:
            yield day_of(minute_of(record.at), zone), None, record.minutes
        return
    place = place_of(record)
    for day, interval in by_day(place, zone) if place else ():
        yield day, interval, interval.minutes


def _project(record: Evidence, projects: frozenset[str]) -> str:
    """The client's only project, else the one that the record names."""
    if len(projects) == 1:
        return next(iter(projects))
    names = names_in(record)
    return next((project for project in sorted(projects) if project.casefold() in names), "")


def _activity(record: Evidence) -> Activity:
    """A meeting in a calendar, what a tag names, or what the text says."""
    if record.kind == CALENDAR:
        return "meeting"
    if record.kind == BUSY:
        return "other"
    for label in record.labels:
        if label.casefold() in _ACTIVITIES:
            return label.casefold()  # type: ignore[return-value]  # it is one of them
    return activity_of(record.text)


def _verdict(record: Evidence, *, routed: bool, empty: bool) -> Verdict:
    rule: Rule
    if not routed:
        rule, why = "no-route", "no route of its source says whose it is"
    elif empty:
        rule, why = "no-minutes", "it is shorter than a minute"
    else:
        rule, why = "before-since", "it was before the day from which the source is billed"
    return Verdict(evidence=name_of(record), contributor=record.contributor, at=record.at, rule=rule, why=why)


def unrouted(source: str, records: Sequence[Evidence]) -> Problem:
    """Time of a source that no route finds a client for."""
    total = sum(place.minutes if (place := place_of(record)) else record.minutes or 0 for record in records)
    one = records[-1]
    about = next((f"{what} {text!r}" for what, text in _said(one) if text), "no project, tags or text")
    return Problem(
        rule="no-route",
        severity="info" if one.kind == CALENDAR else "warning",
        message=f"{format_duration(total)} of {source!r} are not counted: no route says whose they are, "
        f"like those of {one.at:%Y-%m-%d} with {about}",
        hint=f'below source {source!r}: routes = [{{ match = {{ project = "web-*" }}, client = "acme" }}]; '
        'the client "internal" is never billed',
    )


def _said(record: Evidence) -> Iterator[tuple[str, str]]:
    yield "project", record.project
    yield "client", record.client
    yield "tags", ", ".join(record.labels)
    yield "text", record.text[:40]
