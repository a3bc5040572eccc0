"""Invoices become business terms: what a contract hides stays hidden, each country's ids stand where they belong."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from git_bill.contract.party import Bank, DebitMandate, TaxRepresentative
from git_bill.contract.tax.status import TaxStatus
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import EarlyPayment
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.draft import Correction, Exchange, Reversal
from git_bill.invoice.en16931.einvoice import xml_of
from git_bill.invoice.en16931.model import Change, Document, Embedded, Note, Period, Preceding
from git_bill.invoice.en16931.parties import Identifier
from git_bill.money import Money

REVERSAL = Reversal(number="INV-2026-0031", issue_date=date(2026, 10, 2), entries="rebill", because="Wrong hours")
CORRECTION = Correction(number="INV-2026-0031", issue_date=date(2026, 10, 2), credit_note="CN-2026-0001")


def test_hours_are_hidden_where_the_contract_hides_them(bills: Any) -> None:
    """A line is then one piece at its net: no quantity, no price of an hour, no discount that would tell it."""
    loyal = Allowance(percent=Decimal(10), reason="Loyalty")
    line = bills.line(
        "12.5", "95.00 EUR", allowances=(loyal,), first=date(2026, 10, 5), last=date(2026, 10, 7), raw=733
    )
    hidden = bills.einvoice(bills.invoice(bills.mira, bills.acme, line, show=()))
    [found] = hidden.model.lines
    assert (found.quantity, found.unit, found.price.net, found.net) == (
        1,
        "C62",
        Decimal("1068.75"),
        Decimal("1068.75"),
    )
    assert (found.allowances, found.period, found.note) == ((), None, None)
    xml = xml_of(hidden)
    for told in (b"12.5<", b"95.00", b"HUR", b"12 h", b"2026-10-05", b"118.75"):
        assert told not in xml
    assert hidden.model.totals.net == Decimal("1068.75")


def test_what_the_contract_shows_is_shown(bills: Any) -> None:
    days = {"first": date(2026, 10, 5), "last": date(2026, 10, 7)}
    line = bills.line("733", "95.00 EUR", "MIN", base_quantity=Decimal(60), raw=733, **days)
    [found] = bills.einvoice(bills.invoice(bills.mira, bills.acme, line, show=("hours", "days", "raw"))).model.lines
    assert (found.quantity, found.unit, found.price.base_quantity, found.price.base_unit) == (733, "MIN", 60, "MIN")
    assert found.period == Period(first=date(2026, 10, 5), last=date(2026, 10, 7))
    assert found.note == "ungerundet 12 h 13 min"


def test_what_takes_back_stays_negative_when_hours_are_hidden(bills: Any) -> None:
    lines = (bills.line("1", "900.00 EUR", "C62"), bills.line("-2", "100.00 EUR", "C62"))
    back = bills.einvoice(bills.invoice(bills.mira, bills.acme, *lines, show=())).model.lines[1]
    assert (back.quantity, back.price.net, back.net) == (-1, Decimal("200.00"), Decimal("-200.00"))


def test_the_period_holds_the_days_of_late_lines(bills: Any) -> None:
    """Peppol R110: a line that is late shows its days, so the document's period begins there."""
    late = bills.line("1", "95.00 EUR", first=date(2026, 9, 28), last=date(2026, 9, 29))
    model = bills.einvoice(bills.invoice(bills.mira, bills.acme, late, bills.line("2", "95.00 EUR"))).model
    assert model.period == Period(first=date(2026, 9, 28), last=date(2026, 10, 31))


@pytest.mark.parametrize("profile", ["en16931-ubl", "xrechnung-ubl", "peppol", "facturx"])
def test_what_is_paid_in_advance_has_no_day_on_which_it_was_done(bills: Any, profile: str) -> None:
    model = bills.einvoice(bills.invoice(kind="deposit"), profile).model
    assert model.period is None
    assert model.delivery is None or model.delivery.on is None


@pytest.mark.parametrize(
    ("kind", "profile", "code"),
    [
        ("invoice", "en16931-ubl", "380"),
        ("deposit", "en16931-ubl", "386"),
        ("deposit", "xrechnung-ubl", "380"),
        ("deposit", "facturx", "386"),
        ("part", "xrechnung-cii", "326"),
        ("part", "peppol", "326"),
        ("final", "en16931-cii", "380"),
        ("simplified", "en16931-cii", "380"),
        ("credit-note", "peppol", "381"),
    ],
)
def test_each_kind_has_the_code_that_its_profile_allows(bills: Any, kind: str, profile: str, code: str) -> None:
    reverses = REVERSAL if kind == "credit-note" else None
    model = bills.einvoice(bills.invoice(kind=kind, reverses=reverses), profile).model
    assert model.type == code


def test_a_replacement_is_a_corrected_invoice(bills: Any) -> None:
    invoice = bills.invoice(corrects=CORRECTION)
    model = bills.einvoice(invoice).model
    assert model.type == "384"
    assert model.preceding == (
        Preceding(number="INV-2026-0031", issue_date=date(2026, 10, 2)),
        Preceding(number="CN-2026-0001"),
    )
    # Peppol takes 384 between Germans alone (P0112)
    dutch = bills.issuer("NL", vat_id="NL004495445B01", registration="12345678")
    assert bills.einvoice(bills.invoice(dutch, corrects=CORRECTION), "peppol").model.type == "380"


def test_a_credit_note_asks_for_no_payment(bills: Any) -> None:
    invoice = bills.invoice(kind="credit-note", reverses=REVERSAL)
    model = bills.einvoice(invoice, "en16931-ubl").model
    assert (model.payment, model.due_date) == (None, None)
    assert model.preceding == (Preceding(number="INV-2026-0031", issue_date=date(2026, 10, 2)),)
    assert Note(text="Wrong hours") in model.notes
    assert b"<CreditNote " in xml_of(bills.einvoice(invoice, "en16931-ubl"))
    german = bills.einvoice(invoice).model  # BR-DE-1 wants a way of payment all the same
    assert german.payment is not None
    assert german.payment.means == "1"


@pytest.mark.parametrize(
    ("country", "over", "address"),
    [
        ("DE", {"vat_id": "DE129274202"}, "9930:DE129274202"),
        ("DE", {"vat_id": "DE129274202", "buyer_reference": "04011000-12345-03"}, "0204:04011000-12345-03"),
        ("DE", {}, "EM:ap@acme.example"),
        ("DE", {"electronic_address": "0088:4012345000009"}, "0088:4012345000009"),
        ("BE", {"vat_id": "BE0776091951"}, "0208:0776091951"),
        ("NL", {"registration": "KVK 12345678"}, "0106:12345678"),
        ("NL", {"registration": "00000001003214345000", "registration_scheme": "0190"}, "0190:00000001003214345000"),
        ("DK", {"vat_id": "DK13585628"}, "0184:13585628"),
        ("NO", {"vat_id": "NO995525828MVA"}, "0192:995525828"),
        ("SE", {"vat_id": "SE123456789701"}, "0007:1234567897"),
        ("FR", {"vat_id": "FR23334175221"}, "0225:334175221"),
        ("FR", {"registration": "334 175 221 00012"}, "0225:334175221"),
        ("AT", {"vat_id": "ATU13585627"}, "9914:ATU13585627"),
        ("LU", {"vat_id": "LU15027442"}, "9938:LU15027442"),
    ],
)
def test_the_address_follows_from_the_countrys_number(bills: Any, country: str, over: Any, address: str) -> None:
    client = bills.client(country, **over)
    endpoint = bills.einvoice(
        bills.invoice(bills.mira, client, tax=Tax(category="S", rate=Decimal(19)))
    ).model.buyer.endpoint
    assert f"{endpoint.scheme}:{endpoint.id}" == address


def test_mail_is_no_address_of_peppol(bills: Any) -> None:
    assert bills.einvoice(bills.invoice(bills.mira, bills.client("US")), "peppol").model.buyer.endpoint is None


def test_outside_the_scope_no_vat_id_is_stated(bills: Any) -> None:
    """BR-O-02 forbids it, BR-CO-26 wants a number: it stands as an id of the issuer (BT-29)."""
    model = bills.einvoice(bills.invoice(bills.mira, bills.client("US"))).model
    assert (model.seller.vat_id, model.seller.ids) == (None, (Identifier(id="DE136695976"),))
    assert model.lines[0].rate is None
    assert model.groups[0].reason_code == "VATEX-EU-O"
    assert (model.groups[0].category, model.groups[0].rate) == ("O", 0)  # XRechnung BR-DE-14
    assert bills.einvoice(bills.invoice(bills.mira, bills.client("US")), "peppol").model.groups[0].rate is None


def test_reverse_charge_says_why(bills: Any) -> None:
    client = bills.client("AT", vat_id="ATU13585627")
    [group] = bills.einvoice(bills.invoice(bills.mira, client)).model.groups
    assert (group.category, group.rate, group.reason_code) == ("AE", 0, "VATEX-EU-AE")
    assert "Steuerschuldnerschaft" in group.reason


@pytest.mark.parametrize(
    ("country", "number", "stated"),
    [
        ("IN", "27AAPFU0939F1ZV", "IN27AAPFU0939F1ZV"),
        ("CH", "CHE-107.787.577 MWST", "CHE-107.787.577 MWST"),
        ("DE", "DE 136 695 976", "DE136695976"),
        ("GR", "EL094259216", "EL094259216"),
        ("GB", "XI980780684", "XI980780684"),
    ],
)
def test_a_vat_id_begins_with_its_country(bills: Any, country: str, number: str, stated: str) -> None:
    issuer = bills.issuer(country, vat_id=number)
    invoice = bills.invoice(issuer, tax=Tax(category="S", rate=Decimal(18)))
    assert bills.einvoice(invoice).model.seller.vat_id == stated


def test_a_small_business_states_the_number_it_has(bills: Any) -> None:
    french = bills.issuer("FR", tax_scheme="small-business", registration="303 265 045")
    seller = bills.einvoice(bills.invoice(french, bills.client("FR", vat_id="FR23334175221"))).model.seller
    assert seller.registration == Identifier(id="303265045", scheme="0002")
    assert seller.tax_number == "303265045"


def test_norwegian_companies_say_that_they_are_entered(bills: Any) -> None:
    issuer = bills.issuer("NO", vat_id="NO995525828MVA", legal_form="company")
    tax = Tax(category="S", rate=Decimal(25))
    assert bills.einvoice(bills.invoice(issuer, tax=tax)).model.seller.tax_number == "Foretaksregisteret"
    alone = replace(issuer, legal_form="person")
    assert bills.einvoice(bills.invoice(alone, tax=tax)).model.seller.tax_number is None


def test_paying_early_stands_in_xrechnungs_own_form(bills: Any) -> None:
    invoice = bills.invoice(early_payment=EarlyPayment(percent=Decimal(2), days=10))
    terms = bills.einvoice(invoice).model.terms
    assert terms.splitlines() == [
        "Zahlbar innerhalb von 30 Tagen ab Rechnungsdatum.",
        terms.splitlines()[1],
        "#SKONTO#TAGE=10#PROZENT=2.00#",
    ]
    assert "2 %" in terms.splitlines()[1].replace("\u00a0", " ")
    assert b"#PROZENT=2.00#\n" in xml_of(bills.einvoice(invoice))
    assert "#SKONTO#" not in bills.einvoice(invoice, "peppol").model.terms


def test_ways_to_pay(bills: Any) -> None:
    link = "https://pay.example/x"
    german = bills.mira
    cases: list[tuple[Any, Any, str | None, str]] = [
        (german, bills.acme, None, "58"),
        (replace(german, bank=None), bills.acme, link, "68"),
        (replace(german, bank=None), bills.acme, None, "1"),
        (replace(german, bank=Bank(instructions="Cash")), bills.acme, None, "1"),
        (replace(german, bank=Bank(account="12345678", routing="20-00-00")), bills.acme, None, "30"),
    ]
    for issuer, client, address, means in cases:
        invoice = replace(bills.invoice(issuer, client), payment_link=address)
        assert bills.einvoice(invoice).model.payment.means == means
    debit = replace(bills.acme, direct_debit=DebitMandate(mandate="M-1", iban="DE02 1203 0000 0000 2020 51"))
    creditor = replace(german, bank=replace(german.bank, creditor="DE98ZZZ09999999999"))
    payment = bills.einvoice(bills.invoice(creditor, debit)).model.payment
    assert (payment.means, payment.accounts) == ("59", ())
    assert (payment.debit.mandate, payment.debit.creditor) == ("M-1", "DE98ZZZ09999999999")
    assert payment.debit.account == "DE02120300000000202051"


def test_danish_accounts_have_codes_of_their_own(bills: Any) -> None:
    tax = Tax(category="S", rate=Decimal(25))
    domestic = bills.issuer("DK", vat_id="DK13585628", bank=Bank(account="1234567", routing="1234"))
    assert bills.einvoice(bills.invoice(domestic, tax=tax), "peppol").model.payment.means == "42"
    abroad = bills.issuer("DK", vat_id="DK13585628")
    assert bills.einvoice(bills.invoice(abroad, tax=tax), "peppol").model.payment.means == "31"


def test_discounts_surcharges_and_what_the_law_adds(bills: Any) -> None:
    issuer = bills.issuer("IT", vat_id="IT00743110157", tax=TaxStatus(fund="inps", withholding="usual"))
    invoice = bills.invoice(
        issuer,
        bills.client("IT", vat_id="IT00743110157"),
        bills.line("10", "100.00 EUR"),
        allowances=(Allowance(percent=Decimal(5), reason="Volume"),),
    )
    model = bills.einvoice(invoice, "en16931-ubl").model
    assert model.allowances == (
        Change(amount=Decimal("50.00"), base=Decimal("1000.00"), percent=Decimal(5), category="S", rate=Decimal(22),
               reason="Volume"),
    )  # fmt: skip
    assert [(each.amount, each.reason) for each in model.charges] == [(Decimal("38.00"), "Rivalsa INPS 4%")]
    assert model.totals.payable == model.totals.gross  # what the client keeps is outside (BT-115)
    assert any("197.60 EUR" in note.text or "197,60 EUR" in note.text for note in model.notes)


def test_taxes_that_share_a_group_are_told_in_a_note(bills: Any) -> None:
    indian = bills.issuer("IN", vat_id="27AAPFU0939F1ZV", region="IN-MH")
    client = bills.client("IN", vat_id="27AAPFU0939F1ZV", region="IN-MH", language="en-IN")
    model = bills.einvoice(bills.invoice(indian, client, bills.line("1", "100.05 INR")), "en16931-ubl").model
    assert [(group.rate, group.tax) for group in model.groups] == [(18, Decimal("18.00"))]
    assert [note.text.split(":")[0] for note in model.notes] == ["CGST 9%", "SGST 9%"]


def test_tax_in_the_currency_of_the_books(bills: Any) -> None:
    rate = Exchange(currency="DKK", rate=Decimal("7.46"), on=date(2026, 10, 30), source="ECB")
    model = bills.einvoice(bills.invoice(exchange=rate)).model
    assert (model.tax_currency, model.exchanged_tax) == ("DKK", Decimal("1683.20"))
    assert b'<cbc:TaxAmount currencyID="DKK">1683.20' in xml_of(bills.einvoice(bills.invoice(exchange=rate)))


def test_peppol_has_one_note(bills: Any) -> None:
    mentions = (Note(text="Penalties", subject="PMD"), Note(text="40 EUR", subject="PMT"))
    invoice = bills.invoice(note="Thank you")
    assert bills.einvoice(invoice, "peppol", mentions=mentions).model.notes == (
        Note(text="Thank you\nPenalties\n40 EUR"),
    )
    assert bills.einvoice(invoice, mentions=mentions).model.notes == (Note(text="Thank you"), *mentions)


def test_timesheets_are_inside_where_the_profile_allows_it(bills: Any) -> None:
    sheet = Document(reference="timesheet", embedded=Embedded(content=b"a,b\n", mime="text/csv", name="timesheet.csv"))
    assert bills.einvoice(documents=(sheet,)).model.documents == (sheet,)
    assert b"YSxiCg==" in xml_of(bills.einvoice(documents=(sheet,)))
    assert bills.einvoice(profile="facturx", documents=(sheet,)).model.documents == ()


def test_a_tax_representative(bills: Any) -> None:
    answers = TaxRepresentative(name="Rep GmbH", vat_id="DE 136695976", country="DE")
    found = bills.einvoice(bills.invoice(replace(bills.mira, tax_representative=answers))).model.representative
    assert (found.name, found.vat_id, found.address.country) == ("Rep GmbH", "DE136695976", "DE")


def test_french_parties_get_their_own_process_and_words(bills: Any) -> None:
    invoice = bills.invoice(
        bills.issuer("FR", vat_id="FR40303265045"), bills.client("FR", vat_id="FR23334175221"), kind="final"
    )
    sheet = Document(reference="timesheet", description="Timesheet")
    model = bills.einvoice(invoice, "en16931-ubl", documents=(sheet,)).model
    assert (model.process, model.documents[0].description) == ("S4", "DOCUMENT_ANNEXE")
    assert bills.einvoice(invoice, "peppol").model.process == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def test_hostile_text_is_data(bills: Any) -> None:
    line = bills.line("1", "95.00 EUR", description='<cbc:ID>1</cbc:ID>&\x00\x1b[31m"]]>\u202e')
    einvoice = bills.einvoice(bills.invoice(bills.mira, bills.acme, line))
    assert einvoice.model.lines[0].item.name == '<cbc:ID>1</cbc:ID>&"]]>'
    assert b"&lt;cbc:ID&gt;1" in xml_of(einvoice)


def test_the_same_invoice_gives_the_same_bytes(bills: Any) -> None:
    for profile in bills.einvoice().known.profiles:
        assert xml_of(bills.einvoice(bills.invoice(), profile)) == xml_of(bills.einvoice(bills.invoice(), profile))


def test_sealed_values_stay_out(bills: Any) -> None:
    sealed = "sealed:3f9a1c2e.b81d00fa:YWdlLWVuY3J5cHRpb24="
    issuer = replace(bills.mira, phone=sealed, bank=Bank(iban=sealed, bic=sealed))
    assert b"sealed:" not in xml_of(bills.einvoice(bills.invoice(issuer)))


def test_pint_calls_the_tax_gst(bills: Any) -> None:
    issuer = bills.issuer("AU", tax_number="51 824 753 556")
    invoice = bills.invoice(
        issuer, bills.client("AU", vat_id="51824753556"), tax=Tax(category="S", rate=Decimal(10), name="GST")
    )
    xml = xml_of(bills.einvoice(invoice, "pint-aunz"))
    assert b"<cbc:ID>GST</cbc:ID>" in xml
    assert b"<cbc:ID>VAT</cbc:ID>" not in xml
    assert b'schemeID="0151"' in xml
    assert Money.parse("1187.50 EUR") == invoice.totals.net
