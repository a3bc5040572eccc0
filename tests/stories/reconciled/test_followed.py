"""Money that came is followed: receipts, thanks, what explains it, what waits, and a hand in the files that is told."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from tests.flows.shelf import CLIENT, invoice, line, shelf
from tests.stories.freelancer import Freelancer, Ran
from tests.stories.reconciled.conftest import SHEET, TODAY
from tests.stories.reconciled.paper import booking, statement

from git_bill.adapters.pdf import text
from git_bill.custody.ledger import short

FIRST, SECOND = "INV-2026-0032", "INV-2026-0033"
TO = "ap@acme.example"
_MADE: list[Path] = []


@pytest.fixture
def known(
    tmp_path_factory: pytest.TempPathFactory,
    issued: Path,  # git knows Mira
    tmp_path: Path,
    git_bill: Callable[..., Ran],
    git: Callable[..., str],
) -> Freelancer:
    """Two open invoices of a client who has an address."""
    if not _MADE:
        made = shelf(tmp_path_factory.mktemp("till") / "books")
        for at, number in enumerate((FIRST, SECOND)):
            billed = line("2", entries={f"W-{'ab'[at] * 12}": 60})
            document = invoice(number, billed, head=short(made.head))
            made.freeze(replace(document, client=replace(CLIENT, email=TO)), timesheet=SHEET)
        _MADE.append(made.top)
    books = tmp_path / "known"
    shutil.copytree(_MADE[0], books, symlinks=True)
    settings = {"user.name": "Mira Kovac", "user.email": "mira@example.net", "bill.outbox": str(tmp_path / "outbox")}
    for name, value in settings.items():
        git(books, "config", name, value)
    return Freelancer(folder=tmp_path, shop=tmp_path / "none", books=books, run=git_bill, git=git, env=TODAY)


def mails(mira: Freelancer) -> list[str]:
    """Subjects of what lies in the outbox."""
    files = sorted((mira.folder / "outbox").glob("*.eml"))
    return [str(message_from_bytes(each.read_bytes(), policy=policy.default)["Subject"]) for each in files]


def test_a_receipt_says_what_the_books_have(mira: Freelancer) -> None:
    refused = mira.json("render", FIRST, "--as", "receipt", code=1)["problems"][0]
    assert refused["rule"] == "nothing-paid"
    assert f"git bill paid {FIRST}" in refused["hint"]
    assert mira.json("render", FIRST, "--as", "receipt", "--paid", "2026-11-20", "-o", "said.pdf")["file"]
    mira.json("paid", FIRST, "--amount", "100.00 EUR", "--date", "2026-11-18", "--method", "bar")
    mira.json("paid", FIRST, "--date", "2026-11-20", "--method", "Scheck", "--amount", "26.10 EUR")
    twice = mira.json("render", FIRST, "--as", "receipt", "--paid", "2026-11-20", code=1)["problems"][0]
    assert twice["rule"] == "paid-is-booked"
    made = mira.json("render", FIRST, "--as", "receipt")["file"]
    told = " ".join(text((mira.books / made).read_bytes()).split())
    assert "Bezahlt am 18. November 2026, bar" in told
    assert "Bezahlt am 20. November 2026, Scheck" in told
    assert "Noch offen: 100,00 EUR." in told
    assert mira.json("render", FIRST, "--paid", "2026-11-20", code=2)["problems"][0]["rule"] == "usage"


def test_who_has_no_address_gets_no_mail_and_it_is_told(mira: Freelancer) -> None:
    found = mira.json("paid", FIRST, "--thank")
    assert found["thanked"] == []
    assert found["unthanked"] == [{"invoice": FIRST, "because": "Acme GmbH has no address"}]
    assert "thanked" not in mira.json("paid", SECOND)


def test_thanks_go_out_once(known: Freelancer) -> None:
    paper = statement(known, booking("226.10", f"Rechnung {FIRST}"))
    shown = known.bill("reconcile", str(paper), "--thank", "--dry-run")
    assert f"mail a receipt with thanks for {FIRST}" in shown.stdout
    assert mails(known) == []
    found = known.json("reconcile", str(paper), "--thank")
    assert [(each["number"], each["to"], each["state"]) for each in found["thanked"]] == [(FIRST, TO, "sent")]
    assert known.json("reconcile", str(paper), "--thank")["thanked"] == []
    assert mails(known) == [f"Vielen Dank: Rechnung {FIRST} ist bezahlt"]
    assert known.json("ledger", "verify")["ok"]


def test_the_settings_may_want_thanks(known: Freelancer) -> None:
    path = known.books / "billing" / "billing.toml"
    path.write_text(path.read_text() + "\n[mail]\nthank = true\n")
    assert "thanked" not in known.json("paid", FIRST, "--no-thank")
    assert [each["number"] for each in known.json("paid", SECOND)["thanked"]] == [SECOND]
    assert len(mails(known)) == 1


def test_what_explains_a_payment(mira: Freelancer) -> None:
    [matched] = mira.json("reconcile", str(statement(mira, booking("226.10", f"Rechnung {FIRST}"))))["matched"]
    shown = mira.json("show", FIRST)
    assert (shown["paid"], shown["open"]) == ("226.10 EUR", "0.00 EUR")
    assert "226.10 EUR paid, the last on 2026-11-20; nothing is open" in mira.bill("show", FIRST).stdout
    for word in (FIRST, matched["remittance"], matched["allocation"], matched["allocation"][:5]):
        told = mira.bill("explain", word, "--depth", "9").stdout
        assert "matched by itself on 2026-12-10, probability " in told
        assert f"names {FIRST}" in told
    assert mira.json("explain", "R-zzzzzzzzzzzz", code=1)["problems"][0]["rule"] == "unknown-subject"


def test_status_says_what_waits(mira: Freelancer) -> None:
    mira.json("reconcile", str(statement(mira, booking("100.00", f"Teil {FIRST}"))))
    found = mira.json("status")
    [undecided] = found["undecided"]
    assert found["next"] == {"command": "git bill reconcile", "why": "a payment came that nobody has decided on"}
    assert undecided["remittance"] in mira.bill("status").stdout
    name = undecided["remittance"]
    mira.json("reconcile", "--reject", name, "--because", "it is from a shop")
    assert f'not for {FIRST}, as mira said on 2026-12-10, "it is from a shop"' in mira.bill("explain", name).stdout
    assert mira.json("ledger", "verify")["ok"]
    mira.json("write-off", SECOND, "--propose", "--because", "gone")
    found = mira.json("status")
    [proposal] = found["proposals"]
    assert proposal["asks"] == 1
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Merge", proposal["branch"])
    found = mira.json("status")
    assert (found["proposals"], len(found["merged"])) == ([], 1)
    assert found["next"] == {"command": "git bill reconcile", "why": "book what was merged"}
    mira.json("reconcile")
    assert mira.json("status")["merged"] == []


def test_a_hand_in_the_files_is_told_with_its_line(mira: Freelancer) -> None:
    mira.json("reconcile", str(statement(mira, booking("226.10", f"Rechnung {FIRST}"))))
    path = mira.books / "billing" / "payments" / "2026-11.toml"
    text_before = path.read_text()
    path.write_text(text_before.replace('settles = "226.10 EUR"', 'settles = "200.00 EUR"'))
    at = text_before[: text_before.index("[[allocations]]")].count("\n") + 1
    [wrong] = [each for each in mira.json("check", code=1)["problems"] if each["rule"] == "payment-changed"]
    assert (wrong["file"], wrong["line"]) == ("billing/payments/2026-11.toml", at)
    assert 'settles = "226.10 EUR"' in wrong["hint"]
    mira.git(mira.books, "commit", "-qam", "by hand")
    told = mira.json("ledger", "verify", code=1)["problems"]
    assert [each["rule"] for each in told] == ["payment-changed"]
