"""The page of an invoice: formatted for its reader, governed by `show`, and whole in the PDF."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pytest

from git_bill.adapters import pdf as reader
from git_bill.adapters.tables import wording
from git_bill.adapters.typst import Typst
from git_bill.contract.party import Bank
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.document.locale import amount_text
from git_bill.invoice.document.page import draft_page, invoice_page
from git_bill.invoice.document.page_data import PageData
from git_bill.invoice.document.receipt import paid_whole
from git_bill.invoice.draft import Draft
from git_bill.period import month

if TYPE_CHECKING:
    from tests.invoice.conftest import World


Shown = Literal["hours", "days", "times", "raw", "range", "evidence"]


@pytest.fixture
def basis(world: "World") -> Basis:
    """Two tickets, one with two entries and commits."""
    return world.basis(
        world.entry("W-a", 130, 5, evidence=("shop:a1b2c3d4e5f6",), state="estimated", range=(90, 180)),
        world.entry("W-b", 52, 9, evidence=("shop:b1b2c3d4e5f6",)),
        world.entry("W-c", 1500, 6, ticket="WEB-6", text="search page"),
    )


def page(world: "World", basis: Basis, draft: Draft | None = None) -> PageData:
    return invoice_page(world.issue(draft or world.draft(basis), basis), basis.worked, wording())


def showing(world: "World", basis: Basis, *show: Shown) -> Basis:
    contract = replace(basis.engagement.contracts[0], show=show)
    return replace(basis, engagement=replace(basis.engagement, contracts=(contract,)))


def test_an_invoice_in_english(world: "World", basis: Basis) -> None:
    data = page(world, basis)
    assert (data["title"], data["number"], data["watermark"]) == ("Invoice", "INV-2026-0032", "")
    assert data["client"] == ["Acme GmbH", "Werkstr. 1", "80331 München"]
    assert [(fact["label"], fact["value"]) for fact in data["facts"]] == [
        ("Invoice date", "2 November 2026"),
        ("Due date", "2 December 2026"),
        ("Service period", "October 2026"),
        ("Your VAT ID", "DE129274202"),
    ]
    first, second = data["lines"]
    assert (first["quantity"], first["unit"], first["price"], first["net"]) == ("3", "h", "95.00", "285.00")
    assert first["detail"] == ""
    assert (second["net"], second["carried"]) == ("2,375.00", "2,660.00")
    assert data["heads"]["price"] == "Per hour"
    assert [(row["label"], row["value"], row["currency"]) for row in data["totals"]] == [
        ("Net amount", "2,660.00", ""),
        ("VAT 19%", "505.40", ""),
        ("Total due", "3,165.40", "EUR"),
    ]
    assert data["payment"] is not None
    assert data["payment"]["heading"] == "Please pay 3,165.40\u00a0EUR by 2 December 2026"
    assert data["payment"]["facts"][0] == {"label": "IBAN", "value": "DE02 1203 0000 0000 2020 51"}
    assert data["ledger"] == "Ledger abcdefghijkl"
    assert data["labels"]["page"] == "Page {page} of {pages}"


def test_an_invoice_in_german_to_austria(world: "World", basis: Basis) -> None:
    austrian = replace(world.client, country="AT", vat_id="ATU13585627", language="de", buyer_reference="K-12")
    abroad = replace(basis, engagement=replace(basis.engagement, client=austrian))
    tax = Tax(category="AE", reason_code="VATEX-EU-AE", note="Steuerschuldnerschaft des Leistungsempfängers")
    data = page(world, abroad, replace(world.draft(basis), tax=tax, note="Danke!", order="4711"))
    assert data["title"] == "Rechnung"
    assert data["client"][-1] == "ÖSTERREICH"
    assert "Deutschland" in data["issuer"]
    assert data["intro"] == ["Danke!", "Erbrachte Leistungen, Oktober 2026:"]
    assert data["notes"] == ["Steuerschuldnerschaft des Leistungsempfängers"]
    assert [row["label"] for row in data["totals"]] == ["Nettobetrag", "Umsatzsteuer, Reverse-Charge", "Zahlbetrag"]
    assert {fact["label"]: fact["value"] for fact in data["facts"]} | {
        "Ihre Bestellung": "4711",
        "Ihre Referenz": "K-12",
    } == {fact["label"]: fact["value"] for fact in data["facts"]}
    assert (data["decimal"], data["lines"][1]["net"]) == (",", "2.375,00")


def test_what_is_paid_in_advance_has_no_period_in_which_it_was_done(world: "World", basis: Basis) -> None:
    data = page(world, basis, replace(world.draft(basis), kind="deposit"))
    assert "Service period" not in {fact["label"] for fact in data["facts"]}


def test_show_governs_what_the_client_sees(world: "World", basis: Basis) -> None:
    everything = showing(world, basis, "hours", "days", "raw", "range", "evidence")
    assert page(world, everything)["lines"][0]["detail"] == (
        "5–9 Oct 2026 · raw 3 h 2 min · 2 h 22 min to 3 h 52 min · a1b2c3d4 b1b2c3d4"
    )
    nothing = page(world, showing(world, basis))["lines"][0]
    assert (nothing["detail"], nothing["quantity"], nothing["unit"], nothing["price"]) == ("", "", "", "")
    assert nothing["net"] == "285.00"


def test_minutes_stand_with_the_price_of_an_hour(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 50), contract=world.contract(rounding=Rounding()))
    (line,) = page(world, basis)["lines"]
    assert (line["quantity"], line["unit"], line["price"], line["net"]) == ("50", "min", "95.00", "79.17")
    draft = world.draft(basis)
    other = replace(draft.lines[0], unit="C62", base_quantity=Decimal(60))
    mixed = page(world, basis, replace(draft, lines=(draft.lines[0], other)))
    assert (mixed["heads"]["price"], mixed["lines"][1]["price"]) == ("Unit price", "95.00 / 60")


def test_a_draft_is_no_invoice(world: "World", basis: Basis) -> None:
    data = draft_page(
        world.draft(basis), world.issuer, basis.engagement, basis.worked, wording(), today=date(2026, 11, 2)
    )
    assert (data["title"], data["number"], data["watermark"]) == ("Draft", "", "DRAFT, not an invoice")
    assert data["payment"] is None
    assert data["ledger"] == ""
    assert [fact["label"] for fact in data["facts"]] == ["Service period", "Your VAT ID"]


def test_addresses_stand_in_the_order_of_their_country(world: "World", basis: Basis) -> None:
    def lines(**over: Any) -> list[str]:
        client = replace(world.client, **over)
        return page(world, replace(basis, engagement=replace(basis.engagement, client=client)))["client"][1:]

    american = lines(country="US", street="1 Main St", city="Springfield", region="IL", postcode="62701")
    assert american == ["1 Main St", "Springfield, IL 62701", "VEREINIGTE STAATEN"]
    assert lines(country="GB", city="London", postcode="SW1A 1AA") == [
        "Werkstr. 1",
        "London",
        "SW1A 1AA",
        "VEREINIGTES KÖNIGREICH",
    ]


def test_paper_follows_the_issuer_and_other_ways_to_pay_are_named(world: "World", basis: Basis) -> None:
    american = replace(world.issuer, country="US", bank=Bank(account="12345678", routing="021000021", holder="Mira"))
    data = page(world, replace(basis, issuer=american))
    assert data["paper"] == "us-letter"
    assert data["payment"] is not None
    assert [fact["label"] for fact in data["payment"]["facts"]] == [
        "Account",
        "Routing number",
        "Reference",
        "Account holder",
    ]


def test_text_from_outside_is_made_printable(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 60, text="x\u202ey\x1b[31m\nz"))
    draft = world.draft(basis)
    data = page(world, basis, replace(draft, note="a\u202eb\nc", lines=(replace(draft.lines[0], description="a\nb"),)))
    assert data["intro"][0] == "ab c"
    assert data["lines"][0]["description"] == "a b"


@pytest.mark.parametrize("language", ["en", "de", "fr", "pl", "en-US"])
def test_every_amount_stands_in_the_pdf(world: "World", basis: Basis, language: str) -> None:
    client = replace(world.client, language=language)
    local = replace(basis, engagement=replace(basis.engagement, client=client))
    invoice = world.issue(world.draft(local), local)
    typesetter = Typst(reader.text)
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    pdf = typesetter.typeset("invoice.typ", invoice_page(invoice, basis.worked, wording()), {}, at=at)
    text = "".join(typesetter.text(pdf).split())
    sums = invoice.totals
    for money in (*(line.net for line in invoice.lines), sums.net, sums.tax, sums.payable):
        assert "".join(amount_text(money, invoice.client.language).split()) in text
    assert invoice.number in text


@pytest.mark.parametrize(
    ("language", "says"), [("en", "Late entry: work of 8 Oct 2026"), ("de", "Nachtrag: Arbeit vom 8")]
)
def test_a_line_of_late_work_says_so(world: "World", language: str, says: str) -> None:
    client = replace(world.client, language=language)
    first = world.basis(world.entry("W-a", 60), client=client)
    october = world.issue(world.draft(first), first)
    work = (world.entry("W-b", 60, 8), world.entry("W-c", 30, date(2026, 11, 3)))
    basis = world.basis(*work, client=client, invoices=(october,))
    late, timely = page(world, basis, world.draft(basis, month(date(2026, 11, 1))))["lines"]
    assert late["detail"].startswith(says)
    assert timely["detail"] == ""


def test_a_receipt_says_what_was_paid_and_asks_for_nothing(world: "World", basis: Basis) -> None:
    invoice = world.issue(world.draft(basis), basis)
    data = invoice_page(invoice, basis.worked, wording(), receipt=paid_whole(invoice, date(2026, 11, 20)))
    assert (data["title"], data["number"], data["payment"], data["slip"]) == ("Receipt", "", None, None)
    told = {fact["label"]: fact["value"] for fact in data["facts"]}
    assert (told["Date"], told["For invoice"]) == ("20 November 2026", "INV-2026-0032 of 2\u00a0November\u00a02026")
    assert "Due date" not in told


def test_times_of_day_and_commits_stand_on_an_annex(world: "World", basis: Basis) -> None:
    assert page(world, showing(world, basis, "hours", "evidence"))["annex"] is None
    annex = page(world, showing(world, basis, "hours", "times", "evidence"))["annex"]
    assert annex is not None
    details = [row["detail"] for group in annex["groups"] for row in group["rows"]]
    assert any(detail.endswith("a1b2c3d4") for detail in details)
    plain = page(world, showing(world, basis, "hours", "times"))["annex"]
    assert plain is not None
    assert "a1b2c3d4" not in str(plain)
