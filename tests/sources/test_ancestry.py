"""Who reaches whom, told by the main line, is what a plain walk finds."""

from hypothesis import example, given
from hypothesis import strategies as st

from git_bill.ports import Graph, Node
from git_bill.sources.ancestry import Ancestry

MOST = 1000


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Node]:
    """Commits `c0`, `c1`, … with up to three parents among the ones before; some parents lie beyond the edge.

    Clocks may be wrong by minutes or by months.
    """
    wrong = draw(st.sampled_from((90, 10_000_000)))
    graph: dict[str, Node] = {}
    for number in range(draw(st.integers(1, 25))):
        chosen = draw(st.lists(st.integers(0, number), max_size=3, unique=True))
        parents = tuple(f"c{parent}" if parent < number else f"beyond{number}" for parent in chosen)
        graph[f"c{number}"] = Node(parents, 20_000_000 + 60 * number + draw(st.integers(-wrong, wrong)))
    return graph


def reached(graph: Graph, commit: str) -> set[str]:
    """By a plain walk, the commit included."""
    found, pending = set[str](), [commit]
    while pending:
        each = pending.pop()
        if each in graph and each not in found:
            found.add(each)
            pending += graph[each].parents
    return found


@given(histories())
def test_a_commit_reaches_what_a_walk_finds(graph: dict[str, Node]) -> None:
    ancestry = Ancestry(graph)
    for commit in graph:
        reach = ancestry.reach(commit, oldest=0)
        assert {other for other in graph if other in reach} == reached(graph, commit)
        for other in graph:
            assert ancestry.reaches(commit, other) == (other in reached(graph, commit))


@example({"c0": Node((), 20_000_000), "c1": Node((), 20_000_060)}, 20_000_001)  # itself older than what is asked for
@given(histories(), st.integers(0, 40_000_000))
def test_what_is_surely_not_reached_is_not(graph: dict[str, Node], oldest: int) -> None:
    ancestry = Ancestry(graph)
    for commit in graph:
        missed = graph.keys() - reached(graph, commit)
        reach = ancestry.reach(commit, oldest)
        assert {other for other in graph if ancestry.is_without(reach, other)} <= missed
        everything = ancestry.reach(commit, oldest=0)
        assert {other for other in graph if ancestry.is_without(everything, other)} == missed


@given(histories(), st.integers(0, 5))
def test_first_parents_lead_down(graph: dict[str, Node], steps: int) -> None:
    ancestry = Ancestry(graph)
    for commit in graph:
        found: str | None = commit
        for _ in range(steps):
            found = next((p for p in graph[found].parents if p in graph), None) if found else None
        assert ancestry.down(commit, steps) == found


@given(histories())
def test_beyond_is_what_one_reaches_and_the_other_does_not(graph: dict[str, Node]) -> None:
    ancestry = Ancestry(graph)
    for one in graph:
        for two in graph:
            beyond = ancestry.beyond(one, ancestry.reach(two, oldest=0), MOST)
            assert set(beyond) == reached(graph, one) - reached(graph, two)
            assert len(beyond) == len(set(beyond))
            assert len(ancestry.beyond(one, ancestry.reach(two, oldest=0), 3)) == min(3, len(beyond))


@given(histories())
def test_beside_is_a_branch_down_to_the_main_line(graph: dict[str, Node]) -> None:
    ancestry = Ancestry(graph)
    for commit in graph:
        beside = ancestry.beside(commit, MOST)
        assert beside[0] == commit
        assert set(beside) <= reached(graph, commit)
        assert commit in ancestry.line or ancestry.line.isdisjoint(beside)


def test_the_main_line_is_the_one_that_most_branches_leave() -> None:
    """A long branch of few commits' forks is none, however many commits it has."""
    graph = {"m0": Node((), 0)}
    for number in range(1, 6):
        graph[f"m{number}"] = Node((f"m{number - 1}",), number)
        graph[f"b{number}"] = Node((f"m{number - 1}",), number)
    graph |= {f"x{number}": Node((f"x{number - 1}" if number else "m1",), 9 + number) for number in range(30)}
    ancestry = Ancestry(graph)
    assert {f"m{number}" for number in range(5)} <= ancestry.line
    assert ancestry.beside("b3", MOST) == ["b3"]
    assert ancestry.beside("x2", MOST) == ["x2", "x1", "x0"]


def test_of_lines_that_are_left_as_often_the_longest_is_the_main_one() -> None:
    line = {f"m{number}": Node((f"m{number - 1}",) if number else (), number) for number in range(9)}
    assert Ancestry({"z": Node(("m3",), 99)} | line).line == frozenset(line)


def test_a_merge_on_the_main_line_reaches_its_sides_whoever_is_asked_first() -> None:
    line = {f"m{number}": Node((f"m{number - 1}",) if number else (), number) for number in range(3)}
    graph = line | {"m3": Node(("m2", "side"), 3), "side": Node(("m1",), 2)}
    assert Ancestry(graph).reaches("m3", "side")


def test_a_side_is_not_followed_further_back_than_asked() -> None:
    line = {f"m{number}": Node((f"m{number - 1}",) if number else (), 1000 + number) for number in range(3)}
    forks = {f"b{number}": Node((f"m{number}",), 2000) for number in range(2)}
    side = {"old": Node((), 100), "young": Node(("old",), 3000)}
    ancestry = Ancestry(line | forks | side)
    assert "old" in ancestry.reach("young", oldest=100)
    assert "old" not in ancestry.reach("young", oldest=101)
