"""The post-rewrite journal as evidence, whatever stands in it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.sources.journal import read
from git_bill.worklog.evidence import Evidence, from_lines, to_line
from git_bill.worklog.rewrite import traced

AT = datetime.fromisoformat("2026-10-05T09:10:00+02:00")


def sha(letter: str) -> str:
    return letter * 40


def commit(letter: str, minutes: int, **more: object) -> Evidence:
    known = Evidence(
        key=sha(letter), kind="commit", source="web-shop", contributor="mira", at=AT + timedelta(minutes=minutes)
    )
    return replace(known, **more)  # type: ignore[arg-type]


A, B, C = commit("a", 0), commit("b", 60), commit("c", 90)


def covered(journal: str, *evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Commit → the commits that it was made of, as letters, after the records were written and read."""
    found = read(journal, evidence)
    assert from_lines("".join(f"{to_line(record)}\n" for record in found), "e.jsonl") == (found, ())
    assert read(journal, (*evidence, *found)) == ()
    facts = traced((*found, *evidence))
    assert [fact.key for fact in facts] == [record.key for record in evidence]
    return {fact.key[0]: tuple(key[0] for key in fact.covers) for fact in facts if fact.covers}


def line(old: str, new: str, command: str = "amend") -> str:
    return f"{command} {sha(old)} {sha(new)}\n"


def test_an_amended_commit_is_made_of_the_one_before() -> None:
    assert covered(line("a", "b"), A, B) == {"b": ("a",)}
    assert covered(line("a", "b") + line("b", "c"), A, B, C) == {"b": ("a",), "c": ("b",)}


def test_a_chain_reaches_past_what_nobody_saw() -> None:
    chain = line("a", "1") + line("1", "2", "rebase") + line("2", "b")
    assert covered(chain, A, B) == {"b": ("a",)}
    assert covered(chain, B) == {}


def test_one_author_second_needs_no_record() -> None:
    assert read(line("a", "b"), (A, replace(B, at=A.at))) == ()
    squash = line("a", "c", "rebase") + line("b", "c", "rebase")
    assert read(squash, (A, B, replace(C, at=A.at))) == ()
    assert covered(squash, A, B, C) == {"c": ("a", "b")}


def test_a_co_author_s_record_follows_her_commit() -> None:
    pair = [replace(record, key=record.key + "+jo", contributor="jo", proven=False) for record in (A, B)]
    assert covered(line("a", "b"), *pair) == {"b": ("a",)}


OTHER = [
    *("", "\n\n", "amend\n", "\0" * 100, line("a", "a"), line("x", "b"), line("a", "b", "pick"), line("a", "b")[:-5]),
    *(f"amend {sha('a')[:12]} {sha('b')}\n", f"{sha('a')} {sha('b')}\n", "é" + line("a", "b")),
]


@pytest.mark.parametrize("journal", OTHER)
def test_what_is_no_line_says_nothing(journal: str) -> None:
    assert read(journal, (A, B)) == ()


def test_a_circle_leaves_one_to_count() -> None:
    assert covered(line("a", "b") + line("b", "a"), A, B) == {"a": ("b",)}
    known = replace(A, covers=(B.key,))  # an equal patch said so before
    assert covered(line("a", "b"), known, B) == {"a": ("b",)}


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=12))
def test_of_commits_that_were_made_of_each_other_one_is_made_of_none(edges: list[tuple[str, str]]) -> None:
    commits = [commit(letter, number * 10) for number, letter in enumerate("abcd")]
    found = covered("".join(line(old, new) for old, new in edges), *commits)
    for letter in "abcd":
        seen, here = set(), letter
        while here in found:
            assert here not in seen
            seen.add(here)
            here = found[here][0]
