"""Rates of exchange: the one that counts on a day is the last that was published, and it names its day and source.

Source: Directive 2006/112/EC Art. 91(2): the latest rate published by the European Central Bank when the tax becomes
chargeable may be used; currencies other than the euro are converted through their euro rates.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from git_bill.layout import RATES
from git_bill.money import Money, round_half_up
from git_bill.problem import Problem
from git_bill.shape import key

CURRENCY = r"[A-Z]{3}"
_FIRST = date(1999, 1, 4)  # that the European Central Bank published rates of
_DECIMALS = 8  # of a rate between two currencies other than the one that is published
_PRICE_DECIMALS = 4  # of a unit price in another currency
_DIGITS = 8  # that count, of a rate or price so small that these decimals would hold fewer
_CALM = timedelta(days=7)  # how long a rate counts that does not say so: no central bank publishes less often


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRate:
    """A rate of another bank or office, or agreed with a client: one unit of `base` is `rate` units of `currency`."""

    on: date = key("the day it is of, and the first that it counts on", example="2026-10-30")
    until: date | None = key("last day that it counts on; else it is the seventh after", default=None)
    base: str = key("ISO 4217 code", example='"EUR"', pattern=CURRENCY)
    currency: str = key("ISO 4217 code", example='"USD"', pattern=CURRENCY)
    rate: Decimal = key("units of `currency` for one of `base`", example='"1.0895"')
    source: str = key("who published it", example='"HMRC"')

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A rate is positive, and counts on a day at least."""
        if self.rate <= 0:
            yield "rate", f"the rate {self.rate} is not positive", 'write it like rate = "1.0895"'
        if self.until is not None and self.until < self.on:
            yield "until", f"it ends ({self.until}) before it starts ({self.on})", "write the later day"

    def covers(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.on <= day <= (self.until or self.on + _CALM)

    def quote(self, base: str, currency: str) -> Quote | None:
        """It, or what it is the other way round; None where it is for other currencies."""
        if (base, currency) == (self.base, self.currency):
            return Quote(base=base, currency=currency, rate=self.rate, on=self.on, source=self.source)
        if (currency, base) == (self.base, self.currency):
            back = _short(1 / self.rate, _DECIMALS)
            return Quote(base=base, currency=currency, rate=back, on=self.on, source=self.source)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRates:
    """`billing/rates.toml`: rates that go before the European Central Bank's."""

    schema: int = key("version of this file's form", default=1)
    rates: tuple[OwnRate, ...] = key("rates of exchange", one_line=True, default=())


def with_own(own: Iterable[OwnRate], published: Quotes) -> Quotes:
    """Quotes of one's own rates, the last one for the day, and of what was published where there is none."""
    listed = sorted(own, key=lambda each: each.on, reverse=True)

    def quotes(base: str, currency: str, day: date) -> Quote | Problem:
        own_ones = (found for each in listed if each.covers(day) and (found := each.quote(base, currency)))
        return next(own_ones, None) or published(base, currency, day)

    return quotes


def none_known(base: str, currency: str, day: date) -> Quote | Problem:
    """Quotes where nobody publishes any."""
    return unquoted(base, currency, day, None)


def crossed(base: Quote, currency: Quote) -> Quote:
    """The rate between two currencies that are quoted for the same third one; the older day counts."""
    return Quote(
        base=base.currency,
        currency=currency.currency,
        rate=_short(currency.rate / base.rate, _DECIMALS),
        on=min(base.on, currency.on),
        source=base.source,
    )


def converted(price: Money, quote: Quote) -> Money:
    """A unit price in the other currency, to four decimals, one below 1 to eight digits; amounts are rounded where
    they are stated.
    """
    return Money(_short(price.amount * quote.rate, _PRICE_DECIMALS), quote.currency)


def _short(value: Decimal, decimals: int) -> Decimal:
    """To some decimals; what is below 1 to at least eight digits that count: 1 IDR is 0.000054311351 EUR."""
    first = -value.adjusted() if value else 0
    return round_half_up(value, max(decimals, first + _DIGITS - 1) if first > 0 else decimals)


def realised(amount: Money, issued: Quote, paid: Quote) -> Money:
    """What was gained by the rate since an invoice was issued, or less than nothing, in the books' currency.

    Each of the two amounts is rounded by itself, as the books state them. Raises ValueError for quotes of others.
    """
    if not (issued.base == paid.base == amount.currency and issued.currency == paid.currency):
        raise ValueError(f"{issued} and {paid} are not both of {amount.currency}")
    at_issue, at_payment = (Money((amount * each.rate).amount, each.currency).rounded() for each in (issued, paid))
    return at_payment - at_issue


def unquoted(base: str, currency: str, day: date, last: date | None, *, never: str = "") -> Problem:
    """No rate of a day is known. `never`: one of the currencies, which the European Central Bank does not publish."""
    known = f"; the last known is of {last}" if last else ""
    known = f"; the European Central Bank publishes none for {never}" if never else known
    early = not never and day < _FIRST
    known = "; those of the European Central Bank begin on 1999-01-04" if early else known
    newer = "" if never or early else "get the newer ones of the European Central Bank: git bill rates --update\nor "
    own = f'on = {day}, base = "{base}", currency = "{currency}", rate = "…", source = "…"'
    return Problem(
        rule="no-exchange-rate",
        message=f"no rate of exchange between {base} and {currency} is known for {day}{known}",
        hint=f"{newer}write your own into {RATES}: rates = [{{ {own} }}]",
    )
