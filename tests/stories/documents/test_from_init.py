"""From `init` to a credit note by the commands alone, for an issuer of each country: what its first client gets."""

import dataclasses
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tests.stories.documents.parties import COUNTRIES, CURRENCIES, client, issuer
from tests.stories.taxes.office import Office, toml

pytestmark = pytest.mark.slow

WORDS = {  # title, what the tax is called, the sum to pay as people there write it, title of the cancellation
    "DE": ("Rechnung", "Umsatzsteuer 19", "1.130,50", "Stornorechnung"),
    "FR": ("Facture", "TVA 20", "1 140,00", "Avoir d’annulation"),
    "NL": ("Factuur", "Btw 21", "1.149,50", "Creditfactuur (annulering)"),
    "AT": ("Rechnung", "Umsatzsteuer 20", "1.140,00", "Stornorechnung"),
    "BE": ("Invoice", "VAT 21", "1,149.50", "Credit note (cancellation)"),
    "GB": ("Invoice", "VAT 20", "1,140.00", "Credit note (cancellation)"),
    "CH": ("Invoice", "VAT 8.1", "1,026.95", "Credit note (cancellation)"),
    "US": ("Invoice", "Sales tax", "950.00", "Credit note (cancellation)"),
    "IN": ("Invoice", "IGST 18", "1,121.00", "Credit note (cancellation)"),
    "DK": ("Invoice", "VAT 25", "1,187.50", "Credit note (cancellation)"),
    "IE": ("Invoice", "VAT 23", "1,168.50", "Credit note (cancellation)"),
    "LU": ("Invoice", "VAT 17", "1,111.50", "Credit note (cancellation)"),
}


def facts(record: Any) -> dict[str, Any]:
    """What is said of a party, as its file has it."""
    return {name: value for name, value in dataclasses.asdict(record).items() if value not in (None, ())}


def told(path: Path, head: str, more: Mapping[str, Any]) -> None:
    """What a person writes into a file after the program made it."""
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    path.write_text(toml({**file, head: {**file[head], **more}}), encoding="utf-8")


def set_up(books: Office, country: str) -> None:
    """`init` with what it asks for; then numbers, account and formats by hand."""
    seller, buyer, currency = issuer(country), client(country, "domestic"), books.currency
    ids = ("--vat-id", seller.vat_id) if seller.vat_id else ()
    theirs = ("--client-vat-id", buyer.vat_id) if buyer.vat_id else ()
    where = [f"--{name}={getattr(seller, name)}" for name in ("country", "street", "postcode", "city", "email")]
    there = [f"--client-{name}={getattr(buyer, name)}" for name in ("country", "street", "postcode", "city")]
    who = (f"--issuer={seller.name}", f"--client={buyer.name}", "--timezone=UTC", f"--rate=95.00 {currency}")
    books.json("init", "--yes", "--here", *who, *where, *there, *ids, *theirs, "--since", "2026-10-01")
    said = facts(seller)
    kept = {name: said[name] for name in ("bank", "registration", "tax_number", "region", "phone") if name in said}
    status = {"tax": {"lut": "AD270326012345X"}} if country == "IN" else {}
    told(books.books / "billing/billing.toml", "issuer", kept | status)
    (file,) = (books.books / "billing" / "clients").iterdir()
    region = {"region": buyer.region} if buyer.region else {}
    numbers = {"registration": buyer.registration} if buyer.registration else {}
    told(file, "client", {"formats": ["pdf", "facturx", "ubl"], **region, **numbers})


def text_of(books: Office, document: Mapping[str, Any]) -> str:
    pdf = pypdfium2.PdfDocument(books.books / document["files"]["pdf"])
    return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in pdf))


def issued(books: Office, name: str) -> list[dict[str, Any]]:
    """What a draft became; nothing is wrong with the electronic forms."""
    found: list[dict[str, Any]] = books.json("issue", name)["issued"]
    for each in found:
        report = Path(books.books / each["files"]["toml"]).parent / "validation.json"
        for form in json.loads(report.read_text(encoding="utf-8"))["formats"].values():
            assert form["exact"] == []
            assert [said for said in form["official"] if said["severity"] == "error"] == []
    return found


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "country", [each if each == "DE" else pytest.param(each, marks=pytest.mark.slow) for each in COUNTRIES]
)
def test_from_init_to_a_credit_note(clone: Path, git: Callable[..., str], country: str) -> None:
    currency = CURRENCIES.get(country, "EUR")
    books = Office(books=clone, git=git, day="2026-10-30", period="2026-10", today="2026-11-02", currency=currency)
    set_up(books, country)
    books.works("10")
    books.json("confirm", "--yes")
    title, tax, gross, cancelled = WORDS[country]
    draft = books.drafts()["draft"]
    (first,) = issued(books, draft)
    page = text_of(books, first)
    assert all(words in page for words in (f"{title} {first['number']}", tax, f"{currency} {gross}"))
    corrected = books.json("correct", first["number"], "--set", "order=4711", "--because", "the order was missing")
    note, second = issued(books, corrected["draft"])
    assert f"{cancelled} {note['number']}" in text_of(books, note)
    assert first["number"] in text_of(books, note)
    page = text_of(books, second)
    assert all(words in page for words in (f"{title} {second['number']}", "4711", first["number"], gross))
    credited = books.json("credit", second["number"], "--amount", f"95.00 {currency}", "--waive")
    (less,) = issued(books, credited["draft"])
    page = text_of(books, less)
    assert cancelled not in page
    assert second["number"] in page
    assert books.json("ledger", "verify")["ok"]
    assert books.json("check")["ok"]
