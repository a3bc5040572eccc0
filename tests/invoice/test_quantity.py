"""Minutes as quantities: exact in hours where two decimals hold them, else in minutes per 60."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from git_bill.invoice.draft import Line
from git_bill.invoice.quantity import hourly_price, in_minutes, of_minutes
from git_bill.invoice.totals import line_net
from git_bill.money import Money


def test_hours_and_minutes() -> None:
    assert of_minutes(45) == (Decimal("0.75"), "HUR", Decimal(1))
    assert of_minutes(738) == (Decimal("12.3"), "HUR", Decimal(1))
    assert of_minutes(6000) == (Decimal(100), "HUR", Decimal(1))
    assert of_minutes(50) == (Decimal(50), "MIN", Decimal(60))


def test_the_case_of_the_design() -> None:
    """DESIGN section 6: 0.83 h × 95 is not 50 min × 95."""
    quantity, _, base = of_minutes(50)
    assert line_net(quantity, Money.parse("95.00 EUR"), base) == Money.parse("79.17 EUR")
    assert line_net(Decimal("0.83"), Money.parse("95.00 EUR")) == Money.parse("78.85 EUR")


@given(st.integers(0, 100_000))
def test_time_and_price_of_an_hour_come_back(minutes: int) -> None:
    quantity, unit, base = of_minutes(minutes)
    line = Line(description="x", quantity=quantity, unit=unit, unit_price=Money.parse("95.00 EUR"), base_quantity=base)
    assert in_minutes(line) == minutes
    assert hourly_price(line) == 95
    assert abs(quantity.as_tuple().exponent) <= 2  # type: ignore[arg-type]
