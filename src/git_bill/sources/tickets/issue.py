"""A tracker's export in one shape: its issues as a forge's tickets are, and the time that people logged on them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from git_bill.forge import Ticket
from git_bill.problem import Problem
from git_bill.sources.timers.timed import Timed, Timers, in_order, shown, wall

_CLOSED = frozenset(
    {"done", "closed", "resolved", "canceled", "cancelled", "duplicate", "completed", "fertig", "erledigt"}
)
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}-[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A ticket. `project`: as the tracker names it; `changed`: when it last was.

    `logged`: all that was logged on it is among the times, so what is not was removed.
    """

    ticket: Ticket
    project: str = ""
    changed: datetime | None = None
    logged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a tracker's file holds, and what of it could not be read."""

    issues: tuple[Issue, ...] = ()
    times: tuple[Timed, ...] = ()
    problems: tuple[Problem, ...] = ()


def joined(exports: Iterable[Export]) -> tuple[tuple[Issue, ...], Timers]:
    """Several files as one: of an issue in more than one of them the last changed counts, with all its times once.

    Where a file has all that was logged on an issue, others' times of it are left out: each format names them its way.
    """
    issues: dict[str, Issue] = {}
    whole: dict[str, tuple[Issue, Export]] = {}
    problems: list[Problem] = []
    read = tuple(exports)
    for export in read:
        problems += export.problems
        for issue in export.issues:
            name = issue.ticket.key
            issues[name] = _later(issues.get(name, issue), issue)
            if issue.logged and (name not in whole or _later(whole[name][0], issue) == issue):
                whole[name] = issue, export
    times: dict[str, Timed] = {}
    for export in read:
        own = in_order(export.times).times
        times |= {one.key: one for one in own if one.ticket not in whole or whole[one.ticket][1] is export}
    return tuple(issues.values()), replace(in_order(times.values(), problems, whole=False), shared=True)


def _later(one: Issue, other: Issue) -> Issue:
    first = one.changed is not None and other.changed is not None and one.changed > other.changed
    return replace(one if first else other, logged=one.logged or other.logged)


def key(value: object) -> str:
    """An issue's key, like WEB-12. Raises ValueError."""
    text = str(value or "").strip()
    if not _KEY.fullmatch(text):
        raise ValueError(f"{shown(text)} is no key of a ticket, like WEB-12")
    return text.upper()


def logged(ticket: str, name: str, day: date, seconds: int, *, zone: tzinfo, person: str, text: str) -> Timed:
    """Time that was logged on a ticket, of a day without a place in it. Raises ValueError."""
    begin = wall(zone, day.year, day.month, day.day)
    return Timed(
        key=f"{ticket}:{name}",
        begin=begin,
        end=begin + timedelta(seconds=seconds),
        text=text,
        project=ticket.rpartition("-")[0],
        person=person,
        ticket=ticket,
        placed=False,
    )


def is_closed(status: str) -> bool:
    """Whether a status says so by its usual name, where the export does not tell."""
    return status.strip().casefold() in _CLOSED
