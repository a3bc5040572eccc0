"""Amounts in the units of Stripe's API: https://docs.stripe.com/currencies#minor-units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.adapters.stripe.amounts import decimals, minor, money
from git_bill.money import Money


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        ("10.00 USD", 1000),
        ("0.01 EUR", 1),
        ("500 JPY", 500),
        ("500.00 JPY", 500),
        ("5 ISK", 500),  # counted in hundredths, and never asked for in parts of one
        ("5 UGX", 500),
        ("1.25 KWD", 1250),
        ("1190.00 HUF", 119_000),
    ],
)
def test_what_is_asked_for(amount: str, units: int) -> None:
    asked = Money.parse(amount)
    assert minor(asked) == units
    told = money(units, asked.currency.lower())
    assert (told.amount, told.currency) == (asked.amount, asked.currency)


@pytest.mark.parametrize("amount", ["0.5 JPY", "1.005 EUR", "5.50 ISK", "1.255 KWD"])
def test_what_can_not_be_asked_for_exactly(amount: str) -> None:
    with pytest.raises(ValueError, match=amount.split()[1]):
        minor(Money.parse(amount))


@given(st.integers(-(10**12), 10**12), st.sampled_from(["eur", "jpy", "isk", "kwd", "ugx", "mga", "usd"]))
def test_no_unit_is_lost_on_the_way_back(units: int, currency: str) -> None:
    told = money(units, currency)
    assert told.amount.scaleb(decimals(told.currency)) == Decimal(units)
