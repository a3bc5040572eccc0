"""Evidence of what completes milestones: tags that contracts name, and milestones that the forge says are closed."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from git_bill.forge import ClosedMilestone
from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.happened import event_key
from git_bill.worklog.told import MILESTONE, TAG


def tags(
    found: Iterable[tuple[str, tuple[str, datetime]]], source: str, known: Iterable[Evidence]
) -> tuple[Evidence, ...]:
    """Tags that are not on file as they are now: name, commit and instant of each."""
    keys = {record.key for record in known}
    records = (_tag(source, name, commit, at) for name, (commit, at) in found)
    return tuple(record for record in records if record.key not in keys)


def _tag(source: str, name: str, commit: str, at: datetime) -> Evidence:
    key = event_key(TAG, name)
    return _keyed(Evidence(key=key, kind=TAG, source=source, contributor="", at=at, text=name, commit=commit))


def milestones(
    closed: Iterable[ClosedMilestone], names: Collection[str], source: str, known: Iterable[Evidence], now: datetime
) -> tuple[Evidence, ...]:
    """Milestones of these names that were closed, or opened again, since they were looked at last."""
    on_file = tuple(known)
    keys = {record.key for record in on_file}
    there = {each.title: each.at for each in closed if each.title in names}
    records = [_milestone(source, title, "closed", at, now) for title, at in sorted(there.items())]
    before = {record.key.partition("@")[0]: record.state for record in newest(on_file, MILESTONE).values()}
    opened = [
        name for name in sorted(names) if name not in there and before.get(event_key(MILESTONE, name)) == "closed"
    ]
    records += [_milestone(source, name, "open", now, now) for name in opened]
    return tuple(record for record in records if record.key not in keys)


def _milestone(source: str, title: str, state: str, at: datetime, now: datetime) -> Evidence:
    return _keyed(
        Evidence(
            key=event_key(MILESTONE, title),
            kind=MILESTONE,
            source=source,
            contributor="",
            at=at,
            text=title,
            state=state,
            committed=now,
        )
    )


def _keyed(record: Evidence) -> Evidence:
    """With a digest of what it says in its key."""
    said = f"{record.state} {record.at.isoformat()} {record.commit}"
    return replace(record, key=f"{record.key}@{hashlib.sha256(said.encode()).hexdigest()[:12]}")
