"""Expenses and usage: recorded, drafted, reviewed, issued, and never billed again."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

RECEIPT = b"%PDF-1.4\r\nTrain ticket, 120.00 EUR\r\n"
METER = """
[[contracts.meters]]
id = "requests"
name = "API requests"
mode = "graduated"
tiers = [{ up_to = "1000", price = "0.10 EUR" }, { price = "0.05 EUR" }]
"""


def spend(mira: Freelancer, *words: str, code: int = 0) -> dict[str, Any]:
    """Add something for Acme, as a person types it."""
    return mira.json("add", *words, "-c", "acme", code=code)


def later(mira: Freelancer, day: str) -> Freelancer:
    """Mira on another day."""
    return replace(mira, env={"GIT_BILL_NOW": f"{day}T09:00:00+01:00"})


def lines(draft: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Description, quantity and net of each line."""
    return [(line["description"], line["quantity"], line["net"]) for line in draft["lines"]]


@pytest.mark.slow
def test_expenses_from_the_receipt_to_the_invoice(mira: Freelancer, tmp_path: Path) -> None:
    receipt = tmp_path / "Bahn ticket.pdf"
    receipt.write_bytes(RECEIPT)
    train = spend(
        mira, "--expense", "119.00 EUR", "--tax", "19", "--receipt", str(receipt), "Train", "--on", "2026-10-05"
    )
    (kept,) = (mira.books / "billing" / "receipts" / "acme").iterdir()
    assert (kept.read_bytes(), kept.name[12:]) == (RECEIPT, "-Bahn-ticket.pdf")
    drive = spend(mira, "--km", "84", "Drive to Augsburg and back", "--on", "2026-10-07")
    assert drive["expenses"][0]["rate"] == "0.30 EUR"
    spend(mira, "--expense", "50", "--pass-through", "Court fee", "--on", "2026-10-08")
    gift = spend(mira, "--expense", "20.00 EUR", "Flowers", "--on", "2026-10-08")

    again = spend(mira, "--expense", "119.00 EUR", "--receipt", str(receipt), "Train", "--on", "2026-10-05", code=1)
    assert [(p["rule"], train["id"] in p["message"]) for p in again["problems"]] == [("repeated-receipt", True)]
    mira.json("drop", gift["id"][:6], code=2)
    assert mira.json("drop", gift["id"][:6], "--because", "a present")["already"] is False
    assert mira.json("drop", gift["id"], "--because", "a present")["already"] is True

    assert [e["text"] for e in mira.json("log", "--unbilled")["expenses"]] == [
        "Train",
        "Drive to Augsburg and back",
        "Court fee",
    ]
    (acme,) = mira.json("status")["clients"]
    assert acme["expenses"] == ["175.20 EUR"]

    draft = mira.draft()
    assert lines(draft)[-3:] == [
        ("Train", "1", "100.00 EUR"),
        ("Drive to Augsburg and back", "84", "25.20 EUR"),
        ("Court fee", "1", "50.00 EUR"),
    ]
    review = mira.bill("show", draft["draft"]).stdout
    for words in ("| Train |", "84 km at 0.30 EUR (EStG", "119.00 EUR paid, 100.00 EUR without the 19 % VAT", "No VAT"):
        assert words in review
    assert mira.git(mira.books, "check-attr", "text", kept.relative_to(mira.books).as_posix()).endswith("text: unset")
    blob = f"main:{kept.relative_to(mira.books).as_posix()}"
    assert mira.git(mira.books, "cat-file", "-s", blob).strip() == str(len(RECEIPT))

    why = [each["text"] for each in mira.json("explain", train["id"][:6])["because"]]
    assert why[1:] == [
        f"receipt: billing/receipts/acme/{kept.name}, SHA-256 {kept.name[:12]}…",
        "contract acme-2026 passes it on at 100.00 EUR net",
        f"on the draft {draft['draft']}, line {len(draft['lines']) - 2}: 100.00 EUR net",
    ]
    number = mira.json("issue", draft["draft"])["number"]
    billed = mira.json("explain", train["id"])["because"][-1]
    assert (billed["kind"], billed["ref"]) == ("invoice", number)
    assert [each["text"] for each in billed["because"]] == [
        "19 % tax, category S: it shares the treatment of the work that it belongs to"
    ]
    assert mira.json("explain", gift["id"])["because"][-1]["text"] == "it is not billed: a present"
    mira.json("explain", train["id"], "--line", "1", code=2)
    told = mira.bill("log", "--billed").stdout
    assert number in told
    assert "84 km" in told
    refused = mira.json("drop", train["id"], "--because", "no", code=1)
    assert [p["rule"] for p in refused["problems"]] == ["billed-expense"]

    mira.json("draft", "--period", "2026-10")
    mira.json("drop", gift["id"], "--undo")
    december, january = later(mira, "2026-12-01"), later(mira, "2027-01-02")
    late = december.json("draft", "--period", "2026-11")
    assert lines(late) == [("Flowers", "1", "20.00 EUR")]
    december.json("issue", late["draft"])
    nothing = january.json("draft", "--period", "2026-12")
    assert (nothing["drafts"], [p["rule"] for p in nothing["problems"]]) == ([], ["nothing-to-bill"])
    assert mira.json("check")["ok"]
    assert mira.git(mira.books, "status", "--porcelain") == ""


def test_an_expense_is_in_the_contracts_currency_and_has_a_known_price(mira: Freelancer) -> None:
    """The European Central Bank's rate of the day says what it was worth."""
    dollars = spend(mira, "--expense", "50.00 USD", "Domain", "--on", "2026-10-07", code=2)
    (problem,) = dollars["problems"]
    assert problem["rule"] == "expense-currency"
    assert problem["hint"].startswith("give what was charged to you, or by 1 USD = ")
    assert problem["hint"].endswith(' EUR"')
    vienna = spend(mira, "--per-diem", "full", "--country", "AT", "Vienna", "--on", "2026-10-07", code=2)
    assert [p["rule"] for p in vienna["problems"]] == ["no-travel-rate"]
    told = spend(mira, "--per-diem", "full", "--country", "AT", "--rate", "50.00 EUR", "Vienna", "--on", "2026-10-07")
    assert told["expenses"][0]["rate"] == "50.00 EUR"
    file = mira.books / "billing" / "expenses" / "acme" / "2026-10.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("50.00 EUR", "50.00 USD"), encoding="utf-8")
    found = mira.json("check", code=1)
    (wrong,) = (p for p in found["problems"] if p["rule"] == "expense-currency")
    assert (wrong["file"], wrong["line"]) == ("billing/expenses/acme/2026-10.toml", 4)


def test_receipts_come_from_plain_files_and_stay_in_their_folder(mira: Freelancer, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key", encoding="utf-8")
    (tmp_path / "link.pdf").symlink_to(secret)
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "large.pdf").write_bytes(b"x" * 20_000_001)
    for name, words in (
        ("link.pdf", "is a link"),
        ("empty.pdf", "is empty"),
        ("large.pdf", "larger than 20 MB"),
        ("gone.pdf", "No such file"),
        (".", "no regular file"),
    ):
        found = spend(mira, "--expense", "1", "--receipt", str(tmp_path / name), "x", code=2)
        assert [p["rule"] for p in found["problems"]] == ["no-receipt"], name
        assert words in found["problems"][0]["message"]
    hostile = tmp_path / "..\\..\\$(rm -rf x);\u202efdp.toml"
    hostile.write_bytes(b"receipt")
    kept = spend(mira, "--expense", "1", "--receipt", str(hostile), "x")["expenses"][0]["receipt"]
    assert kept.startswith("billing/receipts/acme/")
    assert kept.partition("-")[2] == "rm--rf-x-fdp.toml"
    assert (mira.books / kept).read_bytes() == b"receipt"
    (mira.books / "billing" / "receipts" / "globex").symlink_to(tmp_path)
    assert mira.bill("draft", "--period", "2026-10").returncode == 4


def test_a_changed_receipt_is_told(mira: Freelancer, tmp_path: Path) -> None:
    receipt = tmp_path / "train.pdf"
    receipt.write_bytes(RECEIPT)
    kept = spend(mira, "--expense", "1", "--receipt", str(receipt), "Train", "--on", "2026-10-05")["expenses"][0][
        "receipt"
    ]
    (mira.books / kept).write_bytes(b"another one")
    assert "receipt-changed" in {p["rule"] for p in mira.json("check", code=1)["problems"]}


@pytest.mark.slow
def test_usage_from_a_file_to_the_invoice(mira: Freelancer, tmp_path: Path) -> None:
    unknown = spend(mira, "--usage", "requests=1", code=1)
    assert [p["rule"] for p in unknown["problems"]] == ["unknown-meter"]
    client = mira.books / "billing" / "clients" / "acme.toml"
    client.write_text(client.read_text(encoding="utf-8") + METER, encoding="utf-8")
    october = tmp_path / "october.csv"
    october.write_text("day;meter;quantity\n2026-10-05;requests;800\n2026-10-06;requests;5oo\n", encoding="utf-8")
    broken = mira.json("usage", "import", str(october), "-c", "acme", code=1)
    (problem,) = broken["problems"]
    assert (problem["line"], problem["hint"]) == (3, "write it like: 2026-10-05;requests;12500")
    october.write_text("day;meter;quantity\n2026-10-05;requests;800\n2026-10-06;requests;500\n", encoding="utf-8")
    said = mira.json("usage", "import", str(october), "-c", "acme")
    assert [(r["day"], r["quantity"]) for r in said["readings"]] == [("2026-10-05", "800"), ("2026-10-06", "500")]
    again = mira.json("usage", "import", str(october), "-c", "acme")
    assert (again["readings"], again["known"]) == ([], 2)
    newer = tmp_path / "newer.jsonl"
    newer.write_text('{"day": "2026-10-06", "meter": "requests", "quantity": 600}\n', encoding="utf-8")
    corrected = mira.json("usage", "import", str(newer))
    assert ([r["quantity"] for r in corrected["readings"]], corrected["corrected"]) == (["100"], 1)
    spend(mira, "--usage", "requests=100", "--on", "2026-10-31")
    assert mira.json("usage")["usage"] == [
        {"client": "acme", "month": "2026-10", "meter": "requests", "quantity": "1500"}
    ]
    assert mira.json("status")["clients"][0]["usage"] == ["125.00 EUR"]

    draft = mira.draft()
    assert lines(draft)[-2:] == [("API requests", "1000", "100.00 EUR"), ("API requests", "500", "25.00 EUR")]
    assert "0.10 EUR each, graduated, tier 0 to 1000" in mira.bill("show", draft["draft"]).stdout
    spend(mira, "--usage", "requests=40", "--on", "2026-10-31")
    mira.json("issue", draft["draft"])
    december, january = later(mira, "2026-12-01"), later(mira, "2027-01-02")
    late = december.json("draft", "--period", "2026-11")
    assert lines(late) == [("API requests", "1", "2.00 EUR")]
    december.json("issue", late["draft"])
    nothing = january.json("draft", "--period", "2026-12")
    assert [p["rule"] for p in nothing["problems"]] == ["nothing-to-bill"]
    assert mira.json("check")["ok"]


def test_readings_of_a_meter_that_is_gone_are_told(mira: Freelancer) -> None:
    client = mira.books / "billing" / "clients" / "acme.toml"
    before = client.read_text(encoding="utf-8")
    client.write_text(before + METER, encoding="utf-8")
    spend(mira, "--usage", "requests=100", "--on", "2026-10-31")
    client.write_text(before, encoding="utf-8")
    (problem,) = (p for p in mira.json("check", code=1)["problems"] if p["rule"] == "unknown-meter")
    assert (problem["file"], problem["line"]) == ("billing/usage/acme/2026-10.toml", 4)


@pytest.mark.slow
def test_two_machines_add_at_once_and_nothing_is_lost(mira: Freelancer, tmp_path: Path) -> None:
    """Expenses and readings of both are kept; where both changed one, a person joins them."""
    client = mira.books / "billing" / "clients" / "acme.toml"
    client.write_text(client.read_text(encoding="utf-8") + METER, encoding="utf-8")
    first = spend(mira, "--expense", "10.00 EUR", "Bus", "--on", "2026-10-01")["id"]
    spend(mira, "--usage", "requests=1", "--on", "2026-10-01")
    origin, second = tmp_path / "origin.git", tmp_path / "second"
    mira.git(tmp_path, "init", "-q", "--bare", "-b", "main", str(origin))
    mira.git(mira.books, "add", ".")
    mira.git(mira.books, "commit", "-qm", "Start the books")
    mira.git(mira.books, "remote", "add", "origin", str(origin))
    mira.git(mira.books, "push", "-q", "-u", "origin", "main")
    mira.git(tmp_path, "clone", "-q", str(origin), "second")
    there = replace(mira, books=second)
    usage = tmp_path / "usage.csv"
    usage.write_text("day,meter,quantity\n2026-10-21,requests,99\n", encoding="utf-8")
    for machine, text, used in ((mira, "Train", "200"), (there, "Hotel", "300")):
        spend(machine, "--expense", "100.00 EUR", text, "--on", "2026-10-20")
        spend(machine, "--usage", f"requests={used}", "--on", "2026-10-20")
        machine.json("usage", "import", str(usage))
    there.draft()
    assert {("Train", "1", "100.00 EUR"), ("Hotel", "1", "100.00 EUR"), ("API requests", "600", "60.00 EUR")} <= {
        *lines(mira.draft())
    }
    mira.git(second, "pull", "-q", "--ff-only")
    mira.json("drop", first, "--because", "mine")
    there.json("drop", first, "--because", "a present")
    mira.draft()
    clash = there.json("draft", "--period", "2026-10", code=4)
    assert [p["rule"] for p in clash["problems"]] == ["outdated"]
