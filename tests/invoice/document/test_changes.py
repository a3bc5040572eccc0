"""What is shown of discounts, surcharges, withholding and taxes, by page, review and terminal."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from git_bill.adapters.tables import vat_table, wording
from git_bill.cli.output import Span
from git_bill.cli.sums import allowances_data, changed_rows, sum_rows
from git_bill.contract.tax.case import Tax
from git_bill.contract.tax.levy import Component, Surcharge, Withholding
from git_bill.contract.tax.treatment import decide
from git_bill.contract.terms import EarlyPayment
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.basis import Basis
from git_bill.invoice.document.client_copy import client_title
from git_bill.invoice.document.letter import mail_facts
from git_bill.invoice.document.page import invoice_page
from git_bill.invoice.document.page_data import PageData
from git_bill.invoice.document.review import Review, review_text
from git_bill.invoice.draft import Draft
from git_bill.invoice.totals import changes_of, draft_totals
from git_bill.money import Money

if TYPE_CHECKING:
    from tests.invoice.conftest import World

IRPF = Tax(category="S", rate=Decimal(21), withholding=(Withholding(name="IRPF", rate=Decimal(15)),))
TEXAS = Tax(
    category="S",
    rate=Decimal("6.6"),
    name="sales tax",
    components=(Component(name="Texas sales tax", rate=Decimal("8.25"), taxed=Decimal(80)),),
)


@pytest.fixture
def basis(world: "World") -> Basis:
    """Two hours for 190.00 EUR."""
    return world.basis(world.entry("W-a", 120))


def page(world: "World", basis: Basis, draft: Draft) -> PageData:
    return invoice_page(world.issue(draft, basis), basis.worked, wording())


def review(draft: Draft, basis: Basis, world: "World") -> str:
    today = world.period.last
    return review_text(Review(name="acme-2026-10", draft=draft, basis=basis, problems=(), today=today))


def less(draft: Draft) -> Draft:
    """With 10 % off its line and 5.00 EUR on it."""
    changes = (
        Allowance(percent=Decimal(10), reason="Discount"),
        Allowance(charge=True, amount=Money.parse("5.00 EUR"), reason="Weekend"),
    )
    return replace(draft, lines=(replace(draft.lines[0], allowances=changes),))


@pytest.mark.parametrize(
    ("language", "small"),
    [("en", "Discount 10%: -19.00 · Weekend: 5.00"), ("de", "Discount 10 %: -19,00 · Weekend: 5,00")],
)
def test_discounts_of_a_line_stand_below_it(world: "World", basis: Basis, language: str, small: str) -> None:
    spoken = replace(basis.engagement, client=replace(world.client, language=language))
    [line] = page(world, replace(basis, engagement=spoken), less(world.draft(basis)))["lines"]
    assert line["detail"].replace("\u00a0", " ").replace("\u2212", "-") == small
    assert line["net"] in {"176.00", "176,00"}


def test_discounts_of_a_line_stand_in_the_review_and_the_terminal(world: "World", basis: Basis) -> None:
    draft = less(world.draft(basis))
    assert "WEB-5 Add totals<br>Discount 10%: -19.00 EUR<br>Weekend: 5.00 EUR | 2h | 176.00 |" in review(
        draft, basis, world
    )
    rows = [
        [(cell.text if isinstance(cell, Span) else cell).strip() for cell in row]
        for row in changed_rows(draft.lines[0])
    ]
    assert rows == [["Discount 10 %", "", "-19.00 EUR"], ["Weekend", "", "5.00 EUR"]]
    first, _ = allowances_data(changes_of(draft.lines[0]))
    assert first == {"reason": "Discount", "percent": "10", "amount": Money.parse("19.00 EUR"), "charge": False}


def test_what_is_asked_for_is_what_is_to_be_transferred(world: "World", basis: Basis) -> None:
    """229.90 with tax, of which the client keeps 28.50; the amount due (BT-115) stays 229.90."""
    draft = replace(world.draft(basis), tax=IRPF, early_payment=EarlyPayment(days=10, percent=Decimal(2)))
    invoice = world.issue(draft, basis)
    assert (str(invoice.totals.payable), str(invoice.totals.to_transfer)) == ("229.90 EUR", "201.40 EUR")
    data = page(world, basis, draft)
    assert data["payment"] is not None
    assert data["payment"]["heading"].startswith("Please pay 201.40\u00a0EUR")
    assert "197.37 EUR" in " ".join(data["notes"])
    assert "Amount due: 201.40 EUR" in mail_facts(invoice, wording())["text"]
    assert client_title(data, wording()).endswith("EUR 201.40")
    assert "**Acme GmbH pays 201.40 EUR**" in review(draft, basis, world)
    assert draft_totals(world.draft(basis)).to_transfer == draft_totals(world.draft(basis)).payable


@pytest.mark.parametrize(
    ("tax", "label", "told"),
    [
        (Tax(category="S", rate=Decimal(10), name="GST"), "GST 10%", "GST 10%: 19.00 EUR"),
        (Tax(category="S", rate=Decimal(10), name="consumption tax"), "Consumption tax 10%", "Consumption tax 10%: "),
        (Tax(category="O", name="sales tax", note="none"), "Sales tax, not subject to it", "No sales tax: none"),
        (TEXAS, "Texas sales tax 8.25% on 152.00", "Texas sales tax 8.25% on 152.00: 12.54 EUR"),
    ],
)
def test_a_tax_has_the_name_of_its_law(world: "World", basis: Basis, tax: Tax, label: str, told: str) -> None:
    draft = replace(world.draft(basis), tax=tax)
    assert label in [row["label"] for row in page(world, basis, draft)["totals"]]
    text = review(draft, basis, world)
    assert told in text
    assert "VAT" not in text


def test_the_name_of_a_tax_is_the_countrys(world: "World") -> None:
    for country, name in (("AU", "GST"), ("NZ", "GST"), ("JP", "consumption tax"), ("DE", None)):
        issuer = replace(world.issuer, country=country, vat_id=None)
        client = replace(world.client, country=country, vat_id=None)
        tax = decide(issuer, client, world.period, vat_table())
        assert isinstance(tax, Tax)
        assert tax.name == name


def test_gst_in_australia_is_on_a_tax_invoice_with_the_abn(world: "World", basis: Basis) -> None:
    issuer = replace(world.issuer, country="AU", vat_id=None, tax_number="51 824 753 556")
    there = replace(basis, issuer=issuer)
    gst = Tax(category="S", rate=Decimal(10), name="GST")
    data = page(world, there, replace(world.draft(basis), tax=gst))
    assert data["title"] == "Tax invoice"
    assert "ABN 51 824 753 556" in data["footer"][0]
    free = Tax(category="O", name="GST", note="Not registered for GST")
    assert page(world, there, replace(world.draft(basis), tax=free))["title"] == "Invoice"


def test_a_percentage_is_told_once(world: "World", basis: Basis) -> None:
    fund = Surcharge(name="Rivalsa INPS 4%", rate=Decimal(4))
    draft = replace(world.draft(basis), tax=Tax(category="S", rate=Decimal(22), surcharges=(fund,)))
    assert "- Rivalsa INPS 4%: 7.60 EUR" in review(draft, basis, world)
    assert "Rivalsa INPS 4%" in [row[1] for row in sum_rows(draft)]
