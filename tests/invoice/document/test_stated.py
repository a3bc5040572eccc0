"""Every total of the XML stands in the PDF's text, in the client's form of it."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from git_bill.adapters import pdf as reader
from git_bill.adapters.tables import wording
from git_bill.adapters.typst import Typst
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.document.page import invoice_page
from git_bill.invoice.document.stated import unstated
from git_bill.invoice.issued import Invoice
from git_bill.money import Money

if TYPE_CHECKING:
    from tests.invoice.conftest import World

WHEN = datetime(2026, 11, 2, tzinfo=UTC)


def text_of(invoice: Invoice) -> str:
    page = invoice_page(invoice, {}, wording())
    return reader.text(Typst(reader.text).typeset("invoice.typ", page, {}, at=WHEN))


def less(amount: str, reason: str) -> Allowance:
    return Allowance(amount=Money.parse(amount), reason=reason)


@pytest.mark.parametrize("language", ["de", "en", "fr", "pl", "de-CH", "en-IN"])
def test_every_total_stands_in_the_pdf(world: "World", language: str) -> None:
    basis = world.basis(world.entry("W-a", 6000, 5), world.entry("W-b", 52_000, 9, ticket="WEB-6"))
    basis = replace(basis, engagement=replace(basis.engagement, client=replace(world.client, language=language)))
    draft = world.draft(basis)
    other = replace(draft.lines[1], tax=Tax(category="S", rate=Decimal(7)))
    several = replace(
        draft,
        lines=(draft.lines[0], other),
        allowances=(less("120.00 EUR", "Loyalty"), less("33.50 EUR", "Campaign")),
        prepaid=Money.parse("1000.00 EUR"),
    )
    for each in (draft, several):
        invoice = world.issue(each, basis)
        assert list(unstated(invoice, text_of(invoice))) == []
    assert invoice.totals.allowances == Money.parse("153.50 EUR")
    assert len(invoice.totals.groups) == 2


def test_what_is_missing_is_named_as_it_would_stand_there(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 6000, 5))
    invoice = world.issue(world.draft(basis), basis)
    assert invoice.totals.gross == Money.parse("11305.00 EUR")
    missing = dict(unstated(invoice, "INV-2026-0032 9,500.00 1,805.00 and 111,305.00 or 11,305.001"))
    assert missing == {"total with tax (BT-112)": "11,305.00", "amount due (BT-115)": "11,305.00"}
    assert dict(unstated(invoice, "9,500.00 1,805.00 11,305.00")) == {"number (BT-1)": "INV-2026-0032"}
