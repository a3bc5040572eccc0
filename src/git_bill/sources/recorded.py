"""Evidence from recorded time: what of it is new, was corrected, or is gone since it was put on file.

A thing's records share the first 12 characters of their key; the rest is a digest of what it says (`measured`).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from git_bill.problem import Problem
from git_bill.sources.commit import Found, in_order
from git_bill.sources.timers.timed import Timed, Timers
from git_bill.worklog.assignment import Route, assigned
from git_bill.worklog.dayoff import KIND
from git_bill.worklog.entry import short_hash
from git_bill.worklog.evidence import Evidence, newest, to_line
from git_bill.worklog.measured import BUSY, HEARTBEAT, REMOVED, TIMER, unrouted
from git_bill.worklog.ticket import ticket_in

_SIGNS = frozenset({"wakatime", "activitywatch", "slack"})  # of activity: nobody started or stopped them
_LONGEST = 500  # characters of a text
_NOBODYS = frozenset({BUSY, KIND})  # kinds that need no client
_Instants = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a source of recorded time looks for.

    `contributor`: whose it is, in `zone`; `people`: e-mails and names in lower case → contributor. `start`: older time
    is history. What `routes` and `client` find nobody for is not copied. `now`: what is not over yet is left for later.
    """

    source: str
    kind: str
    contributor: str
    zone: tzinfo
    now: datetime
    people: Mapping[str, str] = field(default_factory=dict)
    client: str = ""
    routes: tuple[Route, ...] = ()
    start: datetime | None = None
    ticket_pattern: str = r"[A-Z][A-Z0-9]+-\d+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Things of one file as evidence, keys without digests; `spans`: what begins there and is not among them is gone.

    `partial`: only of the projects and clients that are among them. `tickets`: of these alone, at whatever time.
    """

    records: tuple[Evidence, ...]
    spans: tuple[_Instants, ...] = ()
    partial: bool = False
    tickets: frozenset[str] | None = None


def timed(exports: Iterable[Timers], recording: Recording) -> tuple[tuple[Seen, ...], tuple[Problem, ...]]:
    """What timers recorded, one `Seen` for each export, and what can't be used of it."""
    seen: list[Seen] = []
    problems: list[Problem] = []
    for export in exports:
        own, others = (_of_many if export.shared else _of_one_person)(export.times, recording)
        problems += [*export.problems, *others]
        begins = [one.begin for one in export.times]
        spans = ((min(begins), max(begins)),) if begins else ()
        records = tuple(_record(one, recording) for one in own)
        seen.append(Seen(records=records, spans=spans, partial=not export.whole))
    return tuple(seen), tuple(problems)


def name_of_thing(recording: Recording, *facts: str) -> str:
    """12 characters that name a thing of a source, the same whenever it is seen."""
    return short_hash("\x1f".join((recording.kind, recording.contributor, *facts)))


def appended(
    seen: Sequence[Seen], recording: Recording, *, known: Iterable[Evidence], mine: Iterable[Evidence]
) -> Found:
    """The records to put on file. `known`: the source's; `mine`: those of them that this actor put there.

    A file that this actor once read and that has lost something since says that it was removed; of what others read
    it says nothing.
    """
    on_file = tuple(known)
    last = {name: record for (_, name), record in newest(on_file).items()}
    keys = {record.key for record in on_file}
    fresh: list[Evidence] = []
    lost: list[Evidence] = []
    for each in seen:
        for record in each.records:
            end = record.until or record.at
            if end > recording.now or (recording.start is not None and record.at < recording.start):
                continue
            if assigned(record, recording.routes, recording.client, "") is None and record.kind not in _NOBODYS:
                lost.append(record)
            elif (new := keyed(record, last.get(record.key), keys, recording.now)) is not None:
                fresh.append(new)
    fresh += _removed(seen, mine, last, keys, recording.now)
    problems = [unrouted(recording.source, lost)] if lost else []
    return Found(evidence=in_order(fresh), problems=tuple(problems))


def _of_one_person(times: Sequence[Timed], recording: Recording) -> tuple[list[Timed], list[Problem]]:
    """The times of the contributor; what only one person recorded is theirs, whatever the program calls them."""
    names = Counter(one.person for one in times if one.person)
    if len(names) < 2 and not any(recording.people.get(name.lower(), "") for name in names):
        return list(times), []
    others = {
        name: count for name, count in names.items() if recording.people.get(name.lower()) != recording.contributor
    }
    own = [one for one in times if one.person not in others]
    if not others:
        return own, []
    count = sum(others.values())
    what = f"1 time in {recording.source!r} is" if count == 1 else f"{count:,} times in {recording.source!r} are"
    problem = Problem(
        rule="others-time",
        severity="info",
        message=f"{what} of {', '.join(sorted(others)[:3])}, not of {recording.contributor}: left out",
        hint="a source has one contributor; add it once more with --contributor, or list the address in emails = […]",
    )
    return own, [problem]


def _of_many(times: Sequence[Timed], recording: Recording) -> tuple[list[Timed], list[Problem]]:
    """The times that name the contributor; that others are there, too, is no news."""
    own = [one for one in times if recording.people.get(one.person.lower()) == recording.contributor]
    if own or not times:
        return own, []
    names = Counter(one.person for one in times)
    problem = Problem(
        rule="others-time",
        severity="info",
        message=f"no time in {recording.source!r} is of {recording.contributor}: "
        f"it is of {', '.join(name for name, _ in names.most_common(3))}{' and others' if len(names) > 3 else ''}",
        hint="people are known by e-mail address, else by name: list the address there in emails = […]",
    )
    return own, [problem]


def _record(one: Timed, recording: Recording) -> Evidence:
    labels = (*one.tags, *(("non-billable",) if one.billable is False else ()))
    said = (one.text, *one.tags, one.project)
    return Evidence(
        key=name_of_thing(recording, one.key),
        kind=HEARTBEAT if recording.kind in _SIGNS else TIMER,
        source=recording.source,
        contributor=recording.contributor,
        at=_whole(one.begin),
        text=one.text[:_LONGEST],
        ticket=one.ticket or next(filter(None, (ticket_in(text, recording.ticket_pattern) for text in said)), None),
        until=_whole(one.end) if one.placed else None,
        minutes=None if one.placed else _wall_minutes(one),
        project=one.project[:_LONGEST],
        client=one.client[:_LONGEST],
        labels=tuple(label[:_LONGEST] for label in labels),
    )


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def _wall_minutes(one: Timed) -> int:
    """By the clock on the wall: a duration has no place that a change of the clock could lie in."""
    return int((one.end.replace(tzinfo=UTC) - one.begin.replace(tzinfo=UTC)).total_seconds() // 60)


def keyed(record: Evidence, last: Evidence | None, keys: set[str], now: datetime) -> Evidence | None:
    """The record with its digest, if it says something else than the last one; what was said before gets a number."""
    digest = hashlib.sha256(to_line(record).encode()).hexdigest()[:12]
    if last is not None and last.key.partition("@")[2].partition(".")[0] == digest:
        return None
    return _numbered(replace(record, committed=now), f"{record.key}@{digest}", keys)


def _numbered(record: Evidence, key: str, keys: set[str]) -> Evidence:
    number = 1
    while (free := key if number == 1 else f"{key}.{number}") in keys:
        number += 1
    keys.add(free)
    return replace(record, key=free)


def _removed(
    seen: Sequence[Seen], mine: Iterable[Evidence], last: Mapping[str, Evidence], keys: set[str], now: datetime
) -> Iterator[Evidence]:
    there = {record.key for each in seen for record in each.records}
    gone: dict[str, Evidence] = {}
    for record in mine:
        name = record.key.partition("@")[0]
        latest = last.get(name, record)
        if name not in there and latest.state != REMOVED and any(_covers(each, latest) for each in seen):
            gone[name] = latest
    for name, record in gone.items():
        bare = replace(record, text="", ticket=None, minutes=None, labels=(), state=REMOVED, committed=now)
        yield _numbered(bare, f"{name}@{REMOVED}", keys)


def _covers(seen: Seen, record: Evidence) -> bool:
    """Whether a file would show a thing if it were still there."""
    if seen.tickets is not None:
        return record.ticket in seen.tickets
    if seen.partial and (record.client, record.project) not in {(one.client, one.project) for one in seen.records}:
        return False
    return any(first <= record.at <= last for first, last in seen.spans)
