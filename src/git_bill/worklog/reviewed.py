"""Reviews as work: a review that a contributor gave on somebody else's pull request is a point like a commit.

It stands for the minutes before it. Inside a session of commits the session's own minutes are all there are, and the
review takes its share of them; so it never makes a session longer.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from git_bill.worklog.day import whole_day
from git_bill.worklog.effort import SESSION, Estimate
from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.piece import Group, Origin, Piece, origin_of, spans
from git_bill.worklog.point import Point, Rule, Verdict, name_of
from git_bill.worklog.timeline import Precedence
from git_bill.worklog.told import PULL, REVIEW, number_of_review

MODEL = "review-2026.11"
_LOW, _EXPECTED, _HIGH = 2, 10, 30  # minutes that a review by itself stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What reviews claim, and the verdicts on those that add nothing."""

    pieces: tuple[Piece, ...]
    verdicts: tuple[Verdict, ...]


def reviewed(
    told: Iterable[Evidence],
    work: Mapping[str, Sequence[Estimate]],
    origins: Mapping[str, Origin],
    zones: Mapping[str, tzinfo],
) -> Reviewed:
    """`told`: what forges say. `work`: each contributor's estimates of their proven commits, in order of time."""
    records = tuple(told)
    pulls = newest(records, PULL)
    pieces: list[Piece] = []
    verdicts: list[Verdict] = []
    last: dict[str, int] = {}
    given = sorted(newest(records, REVIEW).values(), key=lambda r: (r.contributor, r.at, r.source, r.key))
    for record in given:
        origin, zone = origin_of(record, origins), zones.get(record.contributor)
        if origin is None or zone is None:
            continue
        pull = pulls.get((record.source, f"{PULL}:{number_of_review(record)}"))
        if pull is not None and pull.contributor == record.contributor:
            verdicts.append(_verdict(record, "own-pull", "an answer on one's own pull request is no review of it"))
            continue
        if record.minutes == 0:
            verdicts.append(_verdict(record, "no-minutes", "the forge does not tell when it was given"))
            continue
        point = _point(record)
        estimate = _estimate(point, last.get(record.contributor), work.get(record.contributor, ()))
        last[record.contributor] = point.minute
        own = tuple(_pieces(estimate, origin, zone)) if estimate.expected else ()
        pieces += own
        if not own:
            verdicts.append(_silent(record, estimate))
    return Reviewed(pieces=tuple(pieces), verdicts=tuple(verdicts))


def _point(record: Evidence) -> Point:
    title = record.text.removeprefix(record.ticket or "").lstrip(" :-")  # none where the evidence is keyed
    said = replace(record, text=": ".join(filter(None, (f"Review of #{number_of_review(record)}", title))))
    second = int(record.at.timestamp())
    return Point(contributor=record.contributor, second=second, said=said, made=record, names=(name_of(record),))


def _estimate(point: Point, last: int | None, work: Sequence[Estimate]) -> Estimate:
    """The minutes before a review, back to the review or commit before it at most.

    Between two commits of one session, those of them that the later commit's estimate counts.
    """
    at = bisect_left(work, point.minute, key=lambda estimate: estimate.point.minute)
    before = work[at - 1].point.minute if at else None
    room = min((point.minute - minute for minute in (last, before) if minute is not None), default=_HIGH)
    expected = min(_EXPECTED, room)
    if before is not None and at < len(work):
        after = work[at]
        if after.point.minute - before <= SESSION.session:
            counted = point.minute - (after.point.minute - after.expected)
            expected = max(0, min(expected, counted))
            room = min(room, expected)
    return Estimate(point=point, low=min(_LOW, expected), expected=expected, high=min(_HIGH, max(room, expected)))


def _pieces(estimate: Estimate, origin: Origin, zone: tzinfo) -> Iterator[Piece]:
    for span in spans(estimate, zone):
        if origin.since is None or span.day >= origin.since:
            yield Piece(
                group=Group(
                    contributor=estimate.point.contributor,
                    client=origin.client,
                    project=origin.project,
                    day=span.day,
                    ticket=estimate.point.said.ticket or "",
                    activity="review",
                    proven=True,
                ),
                point=estimate.point,
                day=whole_day(span.day, zone),
                interval=span.interval,
                low=span.low,
                expected=span.expected,
                high=span.high,
                model=MODEL,
                precedence=Precedence.REVIEW,
            )


def _silent(record: Evidence, estimate: Estimate) -> Verdict:
    if estimate.expected:
        return _verdict(record, "before-since", "it was given before the day from which the source is billed")
    return _verdict(record, "counted", "the session of commits or the review beside it has its minutes already")


def _verdict(record: Evidence, rule: Rule, why: str) -> Verdict:
    return Verdict(evidence=name_of(record), contributor=record.contributor, at=record.at, rule=rule, why=why)
