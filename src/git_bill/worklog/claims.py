"""The claims that compete for a contributor's minutes: what evidence claims, and what people said of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

from git_bill.period import format_duration
from git_bill.problem import Problem, nearest
from git_bill.worklog.day import ground, is_time, parse_time, whole_day
from git_bill.worklog.daysum import with_day_sums
from git_bill.worklog.edit import Edit, Made
from git_bill.worklog.entry import Entry
from git_bill.worklog.family import Family
from git_bill.worklog.interval import Interval, first_minutes, length
from git_bill.worklog.naming import Named
from git_bill.worklog.piece import Group, Piece
from git_bill.worklog.timeline import Claim, Precedence


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """All claims; what each entry is about, added ones too; edits that can't take part (`refused`), with problems."""

    claims: tuple[Claim, ...]
    about: Mapping[str, Group]
    refused: frozenset[str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What people said of an entry's time, the last word counting."""

    worker: str | None = None
    day: date | None = None
    start: str | None = None
    minutes: int | None = None
    text: str = ""
    precedence: Precedence = Precedence.EDIT

    def then(self, edit: Edit) -> "_Said":
        told = {name: getattr(edit, name) for name in ("worker", "day", "start", "minutes")}
        said = {name: value for name, value in told.items() if value is not None}
        return replace(self, **said, precedence=Precedence.EDIT)

    @property
    def placed(self) -> bool:
        """Whether its place was given, not only its minutes."""
        return (self.worker, self.day, self.start) != (None, None, None)


class _Place(NamedTuple):
    """Whose time, of which entry, on which day, and how strong."""

    entry: str
    contributor: str
    day: Interval
    precedence: Precedence


def claims_of(
    named: Named,
    edits: Iterable[Made],
    related: Family,
    zones: Mapping[str, tzinfo],
) -> Claims:
    """What a person confirmed or set claims, with a person's precedence, the minutes that the person saw.

    An added entry is a claim by itself. What was dropped, split or merged away claims what its evidence claims.
    """
    groups = dict(named.about)
    said: dict[str, _Said] = {}
    refused: set[str] = set()
    problems: list[Problem] = []
    for client, edit_id, edit in edits:
        wrong = tuple(_wrong(edit_id, edit, zones, groups))
        problems.extend(wrong)
        if wrong:
            refused.add(edit_id)
        elif edit.do == "add":
            groups[edit.entry] = group = _added(client, edit)
            word = _Said(text=edit.text or "").then(edit)
            said[edit.entry] = replace(word, precedence=Precedence.MANUAL, day=group.day)
        elif edit.do == "confirm" or (edit.do == "set" and _of_time(edit)):
            said[edit.entry] = said.get(edit.entry, _Said()).then(edit)
    claims: list[Claim] = []
    for entry, group in groups.items():
        pieces, told, stood = named.pieces.get(entry, ()), said.get(entry), _stood(named, related, entry)
        if told is None or entry in related.dropped or entry in related.replaced:
            claims.extend(piece.claim(entry) for piece in pieces if piece.expected)
        elif told.placed:
            claims.extend(_placed(entry, group, _minutes(told, stood, pieces), told, zones))
        elif stood is not None and stood.by in zones:
            claims.extend(_standing(entry, told, stood, zones[stood.by]))
        else:
            claims.extend(piece.claim(entry) for piece in pieces if piece.expected)
    return Claims(
        claims=with_day_sums(claims, groups), about=groups, refused=frozenset(refused), problems=tuple(problems)
    )


def _stood(named: Named, related: Family, entry: str) -> Entry | None:
    """An entry as people last saw it, where its time is its own."""
    worked = named.remembered.get(entry)
    own = worked is not None and worked.entry.state != "dropped" and entry not in related.parents
    return worked.entry if worked is not None and own else None


def _minutes(said: _Said, stood: Entry | None, pieces: Iterable[Piece]) -> int:
    """An entry's minutes: those a person said, or saw, or what its evidence claims."""
    if said.minutes is not None:
        return said.minutes
    return sum(p.expected for p in pieces) if stood is None else stood.minutes


def _of_time(edit: Edit) -> bool:
    return any(value is not None for value in (edit.worker, edit.day, edit.start, edit.minutes))


def _placed(entry: str, group: Group, minutes: int, said: _Said, zones: Mapping[str, tzinfo]) -> Iterator[Claim]:
    """Time that a person put on a day: from its start, else somewhere on it."""
    worker, date_ = said.worker or group.contributor, said.day or group.day
    zone = zones[worker]
    day = whole_day(date_, zone)
    start = day.end if said.start is None else parse_time(said.start, date_, zone)
    rest_of_day = (Interval(start, day.end),) if day.start <= start < day.end else ()
    return _exactly(_Place(entry, worker, day, said.precedence), rest_of_day, minutes, said.text)


def _standing(entry: str, said: _Said, stood: Entry, zone: tzinfo) -> Iterator[Claim]:
    """Time that a person saw and confirmed, or set: it stays where it was."""
    minutes = stood.minutes if said.minutes is None else said.minutes
    place = _Place(entry, stood.by, whole_day(stood.day, zone), said.precedence)
    return _exactly(place, ground(stood.at, stood.day, zone), minutes, said.text)


def _exactly(place: _Place, intervals: Sequence[Interval], minutes: int, text: str) -> Iterator[Claim]:
    """Claims for so many minutes: the first of the intervals, the rest without a start."""
    kept = first_minutes(intervals, minutes)
    parts: list[tuple[Interval | None, int]] = [(interval, interval.minutes) for interval in kept]
    parts.append((None, minutes - length(kept)))
    for interval, part in parts:
        if part:
            yield Claim(**place._asdict(), interval=interval, low=part, expected=part, high=part, text=text)


def _added(client: str, edit: Edit) -> Group:
    assert edit.day is not None  # `_wrong` said so
    return Group(
        contributor=edit.worker or edit.by,
        client=client,
        project=edit.project or "",
        day=edit.day,
        ticket=edit.ticket or "",
        activity=edit.activity or "other",
        proven=True,
    )


def _past_midnight(edit_id: str, edit: Edit, zones: Mapping[str, tzinfo], group: Group | None) -> Iterator[Problem]:
    """Time with a start ends at midnight at the latest: what is later is another day's work, with a place there.

    1h45m from 23:10 are 50m of that day and 55m of the next; `git bill add --at 23:10` writes both.
    """
    worker = edit.worker or (group.contributor if group else edit.by)
    day = edit.day or (group.day if group else None)
    if day is None or worker not in zones or edit.start is None or not is_time(edit.start) or not edit.minutes:
        return
    end = whole_day(day, zones[worker]).end
    left = end - parse_time(edit.start, day, zones[worker])
    if left < edit.minutes:
        then, rest = day + timedelta(days=1), format_duration(edit.minutes - left)
        message = f"edit {edit_id}: {format_duration(edit.minutes)} from {edit.start} on {day} pass midnight"
        fix = f'minutes = "{format_duration(left)}"; and the rest: git bill add {rest} "…" --on {then} --at 00:00'
        yield _problem("wrong-time", message, fix)


def _wrong(edit_id: str, edit: Edit, zones: Mapping[str, tzinfo], about: Mapping[str, Group]) -> Iterator[Problem]:
    """Why an edit can't take part: a worker nobody knows, an addition without day or time, an id used before."""
    worker = edit.by if edit.do == "add" and edit.worker is None else edit.worker
    if worker is not None and worker not in zones:
        meant = nearest(worker, zones) or next(iter(sorted(zones)), "mira")
        yield _problem("unknown-contributor", f"edit {edit_id}: nobody has the id {worker!r}", f'worker = "{meant}"')
    if edit.start is not None and not is_time(edit.start):
        yield _problem("wrong-time", f"edit {edit_id}: {edit.start!r} is not a time of day", 'start = "14:00"')
    if edit.minutes is not None and edit.minutes < 0:
        yield _problem("wrong-time", f"edit {edit_id}: the time is negative", 'minutes = "45m"')
    yield from _past_midnight(edit_id, edit, zones, about.get(edit.entry))
    if edit.do == "add" and (edit.day is None or not edit.minutes):
        example = 'day = 2026-10-05, minutes = "45m"'
        yield _problem("incomplete-edit", f"edit {edit_id} adds work without its day or time", example)
    if edit.do == "add" and edit.entry in about:
        message = f"edit {edit_id} adds {edit.entry}, which there is already"
        yield Problem(rule="repeated-entry", message=message, hint="give the new entry an id of its own")


def _problem(rule: str, message: str, example: str) -> Problem:
    return Problem(rule=rule, message=message, hint=f"write it like {example}")
