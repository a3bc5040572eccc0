"""Issued invoices to make e-invoices of: Mira bills Acme 12.5 hours of October, unless a test says otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.invoice.conftest import ACME as CLIENT
from tests.invoice.conftest import ISSUER, OCTOBER

from git_bill.adapters.tables import einvoicing, vat_table, wording
from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.treatment import decide
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.en16931.einvoice import Einvoice
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.issuing import issue_invoice
from git_bill.money import Money
from git_bill.problem import Problem

WHERE: dict[str, Any] = {"street": "Street 1", "postcode": "10115", "city": "Town"}
MIRA = replace(ISSUER, email="mira@example.net", phone="+49 30 1234567", **WHERE)
ACME = replace(CLIENT, email="ap@acme.example", language="de", buyer_reference="04011000-12345-03", **WHERE)
CURRENCIES = {"GB": "GBP", "CH": "CHF", "US": "USD", "IN": "INR", "DK": "DKK", "SE": "SEK", "NO": "NOK", "JP": "JPY"}


class Bills:
    """Builders with defaults; what a test gives wins."""

    mira, acme = MIRA, ACME

    def issuer(self, country: str, **over: Any) -> Issuer:
        """Mira in another country, with no number but those given."""
        return replace(MIRA, country=country, **{"vat_id": None, **over})

    def client(self, country: str, **over: Any) -> Client:
        """Acme in another country, with no number but those given."""
        return replace(ACME, country=country, **{"vat_id": None, "buyer_reference": "REF-1", **over})

    def line(self, quantity: str, price: str, unit: Any = "HUR", **over: Any) -> Line:
        """One line of a draft."""
        given = {"description": "Checkout", **over}
        return Line(quantity=Decimal(quantity), unit=unit, unit_price=Money.parse(price), **given)

    def invoice(
        self,
        issuer: Issuer = MIRA,
        client: Client = ACME,
        *lines: Line,
        show: tuple[Any, ...] = ("hours",),
        **over: Any,
    ) -> Invoice:
        """What is issued on 2 November 2026 for October."""
        tax = over.pop("tax", None) or decide(issuer, client, OCTOBER, vat_table())
        assert not isinstance(tax, Problem), tax
        currency = CURRENCIES.get(issuer.country, "EUR")
        draft = Draft(
            id="D-aaaaaaaaaaaa",
            client="acme",
            contract="acme-2026",
            first=OCTOBER.first,
            last=OCTOBER.last,
            currency=currency,
            payment_terms="30 days",
            tax=tax,
            lines=lines or (self.line("12.5", f"95.00 {currency}"),),
            **over,
        )
        claim = Claim(
            number="INV-2026-0032",
            draft=draft.id,
            name="acme-2026-10",
            blob="0" * 40,
            issue_date=date(2026, 11, 2),
            at=datetime(2026, 11, 2, tzinfo=UTC),
        )
        contract = Contract(id="acme-2026", from_=date(2026, 1, 1), currency=currency, show=show)
        engagement = Engagement(client=client, contracts=(contract,))
        return issue_invoice(
            draft, claim, issuer=issuer, engagement=engagement, ledger_head="abcdefghijkl", made_with="test"
        )

    def einvoice(self, invoice: Invoice | None = None, profile: str = "xrechnung-ubl", **over: Any) -> Einvoice:
        """The e-invoice of an invoice."""
        shown = invoice or self.invoice()
        return Einvoice(invoice=shown, profile=profile, known=einvoicing(), wording=wording(), **over)


@pytest.fixture
def bills() -> Bills:
    """Builders of invoices and e-invoices."""
    return Bills()
