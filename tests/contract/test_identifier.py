"""Identifiers by their check digits, offline."""

import pytest

from git_bill.contract.identifier import has_rule, is_iban, is_of_eu, vat_id_problem


@pytest.mark.parametrize(
    ("vat_id", "country"),
    [
        ("DE136695976", "DE"),
        ("ATU13585627", "AT"),
        ("EL094259216", "GR"),
        ("GB980780684", "GB"),
        ("980780684", "GB"),
        ("XI980780684", "GB"),
        ("CHE-107.787.577 MWST", "CH"),
        ("51824753556", "AU"),
        ("27AAPFU0939F1ZV", "IN"),
        ("GODE561231GR8", "MX"),
        ("NO995525828MVA", "NO"),
        ("197401143C", "SG"),
        ("100123456700003", "AE"),
        ("12-3456789", "US"),
    ],
)
def test_valid_ones_and_those_without_a_rule(vat_id: str, country: str) -> None:
    assert list(vat_id_problem(vat_id, country)) == []
    assert list(vat_id_problem(None, country)) == []


@pytest.mark.parametrize(
    ("vat_id", "country", "message"),
    [
        ("DE136695977", "DE", "'DE136695977' is not a valid VAT id"),
        ("DE136695977", "US", "'DE136695977' is not a valid VAT id"),
        ("GB980780685", "GB", "'GB980780685' is not a valid VAT id"),
        ("XI980780685", "GB", "'XI980780685' is not a valid VAT id"),
        ("51824753557", "AU", "'51824753557' is not a valid ABN"),
        ("27AAPFU0939F1ZX", "IN", "'27AAPFU0939F1ZX' is not a valid GSTIN"),
        ("DEXX569931GR9", "MX", "'DEXX569931GR9' is not a valid RFC"),
    ],
)
def test_wrong_check_digits(vat_id: str, country: str, message: str) -> None:
    [(field, said, hint)] = vat_id_problem(vat_id, country)
    assert (field, said) == ("vat_id", message)
    assert "write it like vat_id = " in hint


def test_which_ids_the_eu_and_the_rules_know() -> None:
    assert [is_of_eu(each) for each in ("DE136695976", "XI980780684", "GB980780684", "el094259216")] == [
        True,
        True,
        False,
        True,
    ]
    assert has_rule("51824753556", "AU")
    assert not has_rule("100123456700003", "AE")


def test_ibans() -> None:
    assert is_iban("DE02120300000000202051")
    assert not is_iban("DE02120300000000202052")
