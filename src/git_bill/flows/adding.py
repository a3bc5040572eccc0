"""Add work that left no commit: a call, a meeting, a day on a client's machine.

An entry is of one day. What runs past midnight is cut there, as sessions are: the rest is an entry of the next day.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, tzinfo

from git_bill.effects import Flow
from git_bill.flows.correct import Corrected, Hand, Scene, correct
from git_bill.period import format_duration
from git_bill.ports import Books, Clock
from git_bill.problem import Exit, stop
from git_bill.worklog.day import by_day, is_time, parse_time
from git_bill.worklog.edit import Edit
from git_bill.worklog.entry import Activity, entry_id
from git_bill.worklog.interval import Interval
from git_bill.workspace import Workspace

_ID = re.compile(r"W-[a-z2-7]{12}")
_WHOLE_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be added, for a client and contributor that the settings list. `start`: `14:00` in their zone."""

    client: str
    worker: str
    day: date
    minutes: int
    text: str
    start: str | None = None
    ticket: str | None = None
    activity: Activity | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The ids of its entries, one for each day; `already`: the same work had been added under them before."""

    entries: tuple[str, ...]
    already: bool
    corrected: Corrected

    @property
    def entry(self) -> str:
        """The first of them."""
        return self.entries[0]


def add(books: Books, clock: Clock, work: Work, *, by: str, named: str | None = None) -> Flow[Added]:
    """Add an entry, or two where it runs past midnight.

    `named`: an id of the caller's own, under which the same work is added once. Stops (exit 1) where it is other work.
    """
    chosen: list[tuple[str, ...]] = []

    def making(scene: Scene, hand: Hand) -> Iterator[tuple[str, Edit]]:
        entry = own_id(named) if named is not None else _new_id(work, hand)
        parts = parted(work, entry, scene.workspace.settings.zones.get(work.worker))
        chosen.append(tuple(parts))
        for known, part in parts.items():
            edit = added(hand, known, part)
            if not _is_there(scene, part.client, edit):
                yield part.client, edit

    why = f"add {format_duration(work.minutes)} on {work.day} for {work.client}"
    corrected = yield from correct(books, clock, making, by=by, why=why)
    return Added(entries=chosen[-1], already=not corrected.edits, corrected=corrected)


def parted(work: Work, entry: str, zone: tzinfo | None) -> Mapping[str, Work]:
    """Work as it lies on days, by id: from its start to midnight under `entry`, then from 00:00 on.

    Without a start, or with more than a day can have, it stays as it is.
    """
    if zone is None or work.start is None or not is_time(work.start) or not 0 < work.minutes <= _WHOLE_DAY:
        return {entry: work}
    start = parse_time(work.start, work.day, zone)
    (_, first), *later = by_day(Interval(start, start + work.minutes), zone)
    rest = {
        entry_id("past midnight", entry, day.isoformat()): replace(work, day=day, minutes=part.minutes, start="00:00")
        for day, part in later
    }
    return {entry: replace(work, minutes=first.minutes), **rest}


def added(hand: Hand, entry: str, work: Work) -> Edit:
    """The edit that adds work."""
    return hand.edit("add", entry, **{f.name: getattr(work, f.name) for f in fields(Work) if f.name != "client"})


def own_id(name: str) -> str:
    """A caller's name for an entry as its id: `W-` and 12 characters stay, any other text is hashed."""
    if name.startswith("W-") and not _ID.fullmatch(name):
        raise stop(
            Exit.USAGE,
            "wrong-id",
            f"{name!r} is not an id: it has 12 of the characters a to z and 2 to 7 behind W-",
            "any other text does too: --id call-2026-10-05",
        )
    return name if _ID.fullmatch(name) else entry_id("named", name)


def only_project(workspace: Workspace, client: str) -> str | None:
    """The project of a client's sources where they have one in common."""
    sources = workspace.settings.sources
    projects = {source.project for source in sources if source.client == client}
    projects |= {r.project or source.project for source in sources for r in source.routes if r.client == client}
    return projects.pop() if len(projects) == 1 else None


def _new_id(work: Work, hand: Hand) -> str:
    """Of the same work added at the same instant each has an id of its own."""
    facts = ("added", work.client, work.worker, work.day.isoformat(), work.text, hand.at.isoformat())
    return entry_id(*facts)


def _is_there(scene: Scene, client: str, edit: Edit) -> bool:
    """Whether this work was added before. Stops (exit 1) where its id stands for other work."""
    earlier = next(((c, e) for c, _, e in scene.edits if e.do == "add" and e.entry == edit.entry), None)
    if earlier is None and edit.entry not in scene.overview.worked:
        return False
    if earlier is None:
        other = "it was read from a source"
    else:
        told = [(("client"), earlier[0], client)]
        told += [
            (f.name, getattr(earlier[1], f.name), getattr(edit, f.name)) for f in fields(Work) if f.name != "client"
        ]
        differing = [f"{name} {_shown(name, was)}, not {_shown(name, now)}" for name, was, now in told if was != now]
        if not differing:
            return True
        other = "; ".join(differing)
    raise stop(
        Exit.PROBLEMS,
        "repeated-entry",
        f"{edit.entry} is other work already: {other}",
        f'give this one another --id, or correct that one: git bill edit {edit.entry} --minutes 45m --because "…"',
    )


def _shown(name: str, value: object) -> str:
    return format_duration(value) if name == "minutes" and isinstance(value, int) else repr(str(value or ""))
