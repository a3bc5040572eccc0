"""Which new commits only repeat what other ones did: law 2, "never more than before".

A squash has the patch of a whole range; an amended or re-applied commit with a new author date has the patch of one
commit. Patch ids tell both; ancestry tells work that was truly done again, as the revert of a revert.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

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
    copies = dict(_copies(new, known, ancestry))
    rest = [record for record in new if record.patch and record.key not in copies and record.parents == 1]
    return copies | _squashes(rest, Branches([*known, *new], rest, graph, changes, ancestry), history)


def _squashes(rest: Sequence[Evidence], branches: Branches, history: History) -> Covers:
    """What is measured, and what is compared by git, is as little as can be: both cost a diff each."""
    suspects = {record.key: branches.of(record) for record in rest}
    unmeasured = {commit for some in suspects.values() for each in some for commit in branches.unmeasured(each)}
    branches.learn(history.changes(sorted(unmeasured)))
    likely = {record.key: [b for b in suspects[record.key] if branches.may_equal(record, b)] for record in rest}
    import sys; print("UNMEASURED",len(unmeasured),"suspects",sum(map(len,suspects.values())),"likely",sum(map(len,likely.values())),len({(b.base, b.tip) for some in likely.values() for b in some}),"rest",len(rest),file=sys.stderr)
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
