"""Issuers outside the EU, and taxes of states and provinces: each case with its law in the source."""

from datetime import date
from decimal import Decimal

import pytest
from tests.contract.tax.parties import OCTOBER, asked, chosen, client, decided, issuer, names, on

from git_bill.adapters.tables import vat_table
from git_bill.contract.tax.region import home_unsaid
from git_bill.contract.tax.treatment import open_questions
from git_bill.period import Period


@pytest.mark.parametrize(
    ("country", "rate", "law"),
    [
        ("GB", "20", "VATA 1994"),
        ("CH", "8.1", "MWSTG"),
        ("NO", "25", "mval."),
        ("AU", "10", "Goods and Services Tax"),
        ("NZ", "15", "Goods and Services Tax Act 1985"),
        ("SG", "9", "Goods and Services Tax Act 1993"),
        ("JP", "10", "Consumption Tax Act"),
        ("AE", "5", "Federal Decree-Law"),
        ("MX", "16", "LIVA art. 1"),
    ],
)
def test_at_home(country: str, rate: str, law: str) -> None:
    found = decided(issuer(country, legal_form="company"), client(country))
    assert (found.category, found.rate, found.components) == ("S", Decimal(rate), ())
    assert law in found.source


@pytest.mark.parametrize(
    ("country", "category", "note"),
    [
        ("GB", "O", "Outside the scope of UK VAT"),
        ("CH", "O", "nicht der Schweizer MWST unterliegend"),
        ("NO", "G", "section 6-22"),
        ("AU", "G", "GST-free, section 38-190"),
        ("NZ", "G", "section 11A(1)(k)"),
        ("SG", "G", "section 21(3)"),
        ("JP", "G", "article 7"),
        ("AE", "G", "article 31"),
        ("MX", "G", "artículo 29"),
        ("CA", "G", "schedule VI"),
        ("US", "O", "No US sales tax"),
    ],
)
def test_services_to_businesses_abroad(country: str, category: str, note: str) -> None:
    found = decided(issuer(country), client("DE", vat_id=None))
    assert (found.category, found.rate) == (category, Decimal(0))
    assert note in (found.note or "")
    assert found.source
    assert asked(issuer(country), client("DE"), supply="goods").rule == "tax-undecided"


@pytest.mark.parametrize("country", ["GB", "CH", "NO", "AU", "NZ", "SG", "JP", "AE", "CA", "IN"])
def test_who_is_not_registered_charges_no_tax_and_says_so(country: str) -> None:
    small = issuer(country, tax_scheme="small-business")
    for buyer in (client(country), client("US")):
        found = decided(small, buyer)
        assert (found.category, found.rate, found.reason_code) == ("O", Decimal(0), None)
        assert found.note


@pytest.mark.parametrize("country", ["ES", "MX", "US"])
def test_countries_without_such_a_scheme_say_so(country: str) -> None:
    found = asked(issuer(country, tax_scheme="small-business"), client(country))
    assert found.hint == 'set tax_scheme = "standard" below [issuer] in billing/billing.toml'


def test_liechtenstein_is_inland_for_switzerland() -> None:
    assert decided(issuer("CH"), client("LI")).rate == Decimal("8.1")


def test_electronic_services_to_consumers_in_the_eu_are_asked() -> None:
    """Directive 2006/112/EC Art. 58: VAT of the consumer's state, by the scheme for who is not established there."""
    assert asked(issuer("CH"), client("DE", business=False, vat_id=None), supply="electronic").rule == "tax-undecided"
    assert decided(issuer("CH"), client("DE", business=False, vat_id=None)).category == "O"


STATES = sorted(vat_table().countries["US"].regions)


@pytest.mark.parametrize("state", STATES)
def test_every_state_taxes_or_not_or_asks(state: str) -> None:
    """50 states, the district and three territories: a rate with its law, the words for none, or a question."""
    levies = vat_table().countries["US"].regions[state].levies
    seller, buyer = issuer("US", region=state), client("US", region=state.lower())
    if levies[-1].ask:
        assert "is not built in" in asked(seller, buyer).message
    elif levies[-1].local:
        question = asked(seller, buyer)
        assert "combined_rate" in question.hint
        found = decided(seller, buyer, choice=chosen(combined_rate="9.5"))
        assert found.rate == Decimal("9.5") * levies[-1].own[0].taxed / 100
    else:
        found = decided(seller, buyer)
        assert (found.category == "S") == bool(levies[-1].own)
        assert found.note if found.category == "O" else found.components


def test_there_are_fifty_states_the_district_and_three_territories() -> None:
    assert len(STATES) == 54


@pytest.mark.parametrize(("day", "rate"), [((2025, 9, 30), None), ((2025, 10, 1), "10.35")])
def test_washington_taxes_custom_software_since_october_2025(day: tuple[int, int, int], rate: str | None) -> None:
    """RCW 82.04.050 as of ESSB 5814 (2025); 10.35 % in Seattle."""
    choice = chosen(combined_rate="10.35")
    seller, buyer = issuer("US", region="OR", tax={"registered": ("US-WA",)}), client("US", region="WA")
    found = decided(seller, buyer, on(*day), choice=choice)
    assert (found.category, found.rate) == (("S", Decimal(rate)) if rate else ("O", Decimal(0)))


def test_without_nexus_a_person_is_asked_and_never_charged_silently() -> None:
    found = asked(issuer("US", region="OR"), client("US", region="WA"))
    assert 'registered = ["US-WA"]' in found.hint
    assert 'because = "no nexus"' in found.hint
    assert found.file == "billing/billing.toml"


def test_a_change_within_the_period_asks_for_two_drafts() -> None:
    quarter = Period(date(2025, 9, 1), date(2025, 10, 31))
    found = asked(issuer("US", region="WA"), client("US", region="WA"), quarter)
    assert found.hint == "draft two periods: --period 2025-09-01..2025-09-30 and --period 2025-10-01..2025-10-31"


def test_maryland_and_connecticut_have_one_rate_for_all_cities() -> None:
    """3 % since July 2025 (HB 352), 1 % (Conn. Gen. Stat. § 12-408(1)(D))."""
    maryland = client("US", region="MD")
    assert decided(issuer("US", region="MD"), maryland).rate == Decimal(3)
    assert decided(issuer("US", region="MD"), maryland, on(2025, 6, 30)).category == "O"
    assert decided(issuer("US", region="CT"), client("US", region="CT")).rate == Decimal(1)


@pytest.mark.parametrize("said", [None, "Bavaria"])
def test_an_unknown_state_is_asked(said: str | None) -> None:
    found = asked(issuer("US"), client("US", region=said))
    assert ("'Bavaria' is no state" if said else "its state or province is not said") in found.message
    assert "below [client]" in found.hint


@pytest.mark.parametrize(
    ("province", "parts", "rate"),
    [
        ("AB", [], "5"),
        ("ON", [("HST", Decimal(13))], "13"),
        ("NS", [("HST", Decimal(14))], "14"),
        ("NB", [("HST", Decimal(15))], "15"),
        ("QC", [], "5"),
        ("CA-ON", [("HST", Decimal(13))], "13"),
        ("Ontario", [("HST", Decimal(13))], "13"),
        ("northwest territories", [], "5"),
        ("BC", [], "5"),
    ],
)
def test_canada_by_the_clients_province(province: str, parts: list[tuple[str, Decimal]], rate: str) -> None:
    """Excise Tax Act s. 165; HST of Nova Scotia 14 % since April 2025."""
    found = decided(issuer("CA", region="AB"), client("CA", region=province))
    assert found.rate == Decimal(rate)
    assert names(found) == parts


def test_qst_is_charged_by_who_is_registered_in_quebec() -> None:
    for seller in (issuer("CA", region="QC"), issuer("CA", region="ON", tax={"registered": ("CA-QC",)})):
        found = decided(seller, client("CA", region="QC"))
        assert names(found) == [("GST", Decimal(5)), ("QST", Decimal("9.975"))]
        assert found.rate == Decimal("14.975")


def test_pst_of_who_is_at_home_in_the_province_is_asked() -> None:
    assert "PST" in asked(issuer("CA", region="BC"), client("CA", region="BC")).message


@pytest.mark.parametrize(
    ("seller", "buyer", "parts"),
    [
        ({"region": "KA"}, {"region": "KA"}, [("CGST", Decimal(9)), ("SGST", Decimal(9))]),
        ({"region": "KA"}, {"region": "MH"}, [("IGST", Decimal(18))]),
        ({"region": "CH"}, {"region": "CH"}, [("CGST", Decimal(9)), ("UTGST", Decimal(9))]),
        ({"vat_id": "27AAPFU0939F1ZV"}, {"region": "MH"}, [("CGST", Decimal(9)), ("SGST", Decimal(9))]),
        ({"vat_id": "27AAPFU0939F1ZV", "region": "KA"}, {"region": "KA"}, [("IGST", Decimal(18))]),
    ],
)
def test_india_within_and_between_states(
    seller: dict[str, str], buyer: dict[str, str], parts: list[tuple[str, Decimal]]
) -> None:
    """IGST Act 2017 s. 7, 8; the state is that of the GSTIN, else of the address."""
    found = decided(issuer("IN", **seller), client("IN", **buyer))
    assert (found.rate, names(found)) == (Decimal(18), parts)


def test_india_asks_for_states_and_for_the_letter_of_undertaking() -> None:
    assert "below [client]" in asked(issuer("IN", region="KA"), client("IN")).hint
    assert "below [issuer]" in asked(issuer("IN"), client("IN", region="KA")).hint
    export = asked(issuer("IN", region="KA"), client("DE"))
    assert "lut = " in export.hint


def test_what_depends_on_the_work_in_a_state_is_told_until_somebody_decides() -> None:
    """TX: 34 TAC § 3.308, 3.330; TN: Letter Ruling 23-10. Other states are certain."""
    for state, told in (("TX", 1), ("TN", 1), ("WA", 0), ("CA", 0)):
        buyer = client("US", region=state)
        found = [each.rule for each in open_questions(issuer("US"), buyer, OCTOBER, vat_table())]
        assert found == ["tax-uncertain"] * told
        assert not list(open_questions(issuer("US"), buyer, OCTOBER, vat_table(), chosen(category="O")))


@pytest.mark.parametrize(
    ("country", "region", "told"),
    [
        ("IN", None, True),
        ("IN", "Karnataka", False),
        ("US", "Bavaria", True),
        ("US", "us-ny", False),
        ("DE", None, False),
    ],
)
def test_who_sets_up_books_says_the_state_where_taxes_depend_on_it(
    country: str, region: str | None, told: bool
) -> None:
    found = home_unsaid(vat_table(), issuer(country, region=region))
    assert (found is not None and found.rule == "region-unsaid") is told
