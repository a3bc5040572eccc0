"""Rendering: issued documents, bare files and drafts, in every format that may be made of them."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

FIRST = "INV-2026-0001"
XML = ("ubl", "cii", "xrechnung-ubl", "peppol")


def as_bytes(mira: Freelancer, *words: str, cwd: Path | None = None, name: str = "out") -> bytes:
    """What render writes."""
    place = mira.folder / name
    ran = mira.bill("render", *words, "-o", str(place), "--force", cwd=cwd)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return place.read_bytes()


def test_an_issued_invoice_in_each_format(mira: Freelancer) -> None:
    client = mira.books / "billing/clients/acme.toml"
    text = client.read_text(encoding="utf-8")
    client.write_text(text.replace("[client]\n", '[client]\nformats = ["pdf", "ubl"]\n'), encoding="utf-8")
    mira.draft()
    files = mira.json("issue", "acme-2026-10")["files"]
    assert [path.rpartition("/")[2] for path in files["xml"]] == ["invoice.xml"]
    folder = mira.books / f"billing/invoices/2026/{FIRST}"
    report = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    assert report["formats"]["ubl"]["exact"] == []
    assert [each for each in report["formats"]["ubl"]["official"] if each["severity"] == "error"] == []
    assert as_bytes(mira, FIRST) == (folder / "invoice.pdf").read_bytes()
    assert as_bytes(mira, FIRST, "--format", "ubl") == (folder / "invoice.xml").read_bytes()
    bare = mira.folder / "elsewhere"
    bare.mkdir()
    shutil.copy(folder / "invoice.toml", bare)
    assert as_bytes(mira, "invoice.toml", "--format", "ubl", cwd=bare) == (folder / "invoice.xml").read_bytes()
    for each in ("facturx", "cii", "html", "csv", "json", "pdf"):
        assert as_bytes(mira, "invoice.toml", "--format", each, cwd=bare) == as_bytes(
            mira, "invoice.toml", "--format", each, cwd=bare, name="again"
        )
    page = as_bytes(mira, FIRST, "--format", "html").decode()
    assert FIRST in page
    assert "<script" not in page
    assert as_bytes(mira, FIRST, "--as", "receipt", "--paid", "2026-11-20").startswith(b"%PDF")
    assert mira.json("ledger", "verify")["ok"]


def test_a_draft_says_that_it_is_none(mira: Freelancer) -> None:
    mira.draft()
    for each in ("html", "csv", "json"):
        assert b"DRAFT, not an invoice" in as_bytes(mira, "acme-2026-10", "--format", each)
    assert as_bytes(mira, "acme-2026-10") == as_bytes(mira, "acme-2026-10", name="again")
    pro_forma = as_bytes(mira, "acme-2026-10", "--as", "pro-forma", "--format", "html").decode()
    assert "Pro forma" in pro_forma
    wrong = mira.json("render", "acme-2026-10", "--format", "ubl", code=1)["problems"][0]
    assert wrong["rule"] == "draft-is-no-invoice"
    assert "14c" in wrong["message"]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("nothing.toml",), "no-file"),
        (("acme-2026-10", "--as", "receipt", "--paid", "2026-11-20"), "not-issued"),
        (("acme-2026-10", "--as", "receipt"), "not-issued"),
        (("acme-2026-10", "--format", "html", "-o", "README.md"), "exists"),
    ],
)
def test_what_is_not_made_says_why(mira: Freelancer, words: tuple[str, ...], rule: str) -> None:
    mira.draft()
    (mira.books / "README.md").write_text("mine\n", encoding="utf-8")
    ran = mira.bill("render", *words, "--json")
    assert ran.returncode in {1, 2}
    assert json.loads(ran.stdout)["problems"][0]["rule"] == rule
    assert (mira.books / "README.md").read_text(encoding="utf-8") == "mine\n"


def test_what_would_be_no_e_invoice_is_not_issued(mira: Freelancer) -> None:
    client = mira.books / "billing/clients/acme.toml"
    text = client.read_text(encoding="utf-8")
    client.write_text(text.replace("[client]\n", '[client]\nformats = ["xrechnung-ubl"]\n'), encoding="utf-8")
    mira.draft()
    for found in (
        mira.json("check", "acme-2026-10", code=1)["problems"],
        mira.json("issue", "acme-2026-10", code=1)["refused"][0]["problems"],
    ):
        (wrong,) = [each for each in found if "BT-10" in each["message"]]
        assert wrong["file"] == "billing/clients/acme.toml"
        assert "buyer_reference = " in wrong["hint"]
    assert not (mira.books / "billing/invoices").exists()


def test_a_format_that_there_is_not(mira: Freelancer) -> None:
    client = mira.books / "billing/clients/acme.toml"
    text = client.read_text(encoding="utf-8")
    client.write_text(text.replace("[client]\n", '[client]\nformats = ["xrechnung"]\n'), encoding="utf-8")
    mira.draft()
    rules = {each["rule"] for each in mira.json("check", "acme-2026-10", code=1)["problems"]}
    assert "no-such-format" in rules


def test_a_file_with_wrong_sums_is_no_e_invoice(mira: Freelancer) -> None:
    mira.draft()
    mira.json("issue", "acme-2026-10")
    text = (mira.books / f"billing/invoices/2026/{FIRST}/invoice.toml").read_text(encoding="utf-8")
    gross = tomllib.loads(text)["totals"]["gross"]
    bare = mira.folder / "hand-made.toml"
    bare.write_text(text.replace(f'gross = "{gross}"', 'gross = "1.00 EUR"'), encoding="utf-8")
    for each in ("ubl", "facturx"):
        wrong = mira.json("render", str(bare), "--format", each, "-o", "wrong", code=1)["problems"]
        assert "br-co-15" in {problem["rule"] for problem in wrong}
    assert not (mira.books / "wrong").exists()


def test_an_issued_invoice_that_lacks_what_a_format_needs(mira: Freelancer) -> None:
    mira.draft()
    mira.json("issue", "acme-2026-10")
    wrong = mira.json("render", FIRST, "--format", "xrechnung-ubl", code=1)["problems"]
    assert any("BT-10" in each["message"] for each in wrong)
