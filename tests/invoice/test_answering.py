"""By whose word a comment changes a draft: laws over any comment, any history and any account."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flows.shelf import draft

from git_bill.invoice.answering import Said, Seen, Standing, approved_blob, rule, seen_by
from git_bill.invoice.command import EXAMPLES, commands
from git_bill.invoice.draft import Draft
from git_bill.problem import Problem

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ONE = draft().lines[0]
DRAFT = draft(
    lines=tuple(
        replace(ONE, description=f"Line {n}", quantity=Decimal(2), entries={f"W-{n}": 120}) for n in range(1, 5)
    )
)


def version(minutes: int, blob: str, made: Draft | None = DRAFT) -> Seen:
    """A version that was committed so many minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    return Seen(at=at, said=at, blob=blob, draft=made)


def said(text: str, standing: Standing = "signer", minutes: int = 30) -> Said:
    """A comment so many minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    return Said(ref="7", by="anna", standing=standing, at=at, commands=commands(text))


COMMANDS = st.lists(
    st.sampled_from([example.replace(" 3", f" {n}") for example in EXAMPLES.values() for n in range(7)]), max_size=5
).map("\n".join)


@given(text=COMMANDS, standing=st.sampled_from(get_args(Standing)), minutes=st.integers(-60, 120))
def test_only_a_signer_changes_amounts_and_only_listed_people_change_anything(
    text: str, standing: Standing, minutes: int
) -> None:
    smaller = replace(DRAFT, lines=DRAFT.lines[1:], hold="wait", proposed=("3",))
    found = rule(said(text, standing, minutes), [version(0, "a"), version(20, "b", smaller)], smaller)
    assert len(found.answers) >= len(commands(text))
    after = found.draft or smaller
    if standing != "signer":
        assert after.lines == smaller.lines
        assert after.not_billed == smaller.not_billed
        assert set(after.proposed) >= {"3"}
        assert after.hold is not None
    if standing == "stranger":
        assert found.draft is None
    if standing not in {"signer", "client"}:
        assert not found.approves
    assert (found.draft is None) == (after.answered == smaller.answered)


@pytest.mark.parametrize(
    ("minutes", "seen"),
    [(-1, []), (0, ["a"]), (19, ["a"]), (20, ["a", "b"]), (21, ["b"]), (99, ["b"])],
)
def test_what_somebody_saw(minutes: int, seen: list[str]) -> None:
    history = [version(0, "a"), version(20, "b")]
    found = seen_by(history, NOON + timedelta(minutes=minutes))
    assert [one.blob for one in found] == seen
    assert approved_blob(history, NOON + timedelta(minutes=minutes)) == (seen[0] if len(seen) == 1 else None)


@pytest.mark.parametrize(
    ("minutes", "approves"), [(-5, False), (10, False), (20, False), (30, True), (45, False), (70, True)]
)
def test_approval_is_for_what_is_there_now_and_was_seen(minutes: int, approves: bool) -> None:
    history = [version(0, "a"), version(20, "b"), version(40, "c"), version(60, "b")]
    found = rule(said("/bill approve", minutes=minutes), history, DRAFT)
    assert found.approves == approves
    assert isinstance(found.answers[0], Problem) != approves


def test_a_version_that_can_not_be_read_is_no_place_for_numbers() -> None:
    found = rule(said("/bill drop 1 because a", minutes=10), [version(0, "a", None), version(20, "b")], DRAFT)
    (answer,) = found.answers
    assert isinstance(answer, Problem)
    assert answer.rule == "rewritten"
