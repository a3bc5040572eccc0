"""Base rates: what statutory late interest is above, by half-year, as `tables/tax/base_rates.toml` has them.

Source: Directive 2011/7/EU art. 3(3): the rate in force on 1 January or 1 July holds for the half-year that follows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.shape import key


def half_year(day: date) -> date:
    """The first day of the half-year that a day lies in."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRate:
    """What holds for one half-year, and for no other."""

    from_: date = key("first day of the half-year", name="from", example="2027-01-01")
    rate: Decimal = key("percent a year", example='"2.40"')
    source: str = key("where it was read, if not where the others were", default="")
    unsure: str = key("what to check", default="")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Half-years begin on two days."""
        if self.from_ != half_year(self.from_):
            yield "from", "a half-year begins on 1 January or 1 July", f"write it like from = {half_year(self.from_)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseSeries:
    """The rates of one bank."""

    name: str = key("what it is called", example='"main refinancing rate of the ECB"', default="")
    source: str = key("where its rates were read", default="")
    rates: tuple[BaseRate, ...] = key("by half-year, oldest first", one_line=True, default=())

    def rate_on(self, day: date) -> BaseRate | None:
        """The rate of the half-year that a day lies in; None where nobody has written it down."""
        return next((rate for rate in self.rates if rate.from_ == half_year(day)), None)
