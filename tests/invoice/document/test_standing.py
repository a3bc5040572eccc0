"""Where a draft stands, in the comment below its pull request and in statuses of one line."""

from typing import Any

import pytest

from git_bill.custody.signoff import Assent
from git_bill.invoice.document.standing import Standing, check_status, sign_off_status, standing_text
from git_bill.invoice.hold import PROPOSED, Hold
from git_bill.problem import Problem

NAMES = {"mira": "Mira Kovac", "jonas": "Jonas Weber"}
WRONG = Problem(rule="billed-before", message="line 1 was billed with INV-2026-0031", hint="draft it again")
CLIENT = Hold(kind="client", by="Acme GmbH", text="")


def standing(**facts: Any) -> Standing:
    return Standing(names=NAMES, **facts)


@pytest.mark.parametrize(
    ("facts", "headline"),
    [
        ({}, "Ready: merging it issues the invoice."),
        ({"merged": True}, "Merged: it is issued by the next run."),
        ({"problems": (WRONG,)}, "It can't be issued as it is: something must be mended first."),
        ({"holds": (Hold(kind="draft", text="wait"),)}, "On hold: it is not issued before this is answered."),
        ({"holds": (CLIENT,)}, "It waits for the client: it is not issued before this is answered."),
        ({"many": 1, "missing": 1, "may": ("mira",)}, "Ready: merging it issues the invoice."),
        ({"many": 2, "missing": 2, "may": ("mira", "jonas")}, "It needs 2 sign-offs."),
        ({"many": 1, "missing": 1, "merged": True, "may": ("mira",)}, "Merged, but it waits for a sign-off."),
    ],
)
def test_it_begins_with_what_comes_next(facts: dict[str, Any], headline: str) -> None:
    assert standing_text(standing(**facts)).startswith(f"**{headline}**\n")


@pytest.mark.parametrize(
    ("hold", "told"),
    [
        (
            Hold(kind="draft", text="no order"),
            "- On hold: no order  \n  The owner or an approver lets it go on with `/bill",
        ),
        (Hold(kind="draft", text=""), "- On hold: no reason was given  \n"),
        (Hold(kind="draft", text=PROPOSED), f"- On hold: {PROPOSED}  \n  The owner or an approver answers it below."),
        (Hold(kind="comment", by="anna", text="Why?"), "- On hold: anna said something that nobody answered: Why?  \n"),
        (CLIENT, "- On hold: Acme GmbH has not approved it yet  \n  It goes on when the client has approved"),
    ],
)
def test_each_hold_says_why_and_how_it_goes_on(hold: Hold, told: str) -> None:
    text = standing_text(standing(holds=(hold,)))
    assert told in text
    assert "it is on hold" not in text


@pytest.mark.parametrize(
    ("missing", "may", "told"),
    [
        (
            1,
            ("mira", "jonas"),
            "1 sign-off missing (a limit). Mira Kovac or Jonas Weber may give it by merging, approving",
        ),
        (2, ("mira", "jonas"), "2 sign-offs missing (a limit). Mira Kovac and Jonas Weber may give them by approving"),
        (1, (), "1 sign-off missing (a limit). Nobody who is listed may give it."),
    ],
)
def test_what_is_missing_says_who_may_give_it_how(missing: int, may: tuple[str, ...], told: str) -> None:
    assert told in standing_text(standing(many=missing, missing=missing, why=("a limit",), may=may))


def test_what_was_given_is_told() -> None:
    given = (Assent(by="mira", how="record"),)
    text = standing_text(standing(many=1, given=given, why=("a limit",)))
    assert "- Sign-off: given by Mira Kovac (by approving). That is enough (a limit)." in text


def test_commands_are_folded_and_gone_after_the_merge() -> None:
    assert "<details><summary>What you can write in a comment</summary>" in standing_text(standing())
    assert "/bill" not in standing_text(standing(merged=True))


def test_statuses_are_one_plain_line() -> None:
    assert check_status(standing()) == ("success", "nothing is wrong")
    assert check_status(standing(problems=(WRONG,))) == ("failure", f"1 problem: {WRONG.message}")
    assert sign_off_status(standing()) == ("success", "none is needed")
    assert sign_off_status(standing(holds=(Hold(kind="draft", text="no\norder\u202e"),))) == (
        "failure",
        "on hold: no order",
    )
    assert sign_off_status(standing(holds=(CLIENT,))) == ("pending", "on hold: Acme GmbH has not approved it yet")
    assert len(check_status(standing(problems=(Problem(rule="a", message="x" * 999),)))[1]) <= 140
