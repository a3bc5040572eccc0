"""The tips that branches had when a squash may have been made, by the paths that evidence below them touches."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from git_bill.ports import Change, Graph
from git_bill.sources.ancestry import Ancestry, Reach

SKEW = 3600  # seconds between the clocks of two machines
OPEN = 90 * 24 * 3600  # seconds that a branch waits for its squash
LONGEST = 500  # commits in a branch
_NEAR = 100  # commits below a tip that are looked at where not all are evidence
_NEAR_ON_LINE = 20  # the same for a tip of the main line: all of history is below it
_NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Whole:
    """A branch of measured commits, newest first. `sums`: lines added and deleted by the last one, the last two, …"""

    commits: tuple[str, ...]
    paths: frozenset[str]
    sums: tuple[tuple[int, int], ...]

    def ends(self, change: Change, reach: Reach, copied: Container[str]) -> Iterator[int]:
        """How many last commits may add up to a change: all beyond `reach`, or these without the first, copied ones."""
        if not self.paths.issuperset(change.paths):
            return
        beyond = bisect.bisect_left(self.commits, True, key=reach.__contains__)
        own = next((place for place in range(beyond, 0, -1) if self.commits[place - 1] not in copied), 0)
        for count in dict.fromkeys((beyond, own)):
            added, deleted = self.sums[count - 1] if count else (-1, -1)
            if 0 <= added - (change.added or 0) == deleted - (change.deleted or 0):
                yield count


@dataclass(frozen=True, slots=True)
class _Filed:
    """Tips, oldest first: by a path that is touched below them, and those above evidence of unknown paths."""

    touching: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    untold: list[str] = field(default_factory=list)


class Tips:
    """Commits that had no child at some time. `ours`: those with evidence; `squashes`: what branches are sought for.

    A commit on the main line has none there: it reaches these or is below them. So they are kept apart; a long history
    whose clock jumps has many at any time.
    """

    def __init__(
        self,
        graph: Graph,
        ancestry: Ancestry,
        ours: Iterable[str],
        changes: Mapping[str, Change],
        squashes: Iterable[str],
    ) -> None:
        self._graph, self._ancestry, self._changes, self._ours = graph, ancestry, changes, frozenset(ours)
        self._grown: dict[str, int] = {}  # commit → when it got its first child
        for node in graph.values():
            for parent in node.parents:
                self._grown[parent] = min(self._grown.get(parent, node.second), node.second)
        self._beside, self._on_line = _Filed(), _Filed()
        self._whole: dict[str, Whole] = {}
        whens = sorted((graph[commit].second, commit in ancestry.line) for commit in squashes)
        for_beside = [second for second, _ in whens]
        for_line = [second for second, on_line in whens if not on_line]
        for second, tip in sorted((node.second, commit) for commit, node in graph.items() if self._is_ours(commit)):
            asked, filed = (for_line, self._on_line) if tip in ancestry.line else (for_beside, self._beside)
            nearest = bisect.bisect_left(asked, second - SKEW)
            if nearest < len(asked) and asked[nearest] < min(self._grown.get(tip, _NEVER), second + OPEN):
                self._file(tip, filed)

    def near(self, commit: str, change: Change) -> set[str]:
        """The tips at a commit's time above evidence that touches a path of its change, or paths that are not known."""
        asked = [self._beside] if commit in self._ancestry.line else [self._beside, self._on_line]
        touching = [filed.touching[path] for filed in asked for path in change.paths if path in filed.touching]
        when = self._graph[commit].second
        return {tip for some in (*(f.untold for f in asked), *touching) for tip in self._open(some, when)} - {commit}

    def whole(self, tip: str) -> Whole | None:
        """The branch below a tip, if all of it was measured."""
        return self._whole.get(tip)

    def _is_ours(self, commit: str) -> bool:
        return any(each in self._ours for each in (commit, *self._graph[commit].parents))

    def _file(self, tip: str, filed: _Filed) -> None:
        near = _NEAR_ON_LINE if tip in self._ancestry.line else _NEAR
        commits = self._ancestry.beside(tip, near)
        if len(commits) == near and all(commit in self._changes for commit in commits):
            commits = self._ancestry.beside(tip, LONGEST)
        known = [self._changes[commit] for commit in commits if commit in self._changes]
        paths = frozenset(path for change in known for path in change.paths)
        lines = [(c.added, c.deleted) for c in known if c.added is not None and c.deleted is not None]
        if len(lines) == len(commits) < LONGEST:
            sums = itertools.accumulate(lines, lambda one, two: (one[0] + two[0], one[1] + two[1]))
            self._whole[tip] = Whole(tuple(commits), paths, tuple(sums))
        missing = (commit for commit in commits if commit in self._ours and commit not in self._changes)
        if any(len(self._graph[commit].parents) < 2 for commit in missing):
            filed.untold.append(tip)
        for path in paths:
            filed.touching[path].append(tip)

    def _open(self, tips: Sequence[str], when: int) -> Iterator[str]:
        """Those without a child at the time."""
        first = bisect.bisect_left(tips, when - OPEN, key=lambda tip: self._graph[tip].second)
        last = bisect.bisect_right(tips, when + SKEW, key=lambda tip: self._graph[tip].second)
        return (tip for tip in tips[first:last] if self._grown.get(tip, _NEVER) > when)
