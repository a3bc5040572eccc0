"""Usage: flat, graduated, volume and package prices."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.meter import Meter, Tier
from git_bill.contract.metering import Charge, charges
from git_bill.money import Money

PRICES = tuple(map(Money.parse, ("0.10 EUR", "0.08 EUR", "0.05 EUR")))
TIERS = (
    Tier(up_to=Decimal(1000), price=PRICES[0]),
    Tier(up_to=Decimal(5000), price=PRICES[1]),
    Tier(price=PRICES[2]),
)


def meter(**over: object) -> Meter:
    return Meter(**{"id": "requests", "tiers": TIERS, "mode": "graduated", **over})  # type: ignore[arg-type]


def cost(of: Meter, used: Decimal | int) -> Decimal:
    return sum((charge.quantity * charge.price.amount for charge in charges(of, Decimal(used))), Decimal(0))


def test_graduated_prices_each_unit_in_its_own_tier() -> None:
    """6,000 requests: 1,000 × 0.10 + 4,000 × 0.08 + 1,000 × 0.05 = 470.00."""
    assert charges(meter(), Decimal(6000)) == (
        Charge(quantity=Decimal(1000), price=PRICES[0], up_to=Decimal(1000)),
        Charge(quantity=Decimal(4000), price=PRICES[1], from_=Decimal(1000), up_to=Decimal(5000)),
        Charge(quantity=Decimal(1000), price=PRICES[2], from_=Decimal(5000)),
    )
    assert cost(meter(), 6000) == 470
    assert charges(meter(), Decimal(1000)) == (Charge(quantity=Decimal(1000), price=PRICES[0], up_to=Decimal(1000)),)


def test_volume_prices_all_units_at_the_tier_that_is_reached() -> None:
    """5,000 are still in the second tier; 5,001 are all at its successor's price."""
    assert cost(meter(mode="volume"), 5000) == 400
    assert cost(meter(mode="volume"), 5001) == Decimal("250.05")


def test_a_begun_package_is_a_whole_one() -> None:
    packages = meter(mode="package", size=Decimal(1000), tiers=(Tier(price=Money.parse("9.00 EUR")),))
    assert [cost(packages, used) for used in (0, 1, 1000, 1001)] == [0, 9, 9, 18]


def test_what_is_included_costs_nothing_and_does_not_use_up_the_first_tier() -> None:
    free = meter(included=Decimal(500))
    assert charges(free, Decimal(500)) == ()
    assert cost(free, 1500) == 100


def test_flat_has_one_price() -> None:
    flat = meter(mode="flat", tiers=(Tier(price=Money.parse("0.0125 EUR")),))
    assert cost(flat, Decimal("1000.5")) == Decimal("12.50625")


@given(st.decimals(Decimal(0), Decimal(20_000), places=3), st.decimals(Decimal(0), Decimal(10), places=3))
def test_graduated_prices_have_no_jumps(used: Decimal, more: Decimal) -> None:
    """One unit more never costs more than the dearest unit, nor less than the cheapest."""
    grown = cost(meter(), used + more) - cost(meter(), used)
    assert more * PRICES[2].amount <= grown <= more * PRICES[0].amount


@given(st.decimals(Decimal(0), Decimal(20_000), places=3))
def test_all_that_is_above_what_is_included_is_charged_once(used: Decimal) -> None:
    for mode in ("graduated", "volume"):
        found = charges(meter(mode=mode, included=Decimal(300)), used)
        assert sum((charge.quantity for charge in found), Decimal(0)) == max(used - 300, Decimal(0))
