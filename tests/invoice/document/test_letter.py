"""Mails in the client's language: subject with number, order, amount and due date; what a credit note says."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from git_bill.adapters.jinja import Jinja
from git_bill.adapters.tables import wording
from git_bill.contract.party import Bank, DebitMandate
from git_bill.invoice.basis import Basis
from git_bill.invoice.document.letter import MAIL_TEMPLATE, draft_mail_facts, mail_facts, subject_and_body
from git_bill.invoice.document.payment import payment_of, slip_of
from git_bill.invoice.draft import Reversal
from git_bill.invoice.issued import Invoice

if TYPE_CHECKING:
    from tests.invoice.conftest import World


@pytest.fixture
def basis(world: "World") -> Basis:
    return world.basis(world.entry("W-aaaaaaaaaaaa", 120))


@pytest.fixture
def invoice(world: "World", basis: Basis) -> Invoice:
    return world.issue(world.draft(basis), basis)


def in_language(invoice: Invoice, language: str) -> Invoice:
    return replace(invoice, client=replace(invoice.client, language=language))


def mail(invoice: Invoice) -> tuple[str, str]:
    return subject_and_body(Jinja().render(MAIL_TEMPLATE, mail_facts(invoice, wording())))


def test_a_mail_as_the_client_reads_it(invoice: Invoice) -> None:
    assert mail(replace(invoice, order="4711", payment_link="https://pay.example/1")) == (
        "Invoice INV-2026-0032, your order 4711, 226.10 EUR due 2 December 2026",
        "Dear Acme GmbH,\n\n"
        "Please find attached invoice INV-2026-0032 of 2 November 2026 for 1 October 2026 to 31 October 2026.\n"
        "Amount due: 226.10 EUR, payable by 2 December 2026.\n"
        "Please pay to DE02120300000000202051, reference INV-2026-0032.\n"
        "Pay online: https://pay.example/1\n\n"
        "Kind regards\nMira Kovac\n\n-- \nLedger abcdefghijkl\n",
    )


def test_what_is_taken_by_direct_debit_is_announced_and_not_asked_for(invoice: Invoice) -> None:
    bank = Bank(iban="DE02120300000000202051", creditor="DE98ZZZ09999999999")
    client = replace(invoice.client, direct_debit=DebitMandate(mandate="M-2026-17", iban="DE89370400440532013000"))
    debited = replace(invoice, issuer=replace(invoice.issuer, bank=bank), client=client)
    said = mail(debited)[1]
    assert (
        "We take 226.10\u00a0EUR from your account on 2 December 2026.\nIBAN: DE89 3704 0044 0532 0130 00\n"
        "Mandate reference: M-2026-17\nCreditor identifier: DE98ZZZ09999999999\n"
    ) in said
    assert "Please pay" not in said
    page = payment_of(debited, wording())
    assert (page["codes"], page["link"]) == ([], None)
    swiss = replace(debited.issuer, country="CH", bank=replace(bank, iban="CH9300762011623852957"))
    assert slip_of(replace(debited, issuer=swiss)) is None


def test_a_mail_names_the_reference_that_the_payment_slip_has(invoice: Invoice) -> None:
    """A transfer to a QR-IBAN with another reference is sent back (SIX, QR-bill 2.3, section 3.4.4)."""
    swiss = replace(
        invoice.issuer,
        country="CH",
        postcode="8001",
        city="Zürich",
        bank=Bank(iban="CH4431999123000889012"),
    )
    said = mail(replace(invoice, issuer=swiss))[1]
    assert "Please pay to CH4431999123000889012, reference 000000000000182331202600327." in said


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("de", "Rechnung INV-2026-0032, 226,10 EUR fällig am 2. Dezember 2026"),
        ("fr", "Facture INV-2026-0032, 226,10 EUR, échéance le 2 décembre 2026"),
        ("es", "Factura INV-2026-0032, 226,10 EUR, vence el 2 de diciembre de 2026"),
        ("it", "Fattura INV-2026-0032, 226,10 EUR, scadenza 2 dicembre 2026"),
        ("nl", "Factuur INV-2026-0032, 226,10 EUR, te betalen uiterlijk 2 december 2026"),
        ("pl", "Faktura INV-2026-0032, 226,10 EUR, termin płatności 2 grudnia 2026"),
        ("en-US", "Invoice INV-2026-0032, 226.10 EUR due December 2, 2026"),
    ],
)
def test_the_subject_says_what_accounting_looks_for(invoice: Invoice, language: str, subject: str) -> None:
    assert mail(in_language(invoice, language))[0] == subject


def test_a_credit_note_names_its_invoice_and_asks_for_nothing(invoice: Invoice) -> None:
    reverses = Reversal(number="INV-2026-0031", issue_date=date(2026, 10, 2), entries="rebill")
    note = in_language(replace(invoice, number="CN-2026-0001", kind="credit-note", reverses=reverses), "de")
    subject, body = mail(note)
    assert subject == "Rechnungskorrektur CN-2026-0001 zu Rechnung INV-2026-0031, 226,10 EUR"
    assert "Korrekturbetrag: 226,10 EUR." in body
    assert "DE02120300000000202051" not in body
    assert "gutschrift" not in (subject + body).lower()


def test_a_draft_is_mailed_as_none_that_is_to_be_paid(world: "World", basis: Basis) -> None:
    client = replace(world.client, language="it", attention="Anna Neri")
    facts = draft_mail_facts(world.draft(basis), world.issuer, client, wording(), version="abc123")
    subject, body = subject_and_body(Jinja().render(MAIL_TEMPLATE, facts))
    assert subject == "Bozza di fattura di Mira Kovac per ottobre 2026: 226,10 EUR"
    assert body.startswith("Gentile Anna Neri,\n\nprima di emettere")
    assert "la prego di non pagarla" in body
    assert body.endswith("-- \nBozza abc123\n")


def test_what_a_name_holds_is_no_template(invoice: Invoice) -> None:
    hostile = replace(invoice, client=replace(invoice.client, name="{number} {{ 7 * 7 }}\nSubject: x"))
    subject, body = mail(hostile)
    assert "Dear {number} {{ 7 * 7 }} Subject: x," in body
    assert "\n" not in subject
