"""Which new commits only repeat what other ones did: law 2, "never more than before".

A squash has the patch of a whole range; an amended or re-applied commit with a new author date has the patch of one
commit. Patch ids tell both; ancestry tells work that was truly done again, as the revert of a revert.
"""

from collections import ChainMap, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from git_bill.ports import Change, Graph, History
from git_bill.sources.ancestry import Ancestry
from git_bill.sources.commit import commit_of
from git_bill.sources.likeness import SMALL, SOON, Likeness, Lines, told
from git_bill.sources.squash import Branches
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.rewrite import leads_to

Covers = dict[str, tuple[str, ...]]  # key of evidence → keys of the evidence whose change it repeats


@dataclass(frozen=True, slots=True)
class Repeats:
    """By key of evidence, the keys of other evidence: whose change it `covers`; whose lines it has `partly`."""

    covers: Covers
    partly: Covers


def repeated(
    new: Sequence[Evidence],
    known: Sequence[Evidence],
    graph: Graph,
    changes: Mapping[str, Change],
    history: History,
) -> Repeats:
    """The new evidence that repeats other evidence, new or known. `changes`: those of the new evidence's commits."""
    if not any(record.patch or record.sketch for record in new):
        return Repeats({}, {})
    ancestry = Ancestry(graph)
    covers = dict(_copies(new, known, ancestry))
    probes, others = _by_moment(new, known)
    branches = Branches([*known, *new], [*probes, *others], graph, changes, ancestry)
    covers |= _squashes([r for r in probes if r.patch and r.key not in covers], branches, history)
    partly: Covers = {}
    all_covers = ChainMap(covers, {record.key: record.covers for record in known if record.covers})
    for key, found in _alike(probes, new, known, covers, Lines(graph, ancestry, new)):
        origins = sorted(o.key for o in found.origins if not leads_to(o.key, key, all_covers))
        if origins:
            (covers if found.whole else partly)[key] = tuple(origins)
    return Repeats(covers | dict(_judged_before(new, known, probes, covers)), partly)


def _alike(
    probes: Sequence[Evidence], new: Sequence[Evidence], known: Sequence[Evidence], covers: Covers, lines: Lines
) -> Iterator[tuple[str, Likeness]]:
    """What is on file came first, whatever its date says, and then what was committed first."""
    for record in known:
        lines.note(record, record.covers)
    asked = {record.key for record in probes} - covers.keys()
    for record in sorted(new, key=lambda r: (r.as_of, r.at, r.key)):
        found = lines.likeness(record) if record.key in asked else None
        if found:
            yield record.key, found
        lines.note(record, covers.get(record.key, ()))


def _judged_before(
    new: Sequence[Evidence], known: Sequence[Evidence], probes: Sequence[Evidence], covers: Covers
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A moment that only repeats others does so however often it is rewritten."""
    plain = {_moment(record) for record in known if not record.covers}
    judged = {_moment(record): record.covers for record in known if _moment(record) not in plain}
    judged |= {_moment(record): covers[record.key] for record in probes if record.key in covers}
    for record in new:
        if record.key not in covers and _moment(record) in judged:
            yield record.key, judged[_moment(record)]


def _by_moment(new: Sequence[Evidence], known: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """The record of every new moment that was made first, and the others, which are that one rewritten."""
    there = {_moment(record) for record in known}
    probes: dict[tuple[str, datetime, bool], Evidence] = {}
    others: list[Evidence] = []
    for record in sorted(new, key=lambda r: (r.patch is not None, r.as_of, r.key)):
        if _moment(record) not in there and probes.setdefault(_moment(record), record) is not record:
            others.append(record)
    return list(probes.values()), others


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
    small = (record.added or 0) + (record.deleted or 0) < SMALL
    if small and abs(record.at - other.at) > SOON and told(record) != told(other):
        return False
    one, two = commit_of(record.key), commit_of(other.key)
    return not ancestry.reaches(one, two) and not ancestry.reaches(two, one)
