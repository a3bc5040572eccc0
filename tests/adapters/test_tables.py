"""The tables that ship: they load, are dated in order, and cover what documents ask of them."""

from itertools import pairwise

import pytest

from git_bill.adapters.tables import vat_table
from git_bill.contract.tax.merging import incomplete

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905


def test_all_states_of_the_eu_and_their_neighbours_have_rates() -> None:
    countries = vat_table().countries
    assert sorted(code for code, country in countries.items() if country.eu) == EU
    world = {"AE", "AU", "CA", "CH", "GB", "IN", "JP", "MX", "NO", "NZ", "SG", "US"}
    assert set(countries) == {*EU, *world, "BR"}  # of Brazil only what a document is worth there
    assert list(incomplete(vat_table())) == []


@pytest.mark.parametrize("code", sorted(vat_table().countries))
def test_rates_are_dated_in_order_and_no_rate_follows_itself(code: str) -> None:
    rates = vat_table().countries[code].rates
    assert [rate.from_ for rate in rates] == sorted({rate.from_ for rate in rates})
    assert all(a.rate != b.rate for a, b in pairwise(rates))
    least, most = (15, 27) if vat_table().countries[code].eu else (5, 25)  # Directive 2006/112/EC Art. 97
    assert all(least <= rate.rate <= most for rate in rates)
    assert vat_table().countries[code].law


def test_reverse_charge_is_worded_in_every_language_of_the_eu() -> None:
    languages = {country.languages[0] for country in vat_table().countries.values() if country.eu}
    assert languages | {"en", "mt"} == set(vat_table().reverse_charge)
    table = vat_table()
    for texts in (table.outside, table.intra_community, table.export, table.pass_through, table.small_enterprise):
        assert set(texts) == {"da", "de", "en", "es", "fr", "it", "nl", "pl"}
    for texts in (table.abroad, table.not_registered):
        assert set(texts) == {"de", "en", "es", "fr", "it", "nl", "pl"}


def test_every_entry_of_the_tax_tables_names_its_source() -> None:
    for code, country in vat_table().countries.items():
        assert country.law, code
        laws = [rule.law for rule in country.withholding] + [place.law for place in country.places.values()]
        laws += [levy.law for region in country.regions.values() for levy in region.levies]
        laws += [rule.law for rule in (country.small_business, country.abroad) if rule is not None]
        assert all(laws), code
        assert all(rule.source for rule in country.documents), code
        assert all(rule.needs for rule in country.documents if rule.worth != "invoice"), code
