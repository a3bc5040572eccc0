"""Days on which a person does not work, told by `git bill add --off` or a calendar. Work on them is flagged alone.

What the person says counts, whatever a calendar says.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, tzinfo

from git_bill.worklog.day import day_of, minute_of
from git_bill.worklog.entry import short_hash
from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.measured import REMOVED

KIND = "off"
SOURCE = "days-off"  # its folder of evidence


def told(
    days: Iterable[date],
    person: str,
    zone: tzinfo,
    *,
    because: str = "",
    off: bool = True,
    known: Iterable[Evidence],
    now: datetime,
) -> Iterator[Evidence]:
    """What is not on file yet of these days being off, or (`off` False) of not being off after all."""
    found = newest(known, KIND)
    last = {name: record for (source, name), record in found.items() if source == SOURCE}
    elsewhere = _days((r for (source, _), r in found.items() if source != SOURCE), {person: zone})
    for day in days:
        name = short_hash(f"{KIND}\x1f{person}\x1f{day}")
        before = last.get(name)
        stands = before is not None and before.state != REMOVED
        if off and before is not None and stands and before.text == because:
            continue
        if not off and not stands and (before is not None or (person, day) not in elsewhere):
            continue
        said = f"{'' if before is None else before.key}\x1f{off}\x1f{because}"
        yield Evidence(
            key=f"{name}@{hashlib.sha256(said.encode()).hexdigest()[:12]}",
            kind=KIND,
            source=SOURCE,
            contributor=person,
            at=datetime.combine(day, time(), tzinfo=zone),
            text=because if off else "",
            state=None if off else REMOVED,
            committed=now,
        )


def days_off(evidence: Iterable[Evidence], zones: Mapping[str, tzinfo]) -> frozenset[tuple[str, date]]:
    """(contributor, day) of all days that are off now."""
    found = newest(evidence, KIND)
    own = [record for (source, _), record in found.items() if source == SOURCE]
    elsewhere = _days((record for (source, _), record in found.items() if source != SOURCE), zones)
    worked = _days((replace(record, state=None) for record in own if record.state == REMOVED), zones)
    return (elsewhere - worked) | _days(own, zones)


def _days(records: Iterable[Evidence], zones: Mapping[str, tzinfo]) -> frozenset[tuple[str, date]]:
    return frozenset(
        (record.contributor, day_of(minute_of(record.at), zones[record.contributor]))
        for record in records
        if record.state != REMOVED and record.contributor in zones
    )
