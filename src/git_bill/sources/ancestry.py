"""Who reaches whom in a history, told without walking it each time.

The main line is the first-parent chain that most others leave. A commit reaches all that its newest commit there
reaches, and its own side: what it reaches beside the main line, most often a few commits.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from git_bill.ports import Graph

_NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Reach:
    """The commits that one commit reaches, itself included: `commit in reach`. Of the side, those since `oldest`."""

    place: int
    joined: Mapping[str, int]
    side: frozenset[str] = frozenset()
    oldest: int = 0

    def __contains__(self, commit: str) -> bool:
        return self.joined.get(commit, _NEVER) <= self.place or commit in self.side


class Ancestry:
    """Reachability in a graph; what lies beyond the graph's edge is reached by nothing."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._parents = {commit: _inside(graph, node.parents) for commit, node in graph.items()}
        self._made = _made(graph, self._parents)
        line = _main_line(graph)
        self.line = frozenset(line)
        self._joined = _joined(graph, line)
        self._newest = {commit: place for place, commit in enumerate(line)}

    def reach(self, commit: str, oldest: int) -> Reach:
        """What a commit reaches; of its side only what was made since `oldest` (Unix time)."""
        place, side = self._place(commit), set[str]()
        is_beside = self._joined.get(commit, _NEVER) > place
        pending = [commit] if is_beside else []
        while pending:
            each = pending.pop()
            if each not in side and self._made[each] >= oldest:
                side.add(each)
                pending += (p for p in self._parents[each] if self._joined.get(p, _NEVER) > place)
        return Reach(place, self._joined, frozenset(side), oldest if is_beside else 0)

    def reaches(self, commit: str, other: str) -> bool:
        """Whether `other` is a commit or its ancestor."""
        if commit not in self._graph or other not in self._graph:
            return False
        return other in self.reach(commit, self._made[other])

    def beside(self, commit: str, most: int) -> list[str]:
        """What a commit reaches beside the main line, first parents first, or the line itself; no more than `most`."""
        place = -1 if commit in self.line else self._place(commit)
        return self.beyond(commit, Reach(place, self._joined), most)

    def beyond(self, commit: str, other: Reach, most: int) -> list[str]:
        """What a commit reaches and another one does not, first parents first; no more than `most`."""
        found: dict[str, None] = {}
        pending = [commit]
        while pending and len(found) < most:
            each = pending.pop()
            if each not in found and each not in other:
                found[each] = None
                pending += self._parents[each][::-1]
        return list(found)

    def is_without(self, other: Reach, commit: str) -> bool:
        """Whether it is sure that a commit is not reached, however old it is."""
        return commit not in other and (self._made[commit] >= other.oldest or commit in self.line)

    def down(self, commit: str, steps: int) -> str | None:
        """The commit so many first parents down; None where history is not that long."""
        each: str | None = commit
        for _ in range(steps):
            if each is None:
                return None
            each = next(iter(self._parents[each]), None)
        return each

    def _place(self, commit: str) -> int:
        """Of the newest commit on the main line that this one reaches; -1 for none."""
        pending = [commit]
        while pending:
            each = pending[-1]
            parents = self._parents[each]
            if each in self._newest:
                pending.pop()
            elif unknown := [p for p in parents if p not in self._newest]:
                pending += unknown
            else:
                self._newest[each] = max((self._newest[p] for p in parents), default=-1)
        return self._newest[commit]


def _inside(graph: Graph, parents: tuple[str, ...]) -> tuple[str, ...]:
    return parents if all(each in graph for each in parents) else tuple(each for each in parents if each in graph)


def _made(graph: Graph, parents: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Commit → when it was made at the earliest: what its clock says, but after its parents, wrong as clocks are."""
    made: dict[str, int] = {}
    for start in graph:
        pending = [start]
        while pending:
            each = pending[-1]
            if each in made:
                pending.pop()
            elif unknown := [p for p in parents[each] if p not in made]:
                pending += unknown
            else:
                made[each] = max([graph[each].second, *(made[p] + 1 for p in parents[each])])
    return made


def _main_line(graph: Graph) -> list[str]:
    """Oldest first: the first-parent chain along which most commits are the parent of several; of such the longest."""
    children = Counter(parent for node in graph.values() for parent in node.parents)
    passed: dict[str, tuple[int, int]] = {}  # commit → forks and commits down from it
    for start in graph:
        chain: list[str] = []
        each = start
        while each in graph and each not in passed:
            chain.append(each)
            each = next(iter(graph[each].parents), "")
        forks, length = passed.get(each, (0, 0))
        for commit in reversed(chain):
            forks, length = forks + max(children[commit] - 1, 0), length + 1
            passed[commit] = forks, length
    line: list[str] = []
    each = max(graph, key=lambda commit: (passed[commit], commit), default="")
    while each in graph:
        line.append(each)
        each = next(iter(graph[each].parents), "")
    return line[::-1]


def _joined(graph: Graph, line: list[str]) -> dict[str, int]:
    """Commit → place of the first commit on the main line that reaches it."""
    joined: dict[str, int] = {}
    for place, commit in enumerate(line):
        pending = [commit]
        while pending:
            each = pending.pop()
            if each in graph and each not in joined:
                joined[each] = place
                pending += graph[each].parents
    return joined
