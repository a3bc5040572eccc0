"""Spend directives: time that people state in a commit's message, in the forms of the tools they know.

    Time: 1h30m           a trailer; 1.5h, 1,5h, 1d 2h and -15m too
    Spent: 90             a trailer; minutes where no unit is given
    /spend 1h -15m        GitLab's quick action (docs.gitlab.com, "time tracking"), alone on its line
    /spend 1h 2026-10-03  on another day than the commit's
    WEB-12 #time 1d 2h    Jira's smart commit (support.atlassian.com, "process issues with smart commits")

A day and a week are what was agreed: eight hours and five days unless something else was. A minus takes back.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

_NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,2})?"
_UNIT = r"months?|mo|weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m"
_PART = re.compile(rf"(?P<sign>[-+]?)\s*(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})(?![A-Za-z])\s*,?\s*", re.IGNORECASE)
_BARE = re.compile(rf"[-+]?{_NUMBER}")
_SPEND = re.compile(r"^[ \t]*/(?:spend|spent|spend_time)[ \t]+(?P<rest>[^\n]*)$", re.MULTILINE | re.IGNORECASE)
_JIRA = re.compile(r"(?<!\S)#time[ \t]+(?P<rest>[-+]?[0-9][^\n#]*)", re.IGNORECASE)
_DATE = re.compile(r"(?<!\S)[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\S)")
_TRAILERS = {"time": "", "spent": "m", "time-spent": "m"}  # name → the unit of a number without one
_LONGEST = 20_000  # characters of a message that are looked at
DAY = 24 * 60
EXAMPLE = '"1h30m", "45m" or "1.5h"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """What a day and a week are worth, in minutes."""

    day: int = 8 * 60
    week: int = 5 * 8 * 60

    def minutes(self, unit: str) -> int:
        """Of one unit. A month has four weeks, as GitLab has it."""
        word = unit.lower()
        return 4 * self.week if word.startswith("mo") else {"w": self.week, "d": self.day, "h": 60, "m": 1}[word[0]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What a day and a week are worth from `first` to `last` (None: without end)."""

    first: date
    last: date | None = None
    units: Units = Units()


def units_on(day: date, agreed: Iterable[Agreed]) -> Units:
    """What counts on a day. Of several agreements the least: nobody is billed for a unit that was not agreed."""
    there = [one.units for one in agreed if one.first <= day and (one.last is None or day <= one.last)]
    if not there:
        return Units()
    return Units(day=min(units.day for units in there), week=min(units.week for units in there))


class Spend(NamedTuple):
    """Minutes that somebody states, negative to take back; on a day where one is given."""

    minutes: int
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a message states, in order; and what of it can't be read: the directive and what is wrong with it."""

    spends: tuple[Spend, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()

    @property
    def minutes(self) -> int | None:
        """The sum of what is stated for the message's own day; 0 where all is for others, None where nothing is."""
        return sum(spend.minutes for spend in self.spends if spend.day is None) if self.spends else None

    @property
    def elsewhere(self) -> tuple[tuple[date, int], ...]:
        """Days and minutes of what is stated for other days, by day."""
        days: dict[date, int] = {}
        for spend in self.spends:
            if spend.day is not None:
                days[spend.day] = days.get(spend.day, 0) + spend.minutes
        return tuple(sorted(days.items()))


def stated(message: str, trailers: Iterable[tuple[str, str]], units: Units = Units()) -> Stated:
    """Everything that a message states."""
    spends: list[Spend] = []
    wrong: list[tuple[str, str]] = []
    for name, value, bare in _directives(message, trailers):
        try:
            spends.append(spend(value, units, bare=bare))
        except ValueError as error:
            wrong.append((name, str(error)))
    return Stated(spends=tuple(spends), wrong=tuple(wrong))


def is_directive(trailer: str) -> bool:
    """Whether a trailer of that name states time."""
    return trailer.lower() in _TRAILERS


def spend(value: str, units: Units = Units(), *, bare: str = "") -> Spend:
    """A duration, perhaps with a day. Raises ValueError with an example."""
    found = _DATE.search(value)
    rest = value[: found.start()] + value[found.end() :] if found else value
    minutes = duration(rest, units, bare=bare)
    if found is None:
        return Spend(minutes)
    try:
        return Spend(minutes, date.fromisoformat(found[0]))
    except ValueError:
        raise ValueError(f'{found[0]} is not a day; write it like "1h 2026-10-03"') from None


def duration(text: str, units: Units = Units(), *, bare: str = "") -> int:
    """`1h30m`, `1.5h`, `1,5h`, `1d 2h`, `1h -15m` → minutes. `bare`: the unit of a number without one.

    A sign holds for the parts up to the next sign: `-1h 30m` is an hour and a half less. Raises ValueError.
    """
    word = text.strip()
    if bare and _BARE.fullmatch(word):
        word += bare
    total, at, sign = Decimal(0), 0, ""
    while match := _PART.match(word, at):
        sign = match["sign"] or sign
        part = Decimal(match["number"].replace(",", ".")) * units.minutes(match["unit"])
        total, at = total + (-part if sign == "-" else part), match.end()
    if not at or at < len(word):
        raise ValueError(f"{_short(text)} is not a duration; write it like {EXAMPLE}")
    if total != int(total):
        raise ValueError(f"{_short(text)} is not in whole minutes; write it like {EXAMPLE}")
    if abs(total) > DAY:
        raise ValueError(f"{_short(text)} is longer than a day; write it like {EXAMPLE}, each day's by itself")
    return int(total)


def _directives(message: str, trailers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Name, value and unit of numbers without one."""
    for name, value in trailers:
        if is_directive(name):
            yield f"{name.title()}:", value, _TRAILERS[name.lower()]
    text = message[:_LONGEST]
    for match in _SPEND.finditer(text):
        yield "/spend", match["rest"], ""
    for match in _JIRA.finditer(text):
        yield "#time", _beginning(match["rest"]), ""


def _beginning(text: str) -> str:
    """The durations at the beginning of a text: what follows is Jira's comment."""
    at = 0
    while match := _PART.match(text, at):
        at = match.end()
    return text[:at] or text


def _short(text: str) -> str:
    word = text.strip()
    return repr(word if len(word) <= 40 else word[:40] + "…")
