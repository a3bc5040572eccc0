"""Recorded time, in one shape for every program's export.

A module of this package is a format: `read(text, file, zone) -> Timers`. No text makes it raise; a line or record that
can't be read is a `Problem` with its place and an example, and the rest still counts.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from git_bill.problem import Problem
from git_bill.sources.faults import Faults

LONGEST = timedelta(days=3)  # nobody works longer; a timer that ran on says nothing of when its person stopped
_FIRST_YEAR, _NO_YEAR = 1990, 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A recorded interval [begin, end), both aware. `key` names it in its export, the same in every later export.

    `placed` is False where the program knows only the day and a duration: `begin` is then that day's midnight.
    `text`, `tags`, `project`, `client` and `person` (an e-mail or a name) are as the program has them. `ticket`: where
    the program tells it apart.
    """

    key: str
    begin: datetime
    end: datetime
    text: str = ""
    tags: tuple[str, ...] = ()
    project: str = ""
    client: str = ""
    person: str = ""
    ticket: str = ""
    billable: bool | None = None
    placed: bool = True

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.begin.year <= self.end.year < _NO_YEAR:
            raise ValueError(f"it is of the year {self.begin.year}")
        if not timedelta(0) <= self.end.astimezone(UTC) - self.begin.astimezone(UTC) <= LONGEST:
            raise ValueError("it ends before it begins" if self.end < self.begin else "it is longer than three days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """What an export holds, oldest first, and what of it could not be read.

    `whole`: it is the program's own file, so what it had between its first and last time and has no more was removed.
    `shared`: it is of many people, so a time is the contributor's only where it names the contributor.
    """

    times: tuple[Timed, ...] = ()
    problems: tuple[Problem, ...] = ()
    whole: bool = True
    shared: bool = False


def in_order(times: Iterable[Timed], problems: Iterable[Problem] = (), *, whole: bool = True) -> Timers:
    """Oldest first; of several with one key, the second one's says so. Nothing of a file that is beyond hope."""
    if isinstance(problems, Faults) and problems.hopeless:
        return Timers(problems=tuple(problems), whole=whole)
    seen: dict[str, int] = {}
    found: list[Timed] = []
    for one in sorted(times, key=lambda time: (time.begin, time.end, time.key)):
        seen[one.key] = again = seen.get(one.key, 0) + 1
        found.append(one if again == 1 else replace(one, key=f"{one.key}:{again}"))
    return Timers(times=tuple(found), problems=tuple(problems), whole=whole)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, without line ends and a byte order mark."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        yield number, line.removesuffix("\r")


def records(text: str, file: str, example: str) -> tuple[Any, tuple[Problem, ...]]:
    """What a JSON export holds; None and a problem where it is not JSON."""
    try:
        return json.loads(text.removeprefix("\ufeff").strip() or "null"), ()
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        why = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deep, or a number is too long"
        return None, (wrong(file, line, f"this is not JSON: {why}", example, error=True),)


def instant(value: object, zone: tzinfo) -> datetime:
    """ISO 8601 text (without an offset in `zone`), or Unix seconds. Raises ValueError."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip())
            return found if found.tzinfo else found.replace(tzinfo=zone)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise ValueError(f"{shown(value)} is no instant")


def wall(zone: tzinfo, year: int, month: int, day: int, clock: tuple[int, int, int] = (0, 0, 0)) -> datetime:
    """A time of day in a zone; 24:00 is the next midnight. Raises ValueError."""
    hour, minute, second = clock
    if clock == (24, 0, 0):
        return datetime(year, month, day, tzinfo=zone) + timedelta(days=1)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def closing(begin: datetime, end: datetime) -> datetime:
    """The end of what began then: where the clock was set back in between, its second time of day."""
    return end if end.astimezone(UTC) >= begin.astimezone(UTC) else end.replace(fold=1)


def shown(value: object) -> str:
    """A value from a file, short and quoted."""
    text = str(value)
    return repr(text if len(text) <= 40 else text[:40] + "…")


def wrong(file: str, line: int | None, message: str, example: str, *, error: bool = False) -> Problem:
    """A line or record that can't be read; `error`: nothing of the file counts."""
    left = "nothing of it is counted" if error else "it is left out"
    return Problem(
        rule="broken-timer-export",
        severity="error" if error else "warning",
        message=message[:200],
        hint=f"{left}; it should look like: {example}",
        file=file,
        line=line,
    )
