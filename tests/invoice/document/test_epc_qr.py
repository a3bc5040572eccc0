"""The GiroCode: a known code, its limits, and where it can't be one."""

import pytest

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
