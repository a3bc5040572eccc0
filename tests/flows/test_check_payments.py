"""Payments to confirm are checked before anybody merges them."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.flows.till import Bureau, bureau, paper, row
from tests.repositories import live_in, run
from tests.twins.forge import MemoryForge

from git_bill.effects import PostStatus
from git_bill.flows.check_payments import payment_problems, proposal_problems, say_of_proposal
from git_bill.flows.proposals import propose_write_off
from git_bill.layout import payments_file, proposal_file
from git_bill.money import Money
from git_bill.problem import Problem, Stop
from git_bill.receivable.payment import WriteOff

NAME = "2026-12-10"
FILE = proposal_file(NAME)


@pytest.fixture
def mira(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """A branch that asks whether 100.00 EUR are for an invoice over 226.10 EUR."""
    live_in(environment, monkeypatch)
    made = bureau(tmp_path / "books", "2", "4")
    made.forge = MemoryForge(head=lambda branch: "0" * 40)
    made.reconcile(paper(row("INV-2026-0032", "100,00")))
    return made


def changed(mira: Bureau, old: str, new: str, path: str = FILE) -> None:
    """Somebody changes a file on the branch."""
    top = mira.shelf.top
    run(top, "switch", "-q", f"pay/{NAME}")
    text = (top / path).read_text() if (top / path).exists() else ""
    assert old in text
    (top / path).write_text(text.replace(old, new, 1) if old else text + new)
    run(top, "add", path)
    run(top, "commit", "-qm", "Change it")
    run(top, "switch", "-q", "main")


def found(mira: Bureau) -> list[Problem]:
    return list(proposal_problems(mira.books, NAME))


def test_what_was_proposed_can_be_confirmed(mira: Bureau) -> None:
    assert found(mira) == []
    assert list(payment_problems(mira.books, mira.books.here())) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ('INV-2026-0032 = "100.00 EUR"', 'INV-2026-0032 = "900.00 EUR"', "over-paid", 3),
        ('INV-2026-0032 = "100.00 EUR"', 'INV-2026-0033 = "452.20 EUR"', "too-much-settled", 3),
        ('INV-2026-0032 = "100.00 EUR"', 'INV-2026-9999 = "100.00 EUR"', "unknown-number", 3),
        ('{ INV-2026-0032 = "100.00 EUR" }', "{}", "no-invoice", 3),
        ('money = "100.00', 'money = "999.00', "not-as-booked", 3),
        ('remittance = "R-', 'remittance = "X-', "wrong-value", 4),
        ("take = true", "take = maybe", "broken-toml", 6),
        ("because", "becuase", "unknown-key", 10),
    ],
)
def test_what_could_not_be_recorded_is_told_with_its_line(
    mira: Bureau, old: str, new: str, rule: str, line: int
) -> None:
    changed(mira, old, new)
    assert [(each.rule, each.file, each.line, each.severity) for each in found(mira)] == [(rule, FILE, line, "error")]


def test_a_remittance_that_nobody_recorded(mira: Bureau) -> None:
    [known] = mira.paid.remittances
    changed(mira, known, "R-aaaaaaaaaaaa")
    assert [each.rule for each in found(mira)] == ["unknown-remittance"]


def test_what_is_decided_meanwhile(mira: Bureau) -> None:
    [known] = mira.paid.remittances
    asked = mira.reconcile(again=True).proposed
    assert [each.remittance for each in asked] == [known]
    run(mira.shelf.top, "merge", "-q", "--no-ff", "-m", "Merge", f"pay/{NAME}")
    run(mira.shelf.top, "branch", "copy", f"pay/{NAME}")
    mira.reconcile()
    run(mira.shelf.top, "branch", f"pay/{NAME}", "copy")
    assert [each.rule for each in found(mira)] == ["decided"]


def test_anything_else_on_the_branch(mira: Bureau) -> None:
    changed(mira, "", "secret\n", "billing/clients/eve.toml")
    assert [(each.rule, "eve.toml" in each.message) for each in found(mira)] == [("more-than-a-proposal", True)]


def test_of_two_for_one_invoice_the_second_may_be_too_much(mira: Bureau) -> None:
    top = mira.shelf.top
    text = run(top, "show", f"pay/{NAME}:{FILE}") + "\n"
    again = text[text.index("[[matches]]") :]
    changed(mira, "", "\n" + again)
    assert [(each.rule, each.line) for each in found(mira)] == [("decided", text.count("\n") + 2)]


def test_a_loss_says_who_signs_it_off_by_merging(mira: Bureau) -> None:
    lost = WriteOff(
        id="O-aaaaaaaaaaaa",
        invoice="INV-2026-0033",
        amount=Money.parse("452.20 EUR"),
        as_="uncollectable",
        because="gone",
        on=mira.clock.day,
        by="mira",
        at=mira.clock.now(),
    )
    name, _, _ = mira.run(propose_write_off(mira.books, mira.clock, mira.forge, lost))
    [note] = proposal_problems(mira.books, name.removeprefix("pay/"))
    assert (note.rule, note.severity) == ("sign-off", "info")
    assert "by the word of mira" in note.message
    settings = mira.shelf.top / "billing" / "billing.toml"
    mira.shelf.put({"billing/billing.toml": settings.read_text() + '\n[guardrails]\nsign_off_above = "1.00 EUR"\n'})
    mira.reconcile(paper(row("INV-2026-0033", "452,20"), name="later.csv"))
    assert [each.rule for each in proposal_problems(mira.books, name.removeprefix("pay/"))] == ["nothing-open"]


def test_the_status_says_whether_it_can_be_confirmed(mira: Bureau) -> None:
    forge = mira.forge
    assert isinstance(forge, MemoryForge)
    for old, new, state in (("", "", "success"), ('"100.00 EUR" }', '"900.00 EUR" }', "failure")):
        if old:
            changed(mira, old, new)
        [branch] = mira.books.proposals()
        assert mira.run(say_of_proposal(mira.books, forge, NAME)) == ()
        status = forge.hosted.statuses[branch.commit, "git-bill/check"]
        assert isinstance(status, PostStatus)
        assert status.state == state


def test_a_branch_that_there_is_not(mira: Bureau) -> None:
    with pytest.raises(Stop, match="no branch pay/2026-12-11"):
        list(proposal_problems(mira.books, "2026-12-11"))


def test_payments_that_settle_more_than_came(mira: Bureau) -> None:
    mira.reconcile(paper(row("INV-2026-0033", "452,20"), name="b.csv"))
    path = payments_file("2026-11")
    text = (mira.shelf.top / path).read_text()
    mira.shelf.put({path: text.replace('settles = "452.20 EUR"', 'settles = "500.00 EUR"')})
    wrong = list(payment_problems(mira.books, mira.books.here()))
    assert (wrong[0].rule, "INV-2026-0033" in wrong[0].message) == ("over-allocated", True)
