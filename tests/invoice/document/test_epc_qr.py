"""The GiroCode: what others make of the same payment, its limits, and where it can't be one."""

import re
from decimal import Decimal

import pytest
from segno.helpers import make_epc_qr

from git_bill.invoice.document.epc_qr import MOST_VERSION, epc_payload
from git_bill.invoice.document.qr_code import qr_code
from git_bill.money import Money

WIKIMEDIA = {
    "name": "Wikimedia Foerdergesellschaft",
    "iban": "DE33 1002 0500 0001 1947 00",
    "bic": "BFSWDE33BER",
    "text": "Spende fuer Wikipedia",
}


def test_the_public_example() -> None:
    payload = epc_payload(amount=Money.parse("123.45 EUR"), **WIKIMEDIA)
    assert payload == (
        "BCD\n002\n1\nSCT\nBFSWDE33BER\nWikimedia Foerdergesellschaft\nDE33100205000001194700\nEUR123.45\n"
        "\n\nSpende fuer Wikipedia"
    )


@pytest.mark.parametrize(
    ("name", "iban", "bic", "amount", "text"),
    [
        # EPC069-12 version 2.1, annex, as segno's tests have it; with cents that both write alike
        ("François D'Alsace S.A.", "FR1420041010050500013M02606", None, "12.35", "Client:Marie Louise La Lune"),
        ("Franz Mustermänn", "DE71110220330123456789", "BHBLDEHHXXX", "999999999.99", "RF18539007547034"),
        ("Wikimedia Foerdergesellschaft", "DE33100205000001194700", "BFSWDE33BER", "123.45", "Spende fuer Wikipedia"),
    ],
)
def test_another_library_draws_the_same_code(name: str, iban: str, bic: str | None, amount: str, text: str) -> None:
    """Module by module what segno's own EPC code is (UTF-8, error correction M)."""
    payload = epc_payload(name=name, iban=iban, bic=bic, amount=Money(Decimal(amount), "EUR"), text=text)
    assert payload is not None
    ours = qr_code(payload, most=MOST_VERSION)
    assert ours is not None
    dark = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", ours.path)
        for step in range(int(width))
    }
    known = make_epc_qr(name=name, iban=iban, bic=bic, amount=Decimal(amount), text=text, encoding="utf-8")
    assert dark == {(x, y) for y, row in enumerate(known.matrix) for x, module in enumerate(row) if module}


def test_names_and_texts_are_cut_to_the_standards_lengths() -> None:
    payload = epc_payload(
        name="ä" * 80, iban=WIKIMEDIA["iban"], bic=None, amount=Money.parse("1 EUR"), text="a b\nc " * 50
    )
    assert payload is not None
    lines = payload.split("\n")
    assert (lines[4], lines[5], lines[7], len(lines)) == ("", "ä" * 70, "EUR1.00", 11)
    assert len(lines[10]) <= 140
    assert len(payload.encode()) <= 331
    assert qr_code(payload, most=MOST_VERSION) is not None


@pytest.mark.parametrize("amount", ["0 EUR", "-1 EUR", "1000000000.00 EUR", "95.00 CHF", "0.004 EUR"])
def test_no_code_for_what_is_no_sepa_transfer(amount: str) -> None:
    assert epc_payload(amount=Money.parse(amount), **WIKIMEDIA) is None


def test_no_code_for_accounts_outside_sepa_and_texts_that_are_too_long() -> None:
    assert epc_payload(amount=Money.parse("1 EUR"), **{**WIKIMEDIA, "iban": "TR330006100519786457841326"}) is None
    assert epc_payload(amount=Money.parse("1 EUR"), **{**WIKIMEDIA, "name": "ä" * 70, "text": "ä" * 140}) is None
