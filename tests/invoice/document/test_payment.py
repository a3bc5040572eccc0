"""How to pay: facts, codes, the button and the Swiss slip, as the document's kind, currency and account allow."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from git_bill.adapters.tables import wording
from git_bill.contract.party import Bank
from git_bill.invoice.document.page import invoice_page
from git_bill.invoice.document.payment import payment_of, slip_of
from git_bill.invoice.issued import Invoice
from git_bill.money import Money

if TYPE_CHECKING:
    from tests.invoice.conftest import World


@pytest.fixture
def german(world: "World") -> Invoice:
    """In euros, to an IBAN."""
    basis = world.basis(world.entry("W-a", 180, 5))
    return world.issue(world.draft(basis), basis)


@pytest.fixture
def swiss(german: Invoice) -> Invoice:
    """The same to a QR-IBAN."""
    issuer = replace(
        german.issuer,
        country="CH",
        street="Rue du Lac 1268",
        postcode="2501",
        city="Biel",
        bank=Bank(iban="CH44 3199 9123 0008 8901 2"),
    )
    return replace(german, issuer=issuer)


def facts(invoice: Invoice) -> dict[str, str]:
    return {fact["label"]: fact["value"] for fact in payment_of(invoice, wording())["facts"]}


def test_euros_to_an_iban_have_a_code(german: Invoice) -> None:
    payment = payment_of(german, wording())
    assert [code["label"] for code in payment["codes"]] == ["Scan to transfer"]
    assert (payment["link"], slip_of(german)) == (None, None)
    assert facts(german)["Reference"] == german.number


def test_a_link_has_a_button_and_a_code(german: Invoice) -> None:
    payment = payment_of(replace(german, payment_link="https://pay.example/1"), wording())
    assert payment["link"] == {"label": "Pay online", "url": "https://pay.example/1"}
    assert [code["label"] for code in payment["codes"]] == ["Scan to transfer", "Scan to pay online"]
    assert payment_of(replace(german, payment_link="javascript:alert(1)"), wording())["link"] is None


def test_a_swiss_account_has_a_slip_instead_and_its_reference(swiss: Invoice) -> None:
    slip = slip_of(swiss)
    assert slip is not None
    assert payment_of(swiss, wording())["codes"] == []
    assert facts(swiss)["Reference"] == slip["reference"] == "00 00000 00000 18233 12026 00327"
    assert slip["message"] == "INV-2026-0032"
    assert slip["account"][1:] == [swiss.issuer.name, "Rue du Lac 1268", "2501 Biel"]
    assert invoice_page(swiss, {}, wording())["slip"] == slip
    american = replace(swiss, issuer=replace(swiss.issuer, country="US"))
    assert invoice_page(american, {}, wording())["slip"] is None, "a slip needs A4"


def test_a_credit_note_asks_for_nothing(swiss: Invoice, german: Invoice) -> None:
    for invoice in (swiss, german):
        note = replace(invoice, kind="credit-note", payment_link="https://pay.example/1")
        payment = payment_of(note, wording())
        assert payment["heading"].startswith("Credited: ")
        assert (payment["facts"], payment["codes"], payment["link"], slip_of(note)) == ([], [], None, None)


def test_what_is_paid_already_asks_for_nothing(german: Invoice) -> None:
    nothing = Money.parse("0.00 EUR")
    paid = replace(german, totals=replace(german.totals, prepaid=german.totals.gross, payable=nothing))
    payment = payment_of(paid, wording())
    assert (payment["heading"], payment["facts"], payment["codes"]) == ("Nothing to pay", [], [])
