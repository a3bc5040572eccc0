"""The course of a dispute: what is possible, under any sequence of steps."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.receivable.dispute.cases import DAY, dispute, euro, step

from git_bill.problem import Problem
from git_bill.receivable.dispute.course import LIVE, MOVES, State, broken, ending, is_live, moved, state_of
from git_bill.receivable.dispute.record import Act, Dispute, Step
from git_bill.shape import read, write

ACTS = get_args(Act)
RESULTS = st.sampled_from(["upheld", "partly", "rejected"])


@st.composite
def steps(draw: st.DrawFn) -> Step:
    do = draw(st.sampled_from(ACTS))
    days, text = draw(st.integers(0, 9)), draw(st.text(max_size=8))
    if do != "resolve":
        return step(do, days, text=text)
    result = draw(RESULTS)
    amounts = {"upheld": euro("595.00"), "partly": euro("119.00"), "rejected": None}
    return step(do, days, text=text, result=result, amount=amounts[result], credit="credit-INV-2026-0032")


@given(st.lists(steps(), max_size=12))
def test_no_sequence_of_steps_leaves_the_table(wanted: list[Step]) -> None:
    found, state = dispute(), "open"
    for each in wanted:
        after = moved(found, each)
        last = found.steps[-1].on if found.steps else found.on
        allowed = each.do in MOVES[state] and each.on >= last  # type: ignore[index]
        assert isinstance(after, Dispute) is allowed
        if isinstance(after, Problem):
            assert after.hint
            continue
        state = MOVES[state][each.do]  # type: ignore[index]
        assert after.steps == (*found.steps, each)
        found = after
    assert state_of(found) == state
    assert tuple(broken(found)) == ()
    assert is_live(found) is (state in LIVE)
    assert (ending(found) is None) is (state in LIVE)
    days = [step.on for step in found.steps]
    assert days == sorted(days)
    for end in ("resolve", "withdraw"):
        assert sum(step.do == end for step in found.steps) <= 1
    again = read(Dispute, write(found), "x.toml")
    assert (again.value, again.problems) == (found, ())


@given(st.lists(steps(), max_size=8), st.integers(-1, 12))
def test_as_of_a_day_later_steps_are_not_there_yet(wanted: list[Step], days: int) -> None:
    found = dispute()
    for each in wanted:
        after = moved(found, each)
        found = after if isinstance(after, Dispute) else found
    day = DAY + timedelta(days=days)
    before = replace(found, steps=tuple(each for each in found.steps if each.on <= day))
    assert state_of(found, day) == state_of(before)
    assert is_live(found, day) is (days >= 0 and state_of(before) in LIVE)


def test_every_state_can_be_reached_and_every_act_is_possible_somewhere() -> None:
    assert {to for moves in MOVES.values() for to in moves.values()} | {"open"} == set(get_args(State))
    assert {act for moves in MOVES.values() for act in moves} == set(ACTS)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ("", "open"),
        ("answer", "answered"),
        ("answer reply", "open"),
        ("reply", "open"),
        ("answer reply answer", "answered"),
        ("escalate", "escalated"),
        ("escalate reply answer", "escalated"),
        ("escalate resolve", "resolved"),
        ("answer withdraw", "withdrawn"),
        ("escalate escalate", None),
        ("resolve answer", None),
        ("withdraw resolve", None),
    ],
)
def test_where_a_dispute_stands(acts: str, state: str | None) -> None:
    found: Dispute | Problem = dispute()
    for act in acts.split():
        assert isinstance(found, Dispute)
        found = moved(found, step(act))  # type: ignore[arg-type]
    assert (state_of(found) if isinstance(found, Dispute) else None) == state


@pytest.mark.parametrize(
    ("result", "amount", "right"),
    [
        ("upheld", "595.00 EUR", True),
        ("upheld", "594.99 EUR", False),
        ("partly", "119.00 EUR", True),
        ("partly", "595.00 EUR", False),
        ("partly", "-1.00 EUR", False),
        ("partly", "0.001 EUR", False),
        ("partly", "119.00 USD", False),
        ("rejected", "1.00 EUR", False),
    ],
)
def test_what_is_given_up_fits_the_result(result: str, amount: str, right: bool) -> None:
    money = euro(amount.split(maxsplit=1)[0])
    wanted = step("resolve", result=result, amount=replace(money, currency=amount.split()[1]))
    found = moved(dispute(), wanted)
    assert isinstance(found, Dispute) is right
    assert right or (isinstance(found, Problem) and found.rule == "wrong-amount")


def test_what_is_not_possible_says_what_is() -> None:
    ended = moved(dispute(), step("withdraw"))
    assert isinstance(ended, Dispute)
    found = moved(ended, step("answer", 2))
    assert isinstance(found, Problem)
    assert found.message == "DS-INV-2026-0032-1 is withdrawn: it can't be answered any more"
    assert found.hint == "open a new one: git bill dispute open INV-2026-0032 --reason …"
    early = moved(dispute(), step("reply", -1))
    assert isinstance(early, Problem)
    assert early.hint == "name that day or a later one: --on 2026-11-20"


def test_a_file_with_steps_that_can_not_follow_is_told() -> None:
    wrong = dispute(steps=(step("withdraw"), step("answer", 2)))
    (problem,) = broken(wrong)
    assert (problem.rule, problem.at) == ("dispute-broken", ("steps", 1))
    assert state_of(wrong) == "withdrawn"
    assert ending(wrong, date(2026, 11, 20)) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('amount = "0.00 EUR"', "nothing is disputed"),
        ("lines = [1, 1]", "numbers of lines"),
        ('reason = "mood"', "reason"),
        ('[[steps]]\ndo = "resolve"\non = 2026-11-21\nby = "m"\nat = 2026-11-21T09:00:00+01:00', "has a result"),
        ('[[steps]]\ndo = "escalate"\non = 2026-11-21\nby = "m"\nat = 2026-11-21T09:00:00+01:00', "before whom"),
    ],
)
def test_a_wrong_file_is_told_with_its_line_and_an_example(text: str, message: str) -> None:
    whole = write(dispute())
    name = text.partition(" ")[0]
    kept = [line for line in whole.splitlines() if not line.startswith(f"{name} =")]
    found = read(Dispute, "\n".join([*kept, text]) + "\n", "billing/disputes/x.toml")
    assert found.value is None
    assert message in found.problems[0].message
    assert found.problems[0].line
    assert found.problems[0].hint


def test_the_manual_has_the_same_table() -> None:
    text = (Path(__file__).parents[3] / "docs" / "disputes.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    head = next(row for row in rows if row[0] == "it is")
    acts = [re.findall(r"`(\w+)`", cell)[0] for cell in head[1:]]
    begin = rows.index(head)
    told = {
        state.strip(): {act: to for act, to in zip(acts, row[1:], strict=True) if to}
        for row in rows[begin + 2 : begin + 2 + 4]
        for state in row[0].partition(":")[0].split(",")
    }
    assert told == MOVES
