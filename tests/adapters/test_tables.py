"""The tables that ship: they load, are dated in order, and cover what documents ask of them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from git_bill.adapters.tables import vat_table, wording
from git_bill.contract.tax.merging import incomplete
from git_bill.invoice.document import page

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
    assert all(5 <= rate.rate < 30 for rate in rates)
    assert vat_table().countries[code].law


def test_reverse_charge_is_worded_in_every_language_of_the_eu() -> None:
    languages = {country.languages[0] for country in vat_table().countries.values() if country.eu}
    assert languages | {"en", "mt"} == set(vat_table().reverse_charge)
    assert {"de", "en", "es", "fr", "it", "nl", "pl"} == set(vat_table().outside)


def test_every_entry_of_the_tax_tables_names_its_source() -> None:
    for code, country in vat_table().countries.items():
        assert country.law, code
        laws = [rule.law for rule in country.withholding] + [place.law for place in country.places.values()]
        laws += [levy.law for region in country.regions.values() for levy in region.levies]
        laws += [rule.law for rule in (country.small_business, country.abroad) if rule is not None]
        assert all(laws), code
        assert all(rule.source for rule in country.documents), code
        assert all(rule.needs for rule in country.documents if rule.worth != "invoice"), code


def test_every_word_that_the_page_says_is_in_the_table_in_english_and_german() -> None:
    source = Path(page.__file__).read_text()
    said = set(re.findall(r'(?:say|count)\(\s*"(\w+)"', source)) - {"entry"}
    assert said <= set(wording().words)
    assert wording().missing("de") is None
    assert wording().missing("en-GB") is None


def test_both_languages_ask_for_the_same_facts() -> None:
    for name, texts in wording().words.items():
        assert {frozenset(re.findall(r"\{(\w+)\}", text)) for text in texts.values()} == {
            frozenset(re.findall(r"\{(\w+)\}", texts["en"]))
        }, name


def test_a_language_without_words_falls_back_to_english_and_says_so() -> None:
    assert wording().say("title", "pl") == "Invoice"
    assert wording().say("title", "de-AT") == "Rechnung"
    missing = wording().missing("pl")
    assert missing is not None
    assert missing.rule == "missing-wording"
    assert missing.severity == "warning"
