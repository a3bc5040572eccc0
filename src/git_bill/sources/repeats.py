"""Which new commits only repeat what other ones did: law 2, "never more than before".

A squash has the patch of a whole range; an amended or re-applied commit with a new author date has the patch of one
commit. Patch ids tell both; ancestry tells work that was truly done again, as the revert of a revert.
"""

import bisect
import heapq
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from git_bill.ports import Change, History
from git_bill.worklog.evidence import Evidence

_SMALL = 5  # changed lines below which the same patch may well be made twice
_SOON = timedelta(days=1)
_OPEN = timedelta(days=90)  # how long a branch waits for its squash
_SKEW = timedelta(hours=1)  # between the clocks of two machines
_TIPS = 16  # that are looked at for one squash
_MIXED = 50  # commits in a range that is compared though lines of some are unknown: merges, other people's work

_FORGE_NUMBER = re.compile(r"\s*\([#!]\d+\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a commit stands in the history."""

    parents: tuple[str, ...]
    committed: datetime


Graph = Mapping[str, Place]
Covers = dict[str, tuple[str, ...]]  # key of evidence → keys of the evidence whose change it repeats


def repeated(
    new: Sequence[Evidence],
    known: Sequence[Evidence],
    graph: Graph,
    changes: Mapping[str, Change],
    history: History,
) -> Covers:
    """The new evidence that repeats other evidence, new or known. `changes`: those of the new evidence's commits."""
    covers = dict(_same_patch(new, known, graph))
    branches = _Branches([*known, *new], graph, changes)
    rest = [record for record in new if record.patch and record.key not in covers]
    ranges = {record.key: branches.may_be_squashed(record) for record in rest}
    patches = history.range_patch_ids([(r.base, r.tip) for some in ranges.values() for r in some])
    for record in rest:
        for each in ranges[record.key]:
            if patches.get((each.base, each.tip)) == record.patch:
                covers[record.key] = branches.keys(each)
                break
    return covers


def commit_of(key: str) -> str:
    """The commit id in an evidence key; a co-author's key names the person too."""
    return key.partition("+")[0]


def _same_patch(
    new: Sequence[Evidence], known: Sequence[Evidence], graph: Graph
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is on file came first, whatever its date says; among new evidence the earlier author second did."""
    seen: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for record in known:
        if record.patch:
            seen[record.contributor, record.patch].append(record)
    for record in sorted(new, key=lambda r: (r.at, r.key)):
        if record.patch:
            alike = seen[record.contributor, record.patch]
            original = next((other for other in alike if _is_copy(record, other, graph)), None)
            if original:
                yield record.key, (original.key,)
            alike.append(record)


def _is_copy(record: Evidence, other: Evidence, graph: Graph) -> bool:
    """Whether two pieces of evidence with one patch and one contributor are one piece of work."""
    if record.at == other.at:  # one moment anyway
        return False
    small = (record.added or 0) + (record.deleted or 0) < _SMALL
    if small and abs(record.at - other.at) > _SOON and _told(record) != _told(other):
        return False
    one, two = commit_of(record.key), commit_of(other.key)
    return not _reaches(graph, one, two) and not _reaches(graph, two, one)


def _told(record: Evidence) -> str:
    return _FORGE_NUMBER.sub("", record.text).casefold()


def _reaches(graph: Graph, start: str, goal: str) -> bool:
    """Whether `goal` is an ancestor of `start`, as far as the graph goes back."""
    if start not in graph or goal not in graph:
        return False
    oldest = graph[goal].committed - _SKEW
    pending, seen = [start], {start}
    while pending:
        for parent in graph[pending.pop()].parents:
            if parent == goal:
                return True
            if parent in graph and parent not in seen and graph[parent].committed >= oldest:
                seen.add(parent)
                pending.append(parent)
    return False


@dataclass(frozen=True, slots=True)
class _Range:
    """What a branch held beyond its base."""

    base: str
    tip: str
    commits: tuple[str, ...]


class _Branches:
    """Ranges from a merge base to what was a branch's tip when a squash of it may have been made."""

    def __init__(self, evidence: Iterable[Evidence], graph: Graph, changes: Mapping[str, Change]) -> None:
        self._graph, self._changes = graph, changes
        self._evidence: dict[str, list[Evidence]] = defaultdict(list)
        self._made: dict[str, set[str]] = defaultdict(set)  # patch id → the commits that have it
        for record in evidence:
            self._evidence[commit_of(record.key)].append(record)
            if record.patch:
                self._made[record.patch].add(commit_of(record.key))
        self._grown: dict[str, datetime] = {}  # commit → when it got its first child
        ours: list[str] = []
        for commit, place in graph.items():
            for parent in place.parents:
                self._grown[parent] = min(self._grown.get(parent, place.committed), place.committed)
            if any(each in self._evidence for each in (commit, *place.parents)):
                ours.append(commit)
        self._ours = sorted((graph[commit].committed, commit) for commit in ours)

    def may_be_squashed(self, squash: Evidence) -> tuple[_Range, ...]:
        """The ranges that this commit may repeat, the newest first; they hold evidence and fit its line counts."""
        commit = commit_of(squash.key)
        if commit not in self._graph or len(self._graph[commit].parents) != 1:
            return ()
        ranges = (each for tip in self._tips(commit) for each in self._ranges(commit, tip))
        return tuple(each for each in ranges if self._may_equal(squash, each))

    def _ranges(self, commit: str, tip: str) -> Iterator[_Range]:
        """From the merge base; and without the first commits that the other side has too, picked or rebased."""
        base, inside = _apart(self._graph, tip, commit)
        if base is None:
            return
        yield _Range(base, tip, tuple(inside))
        within = frozenset(inside)
        chain = self._chain(tip, within)
        rest = list(itertools.dropwhile(lambda each: self._is_elsewhere(each, within), chain))
        if len(inside) == len(chain) > len(rest) > 0:
            yield _Range(chain[-len(rest) - 1], tip, tuple(rest))

    def _chain(self, tip: str, within: frozenset[str]) -> list[str]:
        """First parents down from the tip, oldest first."""
        chain: list[str] = []
        each = tip
        while each in within:
            chain.append(each)
            each = next(iter(self._graph[each].parents), "")
        return chain[::-1]

    def _is_elsewhere(self, commit: str, within: frozenset[str]) -> bool:
        return any(self._made[record.patch] - within for record in self._evidence.get(commit, ()) if record.patch)

    def _is_later(self, one: str, two: str) -> bool:
        return (self._graph[one].committed, one) > (self._graph[two].committed, two)

    def _tips(self, squash: str) -> list[str]:
        """Commits without a child at the time, newest first; the squash's own ancestors have one."""
        when = self._graph[squash].committed
        newest = bisect.bisect_right(self._ours, (when + _SKEW, "~"))
        oldest = bisect.bisect_left(self._ours, (when - _OPEN, ""))
        tips = (commit for _, commit in reversed(self._ours[oldest:newest]) if commit != squash)
        bare = (commit for commit in tips if commit not in self._grown or self._grown[commit] > when)
        return [commit for commit, _ in zip(bare, range(_TIPS), strict=False)]

    def _may_equal(self, squash: Evidence, branch: _Range) -> bool:
        """Spares most diffs: a range touches every path of its squash, and lines add up where it has no merge."""
        records = [record for commit in branch.commits for record in self._evidence.get(commit, ())[:1]]
        if not records:
            return False
        if len(branch.commits) == 1:  # not one moment anyway, nor the one that is repeated
            fits = records[0].at != squash.at and not self._is_later(branch.tip, commit_of(squash.key))
            return fits and records[0].patch in {squash.patch, None}
        wanted = set(self._changes[commit_of(squash.key)].paths)
        touched = {path for each in branch.commits if each in self._changes for path in self._changes[each].paths}
        counts = [(r.added, r.deleted) for r in records if r.added is not None and r.deleted is not None]
        on_file = any(commit_of(r.key) not in self._changes for r in records)
        if len(counts) < len(branch.commits):
            return len(branch.commits) <= _MIXED and (on_file or not wanted.isdisjoint(touched))
        more_added = sum(added for added, _ in counts) - (squash.added or 0)
        more_deleted = sum(deleted for _, deleted in counts) - (squash.deleted or 0)
        return more_added == more_deleted >= 0 and (on_file or wanted <= touched)

    def keys(self, branch: _Range) -> tuple[str, ...]:
        """Keys of the evidence in a range."""
        return tuple(sorted(record.key for commit in branch.commits for record in self._evidence.get(commit, ())))


def _apart(graph: Graph, tip: str, other: str) -> tuple[str | None, list[str]]:
    """The merge base, and the commits that `tip` reaches and `other` does not. Git's way: newest first, two marks."""
    marks = {tip: 1, other: 2}
    queue = [(-graph[commit].committed.timestamp(), commit) for commit in marks]
    heapq.heapify(queue)
    inside: list[str] = []
    while any(marks[commit] == 1 for _, commit in queue):
        _, commit = heapq.heappop(queue)
        mark = marks[commit]
        if mark == 1:
            inside.append(commit)
        for parent in graph[commit].parents:
            if parent in graph and parent not in marks:
                heapq.heappush(queue, (-graph[parent].committed.timestamp(), parent))
            marks[parent] = marks.get(parent, 0) | mark
    within = set(inside)
    edge = {parent for commit in inside for parent in graph[commit].parents if parent not in within}
    # Where a branch took the trunk in, the newest of several is the base.
    newest = sorted(edge, key=lambda commit: (commit in graph and graph[commit].committed.timestamp(), commit))
    return (newest[-1] if newest else None), inside
