"""Rates of exchange: the one that counts on a day is the last that was published, and it names its day and source.

Source: Directive 2006/112/EC Art. 91(2): the latest rate published by the European Central Bank when the tax becomes
chargeable may be used; currencies other than the euro are converted through their euro rates.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.money import Money, round_half_up
from git_bill.problem import Problem

_DECIMALS = 8  # of a rate between two currencies other than the one that is published
_PRICE_DECIMALS = 4  # of a unit price in another currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One unit of `base` is `rate` units of `currency`, as `source` published it for the day `on`."""

    base: str
    currency: str
    rate: Decimal
    on: date
    source: str

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.currency} ({self.source}, {self.on})"


Quotes = Callable[[str, str, date], Quote | Problem]  # of a base and a currency, what counted on a day


def crossed(base: Quote, currency: Quote) -> Quote:
    """The rate between two currencies that are quoted for the same third one; the older day counts."""
    return Quote(
        base=base.currency,
        currency=currency.currency,
        rate=round_half_up(currency.rate / base.rate, _DECIMALS),
        on=min(base.on, currency.on),
        source=base.source,
    )


def converted(price: Money, quote: Quote) -> Money:
    """A unit price in the other currency, to four decimals; amounts are rounded where they are stated."""
    exact = price.amount * quote.rate
    return Money(round_half_up(exact, _PRICE_DECIMALS), quote.currency)


def unquoted(base: str, currency: str, day: date, last: date | None) -> Problem:
    """No rate of a day is known."""
    known = f"; the last known is of {last}" if last else ""
    return Problem(
        rule="no-exchange-rate",
        message=f"no rate of exchange between {base} and {currency} is known for {day}{known}",
        hint="get the newer ones of the European Central Bank: git bill rates --update; or write one into the draft: "
        f'exchange = {{ currency = "{currency}", rate = "…", on = {day}, source = "…" }}',
    )
