"""The treatment of services by who bills, who pays and when; each case with its law in the name or the source."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.contract.tax.parties import EU, IDS, asked, chosen, client, issuer
from tests.contract.tax.parties import decided as tax

from git_bill.adapters.tables import vat_table
from git_bill.contract.agreement import TaxChoice
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.levy import Component
from git_bill.period import Period
from git_bill.problem import Problem


def problem(seller: Issuer, buyer: Client, period: Period | None = None) -> Problem:
    return asked(seller, buyer, period) if period else asked(seller, buyer)


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
def test_every_pair_of_eu_states_has_a_treatment_with_its_source(seller: str) -> None:
    """27 × 27 pairs: business with and without id, consumer and small business; never 0 % without a reason."""
    table = vat_table()
    for buyer in EU:
        business, without = client(buyer), client(buyer, vat_id=None)
        consumer = client(buyer, vat_id=None, business=False)
        found = tax(issuer(seller), business)
        assert found.category == ("S" if seller == buyer else "AE")
        assert found.source
        at_consumer = tax(issuer(seller, vat_id=None), consumer)
        assert (at_consumer.category, at_consumer.rate) == ("S", table.countries[seller].rates[-1].rate)
        assert "Art. 45" in at_consumer.source or seller == buyer
        if seller == buyer:
            assert tax(issuer(seller), without).category == "S"
        else:
            assert problem(issuer(seller), without).rule == "vat-id-missing"
        assert problem(issuer(seller, vat_id=None), business).rule == "vat-id-missing" if seller != buyer else True


@pytest.mark.parametrize("seller", EU)
def test_every_small_business_in_the_eu_has_a_treatment(seller: str) -> None:
    """All but Spain, which has no such exemption and asks."""
    small = issuer(seller, tax_scheme="small-business")
    scheme = vat_table().countries[seller].small_business
    for buyer in EU:
        if seller != buyer:
            assert tax(small, client(buyer)).category == "AE"
        for other in (client(buyer, vat_id=None, business=False), *([client(buyer)] if seller == buyer else [])):
            if seller == "ES":
                assert problem(small, other).rule == "tax-undecided"
                continue
            found = tax(small, other)
            assert (found.category, found.rate) == ("E", Decimal(0))
            assert found.note
            assert scheme is not None
            assert scheme.law in found.source


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


@pytest.mark.parametrize(
    ("seller", "language", "note"),
    [
        ("AT", "de", "Nicht im Inland steuerbare Leistung (§ 3a Abs. 6 UStG 1994)"),
        ("BE", "fr", "Prestation non soumise à la TVA, article 44 de la directive 2006/112/CE"),
        ("FR", "fr", "TVA non applicable, art. 259-1° du CGI"),
        ("PL", "de", "Nie podlega opodatkowaniu VAT w kraju (art. 28b ustawy o VAT) / Nicht der Mehrwertsteuer"),
        ("SE", "sv", "Not subject to VAT, Article 44 of Directive 2006/112/EC"),
    ],
)
def test_what_is_outside_the_scope_names_the_issuers_own_law(seller: str, language: str, note: str) -> None:
    assert (tax(issuer(seller), client("US", language=language)).note or "").startswith(note)


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
        ("PL", None, "Zwolnienie z VAT na podstawie art. 113 ust. 1 lub 9 ustawy o VAT"),
        ("PT", None, "IVA - regime de isenção (artigo 53.º do CIVA)"),
        ("SI", None, "DDV ni obračunan na podlagi 1. odstavka 94. člena ZDDV-1"),
        ("SE", None, ""),
    ],
)
def test_small_businesses_are_exempt_at_home_with_the_national_wording(
    country: str, code: str | None, note: str
) -> None:
    """Directive 2006/112/EC Art. 284. The client reads English: the directive's words stand beside the law's own."""
    small = issuer(country, tax_scheme="small-business")
    found = tax(small, client(country))
    english = "Exempt under the special scheme for small enterprises, Article 284 of Directive 2006/112/EC"
    words = f"{note} / {english}" if note else english
    assert (found.category, found.rate, found.reason_code, found.note) == ("E", Decimal(0), code, words)
    own = vat_table().countries[country].languages[0]
    assert not note or tax(small, client(country, language=own)).note == note
    assert tax(small, client("ES", business=False, vat_id=None)).category == "E"
    assert tax(small, client("ES")).category == "AE"
    assert tax(small, client("US", vat_id=None)).category == "O"


@pytest.mark.parametrize(
    ("seller", "buyer", "says"),
    [
        (issuer("BR", tax_scheme="small-business"), client("BR"), "the small-business scheme of BR is not built in"),
        (issuer("TR", vat_id=None), client("DE"), "the tax rules of TR are not built in"),
        (issuer("BR", vat_id=None), client("BR"), "the standard rate of BR on 2026-10-01 is not built in"),
        (
            issuer("GB"),
            client("DE", business=False, vat_id=None),
            "services from GB to a consumer in DE have no built-in treatment",
        ),
        (
            issuer("DE"),
            client("US", business=False, vat_id=None),
            "services from DE to a consumer in US have no built-in",
        ),
        (issuer("ES", postcode="35001"), client("ES"), "the issuer is in the Canary Islands (35001)"),
        (issuer("DE"), client("FI", postcode="22100"), "the client is in Åland (22100)"),
        (issuer("PT"), client("PT", postcode="9000-082"), "the client is in Madeira (9000-082)"),
        (issuer("GR", postcode="81100"), client("GR", postcode="81100"), "issuer and client are in Lesvos"),
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
    choice = chosen(category="AE")
    found = tax(issuer("DE"), client("US", vat_id=None), choice=choice)
    assert (found.category, found.reason_code, found.source) == ("AE", "VATEX-EU-AE", "decided: advice of 3 March")
    assert found.note == "Steuerschuldnerschaft des Leistungsempfängers / Reverse charge"
    own = replace(choice, category="E", note="exempt, § 4 No. 21 UStG")
    assert tax(issuer("DE"), client("DE"), choice=own).note == "exempt, § 4 No. 21 UStG"


def test_a_person_decides_several_taxes_at_once() -> None:
    """Recargo de equivalencia, and rates that no table has (gobl's Canadian example of 8.5 %)."""
    parts = (Component(name="IVA", rate=Decimal(21)), Component(name="Recargo", rate=Decimal("5.2")))
    found = tax(issuer("ES"), client("ES"), choice=chosen(category="S", components=parts))
    assert (found.rate, found.components) == (Decimal("26.2"), parts)
    assert [each.name for each in found.withholding] == ["IRPF"]
    assert tax(issuer("CA"), client("CA"), choice=chosen(category="S", rate="8.5")).rate == Decimal("8.5")


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (TaxChoice(category="S", because="x"), "category S needs a rate"),
        (TaxChoice(category="AE", rate="19", because="x"), "category AE has no rate"),
        (TaxChoice(category="E", because="x"), "an exemption needs its wording"),
        (TaxChoice(rate="19", because="x"), "a rate needs its category"),
        (TaxChoice(withholds=True, because="x"), "and withholds = true go together"),
    ],
)
def test_a_choice_must_be_whole(choice: TaxChoice, says: str) -> None:
    assert [message for _, message, _ in choice.problems()] == [says]
