"""`status`, `show`, `explain`, `ledger`, `verify` and `doctor` as a person types them, before and after an invoice."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.mirasbooks import Books, Ran, books

_ISSUED: dict[str, Path] = {}


@pytest.fixture
def mira(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    clone: Path,
    git_bill: Callable[..., Ran],
    git: Callable[..., str],
) -> Books:
    """Collected and nothing else."""
    return books(tmp_path, tmp_path_factory.mktemp("shelf"), clone, git_bill, git)


@pytest.fixture
def issued(mira: Books, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Books:
    """October of Acme is issued, its contract shows evidence."""
    if "books" not in _ISSUED:
        made = Books(tmp_path_factory.mktemp("issued") / "books", mira.program)
        shutil.copytree(mira.top, made.top, symlinks=True)
        acme = made.top / "billing/clients/acme.toml"
        shown = 'currency = "EUR"\nshow = ["hours", "evidence"]'
        acme.write_text(acme.read_text().replace('currency = "EUR"', shown, 1))
        made.bill("confirm", "--period", "2026-10", "--yes")
        made.bill("draft", "--client", "acme", "--period", "2026-10")
        made.bill("issue", "acme-2026-10", "--yes")
        _ISSUED["books"] = made.top
    shutil.copytree(_ISSUED["books"], tmp_path / "issued", symlinks=True)
    return Books(tmp_path / "issued", mira.program)


def tried(books: Books, *args: str, cwd: Path | None = None) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON object, whatever it says."""
    ran = books.program(*args, "--json", cwd=cwd or books.top)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return ran.returncode, answer


def rules(answer: dict[str, Any]) -> list[str]:
    return [problem["rule"] for problem in answer["problems"]]


def test_what_may_be_claimed_for_being_paid_late(issued: Books) -> None:
    day = ("--today", "2026-12-22")
    [owed] = issued.json("status", *day)["receivables"]
    interest, cost = owed["late_interest"], owed["compensation"]
    assert (owed["late_rate"], cost) == ("10.52", "40.00 EUR")
    said = f"For that you may claim {interest} of late interest and {cost} for recovery costs beside it"
    assert f"{said}: git bill explain {owed['invoice']}" in issued.bill("status", *day).stdout
    told = issued.bill("explain", owed["invoice"], *day).stdout
    assert f"20 days late: you may claim interest of {interest} and {cost}" in " ".join(told.replace("│", " ").split())
    assert "Basiszinssatz (§ 247 BGB) for the half-year from 2026-07-01" in " ".join(told.replace("│", " ").split())
    assert "may claim" not in issued.bill("status").stdout


def test_status_before_and_after(mira: Books, issued: Books) -> None:
    before, after = mira.json("status"), issued.json("status")
    [acme] = before["clients"]
    assert acme["minutes"] == sum(entry["minutes"] for entry in mira.entries())
    assert [net.rpartition(" ")[2] for net in acme["net"]] == ["EUR"]
    assert before["receivables"] == []
    assert before["next"]["command"] == "git bill confirm"
    assert after["clients"] == []
    [owed] = after["receivables"]
    assert (owed["invoice"], owed["due"], owed["days_late"]) == ("INV-2026-0001", "2026-12-02", 0)
    late = issued.json("status", "--today", "2026-12-12")["receivables"][0]
    assert late["days_late"] == 10


def test_bare_git_bill_is_the_status(mira: Books) -> None:
    assert mira.bill().stdout == mira.bill("status").stdout
    assert "git bill confirm" in mira.bill().stdout


def test_status_where_nothing_is_set_up(mira: Books, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for words in ((), ("status",)):
        ran = mira.program(*words, cwd=empty)
        assert ran.returncode == 0
        assert ran.stdout.splitlines()[0] == "Nothing is set up here yet."
        assert "git bill estimate" in ran.stdout
        assert "git bill init" in ran.stdout


def test_show_a_draft_in_a_pipe_is_markdown(mira: Books) -> None:
    mira.bill("draft", "--client", "acme", "--period", "2026-10")
    text = mira.bill("show", "acme-2026-10").stdout
    assert text.startswith("**Acme GmbH pays ")
    assert mira.json("show", "acme-2026-10")["review"].rstrip() == text.rstrip()
    assert mira.json("show")["drafts"] == mira.json("show", "--open")["drafts"]
    [listed] = mira.json("show", "--open")["drafts"]
    assert (listed["draft"], listed["branch"], listed["state"]) == ("acme-2026-10", "bill/acme-2026-10", "open")


def test_show_writes_a_preview_and_what_was_issued(mira: Books, issued: Books, tmp_path: Path) -> None:
    mira.bill("draft", "--client", "acme", "--period", "2026-10")
    mira.bill("show", "acme-2026-10", "--pdf", "../preview.pdf")
    assert (tmp_path / "preview.pdf").read_bytes().startswith(b"%PDF")
    issued.bill("show", "INV-2026-0001", "--pdf", "../copy.pdf")
    frozen = issued.top / "billing/invoices/2026/INV-2026-0001/invoice.pdf"
    assert (tmp_path / "copy.pdf").read_bytes() == frozen.read_bytes()
    issued.bill("show", "INV-2026-0001", "--pdf", "../unwritten.pdf", "--dry-run")
    assert not (tmp_path / "unwritten.pdf").exists()
    code, answer = tried(issued, "show", "INV-2026-0001", "--pdf", str(frozen.with_name("timesheet.csv")))
    assert (code, rules(answer)) == (2, ["exists"]), "what is issued never changes"
    code, answer = tried(mira, "show", "acme-2026-10", "--pdf", "nowhere/x.pdf")
    assert (code, rules(answer)) == (2, ["not-written"])


def test_show_an_invoice_and_an_entry(issued: Books) -> None:
    answer = issued.json("show", "INV-2026-0001")
    assert answer["draft"] == "acme-2026-10"
    assert answer["payable"] == issued.json("status")["receivables"][0]["open"]
    entry = answer["lines"][0]["entries"][0]
    assert issued.json("show", entry[:8])["invoice"] == "INV-2026-0001"


def below(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node
        yield from below(node["because"])


def test_explain_from_cents_to_commits(issued: Books) -> None:
    whole = issued.json("explain", "INV-2026-0001")
    assert whole["subject"] == "INV-2026-0001"
    line = issued.json("explain", "INV-2026-0001", "--line", "1")
    found = list(below(line["because"]))
    assert all(set(node) == {"text", "kind", "ref", "because"} for node in found)
    assert "how to run the search index" in " ".join(node["text"] for node in found if node["kind"] == "commit")
    text = issued.bill("explain", "INV-2026-0001", "--line", "1").stdout
    assert "├─ 95.00 EUR an hour" in text
    flat = issued.json("explain", "INV-2026-0001", "--depth", "1")
    assert all(node["because"] == [] for node in flat["because"])


def test_ledger_verify_and_a_tampered_file(issued: Books) -> None:
    good = issued.json("ledger", "verify")
    assert (good["lines"], {check["state"] for check in good["checks"]}, good["after_anchor"]) == (2, {"ok"}, [])
    assert issued.json("ledger")["records"] == issued.json("ledger", "show")["records"]
    pdf = issued.top / "billing/invoices/2026/INV-2026-0001/invoice.pdf"
    pdf.write_bytes(pdf.read_bytes() + b" ")
    code, bad = tried(issued, "ledger", "verify")
    assert (code, rules(bad)) == (1, ["frozen-file-edited"])
    assert bad["problems"][0]["file"] == "billing/invoices/2026/INV-2026-0001/invoice.pdf"
    assert "frozen-file-edited" in rules(tried(issued, "check")[1])


def test_verify_in_the_clients_own_clone(issued: Books, tmp_path: Path, git: Callable[..., str]) -> None:
    """Without books, in another clone."""
    client = tmp_path / "client"
    client.mkdir()
    pdf = shutil.copy(issued.top / "billing/invoices/2026/INV-2026-0001/invoice.pdf", client / "invoice.pdf")
    git(client, "clone", "-q", "--single-branch", str(issued.top), "web-shop")
    shutil.rmtree(client / "web-shop" / "billing")
    code, answer = tried(issued, "verify", "invoice.pdf", "--repo", "web-shop", cwd=client)
    assert (code, answer["number"], answer["problems"]) == (0, "INV-2026-0001", [])
    states = {check["what"]: check["state"] for check in answer["checks"]}
    assert states["they are in your clone and of the service period: 5 commits"] == "ok"
    assert states["its place in the issuer's ledger"] == "skipped"
    text = issued.program("verify", "invoice.pdf", "--repo", "web-shop", cwd=client).stdout
    assert text.splitlines()[-1] == "It holds."
    with_books = ("verify", str(pdf), "--books", str(issued.top))
    assert tried(issued, *with_books, cwd=client)[0] == 0


def test_verify_inside_the_books(issued: Books) -> None:
    answer = issued.json("verify", "billing/invoices/2026/INV-2026-0001/invoice.pdf", "--repo", ".")
    assert {check["state"] for check in answer["checks"]} == {"ok"}


def test_verify_what_is_no_invoice(issued: Books, tmp_path: Path, clone: Path) -> None:
    (tmp_path / "note.pdf").write_bytes(b"no PDF")
    for words, code, rule in (
        (("verify", "missing.pdf"), 1, "unreadable-pdf"),
        (("verify", "note.pdf"), 1, "unreadable-pdf"),
        (("verify", "note.pdf", "--repo", "nowhere"), 4, "not-a-repository"),
        (("verify",), 2, "usage"),
    ):
        found = tried(issued, *words, cwd=tmp_path)
        assert (found[0], rules(found[1])) == (code, [rule])


def test_a_preview_is_no_invoice(mira: Books, tmp_path: Path) -> None:
    mira.bill("draft", "--client", "acme", "--period", "2026-10")
    mira.bill("show", "acme-2026-10", "--pdf", str(tmp_path / "preview.pdf"))
    code, answer = tried(mira, "verify", str(tmp_path / "preview.pdf"))
    assert (code, rules(answer)) == (1, ["invoice-no-data"])


def test_doctor_with_and_without_books(issued: Books, tmp_path: Path) -> None:
    answer = issued.json("doctor")
    states = {check["what"]: check["state"] for check in answer["checks"]}
    assert states["mira may issue"] == "ok"
    assert "error" not in {problem["severity"] for problem in answer["problems"]}
    (tmp_path / "empty").mkdir()
    ran = issued.program("doctor", cwd=tmp_path / "empty")
    assert ran.returncode == 0
    assert "make some: git bill init" in ran.stdout


def test_work_that_comes_after_its_invoice_is_labelled_late(issued: Books, git: Callable[..., str]) -> None:
    for day, subject in (("2026-10-20", "WEB-30 the forgotten page"), ("2026-11-03", "WEB-30 the page is faster")):
        (issued.top / "shop.txt").write_text(subject)
        git(issued.top, "commit", "-q", "-am", subject, at=f"{day}T11:00:00+01:00")
    issued.bill("collect")
    late = issued.entry("forgotten")
    assert (late["late"], late["flags"][-1]) == ("2026-10", "late")
    assert issued.entry("faster")["late"] is None
    assert "late for 2026-10" in issued.bill("log").stdout
    ran = issued.bill("draft", "--client", "acme", "--today", "2026-12-02")
    assert "WEB-30 The forgotten page (2026-10), late" in ran.stdout
    [draft] = issued.json("draft", "--client", "acme", "--today", "2026-12-02")["drafts"]
    assert draft["period"] == "2026-11-01..2026-11-30"
    assert [line["description"] for line in draft["lines"]] == [
        "WEB-30 The forgotten page (2026-10)",
        "WEB-30 The page is faster",
    ]
    assert "(2026-10), **late**" in issued.bill("show", "acme-2026-11").stdout
    assert "acme-2026-11, late for 2026-10" in issued.bill("log").stdout


def test_late_work_alone_makes_a_draft_of_its_own_period(issued: Books, git: Callable[..., str]) -> None:
    (issued.top / "shop.txt").write_text("late")
    git(issued.top, "commit", "-q", "-am", "WEB-30 the forgotten page", at="2026-10-20T11:00:00+02:00")
    issued.bill("collect")
    [draft] = issued.json("draft", "--client", "acme", "--today", "2026-12-02")["drafts"]
    assert (draft["draft"], draft["period"]) == ("acme-2026-10-2", "2026-10-01..2026-10-31")
