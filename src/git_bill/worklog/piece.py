"""Pieces: what evidence claims, cut at local midnights, each for one client, project, day, ticket and activity."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import NamedTuple

from git_bill.problem import Problem
from git_bill.worklog.assignment import Route, assigned
from git_bill.worklog.day import by_day
from git_bill.worklog.effort import Estimate, Recipe
from git_bill.worklog.entry import Activity, entry_id
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.interval import Interval
from git_bill.worklog.point import Point, Verdict
from git_bill.worklog.timeline import Claim, Precedence

Recipes = Callable[[Point], Recipe]  # how the estimate of a point is made


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the settings say of a source. Work before `since` is history and makes no claim.

    `routes`: whose work is that fits one of them; `client` has what fits none.
    """

    client: str
    project: str = ""
    since: date | None = None
    routes: tuple[Route, ...] = ()


def origin_of(record: Evidence, origins: Mapping[str, Origin]) -> Origin | None:
    """What the settings say of a record's source, as its routes assign it; None where it is nobody's."""
    origin = origins.get(record.source)
    if origin is None or not origin.routes:
        return origin
    whose = assigned(record, origin.routes, origin.client, origin.project)
    return replace(origin, client=whose[0], project=whose[1]) if whose else None


class Group(NamedTuple):
    """What one work entry is about."""

    contributor: str
    client: str
    project: str
    day: date
    ticket: str
    activity: Activity
    proven: bool
    agent: bool = False  # done with an AI agent

    def id(self, number: int) -> str:
        """The id an entry of this group gets at first sight; `number` counts the group's entries from 0."""
        told = [*self[:3], self.day.isoformat(), self.ticket, self.activity, "proven" if self.proven else "unproven"]
        return entry_id(*told, *(["agent"] if self.agent else []), *([str(number)] if number else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Minutes that a point claims on one day, perhaps none. `interval` None: stated minutes without a start.

    Negative ones take back what was stated: `withdrawal` settles them.
    """

    group: Group
    point: Point
    day: Interval
    interval: Interval | None
    low: int
    expected: int
    high: int
    model: str | None = None
    gap: int | None = None
    precedence: Precedence = Precedence.SESSION
    paced: bool = False  # its point came at a machine's pace, and names no agent

    @property
    def shared(self) -> bool:
        """Whether more than one person worked on it."""
        return bool(self.point.said.together)

    @property
    def of_commit(self) -> bool:
        """Whether it is what a model estimates of a commit."""
        return self.model is not None and self.precedence is Precedence.SESSION

    @property
    def _anchor(self) -> int | None:
        """Before when it was worked: what is stated of another day, or of a whole one, tells nothing.

        What was measured for a commit is never a day's sum: on another day it lies nowhere, so before that day.
        """
        noted = self.precedence is Precedence.TIMER and self.point.said.kind == "commit"
        timed = self.precedence is Precedence.DIRECTIVE or noted
        if timed and self.day.start < self.point.minute <= self.day.end:
            return self.point.minute
        return self.day.start if noted else None

    def claim(self, entry: str) -> Claim:
        """What it claims for an entry."""
        return Claim(
            entry=entry,
            contributor=self.group.contributor,
            precedence=self.precedence,
            day=self.day,
            interval=self.interval,
            anchor=None if self.interval else self._anchor,
            low=self.low,
            expected=self.expected,
            high=self.high,
            evidence=self.point.names,
            text=self.point.said.text,
            model=self.model,
            gap=self.gap,
            proven=self.group.proven,
        )


class Span(NamedTuple):
    """The part of a claim that lies on one day."""

    day: date
    interval: Interval | None
    low: int
    expected: int
    high: int


def spans(estimate: Estimate, zone: tzinfo) -> Iterator[Span]:
    """The minutes before a point by day. Low and high are shared by minutes, so that the parts sum to them."""
    end = estimate.point.minute
    done = 0
    for day, interval in by_day(Interval(end - estimate.expected, end), zone):
        before, done = done, done + interval.minutes
        low, high = (
            whole * done // estimate.expected - whole * before // estimate.expected
            for whole in (estimate.low, estimate.high)
        )
        yield Span(day, interval, low, interval.minutes, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The pieces of all evidence, the verdicts on what adds nothing, and how much evidence is nobody's."""

    pieces: tuple[Piece, ...]
    verdicts: tuple[Verdict, ...]
    unknown: int
    unplaced: Mapping[str, int]  # source without a setting → its evidence
    problems: tuple[Problem, ...] = ()
