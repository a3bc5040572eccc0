"""Numbers, money and dates in the reader's language; amounts are rounded before they are formatted."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.invoice.document.locale import (
    amount_text,
    country_text,
    date_text,
    days_text,
    decimal_mark,
    hours_text,
    money_text,
    percent_text,
    price_text,
    quantity_text,
)
from git_bill.money import Money

DAY = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("language", "money", "day"),
    [
        ("en", "12,345.50 EUR", "2 December 2026"),
        ("en-US", "12,345.50 EUR", "December 2, 2026"),
        ("de", "12.345,50 EUR", "2. Dezember 2026"),
        ("fr", "12\u00a0345,50 EUR", "2 décembre 2026"),
        ("pl", "12\u00a0345,50 EUR", "2 grudnia 2026"),
        ("de-AT", "12.345,50 EUR", "2. Dezember 2026"),
        ("de-CH", "12’345.50 EUR", "2. Dezember 2026"),
        ("fr-BE", "12\u00a0345,50 EUR", "2 décembre 2026"),
        ("fr-CH", "12\u00a0345,50 EUR", "2 décembre 2026"),
        ("nl-BE", "12.345,50 EUR", "2 december 2026"),
        ("en-GB", "12,345.50 EUR", "2 December 2026"),
        ("en-IN", "12,345.50 EUR", "2 December 2026"),
        ("es", "12.345,50 EUR", "2 de diciembre de 2026"),
        ("it", "12.345,50 EUR", "2 dicembre 2026"),
        ("nl", "12.345,50 EUR", "2 december 2026"),
        ("de-XX", "12.345,50 EUR", "2. Dezember 2026"),
        ("xx", "12,345.50 EUR", "2 December 2026"),
        ("en-XX", "12,345.50 EUR", "2 December 2026"),
    ],
)
def test_money_and_dates(language: str, money: str, day: str) -> None:
    assert money_text(Money.parse("12345.5 EUR"), language) == money
    assert date_text(DAY, language) == day


def test_figures_are_grouped_as_they_are_there() -> None:
    assert money_text(Money.parse("1234567.5 INR"), "en-IN") == "12,34,567.50 INR"
    assert money_text(Money.parse("1234567.5 INR"), "en") == "1,234,567.50 INR"


LANGUAGES = ("en", "en-US", "en-IN", "de", "de-AT", "de-CH", "fr", "fr-CH", "es", "it", "nl", "nl-BE", "pl", "ja", "ar")


@given(
    amount=st.decimals(min_value=-(10**9), max_value=10**9, places=4),
    currency=st.sampled_from(["EUR", "JPY", "BHD"]),
    language=st.sampled_from(LANGUAGES),
)
def test_a_reader_finds_the_very_amount(amount: Decimal, currency: str, language: str) -> None:
    """Read back by the locale's own marks it is the amount, rounded half up once."""
    money = Money(amount, currency)
    text = amount_text(money, language)
    mark = decimal_mark(language)
    whole, _, decimals = text.partition(mark)
    digits = "".join(character for character in whole if character.isdigit())
    assert len(decimals) == (0 if currency == "JPY" else 2)
    found = Decimal(f"{digits}.{decimals or 0}")
    assert found == abs(money.rounded().amount)
    assert (whole[0] in "-\u2212\u200e\u061c") == (money.rounded().amount < 0)


def test_the_half_cent_is_not_left_to_babel() -> None:
    """Babel alone would say 1,085.62."""
    assert amount_text(Money.parse("1085.625 EUR"), "en") == "1,085.63"
    assert amount_text(Money.parse("-0.005 EUR"), "en") == "-0.01"


def test_currencies_without_decimals_and_prices_with_more() -> None:
    assert money_text(Money.parse("1055 JPY"), "en") == "1,055 JPY"
    assert price_text(Money.parse("0.0125 EUR"), "de") == "0,0125"
    assert price_text(Money.parse("95 EUR"), "de") == "95,00"


def test_an_amount_keeps_every_digit() -> None:
    assert amount_text(Money.parse("123456789012345.67 EUR"), "en") == "123,456,789,012,345.67"


def test_quantities_percent_and_time() -> None:
    assert quantity_text(Decimal("12.50"), "de") == "12,5"
    assert quantity_text(Decimal(1000), "en") == "1,000"
    assert percent_text(Decimal("25.5"), "en") == "25.5%"
    assert percent_text(Decimal(19), "de") == "19\u00a0%"
    assert [hours_text(m) for m in (738, 45, 360, 0, -75)] == ["12 h 18 min", "45 min", "6 h", "0 min", "-1 h 15 min"]


@pytest.mark.parametrize(
    ("first", "last", "english", "german"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), "October 2026", "Oktober 2026"),
        (date(2026, 10, 5), date(2026, 10, 9), "5–9 Oct 2026", "5.–9. Okt. 2026"),
        (date(2026, 10, 5), date(2026, 10, 5), "5 Oct 2026", "5. Okt. 2026"),
    ],
)
def test_days(first: date, last: date, english: str, german: str) -> None:
    assert days_text(first, last, "en") == english
    assert days_text(first, last, "de") == german


def test_names_of_countries_and_the_decimal_mark() -> None:
    assert country_text("DE", "de") == "Deutschland"
    assert country_text("XQ", "de") == "XQ"
    assert (decimal_mark("de"), decimal_mark("en")) == (",", ".")
