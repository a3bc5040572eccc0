"""Entries as evidence and allocation make them, before people's corrections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from git_bill.worklog.activity import clean, summary
from git_bill.worklog.agent import joined
from git_bill.worklog.day import clock_text, day_of
from git_bill.worklog.effort import combined
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.flags import BUSY_FLAG, PARTLY_FLAG
from git_bill.worklog.interval import merged
from git_bill.worklog.measured import BUSY
from git_bill.worklog.naming import Named
from git_bill.worklog.pace import PACE_FLAG
from git_bill.worklog.piece import Group, Piece
from git_bill.worklog.timeline import Allotment, Claim, Precedence


@dataclass(frozen=True, slots=True, kw_only=True)
class Natural:
    """An entry, and the Unix time of its latest evidence (None for one that a person added)."""

    worked: Worked
    latest: int | None


def natural_entries(
    about: Mapping[str, Group], named: Named, won: Iterable[Allotment], zones: Mapping[str, tzinfo]
) -> Mapping[str, Natural]:
    """One entry per id that there is something about. One that won no minutes is listed too: nothing seen is lost.

    One that people spoke of stays even when nothing claims for it any more.
    """
    allotments: dict[str, list[Allotment]] = defaultdict(list)
    for allotment in won:
        allotments[allotment.claim.entry].append(allotment)
    result: dict[str, Natural] = {}
    for entry, group in about.items():
        base, latest = _base(group, named.pieces.get(entry, ()), named.remembered.get(entry))
        timed = _timed(base, allotments.get(entry, ()), zones)
        result[entry] = Natural(worked=Worked(id=entry, client=group.client, entry=timed), latest=latest)
    return result


def _base(group: Group, pieces: Sequence[Piece], kept: Worked | None) -> tuple[Entry, int | None]:
    """An entry without its time, and the Unix time of its latest evidence."""
    base = Entry(
        day=group.day,
        by=group.contributor,
        project=group.project,
        ticket=group.ticket or None,
        activity=group.activity,
        minutes=0,
        state="estimated" if group.proven else "unproven",
    )
    if pieces:
        facts = [p.point.said for p in pieces]
        changes = [fact for fact in facts if fact.parents < 2]
        return replace(
            base,
            text=summary(fact.text for fact in changes or facts),
            agent=joined(p.point.agent for p in pieces),
            evidence=tuple(dict.fromkeys(p.point.names[0] for p in pieces)),
            flags=(
                *(("pair",) if any(p.shared for p in pieces) else ()),
                *((BUSY_FLAG,) if any(fact.kind == BUSY for fact in facts) else ()),
                *((PARTLY_FLAG,) if any(p.point.partly and p.model for p in pieces) else ()),
                *((PACE_FLAG,) if any(p.paced for p in pieces) else ()),
            ),
        ), max(p.point.second for p in pieces)
    if kept is not None:
        own = "" if kept.entry.merged else kept.entry.text  # a merge puts the other entries' texts behind it again
        return replace(base, text=own, agent=kept.entry.agent, evidence=kept.entry.evidence), None
    return replace(base, state="confirmed"), None  # a person added it


def _timed(base: Entry, allotments: Sequence[Allotment], zones: Mapping[str, tzinfo]) -> Entry:
    """The entry with what its claims won, on the day and for the person that they claimed for."""
    if not allotments:
        return base
    claim = allotments[0].claim
    zone = zones[claim.contributor]
    low, minutes, high = combined((a.low, a.minutes, a.high) for a in allotments)
    model = _model(a.claim for a in allotments)
    return replace(
        base,
        day=day_of(claim.day.start, zone),
        by=claim.contributor,
        minutes=minutes,
        range=() if low == minutes == high else (low, high),
        at=tuple(clock_text(i, zone) for i in merged(i for a in allotments for i in a.intervals)),
        text=base.text or clean(claim.text),
        stated=sum(a.minutes for a in allotments if a.claim.model is None) if model else 0,
        model=model,
    )


def _model(claims: Iterable[Claim]) -> str | None:
    """What estimated it: commits before reviews, whose minutes no model of a person changes."""
    estimated = sorted((c for c in claims if c.model), key=lambda c: c.precedence is not Precedence.SESSION)
    return estimated[0].model if estimated else None
