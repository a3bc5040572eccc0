"""Which new commits only repeat what other ones did: law 2, "never more than before".

A squash has the patch of a whole range; an amended or re-applied commit with a new author date has the patch of one
commit. Patch ids tell both; ancestry tells work that was truly done again, as the revert of a revert.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from git_bill.ports import Change, Graph, History
from git_bill.sources.ancestry import Ancestry
from git_bill.sources.commit import commit_of
from git_bill.sources.squash import Branches
from git_bill.worklog.evidence import Evidence

_SMALL = 5  # changed lines below which the same patch may well be made twice
_SOON = timedelta(days=1)

_FORGE_NUMBER = re.compile(r"\s*\([#!]\d+\)$")

Covers = dict[str, tuple[str, ...]]  # key of evidence → keys of the evidence whose change it repeats


def repeated(
    new: Sequence[Evidence],
    known: Sequence[Evidence],
    graph: Graph,
    changes: Mapping[str, Change],
    history: History,
) -> Covers:
    """The new evidence that repeats other evidence, new or known. `changes`: those of the new evidence's commits."""
    if not any(record.patch for record in new):
        return {}
    ancestry = Ancestry(graph)
    covers = dict(_copies(new, known, ancestry))
    probes, others = _by_moment(new, known)
    branches = Branches([*known, *new], [*probes, *others], graph, changes, ancestry)
    covers |= _squashes([r for r in probes if r.key not in covers], branches, history)
    repeating = {_moment(record) for record in probes if record.key in covers}
    covers |= _squashes([r for r in others if r.key not in covers and _moment(r) in repeating], branches, history)
    return covers


def _by_moment(new: Sequence[Evidence], known: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """The record of every moment that was made first, and the others: only if all repeat others, the moment does."""
    plain = {_moment(record) for record in known if not record.covers}
    probes: dict[tuple[str, datetime, bool], Evidence] = {}
    others: list[Evidence] = []
    for record in sorted(new, key=lambda r: (r.patch is not None, r.committed or r.at, r.key)):
        if _moment(record) not in plain and probes.setdefault(_moment(record), record) is not record:
            others.append(record)
    return [record for record in probes.values() if record.patch], others


def _moment(record: Evidence) -> tuple[str, datetime, bool]:
    return record.contributor, record.at, record.proven


def _squashes(rest: Sequence[Evidence], branches: Branches, history: History) -> Covers:
    """What is measured, and what is compared by git, is as little as can be: both cost a diff each."""
    suspects = {record.key: branches.of(record) for record in rest}
    unmeasured = {commit for some in suspects.values() for each in some for commit in branches.unmeasured(each)}
    branches.learn(history.changes(sorted(unmeasured)))
    likely = {record.key: [b for b in suspects[record.key] if branches.may_equal(record, b)] for record in rest}
    patches = history.range_patch_ids([(b.base, b.tip) for some in likely.values() for b in some])
    covers: Covers = {}
    for record in rest:
        equal = (b for b in likely[record.key] if patches.get((b.base, b.tip)) == record.patch)
        if found := next(equal, None):
            covers[record.key] = branches.keys(found)
    return covers


def _copies(
    new: Sequence[Evidence], known: Sequence[Evidence], ancestry: Ancestry
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is on file came first, whatever its date says; among new evidence the earlier author second did."""
    seen: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for record in known:
        if record.patch:
            seen[record.contributor, record.patch].append(record)
    for record in sorted(new, key=lambda r: (r.at, r.key)):
        if record.patch:
            alike = seen[record.contributor, record.patch]
            original = next((other for other in alike if _is_copy(record, other, ancestry)), None)
            if original:
                yield record.key, (original.key,)
            alike.append(record)


def _is_copy(record: Evidence, other: Evidence, ancestry: Ancestry) -> bool:
    """Whether two pieces of evidence with one patch and one contributor are one piece of work."""
    if record.at == other.at:  # one moment anyway
        return False
    small = (record.added or 0) + (record.deleted or 0) < _SMALL
    if small and abs(record.at - other.at) > _SOON and _told(record) != _told(other):
        return False
    one, two = commit_of(record.key), commit_of(other.key)
    return not ancestry.reaches(one, two) and not ancestry.reaches(two, one)


def _told(record: Evidence) -> str:
    return _FORGE_NUMBER.sub("", record.text).casefold()
