"""Pieces: what a point claims, cut at local midnights, each for one client, project, day, ticket and activity."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby
from typing import NamedTuple

from git_bill.worklog.activity import activity_of
from git_bill.worklog.day import by_day, day_of, whole_day
from git_bill.worklog.effort import SESSION, Estimate, Model, estimates
from git_bill.worklog.entry import Activity, entry_id, evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.interval import Interval
from git_bill.worklog.point import Point, Rule, Sort, Verdict, points, sort_of
from git_bill.worklog.rewrite import traced
from git_bill.worklog.timeline import Claim, Precedence


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the settings say of a source. Work before `since` is history and makes no claim."""

    client: str
    project: str = ""
    since: date | None = None


class Group(NamedTuple):
    """What one work entry is about."""

    contributor: str
    client: str
    project: str
    day: date
    ticket: str
    activity: Activity
    proven: bool

    def id(self, number: int) -> str:
        """The id an entry of this group gets at first sight; `number` counts the group's entries from 0."""
        told = (*self[:3], self.day.isoformat(), self.ticket, self.activity, "proven" if self.proven else "unproven")
        return entry_id(*told, *([str(number)] if number else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Minutes that a point claims on one day, perhaps none. `interval` None: stated minutes without a start."""

    group: Group
    point: Point
    day: Interval
    interval: Interval | None
    low: int
    expected: int
    high: int
    model: str | None

    @property
    def shared(self) -> bool:
        """Whether more than one person worked on it."""
        return bool(self.point.said.together)

    def claim(self, entry: str) -> Claim:
        """What it claims for an entry."""
        return Claim(
            entry=entry,
            contributor=self.group.contributor,
            precedence=Precedence.SESSION if self.model else Precedence.DIRECTIVE,
            day=self.day,
            interval=self.interval,
            anchor=None if self.interval else self.point.minute,
            low=self.low,
            expected=self.expected,
            high=self.high,
            evidence=self.point.names,
            text=self.point.said.text,
            model=self.model,
            proven=self.group.proven,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The pieces of all points, the verdicts on what adds nothing, and how much evidence is nobody's."""

    pieces: tuple[Piece, ...]
    verdicts: tuple[Verdict, ...]
    unknown: int
    unplaced: Mapping[str, int]  # source without a setting → its evidence


def cut(
    evidence: Iterable[Evidence],
    origins: Mapping[str, Origin],
    zones: Mapping[str, tzinfo],
    model: Model = SESSION,
) -> Cut:
    """From evidence to pieces. `zones`: the contributors' own; evidence of others is counted and left alone."""
    records = traced(evidence)
    seen = {r.key: int(r.at.timestamp()) for r in records}
    unplaced: dict[str, int] = {}
    for record in records:
        if record.source not in origins:
            unplaced[record.source] = unplaced.get(record.source, 0) + 1
    pieces: list[Piece] = []
    verdicts: list[Verdict] = []
    for person, line in groupby(points(records, zones, origins), key=lambda p: p.contributor):
        for estimate, sort in _estimated([(p, sort_of(p, seen)) for p in line], model):
            own = tuple(_pieces(estimate, sort, origins, zones[person], model))
            pieces.extend(own)
            verdicts.extend(_verdicts(estimate.point, sort, bool(own), origins))
    unknown = sum(not any(p in zones for p in (r.contributor, *r.together)) for r in records)
    return Cut(
        pieces=tuple(pieces),
        verdicts=tuple(verdicts),
        unknown=unknown,
        unplaced=dict(sorted(unplaced.items())),
    )


def _estimated(line: list[tuple[Point, Sort]], model: Model) -> Iterator[tuple[Estimate, Sort]]:
    """Proven points are estimated among themselves: a forged commit can't shorten a real one's time."""
    proven = iter(estimates([item for item in line if item[0].said.proven], model))
    every = estimates(line, model)
    for (point, sort), estimate in zip(line, every, strict=True):
        yield next(proven) if point.said.proven else estimate, sort


def _pieces(
    estimate: Estimate, sort: Sort, origins: Mapping[str, Origin], zone: tzinfo, model: Model
) -> Iterator[Piece]:
    point = estimate.point
    origin = origins.get(point.said.source)
    stated = point.said.minutes if point.contributor == point.said.contributor else None
    if origin is None or sort == "repeated" or (sort == "attendance" and not (estimate.expected or stated)):
        return
    if stated is not None or estimate.expected == 0:
        minutes = stated or 0
        day = day_of(point.minute, zone)
        spans: list[tuple[date, Interval | None, int, int, int]] = [(day, None, minutes, minutes, minutes)]
    else:
        spans = list(_spans(estimate, zone))
    for day, interval, low, expected, high in spans:
        if origin.since is None or day >= origin.since:
            yield Piece(
                group=Group(
                    contributor=point.contributor,
                    client=origin.client,
                    project=origin.project,
                    day=day,
                    ticket=point.said.ticket or "",
                    activity=activity_of(point.said.text),
                    proven=point.said.proven,
                ),
                point=point,
                day=whole_day(day, zone),
                interval=interval,
                low=low,
                expected=expected,
                high=high,
                model=None if stated is not None else model.name,
            )


def _spans(estimate: Estimate, zone: tzinfo) -> Iterator[tuple[date, Interval, int, int, int]]:
    """The minutes before a point by day. Low and high are shared by minutes, so that the parts sum to them."""
    end = estimate.point.minute
    done = 0
    for day, interval in by_day(Interval(end - estimate.expected, end), zone):
        before, done = done, done + interval.minutes
        low, high = (
            whole * done // estimate.expected - whole * before // estimate.expected
            for whole in (estimate.low, estimate.high)
        )
        yield day, interval, low, interval.minutes, high


def _verdicts(point: Point, sort: Sort, claims: bool, origins: Mapping[str, Origin]) -> Iterator[Verdict]:
    name, source = point.names[0], point.said.source
    if not claims:
        rule: Rule
        if source not in origins:
            rule, why = "no-source", f"no source {source!r} is set up"
        elif sort == "repeated":
            rule, why = "repeats", f"its change was seen before, in {_names(point.made)}"
        elif sort == "attendance":
            rule, why = "presence", "a merge or an empty commit outside a session shows no work"
        else:
            rule, why = "before-since", "it was made before the day from which the source is billed"
        yield _verdict(point, name, rule, why)
    for other in point.names[1:]:
        yield _verdict(point, other, "same-moment", f"the same author time as {name}: the same work, rewritten")


def _names(made: Evidence) -> str:
    """The commits that one repeats, as entries name them."""
    names = [evidence_name(made.source, key) for key in made.covers]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _verdict(point: Point, name: str, rule: Rule, why: str) -> Verdict:
    return Verdict(evidence=name, contributor=point.contributor, at=point.said.at, rule=rule, why=why)
