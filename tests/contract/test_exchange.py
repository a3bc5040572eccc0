"""Own rates of exchange before published ones, and what a rate gains between issue and payment."""

from datetime import date
from decimal import Decimal

import pytest

from git_bill.contract.exchange import OwnRate, Quote, converted, crossed, none_known, realised, unquoted, with_own
from git_bill.money import Money
from git_bill.problem import Problem

ECB = Quote(base="EUR", currency="USD", rate=Decimal("1.0895"), on=date(2026, 10, 30), source="ECB")
HMRC = OwnRate(
    on=date(2026, 10, 1), until=date(2026, 10, 31), base="EUR", currency="USD", rate=Decimal("1.0800"), source="HMRC"
)


def ecb(base: str, currency: str, day: date) -> Quote | Problem:
    """The one rate that the Bank is said to have published."""
    return ECB if (base, currency) == ("EUR", "USD") else unquoted(base, currency, day, ECB.on)


def test_an_own_rate_goes_before_the_published_one_while_it_counts() -> None:
    quotes = with_own([HMRC], ecb)
    own = quotes("EUR", "USD", date(2026, 10, 31))
    assert isinstance(own, Quote)
    assert str(own) == "1 EUR = 1.08 USD (HMRC, 2026-10-01)"
    assert quotes("EUR", "USD", date(2026, 11, 1)) == ECB


def test_an_own_rate_without_an_end_counts_for_a_week() -> None:
    quotes = with_own([OwnRate(on=date(2026, 10, 1), base="EUR", currency="USD", rate=Decimal(1), source="me")], ecb)
    assert quotes("EUR", "USD", date(2026, 10, 8)) != ECB
    assert quotes("EUR", "USD", date(2026, 10, 9)) == ECB


def test_the_later_of_two_own_rates_counts() -> None:
    later = OwnRate(on=date(2026, 10, 15), base="EUR", currency="USD", rate=Decimal("1.1"), source="bank")
    for listed in ([HMRC, later], [later, HMRC]):
        found = with_own(listed, ecb)("EUR", "USD", date(2026, 10, 16))
        assert isinstance(found, Quote)
        assert found.source == "bank"


def test_an_own_rate_counts_the_other_way_round() -> None:
    found = with_own([HMRC], ecb)("USD", "EUR", date(2026, 10, 5))
    assert isinstance(found, Quote)
    assert found.rate == Decimal("0.92592593")  # 1 ÷ 1.08


def test_a_missing_rate_is_a_problem_with_the_command() -> None:
    found = with_own([HMRC], none_known)("EUR", "CHF", date(2026, 10, 5))
    assert isinstance(found, Problem)
    assert found.severity == "error"
    assert "git bill rates --update" in found.hint


@pytest.mark.parametrize(
    ("amount", "paid", "gain"),
    [
        ("1089.50 USD", "0.93", "13.24 EUR"),  # 1089.50 × 0.93 = 1013.24 (1013.235), at issue 1000.00
        ("1089.50 USD", "0.9178522", "0.00 EUR"),
        ("1089.50 USD", "0.90", "-19.45 EUR"),  # 980.55
    ],
)
def test_what_the_rate_gains_or_loses_until_payment(amount: str, paid: str, gain: str) -> None:
    at_issue = Quote(base="USD", currency="EUR", rate=Decimal("0.9178522"), on=date(2026, 10, 30), source="ECB")
    at_payment = Quote(base="USD", currency="EUR", rate=Decimal(paid), on=date(2026, 11, 30), source="ECB")
    assert realised(Money.parse(amount), at_issue, at_payment) == Money.parse(gain)


def test_a_gain_in_other_currencies_is_refused() -> None:
    with pytest.raises(ValueError, match="not both of CHF"):
        realised(Money.parse("1.00 CHF"), ECB, ECB)


def test_small_rates_and_prices_keep_their_digits() -> None:
    """1 ÷ 18412.35 = 0.0000543113725…; with eight decimals 500 million rupiah would be half a euro off."""
    rupiah = Quote(base="EUR", currency="IDR", rate=Decimal("18412.35"), on=ECB.on, source="ECB")
    euro = Quote(base="EUR", currency="EUR", rate=Decimal(1), on=ECB.on, source="ECB")
    assert crossed(rupiah, euro).rate == Decimal("0.000054311373")
    assert converted(Money.parse("0.0005 EUR"), ECB) == Money.parse("0.00054475 USD")
    assert converted(Money.parse("95.00 EUR"), ECB) == Money.parse("103.5025 USD")
