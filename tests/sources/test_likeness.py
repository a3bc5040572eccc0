"""Law 2 where no patch is equal: 80 % known lines are a repetition, 20 to 80 % are undecided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.worklog.workday import commit, key

from git_bill.ports import Node
from git_bill.sources.ancestry import Ancestry
from git_bill.sources.likeness import Likeness, Lines
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.sketch import MOST, Sketcher, parse


def sketch(*lines: int | str, sign: str = "+") -> str:
    made = Sketcher()
    for line in lines:
        made.add(f"{sign}value = {line}".encode())
    return made.text()


def record(name: str, hours: int, lines: str, **more: Any) -> Evidence:
    return commit(name, f"2026-10-{5 + hours // 24:02} {hours % 24:02}:00", sketch=lines, **more)


def like(
    new: Evidence,
    *noted: Evidence,
    ancestors: Mapping[str, tuple[str, ...]] | None = None,
    gone: Iterable[str] = (),
    coming: Sequence[Evidence] = (),
) -> Likeness | None:
    """What a commit is like; `ancestors`: commit → parents, `gone`: what no clone shows; by short names."""
    parents = {key(name): tuple(map(key, some)) for name, some in (ancestors or {}).items()}
    shown = [r for r in (*noted, new, *coming) if r.key not in set(map(key, gone))]
    graph = {r.key: Node(parents.get(r.key, ()), int(r.at.timestamp())) for r in shown}
    lines = Lines(graph, Ancestry(graph), coming)
    for each in noted:
        lines.note(each, each.covers)
    return lines.likeness(new)


@pytest.mark.parametrize(("own", "whole"), [(2, True), (3, False), (12, False), (35, False), (50, None), (400, None)])
def test_the_share_of_known_lines_decides(own: int, whole: bool | None) -> None:
    old = record("old", 9, sketch(*range(10)))
    found = like(record("new", 40, sketch(*range(10), *range(100, 100 + own))), old)
    assert (found and found.whole) is whole
    assert found is None or found.origins == (old,)


def test_a_part_of_a_big_commit_is_known() -> None:
    whole = record("old", 9, sketch(*range(2000)))
    assert parse(whole.sketch).limit < 1 << 24
    found = like(record("new", 40, sketch(*range(500, 1500))), whole)
    assert found == Likeness((whole,), whole=True)


def test_what_an_ancestor_has_is_moved_and_not_repeated() -> None:
    old, squash = record("old", 9, sketch(*range(20))), record("squash", 10, sketch(*range(20)), covers=(key("old"),))
    moved = record("new", 40, sketch(*range(20)))
    assert like(moved, old, squash, ancestors={"new": ("squash",)}) is None
    assert like(moved, old, ancestors={"new": ("old",)}) is None
    assert like(moved, old) == Likeness((old,), whole=True)


def test_a_line_taken_out_elsewhere_says_nothing_of_one_put_in() -> None:
    bump = record("one", 9, sketch("1.2.3", sign="-"))
    assert like(record("two", 10, sketch("1.2.3")), bump) is None


def test_a_small_change_is_a_repetition_only_soon_or_in_the_same_words() -> None:
    bump = record("one", 9, sketch("1.2.4"), text="Release 1.2.4")
    assert like(record("two", 12, sketch("1.2.4"), text="on the branch"), bump) == Likeness((bump,), whole=True)
    assert like(record("two", 90, sketch("1.2.4"), text="release 1.2.4 (#7)"), bump) == Likeness((bump,), whole=True)
    assert like(record("two", 90, sketch("1.2.4"), text="on the branch"), bump) == Likeness((bump,), whole=False)
    assert like(record("two", 12, sketch("1.2.5")), bump) is None


def test_few_lines_are_undecided_while_their_origin_stands_and_known_once_it_is_gone() -> None:
    whole = record("old", 9, sketch(*range(7)))
    part = record("part", 90, sketch(0, 1, 2), text="A part")
    assert like(part, whole) == Likeness((whole,), whole=False)
    assert like(part, whole, gone={"old"}) == Likeness((whole,), whole=True)
    assert like(record("part", 90, sketch(0, 1, 99), text="A part"), whole, gone={"old"}) is None
    assert like(replace(part, contributor="jonas"), whole, gone={"old"}) is None
    rebased = record("rebased", 9, whole.sketch)
    found = like(part, whole, rebased, gone={"old"})
    assert found is not None
    assert not found.whole


def test_few_lines_are_known_where_others_have_the_rest_of_their_origin() -> None:
    whole = record("old", 9, sketch(*range(7)))
    part = record("part", 90, sketch(0, 1, 2), text="A part")
    rest = record("rest", 91, sketch(3, 4, 5, 6), text="The rest")
    assert like(part, whole, coming=[rest]) == Likeness((whole,), whole=True)
    assert like(rest, whole, part) == Likeness((whole,), whole=True)
    again = record("again", 91, whole.sketch)  # no part: the same once more
    assert like(part, whole, coming=[again]) == Likeness((whole,), whole=False)


def test_another_persons_lines_are_no_repetition_of_ones_own() -> None:
    theirs = record("one", 9, sketch(*range(20)), contributor="jonas")
    assert like(record("two", 12, sketch(*range(20))), theirs) == Likeness((theirs,), whole=False)


def test_one_moment_is_not_compared_with_itself() -> None:
    first = record("one", 9, sketch(*range(20)))
    rebased = record("two", 9, sketch(*range(20)))
    assert like(rebased, first) is None


def test_a_sketch_is_small_and_ignores_indentation_and_braces() -> None:
    made = Sketcher()
    for line in (b"+    }\n", b"+  \n", b"+    return value\n", b"+return value\n", b"-return value\n"):
        made.add(line)
    assert len(parse(made.text()).lines) == 2
    assert len(sketch(*range(9999))) == 4 * MOST
    assert parse("").known([]) == 1.0
