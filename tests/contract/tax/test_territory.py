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
        (issuer("FR"), client("FR", business=False, vat_id=None, postcode="97100")),
        (issuer("FR"), client("FR", postcode="97500")),
        (issuer("FR"), client("RE", business=False, vat_id=None)),
        (issuer("FR", postcode="97400"), client("FR")),
        (issuer("FI"), client("AX")),
        (issuer("FI"), client("FI", postcode="22100")),
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


@pytest.mark.parametrize(
    ("seller", "buyer", "category", "rate"),
    [
        (issuer("FR", postcode="75001"), client("FR", postcode="97400"), "S", "8.5"),
        (issuer("FR", postcode="75001"), client("RE"), "S", "8.5"),
        (issuer("FR", postcode="75001"), client("MQ"), "S", "8.5"),
        (issuer("FR", postcode="97110"), client("FR", postcode="97200"), "S", "8.5"),
        (issuer("FR", postcode="97110"), client("FR", postcode="75001"), "S", "20"),
        (issuer("FR", postcode="75001"), client("GF"), "O", "0"),
        (issuer("FR", postcode="75001"), client("FR", postcode="97600"), "O", "0"),
        (issuer("DE"), client("RE"), "O", "0"),
        (issuer("DE"), client("FR", postcode="97400"), "O", "0"),
    ],
)
def test_services_to_businesses_of_the_french_overseas_departments(
    seller: Issuer, buyer: Client, category: str, rate: str
) -> None:
    """CGI art. 294, 296: the rate of the client's place; from other states as outside, Directive Art. 6(1)(c)."""
    found = decided(seller, buyer)
    assert (found.category, found.rate) == (category, Decimal(rate))
    assert bool(found.note) is (category == "O")


def test_a_franchise_is_one_overseas_too() -> None:
    assert decided(issuer("FR", tax_scheme="small-business"), client("RE")).reason_code == "VATEX-FR-FRANCHISE"


@pytest.mark.parametrize("region", ["ES-CN", "es-gc", "Canarias", "the Canary Islands", "ES-TF"])
def test_a_region_tells_the_place_where_there_is_no_post_code(region: str) -> None:
    assert decided(issuer("ES", **MAINLAND), client("ES", region=region)).category == "O"


def test_parts_of_the_united_states_with_a_code_of_their_own() -> None:
    assert "Puerto Rico" in asked(issuer("US", region="NY"), client("PR")).message
    assert decided(issuer("DE"), client("PR")).category == "O"


@pytest.mark.parametrize(
    ("seller", "buyer", "category"),
    [
        (issuer("DE"), client("MC", vat_id="FR40303265045"), "AE"),  # treated as France: Directive Art. 7
        (issuer("FR"), client("MC", vat_id="FR40303265045"), "S"),
        (issuer("DE"), client("IM"), "O"),
        (issuer("GB"), client("IM"), "S"),
        (issuer("CH"), client("LI"), "S"),
        (issuer("LI"), client("CH"), "S"),
        (issuer("IT"), client("SM"), "O"),
        (issuer("IT"), client("VA"), "O"),
        (issuer("DE"), client("GB", vat_id="XI980780684"), "O"),  # goods alone: Protocol, Art. 8
        (issuer("DK"), client("FO"), "O"),
        (issuer("ES"), client("GI"), "O"),
        (issuer("NL"), client("BQ"), "O"),
    ],
)
def test_neighbours_and_dependencies(seller: Issuer, buyer: Client, category: str) -> None:
    assert decided(seller, buyer).category == category


@pytest.mark.parametrize(
    ("country", "code", "place"),
    [("DE", "78266", "Büsingen"), ("IT", "23041", "Livigno"), ("IT", "22061", "Campione"), ("GR", "63086", "Athos")],
)
def test_places_that_are_not_in_the_vat_area_are_asked(country: str, code: str, place: str) -> None:
    """Directive 2006/112/EC Art. 6."""
    assert place in asked(issuer("AT"), client(country, postcode=code)).message
    assert place in asked(issuer(country), client(country, postcode=code)).message
