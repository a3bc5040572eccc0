"""A year handed on: twelve documents in two currencies, part payments, a credit, a loss; every sum worked out apart."""

import csv
import hashlib
import io
import json
import shutil
import stat
import subprocess
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.flows.shelf import SETTINGS, Shelf, shelf
from tests.forked import Ran
from tests.receivable.export.till import (
    AE,
    ISSUER,
    LYON,
    OUT,
    S7,
    S19,
    USA,
    bill,
    came,
    eur,
    lost,
    settles,
    usd,
)
from tests.repositories import live_in

from git_bill.flows.bookkeeping import ledger_lines
from git_bill.invoice.issued import Invoice
from git_bill.receivable.payment import Payments
from git_bill.shape import write

_MADE: dict[str, Path] = {}
COMMIT = ("-c", "user.name=x", "-c", "user.email=x@example.net", "commit", "-qam", "change it")
SHEET = b"entry,day,contributor,client,project,ticket,activity,worked_minutes,billed_minutes,intervals,text\n"
RATES = 'rates = [{ on = 2026-03-02, base = "USD", currency = "EUR", rate = "0.90", source = "agreed" },\n'
RATES += '  { on = 2026-06-01, base = "USD", currency = "EUR", rate = "0.85", source = "agreed" }]\n'


def day(month: int, number: int = 2) -> date:
    return date(2026, month, number)


def number(serial: int) -> str:
    return f"INV-2026-{serial:04}"


def documents() -> list[Invoice]:
    """Eleven invoices and a credit note."""
    made = [
        bill(number(1), day(1), ("1000.00", S19), last=date(2025, 12, 31)),
        bill(number(2), day(2), ("2000.00", S19), early="2"),
        bill(number(3), day(3), ("1000.00", OUT), client=USA, currency="USD"),
        bill(number(4), day(4), ("1234.56", S19), ("200.00", S7)),
        bill(number(5), day(5), ("800.00", AE), client=LYON, last=date(2026, 3, 31)),
        bill("CN-2026-0001", day(5, 20), ("200.00", AE), client=LYON, reverses=number(5)),
        bill(number(6), day(6), ("500.00", S19)),
        bill(number(7), day(7), ("333.33", S19)),
        bill(number(8), day(8), ("99.99", S7)),
        bill(number(9), day(9), ("1500.00", S19)),
        bill(number(10), day(10), ("40.00", S19), currency="USD", rate="0.80"),
        bill(number(11), day(11), ("1200.00", S19), last=date(2026, 12, 31)),
    ]
    return [replace(each, issuer=replace(ISSUER, vat_id=each.issuer.vat_id)) for each in made]


def payments() -> Payments:
    """1 paid; 2 with the discount; 3 in euros; 4 in two parts, the rest open; 5 what the credit leaves; 6 lost; 7 by a
    provider less its fee; 8 paid and charged back; 9 with 10.00 too much, which 4
    takes; 11 half in advance.
    """
    first, second, third = (
        came(day(1, 20), eur("1190.00")),
        came(day(2, 9), eur("2332.40")),
        came(day(6, 1), eur("850.00")),
    )
    part, more = came(day(4, 20), eur("500.00")), came(day(7, 1), eur("600.00"))
    lyon = came(day(6, 10), eur("600.00"), payer="Lyon SARL")
    stripe = came(day(7, 9), eur("384.66"), rail="stripe", account="", fee=eur("12.00"))
    eighth, back = came(day(8, 9), eur("106.99")), came(day(9, 9), eur("-106.99"), kind="chargeback")
    ninth, advance = came(day(9, 20), eur("1795.00")), came(day(11, 20), eur("714.00"))
    return Payments(
        remittances=(first, second, third, part, more, lyon, stripe, eighth, back, ninth, advance),
        allocations=(
            settles(first, number(1), eur("1190.00")),
            settles(second, number(2), eur("2332.40"), eur("2380.00"), difference="discount"),
            settles(third, number(3), eur("850.00"), usd("1000.00"), difference="exchange"),
            settles(part, number(4), eur("500.00")),
            settles(more, number(4), eur("600.00")),
            settles(lyon, number(5), eur("600.00")),
            settles(stripe, number(7), eur("384.66"), eur("396.66"), difference="fee"),
            settles(eighth, number(8), eur("106.99")),
            settles(back, number(8), eur("-106.99")),
            settles(ninth, number(9), eur("1785.00")),
            settles(ninth, number(4), eur("10.00")),
            settles(advance, number(11), eur("714.00")),
        ),
        write_offs=(lost(number(6), eur("595.00"), day(12)),),
    )


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def books(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Her books of the year, made once and copied."""
    if "books" not in _MADE:
        top = tmp_path_factory.mktemp("year") / "books"
        year = shelf(top)
        settings = SETTINGS.replace('last = "INV-2026-0031"\n', "") + '\n[export]\nchart = "skr03"\n'
        year.put({"billing/billing.toml": settings, "billing/rates.toml": f"schema = 1\n{RATES}"})
        for each in documents():
            year.at = datetime(each.issue_date.year, each.issue_date.month, each.issue_date.day, 8, tzinfo=UTC)
            year.freeze(each, pdf=f"%PDF-1.7 {each.number}".encode(), tag=False)
        year.claim("INV-2026-0012", day(12), void="a test print")
        recorded(year)
        _MADE["books"] = top
    shutil.copytree(_MADE["books"], tmp_path / "books", symlinks=True)
    return tmp_path / "books"


def recorded(year: Shelf) -> None:
    """The payments, and an expense with its receipt."""
    receipt, made = b"%PDF-1.7 a ticket", payments()
    digest = hashlib.sha256(receipt).hexdigest()
    kept = f"billing/receipts/acme/{digest[:12]}-train.pdf"
    expense = (
        'schema = 1\n\n[expenses]\n"X-aaaaaaaaaaaa" = { day = 2026-05-04, by = "mira", at = 2026-05-04T10:00:00+02:00, '
        f'text = "=Train", amount = "49.90 EUR", receipt = "{kept}", receipt_hash = "{digest}" }}\n'
    )
    year.put(
        {
            "billing/payments/2026-01.toml": write(made),
            "billing/expenses/acme/2026-05.toml": expense,
            kept: receipt,
        }
    )
    for kind, facts in ledger_lines(made):
        ledger = year.record(kind, **facts)
    year.put(ledger)


def exported(git_bill: Callable[..., Ran], books: Path, *words: str, code: int = 0) -> dict[str, Any]:
    ran = git_bill("export", *words, "--json", cwd=books, env={"GIT_BILL_NOW": "2027-01-10T09:00:00+01:00"})
    assert ran.returncode == code, ran.stdout + ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[Mapping[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def summed(content: bytes, column: str, **only: str) -> Decimal:
    picked = (row for row in rows(content) if all(row[name] == value for name, value in only.items()))
    return sum((Decimal(row[column]) for row in picked), Decimal(0))


def test_the_adviser_gets_one_zip(books: Path, git_bill: Callable[..., Ran]) -> None:
    found = exported(git_bill, books, "2026", "--for", "adviser", "--basis", "payment")
    assert (found["documents"], found["basis"], found["gaps"]) == (12, "payment", [])
    files = unzipped(books.parent / "books-2026.zip")
    # every file is named with its hash, and documents are what lies in the books
    index = {row["file"]: row["sha256"] for row in rows(files["index.csv"])}
    assert index == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "index.csv"
    }
    for path in (books / "billing" / "invoices").glob("*/*/*"):
        if path.parent.name != "INV-2026-0012":
            assert files[f"documents/{path.parent.name}/{path.name}"] == path.read_bytes()
    # sums of documents, from their own files
    gross: dict[str, Decimal] = {}
    for name, content in files.items():
        if name.endswith("/invoice.toml"):
            told = tomllib.loads(content.decode())
            amount, currency = told["totals"]["gross"].split()
            gross[currency] = gross.get(currency, Decimal(0)) + Decimal(amount) * (-1 if "reverses" in told else 1)
    assert found["gross"] == [f"{gross[each]} {each}" for each in ("EUR", "USD")]
    assert {each: summed(files["invoices.csv"], "gross", currency=each) for each in gross} == gross
    # what is open, reckoned apart: the rest of 4 (573.13 of it written below), 8 again, half of 11, 10 in dollars
    rest = Decimal("1234.56") + Decimal("234.57") + 214 - 500 - 600 - 10
    assert summed(files["receivables.csv"], "open", currency="EUR") == rest + Decimal("106.99") + 714
    assert summed(files["receivables.csv"], "open", currency="USD") == Decimal("47.60")
    assert summed(files["ageing.csv"], "open", currency="EUR") == rest + Decimal("106.99") + 714
    # the summary is in German, for a German adviser, and says what happened to the twelfth number
    summary = files["README.txt"].decode()
    assert summary.startswith("Buchungsunterlagen von Mira Kovac Software")
    assert "INV-2026-0012: nie verwendet, storniert (a test print)" in summary
    assert "Istversteuerung" in summary
    assert "Zusammenfassende Meldung" in summary
    assert files["receipts/acme/" + rows(files["receipts.csv"])[0]["file"].rpartition("/")[2]] == b"%PDF-1.7 a ticket"
    assert rows(files["receipts.csv"])[0]["text"] == "'=Train"
    assert b"ok: frozen files have the hashes that were recorded" in files["ledger/verify.txt"]
    assert [row["state"] for row in rows(files["numbers.csv"]) if row["number"] == "INV-2026-0012"] == ["void"]


def test_tax_by_payment_and_by_supply(books: Path, git_bill: Callable[..., Ran]) -> None:
    """Each rule worked out by hand, in euros."""
    exported(git_bill, books, "2026", "--for", "adviser", "--basis", "payment", "-o", "paid.zip")
    exported(git_bill, books, "2026", "--for", "adviser", "-o", "supplied.zip")
    paid, supplied = (unzipped(books / name)["tax.csv"] for name in ("paid.zip", "supplied.zip"))
    # 1 whole; 2 less 2 %; of 4 1110.00 of 1683.13; 7 whole; 9 whole; 11 half; 8 came and went
    share = Decimal("1110.00") / Decimal("1683.13")
    tax19 = Decimal("190.00") + Decimal("372.40") + (Decimal("234.57") * share).quantize(Decimal("0.01"))
    tax19 += Decimal("63.33") + Decimal("285.00") + Decimal("114.00")
    assert summed(paid, "tax_in_books", tax_rate="19") == tax19
    assert summed(paid, "tax_in_books", tax_rate="7") == (14 * share).quantize(Decimal("0.01"))
    # of the year: without 1 (December before), with the discount and the loss taken back; 10 at the rate it states
    tax19 = Decimal("380.00") - Decimal("7.60") + Decimal("234.57") + Decimal("95.00") - Decimal("95.00")
    tax19 += Decimal("63.33") + Decimal("285.00") + Decimal("6.08") + Decimal("228.00")
    assert summed(supplied, "tax_in_books", tax_rate="19") == tax19
    assert summed(supplied, "tax_in_books", tax_rate="7") == Decimal("14.00") + Decimal("7.00")
    # services to France count with the supply by both rules: first quarter, the credit in the second
    for name in ("paid.zip", "supplied.zip"):
        statement = rows(unzipped(books / name)["recapitulative-statement.csv"])
        assert [(row["quarter"], row["vat_id"], row["base"]) for row in statement] == [
            ("2026-Q1", "FR40303265045", "800.00"),
            ("2026-Q2", "FR40303265045", "-200.00"),
        ]
    assert summed(supplied, "base_in_books", tax_category="O") == Decimal("900.00")
    assert summed(paid, "base_in_books", tax_category="O") == Decimal("900.00")


def test_the_same_books_give_the_same_bytes_and_changed_ones_nothing(
    books: Path, git_bill: Callable[..., Ran], git: Callable[..., str]
) -> None:
    for name in ("one.zip", "two.zip"):
        exported(git_bill, books, "2026", "--for", "adviser", "-o", name)
    assert (books / "one.zip").read_bytes() == (books / "two.zip").read_bytes()
    (problem,) = exported(git_bill, books, "2026-Q1", "--for", "adviser", "-o", "one.zip", code=2)["problems"]
    assert problem["rule"] == "exists"
    (receipt,) = (books / "billing/receipts/acme").iterdir()
    was = receipt.read_bytes()
    for content, rule in ((b"%PDF-1.7 dearer", ["receipt-differs"]), (was, [])):
        receipt.write_bytes(content)
        git(books, *COMMIT)
        found = exported(git_bill, books, "2026", "--for", "adviser", "-o", f"{len(rule)}.zip", code=len(rule))
        assert [each["rule"] for each in found["problems"]] == (rule or ["shared-account"])
    assert sorted(path.name for path in books.glob("*zip*")) == ["0.zip", "one.zip", "two.zip"]  # nothing half made
    pdf = books / "billing/invoices/2026/INV-2026-0003/invoice.pdf"
    pdf.write_bytes(b"%PDF-1.7 another one")
    git(books, *COMMIT)
    for whom in ("adviser", "datev", "hledger", "csv"):
        problems = exported(git_bill, books, "2026", "--for", whom, "--force", code=1)["problems"]
        assert [each["rule"] for each in problems] == ["frozen-file-tampered"]
        assert problems[0]["file"].endswith("INV-2026-0003/invoice.pdf")
    assert not (books.parent / "books-2026.zip").exists()


def test_journals_tables_and_datev(books: Path, git_bill: Callable[..., Ran]) -> None:
    for whom in ("hledger", "beancount", "csv", "datev"):
        exported(git_bill, books, "2026", "--for", whom)
    batch = (books.parent / "EXTF_Buchungsstapel-2026.csv").read_bytes().decode("cp1252").split("\r\n")
    booked = [line.split(";") for line in batch[2:] if line]
    sides = {"S": 1, "H": -1}
    debtors = sum((Decimal(cells[0].replace(",", ".")) * sides[cells[1].strip('"')] for cells in booked), Decimal(0))
    assert debtors == Decimal("573.13") + Decimal("106.99") + 714 + Decimal("38.08")  # open, dollars at 0.80
    tables = {path.name: path.read_bytes() for path in (books.parent / "books-2026").iterdir()}
    assert {name for name in tables if name.endswith(".csv")} == {
        f"{name.removesuffix('.xlsx')}.csv" for name in tables if name.endswith(".xlsx")
    }
    assert summed(tables["journal.csv"], "amount_in_books") == 0
    if shutil.which("hledger"):
        check = ["hledger", "-f", str(books.parent / "books-2026.journal"), "check", "--strict"]
        assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    if find_spec("beancount"):
        from beancount import loader

        assert loader.load_file(str(books.parent / "books-2026.beancount"))[1] == []


def test_what_is_handed_on_lies_beside_the_books_for_nobody_else_to_read(
    books: Path, git_bill: Callable[..., Ran], git: Callable[..., str]
) -> None:
    (books / "notes").mkdir()
    for whom in ("hledger", "datev", "csv", "adviser"):
        place = Path(exported(git_bill, books / "notes", "2026", "--for", whom)["file"])
        assert place.parent == books.parent
        files = list(place.iterdir()) if place.is_dir() else [place]
        assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert git(books, "status", "--porcelain").strip() == ""
    here = books.parent / "elsewhere"
    here.mkdir()
    ran = git_bill("-C", "../books", "export", "2026", "--for", "hledger", cwd=here)
    assert ran.returncode == 0
    named = books / "mine.journal"
    named.touch(0o644)
    exported(git_bill, books, "2026", "--for", "hledger", "-o", "mine.journal", "--force")
    assert stat.S_IMODE(named.stat().st_mode) == 0o600


def test_money_that_nobody_decided_on_is_said(
    books: Path, git_bill: Callable[..., Ran], git: Callable[..., str]
) -> None:
    unknown = Payments(remittances=(came(day(5, 9), eur("33.00"), payer="Somebody", text="thanks"),))
    (books / "billing/payments/2026-05.toml").write_text(write(unknown), encoding="utf-8")
    git(books, "add", "-A")
    git(books, *COMMIT)
    found = exported(git_bill, books, "2026", "--for", "adviser", "-o", "../x.zip")
    assert found["undecided"] == {"count": 1, "sums": ["33.00 EUR"]}
    assert [(each["rule"], each["severity"]) for each in found["problems"]] == [("shared-account", "warning")]
    readme = unzipped(books.parent / "x.zip")["README.txt"].decode()
    assert "entschieden hat: 1." in readme
    ran = git_bill("export", "2026", "--for", "hledger", "-o", "../y.journal", cwd=books)
    assert "Nobody has decided on 1 payment of it, 33.00 EUR: git bill reconcile" in ran.stdout


def test_rates_that_are_not_recorded_are_no_rates_yet(
    tmp_path: Path, git_bill: Callable[..., Ran], git: Callable[..., str]
) -> None:
    """The European Central Bank publishes none for the dirham."""
    year = shelf(tmp_path / "books")
    year.put({"billing/billing.toml": SETTINGS.replace('last = "INV-2026-0031"\n', "")})
    invoice = bill(number(1), day(3), ("1000.00", OUT), client=USA, currency="AED")
    year.freeze(replace(invoice, issuer=replace(ISSUER, vat_id=invoice.issuer.vat_id)), tag=False, timesheet=SHEET)
    books, now = tmp_path / "books", {"GIT_BILL_NOW": "2027-01-10T09:00:00+01:00"}

    def told() -> tuple[dict[str, Any], dict[str, Any]]:
        (wrong,) = exported(git_bill, books, "2026", "--for", "csv", code=1)["problems"]
        found = json.loads(git_bill("check", "--json", cwd=books, env=now).stdout)["problems"]
        return wrong, next(each for each in found if each["rule"] == wrong["rule"])

    for each in told():
        assert "AED" in each["message"]
        assert "not recorded" not in each["hint"]
    rate = 'rates = [{ on = 2026-03-02, base = "AED", currency = "EUR", rate = "0.25", source = "agreed" }]\n'
    (books / "billing/rates.toml").write_text(f"schema = 1\n{rate}", encoding="utf-8")
    stopped, warned = told()
    assert "is here and not recorded on the books branch yet: git bill draft or git commit" in stopped["hint"]
    assert (warned["severity"], warned["message"], warned["hint"]) == ("warning", stopped["message"], stopped["hint"])
    git(books, "add", "billing/rates.toml")
    git(books, *COMMIT)
    exported(git_bill, books, "2026", "--for", "csv")


def test_a_journal_goes_into_a_pipe_and_nothing_else_does(books: Path, git_bill: Callable[..., Ran]) -> None:
    exported(git_bill, books, "2026", "--for", "hledger")
    piped = git_bill("export", "2026", "--for", "hledger", "-o", "-", cwd=books)
    assert piped.stdout == (books.parent / "books-2026.journal").read_text(encoding="utf-8")
    for words in (["2026", "--for", "datev", "-o", "-"], ["2026", "--for", "hledger", "-o", "-"]):
        assert exported(git_bill, books, *words, code=2)["problems"][0]["rule"] == "usage"
    (wrong,) = exported(git_bill, books, "winter", "--for", "csv", code=2)["problems"]
    assert "2026-10" in wrong["message"]
    (wrong,) = exported(git_bill, books, "2026-Q5", "--for", "csv", code=2)["problems"]
    assert "'2026-Q5' is not a period; write it like 2026-10, 2026-Q3" in wrong["message"]


def test_what_is_missing_says_what_to_write(books: Path, git_bill: Callable[..., Ran]) -> None:
    settings = books / "billing/billing.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('chart = "skr03"', ""), encoding="utf-8")
    (problem,) = exported(git_bill, books, "2026", "--for", "datev", code=1)["problems"]
    assert 'chart = "skr03"' in problem["hint"]
    (problem,) = exported(git_bill, books, "2026", "--for", "datev", "-o", "x.csv", code=2)["problems"]
    assert "EXTF_" in problem["hint"]
    (books / "billing/rates.toml").unlink()
    settings.write_text(text.replace('chart = "skr03"', 'vat_due = "never"'), encoding="utf-8")
    (problem,) = exported(git_bill, books, "2026", "--for", "csv", code=3)["problems"]
    assert (problem["file"], problem["line"]) == ("billing/billing.toml", text.count("\n", 0, text.index("chart")) + 1)
