"""Entries as evidence and allocation make them, before people's corrections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from git_bill.worklog.activity import clean, summary
from git_bill.worklog.day import clock_text, day_of
from git_bill.worklog.effort import combined
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.interval import merged
from git_bill.worklog.piece import Group, Piece
from git_bill.worklog.timeline import Allotment


@dataclass(frozen=True, slots=True, kw_only=True)
class Natural:
    """An entry, and the Unix time of its latest evidence (None for one that a person added)."""

    worked: Worked
    latest: int | None


def natural_entries(
    about: Mapping[str, Group],
    named: Mapping[str, tuple[Piece, ...]],
    won: Iterable[Allotment],
    zones: Mapping[str, tzinfo],
) -> Mapping[str, Natural]:
    """One entry per id. One that won no minutes is listed too, so that nothing seen is lost."""
    allotments: dict[str, list[Allotment]] = defaultdict(list)
    for allotment in won:
        allotments[allotment.claim.entry].append(allotment)
    return {
        entry: _natural(entry, group, named.get(entry, ()), allotments.get(entry, ()), zones)
        for entry, group in about.items()
    }


def _natural(
    entry: str,
    group: Group,
    pieces: Iterable[Piece],
    allotments: Iterable[Allotment],
    zones: Mapping[str, tzinfo],
) -> Natural:
    pieces = sorted(pieces, key=lambda p: (p.point.second, p.point.names))
    allotments = tuple(allotments)
    place = next((a.claim for a in allotments), None)
    by = place.contributor if place else group.contributor
    zone = zones[by]
    low, minutes, high = combined((a.low, a.minutes, a.high) for a in allotments)
    model = next((a.claim.model for a in allotments if a.claim.model), None)
    text = summary(p.point.evidence.text for p in pieces) if pieces else ""
    return Natural(
        worked=Worked(
            id=entry,
            client=group.client,
            entry=Entry(
                day=day_of(place.day.start, zone) if place else group.day,
                by=by,
                project=group.project,
                ticket=group.ticket or None,
                activity=group.activity,
                minutes=minutes,
                range=() if low == minutes == high else (low, high),
                at=tuple(clock_text(i, zone) for i in merged(i for a in allotments for i in a.intervals)),
                text=text or clean(next((a.claim.text for a in allotments), "")),
                state="confirmed" if not pieces else "estimated" if group.proven else "unproven",
                evidence=tuple(dict.fromkeys(p.point.names[0] for p in pieces)),
                model=model,
                flags=("pair",) if any(p.shared for p in pieces) else (),
            ),
        ),
        latest=max((p.point.second for p in pieces), default=None),
    )
