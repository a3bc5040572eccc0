"""Amounts are exact, roundings are commercial, and sharing loses no cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.money import Money, minor_units, round_half_up, split, total

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "BHD"])
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=8, allow_nan=False, allow_infinity=False)
MONEY = st.builds(Money, AMOUNTS, CURRENCIES)
WEIGHTS = st.lists(st.integers(0, 10**9) | st.decimals(0, 1000, places=6), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("95.00 EUR", "95.00"),
        ("-0.01 EUR", "-0.01"),
        ("12000 EUR", "12000"),
        ("0.00000001 EUR", "0.00000001"),
        (" 1.50 EUR\n", "1.50"),
    ],
)
def test_amounts_are_read_as_written(text: str, amount: str) -> None:
    assert Money.parse(text) == Money(Decimal(amount), "EUR")
    assert str(Money.parse(text)) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["95", "95,00 EUR", "EUR 95", "95.00 eur", "95.00 EURO", "1e3 EUR", "NaN EUR", "95.00EUR", "+1 EUR", "٩٥ EUR", ""],
)
def test_other_spellings_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r'is not an amount; write it like "95.00 EUR"'):
        Money.parse(text)


@given(MONEY)
def test_writing_and_reading_an_amount_changes_nothing(money: Money) -> None:
    assert Money.parse(str(money)) == money


def test_a_zero_has_no_sign() -> None:
    assert str(Money.parse("0.00 EUR") * -1) == "0.00 EUR"
    assert str(Money.parse("-0.004 EUR").rounded()) == "0.00 EUR"


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("2.675", 2, "2.68"), ("2.5", 0, "3"), ("1.0049", 2, "1.00")],
)
def test_halves_round_away_from_zero(value: str, decimals: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(value), decimals)) == rounded


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("JPY", 0), ("KWD", 3)])
def test_minor_units_follow_iso_4217(currency: str, decimals: int) -> None:
    assert minor_units(currency) == decimals


@pytest.mark.parametrize(
    ("text", "stated"), [("1.005 EUR", "1.01 EUR"), ("1.5 JPY", "2 JPY"), ("1.0005 KWD", "1.00 KWD")]
)
def test_a_document_states_at_most_two_decimals(text: str, stated: str) -> None:
    assert str(Money.parse(text).rounded()) == stated


def test_long_products_stay_exact_and_can_be_rounded() -> None:
    product = Money.parse("999999999999999.99999999 EUR") * Decimal("999999999999999.99999999")
    assert str(product) == "999999999999999999999980000000.0000000000000001 EUR"
    assert str(product.rounded()) == "999999999999999999999980000000.00 EUR"


def test_currencies_do_not_mix() -> None:
    euro, dollar = Money.parse("1.00 EUR"), Money.parse("1.00 USD")
    for act in (lambda: euro + dollar, lambda: euro - dollar, lambda: euro < dollar, lambda: euro <= dollar):
        with pytest.raises(ValueError, match=r"1\.00 EUR and 1\.00 USD are in different currencies"):
            act()
    with pytest.raises(ValueError, match="different currencies"):
        total([euro, dollar], "EUR")
    assert euro != dollar


def test_amounts_of_one_currency_have_an_order() -> None:
    one, same, two = Money.parse("1.00 EUR"), Money.parse("1.0 EUR"), Money.parse("2.00 EUR")
    assert sorted([two, one]) == [one, two]
    assert [one < same, one <= same, two <= one, two > one, two >= one] == [False, True, False, True, True]


@given(st.lists(AMOUNTS, max_size=6))
def test_a_total_is_the_exact_sum(amounts: list[Decimal]) -> None:
    assert total((Money(amount, "EUR") for amount in amounts), "EUR").amount == sum(amounts)


def test_nothing_totals_to_zero_with_the_usual_decimals() -> None:
    assert [str(total([], currency)) for currency in ("EUR", "JPY", "KWD")] == ["0.00 EUR", "0 JPY", "0.00 KWD"]
    assert not total([], "EUR")


def test_the_spare_cent_goes_to_the_largest_remainder_then_to_the_first() -> None:
    assert [str(part) for part in split(Money.parse("100.00 EUR"), [1, 1, 1])] == [
        "33.34 EUR",
        "33.33 EUR",
        "33.33 EUR",
    ]
    assert [str(part) for part in split(Money.parse("0.10 EUR"), [1, 2, 4])] == ["0.01 EUR", "0.03 EUR", "0.06 EUR"]
    assert [str(part) for part in split(Money.parse("10 JPY"), [0, 3])] == ["0 JPY", "10 JPY"]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_weights_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights must not be negative and one must be positive"):
        split(Money.parse("1.00 EUR"), weights)


@given(MONEY, WEIGHTS.filter(any))
def test_sharing_loses_no_cent_and_is_fair_to_one(money: Money, weights: list[Decimal | int]) -> None:
    parts = split(money, weights)
    rounded = money.rounded()
    assert total(parts, money.currency) == rounded
    unit = Decimal(1).scaleb(-min(2, minor_units(money.currency)))
    whole = sum(Decimal(weight) for weight in weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.amount * whole - rounded.amount * weight) < unit * whole


@given(MONEY, WEIGHTS.filter(any))
def test_a_credit_is_shared_like_its_invoice(money: Money, weights: list[Decimal | int]) -> None:
    assert split(-money, weights) == tuple(-part for part in split(money, weights))
