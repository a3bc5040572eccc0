"""Goods, electronic services and the cross-border scheme of small businesses, each with its article in the source."""

from decimal import Decimal

import pytest
from tests.contract.tax.parties import EU, asked, client, decided, issuer, on

from git_bill.adapters.tables import vat_table
from git_bill.contract.party import Client
from git_bill.contract.tax.treatment import Supply


@pytest.mark.parametrize(
    ("buyer", "category", "code", "source", "note"),
    [
        (client("AT"), "K", "VATEX-EU-IC", "Art. 138(1)", "Artikel 138 der Richtlinie 2006/112/EG"),
        (client("US"), "G", "VATEX-EU-G", "Art. 146(1)(a)", "Steuerfreie Ausfuhrlieferung"),
        (client("GB", vat_id="XI980780684"), "K", "VATEX-EU-IC", "Art. 138(1)", "Artikel 138"),
        (client("GB"), "G", "VATEX-EU-G", "Art. 146(1)(a)", "Export of goods"),
        (client("DE"), "S", None, "UStG § 12(1)", None),
    ],
)
def test_goods(buyer: Client, category: str, code: str | None, source: str, note: str | None) -> None:
    found = decided(issuer("DE"), buyer, supply="goods")
    assert (found.category, found.reason_code) == (category, code)
    assert source in found.source
    assert (note or "") in (found.note or "")
    assert found.withholding == ()


def test_goods_of_small_businesses_are_never_intra_community_supplies() -> None:
    """Directive 2006/112/EC Art. 139(1)."""
    found = decided(issuer("DE", tax_scheme="small-business"), client("AT"), supply="goods")
    assert found.category == "E"
    assert "Art. 139(1)" in found.source


def test_goods_to_a_business_need_its_vat_id() -> None:
    found = asked(issuer("DE"), client("AT", vat_id=None), supply="goods")
    assert (found.rule, found.message) == (
        "vat-id-missing",
        "an intra-Community supply from DE to AT needs the client's VAT id",
    )


@pytest.mark.parametrize("supply", ["electronic", "goods"])
@pytest.mark.parametrize("seller", EU)
def test_consumers_of_electronic_services_and_goods_bear_their_own_rate_or_it_is_asked(
    seller: str, supply: Supply
) -> None:
    """Directive 2006/112/EC Art. 33, 58, 59c: for each pair of states the one-stop shop's rate, or a question."""
    table = vat_table()
    for buyer in EU:
        person = client(buyer, business=False, vat_id=None)
        if seller == buyer:
            assert decided(issuer(seller), person, supply=supply).rate == table.countries[seller].rates[-1].rate
            continue
        question = asked(issuer(seller), person, supply=supply)
        assert "10,000 a year" in question.message
        assert "oss = true" in question.hint
        inside = decided(issuer(seller, tax={"oss": True}), person, supply=supply)
        assert (inside.category, inside.rate) == ("S", table.countries[buyer].rates[-1].rate)
        assert ("Art. 58" if supply == "electronic" else "Art. 33(a)") in inside.source
        below = decided(issuer(seller, tax={"oss": False}), person, supply=supply)
        assert (below.category, below.rate) == ("S", table.countries[seller].rates[-1].rate)
        assert "Art. 59c(1)" in below.source


def test_the_one_stop_shops_rate_is_that_of_the_day() -> None:
    buyer = client("EE", business=False, vat_id=None)
    seller = issuer("DE", tax={"oss": True})
    assert decided(seller, buyer, on(2025, 6, 30), supply="electronic").rate == Decimal(22)
    assert decided(seller, buyer, on(2025, 7, 1), supply="electronic").rate == Decimal(24)


def test_electronic_services_to_businesses_are_services() -> None:
    assert decided(issuer("FR"), client("BE"), supply="electronic").category == "AE"
    assert decided(issuer("FR"), client("US"), supply="electronic").category == "O"


def test_electronic_services_to_consumers_outside_the_eu_are_outside() -> None:
    """Directive 2006/112/EC Art. 58; other services are asked."""
    person = client("US", business=False)
    assert decided(issuer("DE"), person, supply="electronic").category == "O"
    assert asked(issuer("DE"), person).rule == "tax-undecided"


def test_a_number_of_the_cross_border_scheme_exempts_in_its_states_alone() -> None:
    """Directive 2006/112/EC Art. 284(3), since 2025."""
    scheme = {"ex_number": "DE123456789-EX", "ex_states": ("FR", "EL")}
    small = issuer("DE", tax_scheme="small-business", tax=scheme)
    found = decided(small, client("FR", language="fr"))
    assert (found.category, found.rate, found.must_state) == ("E", Decimal(0), ("DE123456789-EX",))
    assert found.note == (
        "Steuerbefreit nach der Sonderregelung für Kleinunternehmen, Artikel 284 der Richtlinie 2006/112/EG"
        " / Exonérée, régime particulier des petites entreprises, article 284 de la directive 2006/112/CE"
    )
    assert decided(small, client("GR")).category == "E"
    assert decided(small, client("AT")).category == "AE"
    assert decided(issuer("DE", tax=scheme), client("FR")).category == "AE"
