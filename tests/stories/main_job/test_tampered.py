"""What an attacker or a vandal does to the books is found before a number is given."""

from collections.abc import Callable

import pytest
from tests.stories.freelancer import Freelancer


def issued_once(mira: Freelancer) -> str:
    """One invoice is issued and another draft is merged; the folder of the invoice."""
    folder = str(mira.json("issue", mira.draft()["draft"])["directory"])
    mira.json("add", "45m", "Call about the price", "-c", "acme", "--on", "2026-10-20")
    name = mira.draft()["draft"]
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", f"bill/{name}")
    return folder


def ledger_gone(mira: Freelancer, folder: str) -> None:
    mira.git(mira.books, "rm", "-rq", "billing/ledger")


def ledger_cut(mira: Freelancer, folder: str) -> None:
    path = mira.books / "billing" / "ledger" / "2026.jsonl"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def invoice_edited(mira: Freelancer, folder: str) -> None:
    path = mira.books / folder / "invoice.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"MIN"', '"HUR"') + "# edited\n", encoding="utf-8")


def pdf_replaced(mira: Freelancer, folder: str) -> None:
    (mira.books / folder / "invoice.pdf").write_bytes(b"%PDF-1.7 another")


@pytest.mark.parametrize("attack", [ledger_gone, ledger_cut, invoice_edited, pdf_replaced])
def test_nothing_is_issued_on_books_that_were_changed(
    mira: Freelancer, attack: Callable[[Freelancer, str], None]
) -> None:
    folder = issued_once(mira)
    attack(mira, folder)
    mira.git(mira.books, "commit", "-qam", "Tidy up")
    found = mira.json("issue", code=1)
    assert found.get("issued", []) == []
    assert found["problems"]
    assert mira.bill("check").returncode == 1


def test_a_branch_that_was_set_back_behind_an_invoice_issues_nothing(mira: Freelancer) -> None:
    """Else the same draft would be billed a second time under another number: the tag still knows the first."""
    name = mira.draft()["draft"]
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", f"bill/{name}")
    merged = mira.git(mira.books, "rev-parse", "HEAD")
    mira.json("issue")
    mira.git(mira.books, "reset", "-q", "--hard", merged)
    found = mira.json("issue", code=1)
    assert "ledger-not-anchored" in {p["rule"] for p in found["problems"]}


def new_account(mira: Freelancer, name: str) -> None:
    """On the draft's branch somebody writes another account into the settings too."""
    mira.git(mira.books, "switch", "-q", f"bill/{name}")
    settings = mira.books / "billing" / "billing.toml"
    text = settings.read_text(encoding="utf-8").replace("DE02120300000000202051", "DE89370400440532013000")
    settings.write_text(text, encoding="utf-8")
    mira.git(mira.books, "commit", "-qam", "Small things")
    mira.git(mira.books, "switch", "-q", "main")


def test_a_new_account_does_not_ride_on_an_approval(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    new_account(mira, name)
    assert "more-than-a-draft" in {p["rule"] for p in mira.json("check", name, code=1)["problems"]}
    mira.git(mira.books, "merge", "-q", "--squash", f"bill/{name}")
    mira.git(mira.books, "commit", "-qm", "Approve")
    found = mira.json("issue", code=7)
    errors = [p["rule"] for p in found["refused"][0]["problems"] if p["severity"] == "error"]
    assert errors[:1] == ["came-along"]
    mira.json("approve", name)  # of the draft; the account is a word of its own
    assert {p["rule"] for p in mira.json("issue", code=7)["problems"] if p["severity"] == "error"} == {"payee-changed"}
    mira.json("approve", "settings")
    assert mira.json("issue")["number"] == "INV-2026-0001"


def test_keeping_books_is_no_work(mira: Freelancer) -> None:
    mira.json("source", "add", str(mira.books), "--client", "acme", "--project", "books", "--since", "2026-10-01")
    mira.draft()
    mira.json("collect")
    assert "Record the books" not in {entry["text"] for entry in mira.json("log")["entries"]}
