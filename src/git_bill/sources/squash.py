"""Which branch a commit may be the squash of: a range from where the two part to what was then the branch's tip.

Told by graph, paths and line counts alone; whether the patches are equal is for git to say.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_bill.ports import Change, Graph
from git_bill.sources.ancestry import Ancestry, Reach
from git_bill.sources.commit import commit_of
from git_bill.sources.tips import LONGEST, OPEN, Tips, Whole
from git_bill.worklog.evidence import Evidence

_MIXED = 50  # commits in one where lines of some are unknown: merges, other people's work


@dataclass(frozen=True, slots=True)
class Branch:
    """What a branch held beyond its base."""

    base: str
    tip: str
    commits: tuple[str, ...]


class Branches:
    """The branches that `squashes` may be made of. They hold evidence; what of it was measured is in `changes`."""

    def __init__(
        self,
        evidence: Iterable[Evidence],
        squashes: Iterable[Evidence],
        graph: Graph,
        changes: Mapping[str, Change],
        ancestry: Ancestry,
    ) -> None:
        self._graph, self._ancestry, self._changes = graph, ancestry, dict(changes)
        self._deep: dict[str, str | None] = {}  # tip → the commit as far down as no branch is long
        self._evidence: dict[str, list[Evidence]] = defaultdict(list)
        made: dict[str, set[str]] = defaultdict(set)  # patch id → the commits that have it
        for record in evidence:
            self._evidence[commit_of(record.key)].append(record)
            if record.patch:
                made[record.patch].add(commit_of(record.key))
        self._copied = {commit for commits in made.values() if len(commits) > 1 for commit in commits}
        self._tips = Tips(graph, ancestry, self._evidence, changes, [commit_of(record.key) for record in squashes])

    def of(self, squash: Evidence) -> tuple[Branch, ...]:
        """The branches that this commit may be the squash of, that with the newest tip first."""
        commit = commit_of(squash.key)
        change = self._changes[commit]
        near = self._tips.near(commit, change)
        if not near:
            return ()
        reach = self._ancestry.reach(commit, self._graph[commit].second - 2 * OPEN)
        tips = [tip for tip in near if tip not in reach]
        newest = sorted(tips, key=lambda tip: (self._graph[tip].second, tip), reverse=True)
        branches = (branch for tip in newest for branch in self._branches(tip, change, reach) if branch.base != commit)
        return tuple(branch for branch in branches if self.may_equal(squash, branch))

    def unmeasured(self, branch: Branch) -> list[str]:
        """The commits in a branch whose paths and lines are not known."""
        return [c for c in branch.commits if c not in self._changes and len(self._graph[c].parents) < 2]

    def learn(self, changes: Mapping[str, Change]) -> None:
        """Take note of what those changed."""
        self._changes |= changes

    def may_equal(self, squash: Evidence, branch: Branch) -> bool:
        """As far as is known: a branch touches every path of its squash, and lines add up where it has no merge."""
        records = [record for commit in branch.commits for record in self._evidence.get(commit, ())[:1]]
        if not records:
            return False
        if len(branch.commits) == 1:  # not one moment anyway, nor the one that is repeated
            fits = records[0].at != squash.at and not self._is_later(branch.tip, commit_of(squash.key))
            return fits and records[0].patch in {squash.patch, None}
        counts = [lines for commit in branch.commits if (lines := self._lines(commit))]
        if len(counts) == len(branch.commits):
            more_added = sum(added for added, _ in counts) - (squash.added or 0)
            if not more_added == sum(deleted for _, deleted in counts) - (squash.deleted or 0) >= 0:
                return False
        elif len(branch.commits) > _MIXED:
            return False
        wanted = set(self._changes[commit_of(squash.key)].paths)
        known = [self._changes[commit].paths for commit in branch.commits if commit in self._changes]
        touched = set(itertools.chain.from_iterable(known))
        if not self.unmeasured(branch):
            return wanted <= touched
        return not known or not wanted.isdisjoint(touched)

    def keys(self, branch: Branch) -> tuple[str, ...]:
        """Keys of the evidence in a branch."""
        return tuple(sorted(record.key for commit in branch.commits for record in self._evidence.get(commit, ())))

    def _branches(self, tip: str, change: Change, reach: Reach) -> Iterator[Branch]:
        whole = self._tips.whole(tip)
        if whole is None or self._goes_on(whole, reach):
            yield from self._parted(tip, reach)
            return
        for count in whole.ends(change, reach, self._copied):
            commits = whole.commits[:count]
            for base in self._graph[commits[-1]].parents:
                yield Branch(base, tip, commits)

    def _goes_on(self, whole: Whole, reach: Reach) -> bool:
        """Whether a branch holds more than lies beside the main line, which runs through it."""
        last = whole.commits[-1]
        return last not in reach and any(p in self._graph and p not in reach for p in self._graph[last].parents)

    def _parted(self, tip: str, reach: Reach) -> Iterator[Branch]:
        """From the merge base; and without the first commits that the other side has too, picked or rebased."""
        if self._is_far(tip, reach):
            return
        inside = self._ancestry.beyond(tip, reach, _MIXED + 1)
        if len(inside) > _MIXED and all(self._lines(commit) for commit in inside):
            inside = self._ancestry.beyond(tip, reach, LONGEST + 1)
        within = frozenset(inside)
        edge = {parent for commit in inside for parent in self._graph[commit].parents if parent not in within}
        if not edge or len(inside) in {_MIXED + 1, LONGEST + 1}:  # there is more
            return
        # Where a branch took the trunk in, the newest of several is the base.
        base = max(edge, key=lambda c: (c in self._graph, self._graph[c].second if c in self._graph else 0, c))
        yield Branch(base, tip, tuple(inside))
        chain = self._chain(tip, within)
        rest = list(itertools.dropwhile(self._copied.__contains__, chain))
        if len(inside) == len(chain) > len(rest) > 0:
            yield Branch(chain[-len(rest) - 1], tip, tuple(rest))

    def _is_far(self, tip: str, reach: Reach) -> bool:
        """Whether more first parents than a branch has lie between: told once per tip, not by a walk per squash."""
        if tip not in self._deep:
            self._deep[tip] = self._ancestry.down(tip, LONGEST)
        deep = self._deep[tip]
        return deep is not None and self._ancestry.is_without(reach, deep)

    def _chain(self, tip: str, within: frozenset[str]) -> Sequence[str]:
        """First parents down from the tip, oldest first."""
        chain: list[str] = []
        each = tip
        while each in within:
            chain.append(each)
            each = next(iter(self._graph[each].parents), "")
        return chain[::-1]

    def _lines(self, commit: str) -> tuple[int, int] | None:
        """Lines that a commit added and deleted; None for merges, and where they are not known."""
        change = self._changes.get(commit) or next(iter(self._evidence.get(commit, ())), None)
        if change is None or change.added is None or change.deleted is None:
            return None
        return change.added, change.deleted

    def _is_later(self, one: str, two: str) -> bool:
        return (self._graph[one].second, one) > (self._graph[two].second, two)
