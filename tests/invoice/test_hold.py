"""What holds a draft until somebody answers, and whose amounts it has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.flows.shelf import draft

from git_bill.invoice.hold import Remark, Version, holds, proposed_by
from git_bill.money import Money

SAID = {
    "S": ("mira", "signer"),
    "C": ("alice", "client"),
    "D": ("bob", "client"),
    "W": ("jonas", "contributor"),
    "O": ("bot", "ours"),
    "X": ("eve", "stranger"),
}
KINDS = {"?": ("comment", "what is this?"), "/": ("comment", "/bill drop 1 because no"), "+": ("approved", ""),
         "-": ("changes-requested", "no"), "0": ("dismissed", ""), "_": ("comment", " "),
         "!": ("comment", "/bill drop 1 because no"), "h": ("comment", "/bill help"),
         "w": ("comment", "/bill hold because no"), "r": ("comment", "/bill release"), "x": ("dismissed", "too much"),
         "q": ("comment", "what is this?"), "e": ("comment", "/bill help"),
         "E": ("comment", "/bill release")}  # fmt: skip


def remarks(talk: str) -> list[Remark]:
    """`C? S?`: the client asks, a signer says something. `e` and `E` were edited."""
    found = []
    for minute, word in enumerate(talk.split()):
        who, what = word[0], word[1]
        (account, voice), (kind, text) = SAID[who], KINDS[what]
        at = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=minute)
        done, edited = what in "!q", what in "eE"
        found.append(Remark(account=account, voice=voice, kind=kind, text=text, at=at, done=done, edited=edited))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("talk", "waiting"),
    [
        ("", []),
        ("C?", ["alice"]),
        ("C? D?", ["alice", "bob"]),
        ("C? S?", []),
        ("C? S? C?", ["alice"]),
        ("C? W?", ["alice"]),
        ("C? X?", ["alice"]),
        ("C? O?", ["alice"]),
        ("C? C+", []),
        ("C? D+", ["alice"]),
        ("C/", ["alice"]),
        ("C/ O?", ["alice"]),  # our replies decide nothing
        ("C!", []),  # the draft says that it was carried out
        ("Cq", ["alice"]),  # a draft can't say that a question was carried out
        ("Ch", []),
        ("Ww", ["jonas"]),
        ("Sw W?", ["mira"]),
        ("Sw Wr", ["mira"]),
        ("Sw Sr", []),
        ("C_", []),
        ("X?", []),
        ("W?", []),
        ("C-", ["alice"]),
        ("S-", ["mira"]),
        ("W-", ["jonas"]),
        ("X-", []),
        ("C- S?", ["alice"]),
        ("C- S+", ["alice"]),
        ("C- C+", []),
        ("C- C0", []),
        ("Cx", ["alice"]),  # whoever dismissed it, nobody has answered
        ("Cx S?", []),
        ("Cx C+", []),
        ("Wx", ["jonas"]),
        ("Sx", ["mira"]),
        ("Xx", []),
        ("Ce", ["alice"]),  # somebody made a question a command that asks nothing
        ("Sw SE", ["mira"]),
        ("C- C?", ["alice", "alice"]),
        ("C+ C-", ["alice"]),
    ],
)
def test_who_has_to_be_answered(talk: str, waiting: list[str]) -> None:
    assert [hold.by for hold in holds(draft(), remarks(talk))] == waiting


def test_its_own_hold_and_its_words() -> None:
    (hold,) = holds(draft(hold="order number\nis missing"), ())
    assert str(hold) == "it is on hold: order number is missing"
    assert str(holds(draft(), remarks("C-"))[0]) == "alice asked for changes: no"


def test_what_the_client_proposed_waits_for_an_answer() -> None:
    (hold,) = holds(draft(proposed=("17",)), ())
    assert "/bill accept" in str(hold)


def versions(letters: str) -> list[Version]:
    """`a` and `b` are amounts by a contributor, `A` and `B` the same by somebody else."""
    found = []
    for letter in letters:
        (line,) = draft().lines
        price = Money.parse("95.00 EUR" if letter.lower() == "a" else "9.00 EUR")
        made = draft(lines=(replace(line, unit_price=price),), note=letter)
        found.append(Version(draft=made, author="eve", trusted=letter.islower()))
    return found


@pytest.mark.parametrize(
    ("letters", "proposed"),
    [("", None), ("a", None), ("aB", "eve"), ("aBb", "eve"), ("aBa", None), ("aA", None), ("A", "eve"), ("aBA", "eve")],
)
def test_amounts_are_those_of_who_set_them_last(letters: str, proposed: str | None) -> None:
    assert proposed_by(versions(letters)) == proposed
