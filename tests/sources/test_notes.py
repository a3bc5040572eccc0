"""Notes that gtm leaves beside commits: minutes by day, each block once however often its commit was rewritten."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.worklog.workday import BERLIN, Workday, at, commit, minutes

from git_bill.sources.commit import Found
from git_bill.sources.notes import blocks, read
from git_bill.worklog.evidence import Evidence, from_lines, to_line

ZONES = {"mira": BERLIN}
DONE = at("2026-10-05 10:20")
NINE = int(at("2026-10-05 09:00").timestamp())
NOTE = f"[ver:1,total:2100]\nsrc/cart.py:1500,{NINE}:1200,{NINE + 3600}:300,m\n.gtm/terminal.app:600,{NINE}:600,r\n"
EVENING = NINE - 11 * 3600


def noted(*notes: tuple[str, str], evidence: Sequence[Evidence]) -> Found:
    found = read(notes, evidence, ZONES)
    assert from_lines("".join(f"{to_line(record)}\n" for record in found.evidence), "e.jsonl") == (found.evidence, ())
    assert read(notes, (*evidence, *found.evidence), ZONES).evidence == ()
    return found


def made(letter: str, when: str = "2026-10-05 10:20", **more: Any) -> Evidence:
    return commit(letter, when, **more)


def test_a_note_tells_the_minutes_of_its_commit_in_the_time_before_it() -> None:
    work = made("a")
    (note,) = noted((work.key, NOTE), evidence=[work]).evidence
    assert (note.commit, note.spent, note.contributor) == (work.key, ((date(2026, 10, 5), 35),), "mira")
    day = Workday()
    day.collect(work, note)
    entry = day.of("a").entry
    assert (entry.minutes, entry.at, entry.range, entry.model) == (35, ("09:45/10:20",), (), None)


def test_what_was_worked_the_evening_before_is_of_that_day() -> None:
    work = made("a")
    text = f"[ver:1,total:3600]\nsrc/cart.py:3000,{EVENING}:2400,{NINE}:600,m\n"
    (note,) = noted((work.key, text), evidence=[work]).evidence
    assert note.spent == ((date(2026, 10, 4), 40), (date(2026, 10, 5), 20))
    day = Workday()
    day.collect(work, note)
    assert [(w.entry.day.day, w.entry.minutes) for w in day.live] == [(4, 40), (5, 20)]


def test_a_note_takes_nothing_from_other_commits_of_the_day() -> None:
    day, first, other = Workday(), made("a"), made("b", "2026-10-05 15:00", ticket="WEB-9")
    day.collect(first, other)
    without = day.of("b").entry.minutes
    day.collect(*noted((first.key, NOTE), evidence=[first, other]).evidence)
    assert day.of("b").entry.minutes == without > 0
    assert minutes(day.live) == 35 + without


@pytest.mark.parametrize("kept_author_time", [True, False])
def test_an_amended_commit_carries_the_note_of_what_it_was(kept_author_time: bool) -> None:
    more = f"[ver:1,total:300]\nsrc/cart.py:300,{NINE + 3600}:300,m\n"
    old = made("a")
    new = made("b", "2026-10-05 10:20" if kept_author_time else "2026-10-05 10:50", covers=(old.key,))
    new = replace(new, committed=DONE + timedelta(minutes=30))
    found = noted((old.key, NOTE), (new.key, f"{NOTE}\n{more}"), evidence=[old, new]).evidence
    day = Workday()
    day.collect(old, new, *found)
    assert minutes(day.live) == 40


def test_what_the_author_states_comes_before_the_note() -> None:
    work = made("a", minutes=90)
    day = Workday()
    day.collect(work, *noted((work.key, NOTE), evidence=[work]).evidence)
    assert day.of("a").entry.minutes == 90


def test_notes_of_strangers_and_of_unknown_commits_are_left_out() -> None:
    theirs = replace(made("b"), contributor="jo@example.net")
    assert noted((theirs.key, NOTE), ("f" * 40, NOTE), evidence=[theirs]) == Found(evidence=())


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("hello", 1, "line 1 is no beginning of a note"),
        ("\n[ver:1,total:60]\nsrc/cart.py=60\n", 3, "line 3 is no file"),
        (f"[ver:1,total:60]\na:190,{NINE}:190,m", 1, "line 1 says 60 s, and its files 190 s"),
        ("[ver:1,total:999999999]", 1, "line 1 tells of more than a week"),
        (f"[ver:1,total:60]\na:60,{NINE + 10**7}:60,m", 2, "line 2 tells of an hour after the commit"),
    ],
)
def test_a_broken_note_says_where_and_how_it_should_look(text: str, line: int, why: str) -> None:
    work = made("a")
    found = noted((work.key, text), evidence=[work])
    (problem,) = found.problems
    assert (found.evidence, problem.line, problem.file) == ((), line, f"refs/notes/gtm-data:{work.key[:12]}")
    assert why in problem.message
    assert "[ver:1,total:213]" in problem.hint


@given(noise=st.text(max_size=40), cut=st.integers(0, len(NOTE)))
def test_no_note_makes_reading_raise(noise: str, cut: int) -> None:
    work = made("a")
    for text in (noise, NOTE[:cut] + noise + NOTE[cut:]):
        found = read([(work.key, text)], [work], ZONES)
        assert {record.commit for record in found.evidence} <= {work.key}


def test_a_fork_of_gtm_names_the_branch() -> None:
    (block,) = blocks(NOTE.replace("total:2100]", "total:2100,branch:feature/[WEB-1]]"), BERLIN, DONE)
    assert block.days == {date(2026, 10, 5): 35}


def test_equal_blocks_are_one() -> None:
    assert len(blocks(NOTE + NOTE, BERLIN, DONE)) == 1
