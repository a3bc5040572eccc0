"""A small world to bill in: Mira, her client Acme, a contract by the hour, and work of October 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from git_bill.adapters.tables import vat_table
from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.party import Bank, Client, Issuer
from git_bill.contract.rate import Rate
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Draft
from git_bill.invoice.drafting import Drafted, build
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.issuing import issue_invoice
from git_bill.money import Money
from git_bill.period import Period
from git_bill.worklog.entry import Entry, Worked

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
ISSUER = Issuer(
    name="Mira Kovac Software",
    contact="Mira Kovac",
    street="Lindenweg 4",
    postcode="10115",
    city="Berlin",
    country="DE",
    timezone="Europe/Berlin",
    vat_id="DE136695976",
    bank=Bank(iban="DE02120300000000202051", bic="BYLADEM1001"),
)
ACME = Client(
    name="Acme GmbH",
    street="Werkstr. 1",
    postcode="80331",
    city="München",
    country="DE",
    vat_id="DE129274202",
    language="en",
)
CONTRACT = Contract(
    id="acme-2026",
    from_=date(2026, 1, 1),
    currency="EUR",
    rounding=Rounding(to=15, mode="nearest", per="ticket-day"),
    rates=(
        Rate(hourly=Money.parse("95.00 EUR"), activity="development"),
        Rate(hourly=Money.parse("80.00 EUR")),
    ),
)
S19 = Tax(category="S", rate=Decimal(19), source="UStG § 12(1): standard rate of DE since 2021-01-01")


class World:
    """Builders with defaults; what a test gives wins."""

    period = OCTOBER
    issuer = ISSUER
    client = ACME
    tax = S19

    def entry(self, id: str, minutes: int, day: int | date = 5, *, client: str = "acme", **over: Any) -> Worked:
        """A confirmed entry of WEB-5 on a day of October."""
        given: dict[str, Any] = {"by": "mira", "project": "web-shop", "ticket": "WEB-5", "text": "add totals"}
        given |= {"state": "confirmed", "evidence": (f"web-shop:{id[2:]:0>12}",)} | over
        when = date(2026, 10, day) if isinstance(day, int) else day
        return Worked(id=id, client=client, entry=Entry(day=when, minutes=minutes, **given))

    def contract(self, **over: Any) -> Contract:
        """Acme's contract: 95.00 for development, 80.00 for the rest, 15 minutes per ticket and day."""
        return replace(CONTRACT, **over)

    def basis(self, *worked: Worked, contract: Contract = CONTRACT, **over: Any) -> Basis:
        """The books with these entries and one contract."""
        engagement = Engagement(client=over.pop("client", ACME), contracts=(contract,), tax=over.pop("choice", None))
        return Basis(
            issuer=over.pop("issuer", ISSUER),
            client="acme",
            engagement=engagement,
            vat=vat_table(),
            worked={w.id: w for w in worked},
            names={"mira": "Mira Kovac", "jonas": "Jonas Beck"},
            **over,
        )

    def drafted(self, basis: Basis, period: Period = OCTOBER) -> Drafted:
        """What `draft` makes of the books."""
        return build(basis, basis.engagement.contracts[0], period, S19, draft_id="D-aaaaaaaaaaaa")

    def draft(self, basis: Basis, period: Period = OCTOBER) -> Draft:
        """The draft alone."""
        return self.drafted(basis, period).draft

    def issue(
        self, draft: Draft, basis: Basis, number: str = "INV-2026-0032", day: date = date(2026, 11, 2)
    ) -> Invoice:
        """The draft as an invoice."""
        claim = Claim(
            number=number,
            draft=draft.id,
            name="acme-2026-10",
            blob="0" * 40,
            issue_date=day,
            at=datetime(2026, 11, 2, 9, tzinfo=UTC),
        )
        return issue_invoice(
            draft, claim, issuer=basis.issuer, engagement=basis.engagement, ledger_head="abcdefghijkl", made_with="test"
        )


@pytest.fixture
def world() -> World:
    """Builders of entries, books, drafts and invoices."""
    return World()
