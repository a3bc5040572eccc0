"""Payments against the ledger: what somebody wrote, changed or took out by hand is told with its line."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.flows.till import Bureau, bureau, paper, row
from tests.repositories import live_in, run

from git_bill.flows.audit import examine
from git_bill.flows.audit_payments import edited_payments, proposal_problems
from git_bill.flows.paid import Said, by_hand
from git_bill.flows.paid_back import undone, write_off
from git_bill.problem import Problem

FILE = "billing/payments/2026-11.toml"


@pytest.fixture
def mira(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Books with a match, a payment by hand that was taken back, and a write-off."""
    live_in(environment, monkeypatch)
    made = bureau(tmp_path / "books", "2", "4")
    made.reconcile(paper(row("Rechnung INV-2026-0032", "226,10")))
    said = Said(on=made.clock.day, because="x")
    [own] = made.say(lambda desk: by_hand(desk, ["INV-2026-0033"], said)).records.allocations
    made.say(lambda desk: undone(desk, [own.id], "wrong"))
    made.say(lambda desk: write_off(desk, "INV-2026-0033", None, "goodwill", said))
    return made


def found(mira: Bureau) -> list[Problem]:
    """Of payments, as `ledger verify` tells."""
    return [each for each in examine(mira.books).problems if each.rule.startswith(("payment", "over-"))]


def edit(mira: Bureau, change: Callable[[str], str], file: str = FILE) -> str:
    """By hand, and committed."""
    text = (mira.shelf.top / file).read_text()
    assert change(text) != text
    mira.shelf.put({file: change(text)})
    return change(text)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_what_commands_record_is_in_order(mira: Bureau) -> None:
    audited = examine(mira.books)
    assert [each.what for each in audited.checks][-1] == "payments are what was recorded: 4 decisions"
    assert found(mira) == []


def test_an_amount_that_was_changed_is_told_with_what_it_was(mira: Bureau) -> None:
    text = edit(mira, lambda text: text.replace('settles = "226.10 EUR"', 'settles = "126.10 EUR"'))
    [wrong] = found(mira)
    assert (wrong.rule, wrong.file) == ("payment-changed", FILE)
    assert wrong.line == line_of(text, "[[allocations]]")
    assert "settles = 126.10 EUR; recorded was 226.10 EUR" in wrong.message
    assert 'settles = "226.10 EUR"' in (wrong.hint or "")


def test_what_was_written_by_hand_is_told_with_the_command(mira: Bureau) -> None:
    def own(text: str) -> str:
        block = text[text.index("[[allocations]]") :]
        return f"{text}\n{re.sub(r'A-[a-z2-7]{12}', 'A-zzzzzzzzzzzz', block)}"

    text = edit(mira, own)
    rules = {each.rule: each for each in found(mira)}
    assert set(rules) == {"payment-not-recorded", "over-allocated"}
    assert rules["payment-not-recorded"].line == text[: text.rindex("[[allocations]]")].count("\n") + 1
    assert "git bill paid INV-…" in (rules["payment-not-recorded"].hint or "")


def test_what_was_taken_out_is_told(mira: Bureau) -> None:
    edit(mira, lambda text: text[: text.index("[[allocations]]")])
    assert [each.rule for each in found(mira)] == ["payment-gone"]
    [wrong] = found(mira)
    assert (wrong.file, wrong.line is not None) == ("billing/ledger/2026.jsonl", True)


def test_an_undo_that_was_taken_out_is_told(mira: Bureau) -> None:
    edit(mira, lambda text: text[: text.index("[[undone]]")], "billing/payments/2026-12.toml")
    assert "payment-gone" in {each.rule for each in found(mira)}


def test_the_same_twice_is_told(mira: Bureau) -> None:
    edit(mira, lambda text: text + "\n" + text[text.index("[[allocations]]") :])
    assert [each.rule for each in found(mira)][:2] == ["payment-twice", "over-allocated"]


def test_an_edit_that_is_not_committed_is_told_with_its_line(mira: Bureau) -> None:
    path, records = mira.shelf.top / FILE, examine(mira.books).records
    text = path.read_text()
    path.write_text(text.replace('settles = "226.10 EUR"', 'settles = "1.00 EUR"'))
    [wrong] = edited_payments(mira.books.here(), records)
    assert (wrong.rule, wrong.line) == ("payment-changed", line_of(text, "[[allocations]]"))
    path.write_text("schema = 1\nallocation = 1\n")
    assert [(each.file, each.line) for each in edited_payments(mira.books.here(), records)] == [(FILE, 2)]
    path.unlink()  # perhaps only not fetched yet
    assert list(edited_payments(mira.books.here(), records)) == []


def test_a_proposal_that_cant_be_read_is_told(mira: Bureau) -> None:
    wrong = "schema = 1\nmatch = []\n"
    mira.shelf.put({"billing/proposals/2026-12-10.toml": wrong})
    run(mira.shelf.top, "switch", "-qc", "pay/other")
    mira.shelf.put({"billing/proposals/other.toml": wrong})
    run(mira.shelf.top, "switch", "-q", "main")
    tip = mira.books.tip()
    assert tip is not None
    told = list(proposal_problems(mira.books, mira.books.at(tip)))
    assert [(each.file, each.line) for each in told] == [
        ("billing/proposals/2026-12-10.toml", 2),
        ("billing/proposals/other.toml", 2),
    ]
    assert told[1].message.startswith("on pay/other: ")
