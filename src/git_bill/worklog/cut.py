"""From evidence to pieces: points and their estimates, and the time that was measured or stated."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from itertools import groupby

from git_bill.worklog import dayoff, statement
from git_bill.worklog.activity import activity_of
from git_bill.worklog.day import day_of, whole_day
from git_bill.worklog.effort import PLAIN, Estimate, Recipe, estimates
from git_bill.worklog.entry import evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.interval import Interval
from git_bill.worklog.measured import MEASURED, current, measured
from git_bill.worklog.noted import Noted
from git_bill.worklog.pace import machine_paced
from git_bill.worklog.piece import Cut, Group, Origin, Piece, Recipes, Span, origin_of, spans
from git_bill.worklog.point import Point, Rule, Sort, Verdict, name_of, points, sort_of
from git_bill.worklog.reviewed import reviewed
from git_bill.worklog.rewrite import traced
from git_bill.worklog.timeline import Precedence
from git_bill.worklog.told import TOLD, begun
from git_bill.worklog.withdrawal import withdrawn

_JUST_ENDED = 5  # minutes between stopping a timer and committing


def cut(
    evidence: Iterable[Evidence],
    origins: Mapping[str, Origin],
    zones: Mapping[str, tzinfo],
    recipe: Recipes | None = None,
) -> Cut:
    """From evidence to pieces. `zones`: the contributors' own; evidence of others is counted and left alone."""
    facts = tuple(record for record in evidence if record.kind != dayoff.KIND)
    records = traced(record for record in facts if record.kind not in {*MEASURED, statement.KIND})
    statements = statement.Statements(facts, records)
    times = current(record for record in facts if record.kind in MEASURED)
    found = measured(times, origins, zones)
    seen = {r.key: r for r in records}
    seconds = {key: int(r.at.timestamp()) for key, r in seen.items()}
    pieces: list[Piece] = []
    verdicts: list[Verdict] = [*found.verdicts]
    noted, went = Noted(facts, _recorded(found.pieces)), begun(facts)
    work: dict[str, list[Estimate]] = defaultdict(list)
    for person, group in groupby(points(records, zones, origins), key=lambda p: p.contributor):
        line = [(point, sort_of(point, seconds)) for point in group]
        fast = machine_paced(point for point, sort in line if sort == "work")
        for estimate, sort in _estimated(line, recipe):
            within = _careful(_since_begun(_while_timed(estimate, origins, found.running), went))
            if sort == "work" and estimate.point.said.proven:
                work[person].append(within)
            made = PLAIN if recipe is None else recipe(estimate.point)
            own = tuple(_pieces(within, sort, origins, zones[person], made, noted=noted, statements=statements))
            paced = estimate.point.second in fast and not estimate.point.agent
            pieces.extend(replace(piece, paced=True) if paced else piece for piece in own)
            verdicts.extend(_verdicts(estimate.point, sort, bool(own), origins, statements=statements, seen=seen))
    told = reviewed((record for record in facts if record.kind in TOLD), work, origins, zones)
    settled = withdrawn(pieces)
    both = (*records, *times)
    return Cut(
        pieces=(*settled.pieces, *found.pieces, *told.pieces),
        verdicts=(*verdicts, *told.verdicts),
        unknown=sum(not any(p in zones for p in (r.contributor, *r.together)) for r in both),
        unplaced=dict(sorted(Counter(r.source for r in both if r.source not in origins).items())),
        problems=(*found.problems, *settled.problems),
    )


def _while_timed(
    estimate: Estimate, origins: Mapping[str, Origin], running: Mapping[tuple[str, str], Sequence[Interval]]
) -> Estimate:
    """A commit that a timer of its client ran for, or had just ended, shows no work from before that timer."""
    point = estimate.point
    origin = origin_of(point.said, origins)
    own = running.get((point.contributor, origin.client), ()) if origin else ()
    begins = [timer.start for timer in own if timer.start <= point.minute <= timer.end + _JUST_ENDED]
    if not begins:
        return estimate
    most = point.minute - min(begins)
    low, expected, high = (min(most, minutes) for minutes in (estimate.low, estimate.expected, estimate.high))
    return replace(estimate, low=low, expected=expected, high=high)


def _since_begun(estimate: Estimate, went: Mapping[str, int]) -> Estimate:
    """The first commit of a session shows no work from before its author went to its branch."""
    point = estimate.point
    begins = [went[name] for name in point.names if name in went]
    if estimate.gap is not None or not begins:
        return estimate
    most = point.minute - min(begins)
    return replace(estimate, low=min(most, estimate.low), expected=min(most, estimate.expected))


def _careful(estimate: Estimate) -> Estimate:
    """Of a change that was partly seen before the low end counts: rather too little, and flagged."""
    return replace(estimate, expected=estimate.low) if estimate.point.partly else estimate


def _estimated(line: list[tuple[Point, Sort]], recipe: Recipes | None) -> Iterator[tuple[Estimate, Sort]]:
    """Proven points are estimated among themselves: a forged commit can't shorten a real one's time."""
    own = None if recipe is None else lambda point: recipe(point).own
    proven = iter(estimates([item for item in line if item[0].said.proven], own=own))
    every = estimates(line, own=own)
    for (point, sort), estimate in zip(line, every, strict=True):
        yield next(proven) if point.said.proven else estimate, sort


def _pieces(
    estimate: Estimate,
    sort: Sort,
    origins: Mapping[str, Origin],
    zone: tzinfo,
    recipe: Recipe,
    *,
    noted: Noted,
    statements: statement.Statements,
) -> Iterator[Piece]:
    """`noted`: what an editor measured counts where its author states nothing, even of a repeated change."""
    point = estimate.point
    origin = origin_of(point.said, origins)
    if origin is None:
        return
    stated = {} if sort == "repeated" else statements.days(point, zone)
    told = stated or noted.minutes(point, origin.client)
    if (sort == "repeated" and not told) or (sort == "attendance" and not (estimate.expected or any(told.values()))):
        return
    for day, interval, low, expected, high in _parts(estimate, told, zone):
        if origin.since is None or day >= origin.since:
            yield Piece(
                group=_group(point, origin, day),
                point=point,
                day=whole_day(day, zone),
                interval=interval,
                low=low,
                expected=expected,
                high=high,
                model=None if told else recipe.name,
                gap=estimate.gap,
                precedence=Precedence.DIRECTIVE if stated else Precedence.TIMER if told else Precedence.SESSION,
            )


def _group(point: Point, origin: Origin, day: date) -> Group:
    said = point.said
    return Group(
        contributor=point.contributor,
        client=origin.client,
        project=origin.project,
        day=day,
        ticket=said.ticket or "",
        activity=said.activity or activity_of(said.text),
        proven=said.proven,
        agent=bool(point.agent),
    )


def _parts(estimate: Estimate, told: Mapping[date, int], zone: tzinfo) -> list[Span]:
    """What was stated or measured by day; else the estimate, cut at midnights."""
    if estimate.expected and not told:
        return list(spans(estimate, zone))
    days = told or {day_of(estimate.point.minute, zone): 0}
    return [Span(day, None, minutes, minutes, minutes) for day, minutes in days.items()]


def _recorded(pieces: Iterable[Piece]) -> frozenset[tuple[str, str, date]]:
    """Contributor, client and day of time that a timer or an editor's heartbeats measured."""
    measuring = {Precedence.TIMER, Precedence.JOURNAL}
    return frozenset((p.group.contributor, p.group.client, p.group.day) for p in pieces if p.precedence in measuring)


def _verdicts(
    point: Point,
    sort: Sort,
    claims: bool,
    origins: Mapping[str, Origin],
    *,
    statements: statement.Statements,
    seen: Mapping[str, Evidence],
) -> Iterator[Verdict]:
    name, source = point.names[0], point.said.source
    if not claims:
        rule: Rule
        if source not in origins:
            rule, why = "no-source", f"no source {source!r} is set up"
        elif origin_of(point.said, origins) is None:
            rule, why = "no-route", "no route of its source says whose it is"
        elif sort == "repeated":
            rule, why = "repeats", f"its change was seen before, in {_names(point.made, seen)}"
            why += "; the time that it states counts there" if statements.is_heard(point.said) else ""
        elif sort == "attendance":
            rule, why = "presence", "a merge or an empty commit outside a session shows no work"
        else:
            rule, why = "before-since", "it was made before the day from which the source is billed"
        yield _verdict(point, name, rule, why)
    beside = {name_of(record) for record in statements.counted(point)}
    for other in (other for other in point.names[1:] if not claims or other not in beside):
        yield _verdict(point, other, "same-moment", f"the same author time as {name}: the same work, rewritten")


def _names(made: Evidence, seen: Mapping[str, Evidence]) -> str:
    """The commits that one repeats, as entries name them; a copy may be of another source's."""
    names = [evidence_name(seen.get(key, made).source, key) for key in made.covers]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _verdict(point: Point, name: str, rule: Rule, why: str) -> Verdict:
    return Verdict(evidence=name, contributor=point.contributor, at=point.said.at, rule=rule, why=why)
