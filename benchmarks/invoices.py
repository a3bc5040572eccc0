"""Invoices to measure with: Mira bills Acme for October, as many lines as one likes."""

from datetime import UTC, date, datetime
from decimal import Decimal

from git_bill.contract.agreement import Engagement
from git_bill.contract.party import Bank, Client, Issuer
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.issuing import issue_invoice
from git_bill.money import Money

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ISSUER = Issuer(
    name="Mira Kovac Software",
    contact="Mira Kovac",
    street="Lindenweg 4",
    postcode="10115",
    city="Berlin",
    country="DE",
    timezone="Europe/Berlin",
    email="mira@example.net",
    phone="+49 30 1234567",
    vat_id="DE136695976",
    bank=Bank(iban="DE02120300000000202051", bic="BYLADEM1001"),
)
CLIENT = Client(
    name="Acme GmbH",
    street="Werkstr. 1",
    postcode="80331",
    city="München",
    country="DE",
    vat_id="DE129274202",
    email="ap@acme.example",
    language="de",
    buyer_reference="04011000-12345-03",
    formats=("pdf", "facturx"),
)


def invoice_of(lines: int, number: int = 32, *, detail: str | None = None) -> Invoice:
    """An issued invoice with so many lines of minutes at 19 percent."""
    every = tuple(
        Line(
            description=f"WEB-{each} Checkout: totals, discounts and the tests of both",
            detail=detail,
            quantity=Decimal(733),
            unit="MIN",
            base_quantity=Decimal(60),
            unit_price=Money.parse("95.00 EUR"),
            first=date(2026, 10, 5),
            last=date(2026, 10, 7),
        )
        for each in range(1, lines + 1)
    )
    draft = Draft(
        id="D-aaaaaaaaaaaa",
        client="acme",
        contract="acme-2026",
        first=date(2026, 10, 1),
        last=date(2026, 10, 31),
        currency="EUR",
        payment_terms="30 days",
        tax=Tax(category="S", rate=Decimal(19)),
        lines=every,
    )
    claim = Claim(
        number=f"INV-2026-{number:04}", draft=draft.id, name="acme", blob="0" * 40, issue_date=AT.date(), at=AT
    )
    engagement = Engagement(client=CLIENT)
    return issue_invoice(draft, claim, issuer=ISSUER, engagement=engagement, ledger_head="abc", made_with="bench")
