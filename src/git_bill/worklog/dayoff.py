"""Days on which a person does not work: told by `git bill add --off`. Work on them is flagged, never removed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, tzinfo

from git_bill.worklog.day import day_of, minute_of
from git_bill.worklog.entry import short_hash
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.measured import REMOVED, newest

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
    last = {name: record for (_, name), record in newest(r for r in known if r.kind == KIND).items()}
    for day in days:
        name = short_hash(f"{KIND}\x1f{person}\x1f{day}")
        before = last.get(name)
        stands = before is not None and before.state != REMOVED
        if stands == off and (before is None or not off or before.text == because):
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
    return frozenset(
        (record.contributor, day_of(minute_of(record.at), zones[record.contributor]))
        for record in newest(r for r in evidence if r.kind == KIND).values()
        if record.state != REMOVED and record.contributor in zones
    )
