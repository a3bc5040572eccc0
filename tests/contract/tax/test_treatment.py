"""The treatment of services by who bills, who pays and when; each case with its law in the name or the source."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from git_bill.adapters.tables import vat_table
from git_bill.contract.agreement import TaxChoice
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.treatment import Tax, decide
from git_bill.period import Period
from git_bill.problem import Problem

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
VECTORS = Path(__file__).parents[4] / "shared" / "data" / "tax_vectors.json"
EU = sorted(code for code, country in vat_table().countries.items() if country.eu)
IDS = {"DE": "DE136695976", "AT": "ATU13585627", "FR": "FR40303265045", "GB": "GB980780684", "GR": "EL094259216"}


def issuer(country: str = "DE", **over: Any) -> Issuer:
    vat_id = IDS.get(country, f"{country}123456789")
    given: dict[str, Any] = {"name": "Mira", "country": country, "timezone": "Europe/Berlin", "vat_id": vat_id}
    return Issuer(**given | over)


def client(country: str = "DE", **over: Any) -> Client:
    given: dict[str, Any] = {"name": "Acme", "country": country, "vat_id": IDS.get(country, f"{country}123456789")}
    return Client(**given | over)


def tax(seller: Issuer, buyer: Client, period: Period = OCTOBER, choice: TaxChoice | None = None) -> Tax:
    found = decide(seller, buyer, period, vat_table(), choice)
    assert isinstance(found, Tax), found
    return found


def problem(seller: Issuer, buyer: Client, period: Period = OCTOBER) -> Problem:
    found = decide(seller, buyer, period, vat_table())
    assert isinstance(found, Problem), found
    return found


@pytest.mark.parametrize(
    ("country", "day", "rate"),
    [
        ("DE", date(2026, 10, 5), "19"),
        ("DE", date(2020, 12, 31), "16"),
        ("DE", date(2021, 1, 1), "19"),
        ("EE", date(2025, 6, 30), "22"),
        ("EE", date(2025, 7, 1), "24"),
        ("RO", date(2025, 7, 31), "19"),
        ("RO", date(2025, 8, 1), "21"),
        ("SK", date(2024, 12, 31), "20"),
        ("SK", date(2025, 1, 1), "23"),
        ("FI", date(2024, 8, 31), "24"),
        ("FI", date(2024, 9, 1), "25.5"),
        ("LU", date(2023, 6, 1), "16"),
        ("CH", date(2024, 1, 1), "8.1"),
        ("NO", date(2026, 1, 1), "25"),
        ("GB", date(2026, 1, 1), "20"),
    ],
)
def test_domestic_supplies_bear_the_standard_rate_of_their_day(country: str, day: date, rate: str) -> None:
    no_id = None if country in {"CH", "NO"} else IDS.get(country, f"{country}123456789")
    found = tax(issuer(country, vat_id=no_id), client(country, vat_id=no_id), Period(day, day))
    assert (found.category, found.rate, found.note, found.reason_code) == ("S", Decimal(rate), None, None)
    assert country in found.source


def test_a_rate_that_changes_within_the_period_asks_for_two_drafts() -> None:
    found = problem(issuer("RO"), client("RO"), Period(date(2025, 7, 1), date(2025, 8, 31)))
    assert found.rule == "tax-rate-changed"
    assert found.message == (
        "the standard rate of RO changed from 19 % to 21 % on 2025-08-01, within 2025-07-01..2025-08-31"
    )
    assert found.hint == "draft two periods: --period 2025-07-01..2025-07-31 and --period 2025-08-01..2025-08-31"


@pytest.mark.parametrize(
    ("seller", "language", "note"),
    [
        ("DE", "de", "Steuerschuldnerschaft des Leistungsempfängers"),
        ("DE", "en", "Steuerschuldnerschaft des Leistungsempfängers / Reverse charge"),
        ("DE", "fr-FR", "Steuerschuldnerschaft des Leistungsempfängers / Autoliquidation"),
        ("DE", "ja", "Steuerschuldnerschaft des Leistungsempfängers"),
        ("ES", "es", "Inversión del sujeto pasivo"),
        ("IT", "it", "Inversione contabile"),
        ("NL", "nl", "Btw verlegd"),
        ("PL", "pl", "odwrotne obciążenie"),
        ("BE", "fr", "Autoliquidation"),
        ("IE", "en", "Reverse charge"),
    ],
)
def test_reverse_charge_is_named_for_the_tax_office_and_the_client(seller: str, language: str, note: str) -> None:
    """Directive 2006/112/EC Art. 226(11a)."""
    found = tax(issuer(seller), client("AT", language=language))
    assert (found.category, found.rate, found.reason_code, found.note) == ("AE", Decimal(0), "VATEX-EU-AE", note)
    assert "Art. 44 and 196" in found.source


@pytest.mark.parametrize("scheme", ["standard", "small-business"])
def test_reverse_charge_needs_both_vat_ids(scheme: str) -> None:
    missing = problem(issuer("DE", tax_scheme=scheme), client("AT", vat_id=None))
    assert missing.rule == "vat-id-missing"
    assert missing.message == "reverse charge from DE to AT needs the client's VAT id"
    assert "business = false" in missing.hint
    assert "issuer's VAT id" in problem(issuer("DE", vat_id=None, tax_scheme=scheme), client("AT")).message


@pytest.mark.parametrize("seller", EU)
@pytest.mark.parametrize("buyer", EU)
def test_every_pair_of_eu_states_has_a_treatment_with_its_source(seller: str, buyer: str) -> None:
    table = vat_table()
    prefix = table.countries[buyer].prefix or buyer
    business = tax(
        issuer(seller, vat_id=f"{table.countries[seller].prefix or seller}1"), client(buyer, vat_id=f"{prefix}1")
    )
    consumer = tax(issuer(seller, vat_id=None), client(buyer, vat_id=None, business=False))
    assert business.category == ("S" if seller == buyer else "AE")
    assert consumer.category == "S"
    assert consumer.rate == table.countries[seller].rates[-1].rate
    assert business.source
    assert "Art. 45" in consumer.source or seller == buyer
    if seller != buyer:
        assert problem(issuer(seller, vat_id=None), client(buyer, vat_id=None)).rule == "vat-id-missing"


@pytest.mark.parametrize("buyer", ["US", "CH", "GB", "JP"])
def test_services_to_a_business_outside_the_eu_are_outside_the_scope(buyer: str) -> None:
    """Directive 2006/112/EC Art. 44; no VAT rate (EN 16931 BR-O-05)."""
    found = tax(issuer("DE"), client(buyer, vat_id=None, language="de"))
    assert (found.category, found.rate, found.reason_code) == ("O", Decimal(0), "VATEX-EU-O")
    assert found.note == "Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG)"
    assert tax(issuer("DE"), client(buyer, vat_id=None)).note == (
        "Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG)"
        " / Not subject to VAT, Article 44 of Directive 2006/112/EC"
    )


def test_northern_ireland_is_outside_for_services_and_greece_has_another_prefix() -> None:
    assert tax(issuer("DE"), client("GB", vat_id="XI123456789")).category == "O"
    assert tax(issuer("DE"), client("GR")).category == "AE"
    assert tax(issuer("DE"), client("EL", vat_id="EL094259216")).category == "AE"


@pytest.mark.parametrize(
    ("country", "code", "note"),
    [
        ("DE", None, "Steuerbefreiung für Kleinunternehmer gemäß § 19 UStG"),
        ("AT", None, "Umsatzsteuerbefreit gemäß § 6 Abs. 1 Z 27 UStG (Kleinunternehmerregelung)"),
        ("FR", "VATEX-FR-FRANCHISE", "TVA non applicable, art. 293 B du CGI"),
        ("NL", None, "Vrijgesteld van btw op grond van artikel 25 Wet OB 1968 (kleineondernemersregeling)"),
        ("BE", None, "Bijzondere vrijstellingsregeling kleine ondernemingen"),
    ],
)
def test_small_businesses_are_exempt_at_home_with_the_national_wording(
    country: str, code: str | None, note: str
) -> None:
    """Directive 2006/112/EC Art. 284."""
    small = issuer(country, tax_scheme="small-business")
    found = tax(small, client(country))
    assert (found.category, found.rate, found.reason_code, found.note) == ("E", Decimal(0), code, note)
    assert tax(small, client("ES", business=False, vat_id=None)).category == "E"
    assert tax(small, client("ES")).category == "AE"
    assert tax(small, client("US", vat_id=None)).category == "O"


@pytest.mark.parametrize(
    ("seller", "buyer", "says"),
    [
        (issuer("PL", tax_scheme="small-business"), client("PL"), "the small-business scheme of PL is not built in"),
        (issuer("US", vat_id=None), client("DE"), "the tax rules of US are not built in"),
        (issuer("GB"), client("DE"), "services from GB to a business in DE have no built-in treatment"),
        (issuer("GB", tax_scheme="small-business"), client("GB"), "the small-business scheme of GB is not built in"),
        (
            issuer("DE"),
            client("US", business=False, vat_id=None),
            "services from DE to a consumer in US have no built-in",
        ),
        (issuer("ES", postcode="35001"), client("ES"), "the issuer is in the Canary Islands (35001)"),
        (issuer("DE"), client("FI", postcode="22100"), "the client is in Åland (22100)"),
        (issuer("PT"), client("PT", postcode="9000-082"), "the client is in Madeira (9000-082)"),
    ],
)
def test_what_is_not_known_is_never_zero_percent(seller: Issuer, buyer: Client, says: str) -> None:
    found = problem(seller, buyer)
    assert found.rule == "tax-undecided"
    assert says in found.message
    assert '[tax] category = "' in found.hint
    assert 'because = "…"' in found.hint


def test_a_vat_id_of_another_country_must_be_cleared_up() -> None:
    """A typo of the country (AU for AT) must not turn a taxable supply into one outside the scope."""
    found = problem(issuer("DE"), client("AU", vat_id=IDS["AT"]))
    assert found.rule == "vat-id-of-another-country"
    assert problem(issuer("DE"), client("DE", vat_id=IDS["AT"])).rule == "vat-id-of-another-country"


def test_a_person_decides_otherwise_with_the_reason() -> None:
    choice = TaxChoice(category="AE", because="advice of 3 March")
    found = tax(issuer("DE"), client("US", vat_id=None), choice=choice)
    assert (found.category, found.reason_code, found.source) == ("AE", "VATEX-EU-AE", "decided: advice of 3 March")
    assert found.note == "Steuerschuldnerschaft des Leistungsempfängers / Reverse charge"
    own = replace(choice, category="E", note="exempt, § 4 No. 21 UStG")
    assert tax(issuer("DE"), client("DE"), choice=own).note == "exempt, § 4 No. 21 UStG"


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (TaxChoice(category="S", because="x"), "category S needs a rate"),
        (TaxChoice(category="AE", rate="19", because="x"), "category AE has no rate"),
        (TaxChoice(category="E", because="x"), "an exemption needs its wording"),
    ],
)
def test_a_choice_must_be_whole(choice: TaxChoice, says: str) -> None:
    assert [message for _, message, _ in choice.problems()] == [says]


def _vectors() -> list[Any]:
    if not VECTORS.exists():
        return []
    found = json.loads(VECTORS.read_text())["vectors"]
    wanted = {"C01", "C03", "C05", "C06", "C08", "C10", "C13", "C18", "C20", "C21", "C23", "C25", "C28", "C30", "C31"}
    return [pytest.param(v, id=v["id"]) for v in found if v["id"] in wanted]


LANGUAGES = {"DE": "de", "AT": "de", "FR": "fr", "ES": "es", "PL": "pl"}


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared tax vectors are not on this machine")
@pytest.mark.parametrize("vector", _vectors())
def test_worked_examples_with_their_sources(vector: Any) -> None:
    given, expected = vector["input"], vector["expected"]
    seller, buyer = given["seller_country"], given["buyer_country"]
    small = expected["category"] == "E"
    found = tax(
        issuer(seller, tax_scheme="small-business" if small else "standard"),
        client(buyer, vat_id=IDS.get(buyer, f"{buyer}1") if given["buyer_vat_id"] else None, language="en"),
    )
    assert found.category == expected["category"]
    assert found.rate == Decimal(expected["rate"] or 0)
    assert found.reason_code == expected["reason_code"]
    if expected["note_text"]:
        assert expected["note_text"] in (found.note or "")
