"""Branches are sought at a cost that grows with history, not with its square, whatever the clocks say."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from git_bill.ports import Change, Graph, Node
from git_bill.sources import squash, tips
from git_bill.sources.ancestry import Ancestry, Reach
from git_bill.sources.squash import Branches
from git_bill.worklog.evidence import Evidence

START = 1_790_834_400
DAYS = 5  # after which the clock jumps back


def second(number: int) -> int:
    """When a commit was made: day after day, until the clock jumps back to the first, some minutes later."""
    return START + number % DAYS * 86400 + number // DAYS * 60


def line(length: int, name: str = "m") -> dict[str, Node]:
    return {f"{name}{n}": Node((f"{name}{n - 1}",) if n else (), second(n)) for n in range(length)}


def written_again(length: int) -> dict[str, Node]:
    """The line that is, and what it was before every commit was rewritten."""
    return line(length // 2) | line(length // 2, "old")


def with_merges(length: int) -> dict[str, Node]:
    """Two commits on a branch, one on the line, and their merge; again and again."""
    graph = {"c0": Node((), second(0))}
    for n in range(1, length - 3, 4):
        base = f"c{n - 1}"
        for place, parents in enumerate(((base,), (f"c{n}",), (base,), (f"c{n + 2}", f"c{n + 1}"))):
            graph[f"c{n + place}"] = Node(parents, second(n + place))
    return graph


class Counted(Ancestry):
    """Counts the commits that are walked over, and every walk as one."""

    visits = 0

    def reach(self, commit: str, oldest: int) -> Reach:
        found = super().reach(commit, oldest)
        self.visits += 1
        return found

    def beyond(self, commit: str, other: Reach, most: int) -> list[str]:
        found = super().beyond(commit, other, most)
        self.visits += 1 + len(found)
        return found


def visits(graph: Graph) -> int:
    """How many commits are walked over to seek the branches of all commits."""
    records = [
        Evidence(
            key=commit,
            kind="commit",
            source="x",
            contributor="mira",
            at=datetime.fromtimestamp(node.second, UTC),
            parents=len(node.parents),
            added=1,
            deleted=1,
            patch=f"patch of {commit}",
        )
        for commit, node in graph.items()
    ]
    changes = {commit: Change(files=1, added=1, deleted=1, paths=("shop.py",)) for commit in graph}
    ancestry = Counted(graph)
    branches = Branches(records, records, graph, changes, ancestry)
    for record in records:
        branches.of(record)
    return ancestry.visits


@pytest.mark.parametrize("history", [line, written_again, with_merges])
def test_walks_do_not_grow_with_the_square(history: Callable[[int], Graph], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tips, "LONGEST", 10)  # so that a short history is a long one
    monkeypatch.setattr(squash, "LONGEST", 10)
    monkeypatch.setattr(squash, "_MIXED", 5)
    few, many = visits(history(400)), visits(history(1600))
    assert many < 6 * few + 100  # 16 times as many would be the square


def test_a_line_is_not_walked_at_all() -> None:
    """All tips of a line are above or below one another, however many seem to be open at a time."""
    assert visits(line(1000)) == 0
