"""Tables over tables: the workspace's dated entries go before the shipped ones."""

from datetime import date
from decimal import Decimal

import pytest

from git_bill.adapters.tables import vat_table
from git_bill.contract.tax.merging import doubled, incomplete, merged
from git_bill.contract.tax.table import VatTable
from git_bill.shape import read

OWN = """
source = "BGBl. 2027 I Nr. 12"
[countries.DE]
rates = [{ from = 2028-01-01, rate = "20" }, { from = 2021-01-01, rate = "18" }]
[countries.US.regions.OH]
name = "Ohio"
levies = [{ from = 2015-01-01, law = "ORC 5739.01" }]
[countries.TR]
languages = ["tr"]
law = "KDV Kanunu m. 28"
rates = [{ from = 2023-07-10, rate = "20" }]
[[countries.DE.documents]]
from = 2028-01-01
worth = "network"
kinds = ["B2B"]
source = "a law of 2027"
"""


def table(text: str) -> VatTable:
    found = read(VatTable, f"schema = 1\n{text}", "own.toml")
    assert found.value is not None, found.problems
    return found.value


def test_dated_entries_join_and_those_of_the_same_day_are_replaced() -> None:
    both = merged((vat_table(), table(OWN)))
    rates = both.countries["DE"].rates
    assert [(rate.from_, rate.rate) for rate in rates[-2:]] == [
        (date(2021, 1, 1), Decimal(18)),
        (date(2028, 1, 1), Decimal(20)),
    ]
    assert len(rates) == len(vat_table().countries["DE"].rates) + 1
    assert [rate.from_ for rate in rates] == sorted(rate.from_ for rate in rates)
    assert both.countries["DE"].documents[-1].worth == "network"
    assert len(both.countries["DE"].documents) == len(vat_table().countries["DE"].documents)


def test_what_a_file_does_not_say_stays() -> None:
    both = merged((vat_table(), table(OWN)))
    assert both.countries["DE"].small_business == vat_table().countries["DE"].small_business
    assert both.countries["DE"].eu
    assert both.countries["US"].regions["OH"].levies[0].ask == ""
    assert both.countries["US"].regions["TX"] == vat_table().countries["US"].regions["TX"]
    assert both.countries["FR"] == vat_table().countries["FR"]
    assert both.countries["TR"].rates[0].rate == Decimal(20)


def test_merging_is_the_same_once_and_twice() -> None:
    own = table(OWN)
    once = merged((vat_table(), own))
    assert merged((once, own)) == once
    assert merged((vat_table(),)) == vat_table()


def test_a_country_without_law_or_with_an_impossible_rate_is_told() -> None:
    assert list(incomplete(vat_table())) == []
    bare = merged((vat_table(), table('[countries.TR]\nrates = [{ from = 2023-07-10, rate = "0.2" }]')))
    [lacks] = incomplete(bare)
    assert lacks.message == "countries.TR lacks languages and law"
    high = merged((vat_table(), table('[countries.DE]\nrates = [{ from = 2030-01-01, rate = "200" }]')))
    assert [each.message for each in incomplete(high)] == ["countries.DE has a rate of 200 % from 2030-01-01"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[countries.US.regions.XX]\nname = "X"\nlevies = [{ from = 2026-01-01, law = "l", '
            'own = [{ name = "a", rate = "-3" }] }]',
            "countries.US.regions.XX has a rate of -3 % from 2026-01-01",
        ),
        (
            '[countries.PT.places.90]\nname = "Madeira"\nlaw = "l"\nrates = [{ from = 2027-01-01, rate = "0" }]',
            "countries.PT.places.90 has a rate of 0 % from 2027-01-01",
        ),
        (
            '[[countries.ES.withholding]]\nfrom = 2026-01-01\nname = "IRPF"\nrate = "150"\nlaw = "l"',
            "countries.ES has clients keep 150 of 100 from 2026-01-01",
        ),
    ],
)
def test_rates_of_states_places_and_withholding_are_looked_at_too(text: str, message: str) -> None:
    assert [each.message for each in incomplete(merged((vat_table(), table(text))))] == [message]


def test_two_entries_of_one_file_from_the_same_day_are_told() -> None:
    assert list(doubled(vat_table())) == []
    twice = '{ from = 2028-01-01, rate = "20" }, { from = 2028-01-01, rate = "21" }'
    [told] = doubled(table(f"[countries.DE]\nrates = [{twice}]"))
    assert told.message == "countries.DE.rates has two entries for the same from 2028-01-01"
