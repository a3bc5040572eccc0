"""Law 5: numbers in a series are gap-free and unique; and what forms mean."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.invoice.numbering import Numbering, SeriesNumber, format_number, gaps, next_number, parse_number
from git_bill.problem import Problem
from git_bill.shape import read
from git_bill.workspace import Settings

FORM = "INV-{year}-{seq:04}"
FORMS = st.sampled_from(
    [FORM, "{year}/{seq:03}", "RE{seq}", "A-{seq:06}", "{year}-INV.{seq:02}", "FV/{seq}/{year}", "{seq}{year}"]
)


@pytest.mark.parametrize(
    ("form", "number", "expected"),
    [
        (FORM, "INV-2026-0032", SeriesNumber(year=2026, seq=32)),
        (FORM, "INV-2026-12345", SeriesNumber(year=2026, seq=12345)),
        ("{year}/{seq:03}", "2026/007", SeriesNumber(year=2026, seq=7)),
        ("RE{seq}", "RE31", SeriesNumber(year=None, seq=31)),
        ("FV/{seq}/{year}", "FV/7/2026", SeriesNumber(year=2026, seq=7)),
        ("FV/{seq}/{year}", "FV/07/2026", None),
        (FORM, "INV-2026-00032", None),  # would be a second name of 32
        (FORM, "INV-26-0032", None),
        (FORM, "CN-2026-0032", None),
        (FORM, "INV-2026-0032 ", None),
        (FORM, "INV-2026-٣٢٣٢", None),
    ],
)
def test_numbers_are_read_by_their_form(form: str, number: str, expected: SeriesNumber | None) -> None:
    assert parse_number(form, number) == expected


def test_the_series_goes_on_after_the_last_number_of_the_other_program() -> None:
    assert next_number(FORM, 2026, [], "INV-2026-0031") == "INV-2026-0032"
    assert next_number(FORM, 2026, ["INV-2026-0032"], "INV-2026-0031") == "INV-2026-0033"
    assert next_number(FORM, 2027, ["INV-2026-0033"], "INV-2026-0031") == "INV-2027-0001"
    assert next_number("RE-{seq:03}", 2027, ["RE-040"], "RE-031") == "RE-041"


def test_other_series_do_not_count() -> None:
    assert next_number(FORM, 2026, ["CN-2026-0099", "INV-2025-0070", "INV-2026-0002"]) == "INV-2026-0003"
    assert next_number(FORM, 2026, []) == "INV-2026-0001"


def test_no_number_lies_where_an_earlier_form_put_another_one() -> None:
    assert next_number("RE-{year}-{seq:04}", 2026, ["RE/2026/0001", "RE/2026/0002"]) == "RE-2026-0003"
    assert next_number("re-{seq}", 2026, ["RE-7"]) == "re-8"


def test_a_last_number_of_another_form_is_a_problem() -> None:
    found = next_number(FORM, 2026, [], "RE-2026-031")
    assert isinstance(found, Problem)
    assert found.message == "the last number 'RE-2026-031' does not fit the form 'INV-{year}-{seq:04}'"
    assert 'last = "INV-2026-0031"' in found.hint


@pytest.mark.parametrize(
    ("numbering", "key"),
    [
        (Numbering(invoice="INV-{year}"), "invoice"),
        (Numbering(invoice="{seq}-{seq}"), "invoice"),
        (Numbering(invoice="{year}/{seq}/{year}"), "invoice"),
        (Numbering(invoice="INV..{seq}"), "invoice"),
        (Numbering(invoice="INV//{seq}"), "invoice"),
        (Numbering(invoice="{seq}/"), "invoice"),
        (Numbering(invoice="INV {seq}"), "invoice"),
        (Numbering(invoice="{year}{year}{seq}"), "invoice"),
        (Numbering(invoice="X-{seq}", credit_note="X-{seq:04}"), "credit_note"),
        (Numbering(invoice="X/{year}/{seq}", credit_note="X-{year}-{seq}"), "credit_note"),  # the same folders
        (Numbering(invoice="X-{seq}", credit_note="x-{seq}"), "credit_note"),  # where capitals are not told apart
        (Numbering(last="31"), "last"),
        (Numbering(last_credit_note="INV-2026-0003"), "last_credit_note"),
    ],
)
def test_wrong_settings(numbering: Numbering, key: str) -> None:
    assert [field for field, _, _ in numbering.problems()] == [key]


def test_right_settings() -> None:
    assert list(Numbering(last="INV-2026-0031", last_credit_note="CN-2026-0003").problems()) == []


@pytest.mark.parametrize(
    ("numbering", "keys"),
    [
        (Numbering(), []),
        (Numbering(invoice="26-27/INV/{seq:06}"), []),  # 16 characters
        (Numbering(invoice="26-27/INV/{seq:07}"), ["invoice"]),
        (Numbering(credit_note="CN_{year}.{seq}"), ["credit_note"]),
    ],
)
def test_indian_numbers_are_short(numbering: Numbering, keys: list[str]) -> None:
    """CGST Rules 2017 rule 46(b): at most sixteen letters, digits, "-" and "/"."""
    assert [key for key, _, _ in numbering.problems_in("IN")] == keys
    assert list(numbering.problems_in("DE")) == []


@pytest.mark.parametrize(("country", "refused"), [("IN", True), ("DE", False)])
def test_the_settings_refuse_what_the_issuer_s_country_does(country: str, *, refused: bool) -> None:
    text = f"""schema = 1
[issuer]
name = "Mira Kovac Software"
country = "{country}"
timezone = "Europe/Berlin"
[numbering]
invoice = "INVOICE-{{year}}-{{seq:05}}"
"""
    problems = [problem.message for problem in read(Settings, text, "billing/billing.toml").problems]
    assert ["numbers like 'INVOICE-2026-09999' are not allowed" in message for message in problems] == [True] * refused


@given(form=FORMS, year=st.integers(2000, 2099), seq=st.integers(1, 10**9))
def test_parse_and_format_are_inverse(form: str, year: int, seq: int) -> None:
    found = parse_number(form, format_number(form, year, seq))
    assert found == SeriesNumber(year=year if "{year}" in form else None, seq=seq)


@given(form=FORMS, years=st.lists(st.sampled_from([2026, 2027, 2028]), max_size=30), start=st.integers(0, 500))
def test_numbers_are_gap_free_and_unique_in_any_order_of_years(form: str, years: Sequence[int], start: int) -> None:
    last = format_number(form, 2026, start) if start else None
    given_out: list[str] = []
    for year in years:
        number = next_number(form, year, reversed(given_out), last)
        assert isinstance(number, str)
        given_out.append(number)
    assert len(set(given_out)) == len(given_out)
    assert gaps(form, [*given_out, *([last] if last else [])]) == ()


def test_gaps_are_named() -> None:
    assert gaps(FORM, ["INV-2026-0031", "INV-2026-0034", "INV-2027-0002", "CN-1"]) == ("INV-2026-0032", "INV-2026-0033")
