"""Places with rules of their own: the Canary Islands, Ceuta, Melilla, Madeira, the Azores, islands of Greece."""

from decimal import Decimal

import pytest
from tests.contract.tax.parties import asked, client, decided, issuer, on

from git_bill.contract.party import Client, Issuer

CANARY = {"postcode": "35001"}
MAINLAND = {"postcode": "28001"}


@pytest.mark.parametrize(
    ("day", "rate"), [((2018, 12, 31), "7"), ((2019, 6, 1), "6.5"), ((2020, 1, 1), "7"), ((2026, 10, 1), "7")]
)
def test_igic_within_the_islands(day: tuple[int, int, int], rate: str) -> None:
    """Ley 4/2012 (Canarias) art. 51: 7 %, 6.5 % in 2019. IRPF is retained as elsewhere in Spain."""
    found = decided(issuer("ES", **CANARY), client("ES", postcode="38003"), on(*day))
    assert (found.category, found.rate, found.reason_code, found.note) == ("L", Decimal(rate), None, None)
    assert "IGIC" in found.source
    assert [each.name for each in found.withholding] == ["IRPF"]


@pytest.mark.parametrize(
    ("seller", "buyer", "note"),
    [
        (issuer("ES", **MAINLAND), client("ES", **CANARY), "Operación no sujeta al IVA (art. 69 LIVA)"),
        (issuer("ES", **MAINLAND), client("ES", postcode="51001"), "Operación no sujeta al IVA (art. 69 LIVA)"),
        (issuer("ES", **CANARY), client("ES", **MAINLAND), "Operación no sujeta al IGIC (art. 17 Ley 20/1991)"),
        (issuer("ES", **CANARY), client("DE"), "Operación no sujeta al IGIC (art. 17 Ley 20/1991)"),
        (issuer("ES", **CANARY), client("US"), "Operación no sujeta al IGIC (art. 17 Ley 20/1991)"),
        (issuer("DE"), client("ES", **CANARY), "Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG)"),
    ],
)
def test_services_to_businesses_across_the_border_of_the_vat_area(seller: Issuer, buyer: Client, note: str) -> None:
    found = decided(seller, buyer)
    assert (found.category, found.rate, found.reason_code) == ("O", Decimal(0), "VATEX-EU-O")
    assert (found.note or "").startswith(note)


@pytest.mark.parametrize(
    ("seller", "buyer"),
    [
        (issuer("ES", **CANARY), client("ES")),
        (issuer("ES", **CANARY), client("ES", business=False, vat_id=None, **MAINLAND)),
        (issuer("ES", **MAINLAND), client("ES", business=False, vat_id=None, **CANARY)),
        (issuer("ES", postcode="52001"), client("ES", postcode="52002")),
        (issuer("ES", postcode="51001"), client("ES", **MAINLAND)),
        (issuer("AT", postcode="6691"), client("AT", postcode="6691")),
        (issuer("PT"), client("PT", postcode="9500-001")),
        (issuer("FR"), client("FR", postcode="97100")),
        (issuer("DE", postcode="78266"), client("DE")),
    ],
)
def test_what_the_place_leaves_open_is_asked(seller: Issuer, buyer: Client) -> None:
    assert asked(seller, buyer).rule == "tax-undecided"


def test_ceuta_and_melilla_ask_for_the_rate_of_ipsi() -> None:
    found = asked(issuer("ES", postcode="52001"), client("ES", postcode="52002"))
    assert 'category = "M" rate = "…"' in found.hint


@pytest.mark.parametrize(("code", "rate"), [("9000-082", "22"), ("9500-001", "16")])
def test_rates_of_madeira_and_the_azores_within_them(code: str, rate: str) -> None:
    """CIVA art. 18(3)."""
    found = decided(issuer("PT", postcode=code), client("PT", postcode=code))
    assert (found.category, found.rate) == ("S", Decimal(rate))


def test_over_a_border_a_place_inside_the_vat_area_decides_nothing() -> None:
    assert decided(issuer("DE"), client("PT", postcode="9000-082")).category == "AE"
    assert decided(issuer("PT", postcode="9000-082"), client("DE")).category == "AE"
    assert decided(issuer("AT", postcode="6691"), client("US")).category == "O"
