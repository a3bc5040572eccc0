"""Recurring prices: the calendar's periods, and what a part of one costs by its days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.terms import Fee
from git_bill.money import Money
from git_bill.period import Period

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period of the calendar, and the days of it for which a price is agreed."""

    name: str  # 2026-11, 2026-Q4, 2026
    whole: Period
    agreed: Period


def spans(fee: Fee, contract: Contract, within: Period) -> Iterator[Span]:
    """A fee's periods that begin or go on in some days, each as far as it is agreed; none where it is not."""
    first = max(fee.from_ or contract.from_, contract.from_)
    last = min(fee.until or date.max, contract.until or date.max)
    start = _start(within.first, fee.every)
    while start <= within.last:
        whole = Period(start, _start(start + timedelta(days=31 * _MONTHS[fee.every] + 1), fee.every) - _DAY)
        begin, end = max(whole.first, first), min(whole.last, last)
        if begin <= end:
            yield Span(name=_name(start, fee.every), whole=whole, agreed=Period(begin, end))
        start = whole.last + _DAY


def prorated(amount: Money, whole: Period, part: Period) -> Money:
    """A part's price by its days. Parts that make up the whole sum to its price, however it is cut.

    Through day d of n the price is round(amount × d ÷ n); a part costs what that grows by.
    """

    def through(days: int) -> Money:
        return Money(amount.amount * Decimal(days) / Decimal(whole.days), amount.currency).rounded()

    before = (part.first - whole.first).days
    return through(before + part.days) - through(before)


def _start(day: date, every: str) -> date:
    """The first day of the calendar's period that a day lies in."""
    months = _MONTHS[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _name(start: date, every: str) -> str:
    if every == "year":
        return f"{start:%Y}"
    return f"{start.year}-Q{(start.month + 2) // 3}" if every == "quarter" else f"{start:%Y-%m}"
