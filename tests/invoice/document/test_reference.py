"""References by their standards' own examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from git_bill.invoice.document.reference import check_digit, creditor_reference, qr_reference


def test_the_standards_examples() -> None:
    assert creditor_reference("539007547034") == "RF18539007547034"  # ISO 11649, and SIX's QR-bill example 2
    assert check_digit("21000000000313947143000901") == 7  # SIX, QR-bill example 1: 21 00000 00003 13947 14300 09017


@pytest.mark.parametrize(
    ("number", "reference"),
    [("INV-2026-0032", "RF52INV20260032"), ("inv/2026/0032", "RF52INV20260032"), ("", None), ("A" * 22, None)],
)
def test_a_creditor_reference_is_the_number_with_check_digits(number: str, reference: str | None) -> None:
    assert creditor_reference(number) == reference


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/", min_size=1, max_size=21))
def test_every_creditor_reference_is_valid(number: str) -> None:
    reference = creditor_reference(number)
    assert reference is None or iso11649.is_valid(reference)


def test_two_series_never_share_a_qr_reference() -> None:
    assert qr_reference("INV-2026-0032") == "000000000000182331202600327"
    assert qr_reference("CN-2026-0032") != qr_reference("INV-2026-0032")
    assert qr_reference("INV-" + "1" * 21) is None
    assert qr_reference("–") is None


@given(st.integers(min_value=0, max_value=10**26 - 1))
def test_a_qr_reference_checks_itself(number: int) -> None:
    reference = qr_reference(str(number))
    assert reference is not None
    assert len(reference) == 27
    assert check_digit(reference) == 0
