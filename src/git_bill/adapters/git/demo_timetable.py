"""The timetable of the demo's history, from `tables/demo/*.toml`, placed in the months before a day."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from git_bill.period import month

Edit = tuple[str, str, str]  # file, old text, new text; an empty old text appends


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClient:
    """A client of the demo, as an invoice names it."""

    id: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    vat_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who commits. `web`: in the forge's pages, so that the forge is the committer."""

    name: str
    email: str
    zone: str
    web: bool = False

    def sign(self, at: datetime, zone: str = "") -> str:
        """As git writes it, in the person's zone or another: `Mira Kovac <mira@example.net> 1788247680 +0200`."""
        return f"{self.name} <{self.email}> {int(at.timestamp())} {at.astimezone(ZoneInfo(zone or self.zone)):%z}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event. `branch`: where it lands, or what a merge brings to main. `of`: start of an earlier subject."""

    at: datetime
    project: str
    branch: str
    by: str
    do: str
    say: str
    tail: str
    add: tuple[str, ...]
    fix: tuple[Edit, ...]
    pull: int
    name: str
    of: str

    @property
    def message(self) -> str:
        """The text and its session's trailer. Where there is one, a body under the subject is trailers too."""
        gap = "\n" if "\n\n" in self.say else "\n\n"
        return self.say + gap + self.tail if self.tail else self.say


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """`repositories`: project → client. `pieces`: project → file → its text piece by piece. Steps ascend in time."""

    people: Mapping[str, Person]
    clients: tuple[DemoClient, ...]
    repositories: Mapping[str, str]
    pieces: Mapping[str, Mapping[str, Sequence[str]]]
    steps: tuple[Step, ...]


def read_timetable(today: date) -> Timetable:
    """The two months before the month of `today`, and what of that month lies before `today`."""
    table, files = (_load(name) for name in ("history.toml", "files.toml"))
    people = {key: Person(**values) for key, values in table["people"].items()}
    calendar = _Calendar(today, table["holidays"])
    steps = (
        _step(calendar.day(**session["day"]), session, step, people)
        for session in table["sessions"]
        for step in session["steps"]
    )
    return Timetable(
        people=people,
        clients=tuple(DemoClient(id=key, **values) for key, values in table["clients"].items()),
        repositories=table["repositories"],
        pieces={project: {path: text.split("~\n") for path, text in texts.items()} for project, texts in files.items()},
        steps=tuple(sorted((s for s in steps if s.at.date() < today), key=lambda step: step.at.timestamp())),
    )


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("git_bill.tables") / "demo" / name).read_text("utf-8"))


class _Calendar:
    """Names of days → days. Month 3 is the month of `today`; `holidays` are "month-day"."""

    def __init__(self, today: date, holidays: Sequence[str]) -> None:
        periods = [month(today)]
        while len(periods) < 4:
            periods.insert(0, month(periods[0].first - timedelta(days=1)))
        self._months = [[period.first.replace(day=n + 1) for n in range(period.last.day)] for period in periods]
        self._holidays = frozenset(holidays)

    def day(
        self, *, month: int = 2, workday: int | None = None, saturday: int | None = None, holiday: bool = False
    ) -> date:
        """The n-th working day or Saturday, from the month's end below zero.

        `holiday`: the first in the two whole months, else the second one's first Sunday.
        """
        days = self._months[month]
        if holiday:
            free = [day for day in self._months[1] + self._months[2] if self._is_holiday(day)]
            return (free or [day for day in days if day.weekday() == 6])[0]
        if saturday is not None:
            return [day for day in days if day.weekday() == 5][saturday - 1]
        assert workday is not None
        working = [day for day in days if day.weekday() < 5 and not self._is_holiday(day)]
        return working[workday - 1 if workday > 0 else workday]

    def _is_holiday(self, day: date) -> bool:
        return f"{day:%m-%d}" in self._holidays


def _step(day: date, session: Mapping[str, Any], step: Mapping[str, Any], people: Mapping[str, Person]) -> Step:
    by = step.get("by", session.get("by", "mira"))
    hours, minutes = map(int, step["at"].split(":"))
    seconds = crc32(repr(step).encode()) % 60  # nobody commits on the full minute
    wall = datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Step(
        at=wall.replace(tzinfo=ZoneInfo(people[by].zone)),
        project=session["in"],
        branch=step.get("on", session.get("on", "main")),
        by=by,
        do=step.get("do", "commit"),
        say=step.get("say", ""),
        tail=session.get("tail", ""),
        add=tuple(step.get("add", ())),
        fix=tuple((path, old, new) for path, old, new in step.get("fix", ())),
        pull=step.get("pull", 0),
        name=step.get("name", ""),
        of=step.get("of", ""),
    )
