"""The rows of the law: dated, with their source, joined with those of the workspace."""

from dataclasses import fields
from datetime import date
from itertools import pairwise

import pytest

from git_bill.adapters.tables import vat_table
from git_bill.contract.legal import LateRule, Legal, Mention, Need, Simplified, newest
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.merging import merged
from git_bill.contract.tax.table import VatTable
from git_bill.shape import read

COUNTRIES = sorted(code for code, country in vat_table().countries.items() if country.legal != Legal())


def test_the_countries_that_issuers_come_from_are_there() -> None:
    assert {"AT", "BE", "CH", "DE", "DK", "ES", "FR", "GB", "IE", "IN", "IT", "LU", "NL", "PL"} <= set(COUNTRIES)


@pytest.mark.parametrize("code", COUNTRIES)
def test_each_row_has_its_source_and_asks_for_keys_that_there_are(code: str) -> None:
    legal = vat_table().countries[code].legal
    known = {"issuer": {each.name for each in fields(Issuer)}, "client": {each.name for each in fields(Client)}}
    rows: list[LateRule | Mention | Need | Simplified] = [*legal.late, *legal.mentions, *legal.needs, *legal.simplified]
    for row in rows:
        assert row.law
        assert row.from_ < date(2028, 1, 1)
    for late in legal.late:
        assert late.points is not None or late.word
        assert bool(late.word) == bool(late.points_law)
        assert (late.cost is None and not late.costs) == (late.cost_law == "")
        assert not (late.cost and late.costs)
    for need in legal.needs:
        assert set(need.fields) <= known[need.of], need
        assert any(f"{field} = " in need.example for field in need.fields), need
    for a, b in pairwise(legal.simplified):
        assert a.from_ < b.from_


@pytest.mark.parametrize(
    ("code", "day", "limit"),
    [
        ("DE", date(2026, 11, 2), "250.00 EUR"),  # UStDV § 33
        ("DE", date(2016, 12, 31), None),
        ("AT", date(2026, 11, 2), "400.00 EUR"),  # UStG 1994 § 11(6)
        ("NL", date(2026, 11, 2), "100.00 EUR"),
        ("ES", date(2026, 11, 2), "400.00 EUR"),
        ("GB", date(2026, 11, 2), "250.00 GBP"),
        ("FR", date(2026, 11, 2), None),
        ("CH", date(2026, 11, 2), None),  # MWSTV Art. 57 is for till slips
        ("DK", date(2026, 11, 2), "3000.00 DKK"),  # momsbekendtgørelsen § 64
        ("BE", date(2026, 11, 2), "100.00 EUR"),
        ("LU", date(2026, 11, 2), "100.00 EUR"),
    ],
)
def test_simplified_invoices_have_a_limit(code: str, day: date, limit: str | None) -> None:
    found = vat_table().countries[code].legal.simplified_on(day)
    assert (str(found.limit) if found else None) == limit


def test_a_row_of_the_workspace_goes_before_the_shipped_one() -> None:
    own = """schema = 1
[[countries.DE.legal.simplified]]
from = 2027-01-01
limit = "300.00 EUR"
law = "UStDV § 33 (2027)"
"""
    found = read(VatTable, own, "billing/tax/de-2027.toml")
    assert found.value is not None
    legal = merged((vat_table(), found.value)).countries["DE"].legal
    assert [str(row.limit) for row in legal.simplified] == ["250.00 EUR", "300.00 EUR"]
    assert newest(legal.simplified, date(2026, 12, 31)) == vat_table().countries["DE"].legal.simplified[0]
    assert legal.late == vat_table().countries["DE"].legal.late
