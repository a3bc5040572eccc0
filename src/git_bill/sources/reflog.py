"""Evidence from reflogs: when somebody went to the branch that a commit was then made on.

Being there is no work: it adds no minute. It tells where the session of a commit may have begun, and is kept on file as
a reflog is this clone's alone and forgets.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from git_bill.ports import Visit
from git_bill.sources.commit import Reading
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.told import VISIT

_LATEST = timedelta(minutes=15)  # later: somebody made a branch for work that was done
_EARLIEST = timedelta(minutes=90)  # no commit stands for more


def read(visits: Iterable[Visit], reading: Reading, new: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """For new commits, the earliest visit to their branch of which they may have been the first work."""
    commits = [r for r in new if r.kind == "commit" and r.branch and r.committed is None]
    if not commits:
        return ()
    seen: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for visit in visits:
        person = reading.person(visit.name, visit.email)
        if person is not None:
            seen[person, visit.branch].append(visit.at)
    return tuple(_visits(commits, seen))


def _visits(commits: Collection[Evidence], seen: dict[tuple[str, str], list[datetime]]) -> Iterator[Evidence]:
    for record in commits:
        near = (
            at
            for at in seen.get((record.contributor, record.branch or ""), ())
            if _LATEST <= record.at - at <= _EARLIEST
        )
        if at := min(near, default=None):
            yield Evidence(
                key=f"{VISIT}:{record.key}",
                kind=VISIT,
                source=record.source,
                contributor=record.contributor,
                at=at,
                branch=record.branch,
                commit=record.key,
            )
