"""The European Central Bank's rates: the last published one counts."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from git_bill.adapters.exchange import EuroRates
from git_bill.contract.exchange import Quote, converted
from git_bill.money import Money
from git_bill.problem import Problem, Stop

HEADER = "Date,USD,JPY,DKK,CYP,\n"


@pytest.fixture
def rates(tmp_path: Path) -> EuroRates:
    """A file in the Bank's form: 2 April 2026 is the Thursday before Easter."""
    file = tmp_path / "eurofxref-hist.zip"
    rows = [
        "2026-04-07,1.1600,172.50,7.4610,N/A,",
        "2026-04-02,1.1500,171.00,7.4600,N/A,",
        "2007-12-31,1.4721,164.93,7.4583,0.585274,",
    ]
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("eurofxref-hist.csv", HEADER + "\n".join(rows) + "\n")
    return EuroRates(file)


def test_a_day_of_publication_has_its_own_rate(rates: EuroRates) -> None:
    assert rates("EUR", "USD", date(2026, 4, 7)) == Quote(
        base="EUR", currency="USD", rate=Decimal("1.1600"), on=date(2026, 4, 7), source="ECB"
    )


def test_over_easter_the_rate_of_maundy_thursday_counts(rates: EuroRates) -> None:
    quote = rates("EUR", "DKK", date(2026, 4, 6))
    assert isinstance(quote, Quote)
    assert (quote.rate, quote.on) == (Decimal("7.4600"), date(2026, 4, 2))
    assert str(quote) == "1 EUR = 7.46 DKK (ECB, 2026-04-02)"


def test_between_two_other_currencies_both_euro_rates_count(rates: EuroRates) -> None:
    quote = rates("USD", "JPY", date(2026, 4, 2))
    assert isinstance(quote, Quote)
    assert quote.rate == Decimal("148.69565217")  # 171.00 ÷ 1.1500
    back = rates("USD", "EUR", date(2026, 4, 2))
    assert isinstance(back, Quote)
    assert back.rate == Decimal("0.86956522")


@pytest.mark.parametrize(
    ("currency", "day", "why"),
    [
        ("USD", date(2026, 4, 20), "the last known is of 2026-04-07"),
        ("USD", date(1998, 12, 31), "those of the European Central Bank begin on 1999-01-04"),
        ("CYP", date(2026, 4, 7), "the last known is of 2007-12-31"),
        ("KWD", date(2026, 4, 7), "the European Central Bank publishes none for KWD"),
    ],
)
def test_what_was_not_published_is_a_problem(rates: EuroRates, currency: str, day: date, why: str) -> None:
    found = rates("EUR", currency, day)
    assert isinstance(found, Problem)
    assert found.message == f"no rate of exchange between EUR and {currency} is known for {day}; {why}"
    could_help = currency != "KWD" and day.year >= 1999
    assert ("rates --update" in found.hint) == could_help
    assert f'base = "EUR", currency = "{currency}", rate = "…"' in found.hint


def test_a_file_that_is_not_the_banks_is_said(tmp_path: Path) -> None:
    file = tmp_path / "rates.zip"
    file.write_bytes(b"no zip at all")
    with pytest.raises(Stop, match="can't read"):
        EuroRates(file)("EUR", "USD", date(2026, 4, 7))


def test_the_rates_that_ship_reach_back_to_the_first_ones() -> None:
    """ECB press release of 4 January 1999: the euro opened at 1.1789 dollars."""
    quote = EuroRates()("EUR", "USD", date(1999, 1, 4))
    assert isinstance(quote, Quote)
    assert quote.rate == Decimal("1.1789")


def test_a_price_in_another_currency_has_four_decimals_and_a_small_one_eight_digits() -> None:
    quote = Quote(base="EUR", currency="USD", rate=Decimal("1.1172"), on=date(2026, 10, 30), source="ECB")
    assert converted(Money.parse("95.00 EUR"), quote) == Money.parse("106.1340 USD")
    assert converted(Money.parse("0.3333 EUR"), quote) == Money.parse("0.37236276 USD")
