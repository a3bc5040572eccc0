"""Late interest: what a debt that is paid late has come to on a day, and the fixed sum for recovery costs.

Simple interest by the day, from the day after the due date: amount × rate × days ÷ days of the year, rounded once.
Source: Directive 2011/7/EU art. 2(6), 3 and 6, and the provision that each rule of `tables/tax/legal.toml` names.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from git_bill.contract.base_rate import BaseRate, BaseSeries, half_year
from git_bill.contract.legal import LateRule
from git_bill.layout import tax_file
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.worklog.holiday import public_holidays

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LateTerms:
    """What a debt bears: the law's rule with its base rates, or (`agreed`) percent a year of a contract.

    `of`: name of the base rates in the tables; `place`: country whose days off count, where the rule lets them.
    """

    rule: LateRule
    of: str = ""
    series: BaseSeries = BaseSeries()
    agreed: Decimal | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is open from a day on, until the next one."""

    first: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days, both ends included, in which amount and rate stay. `rate`: percent a year, which has `year` days."""

    first: date
    last: date
    open: Money
    rate: Decimal
    year: int
    base: BaseRate | None = None

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def interest(self) -> Fraction:
        """Exact, in the debt's currency."""
        return Fraction(self.open.amount) * Fraction(self.rate) * self.days / (100 * self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateClaim:
    """What the issuer may ask for beside the debt. `since`: first day that bears interest; `cost`: the fixed sum."""

    terms: LateTerms
    since: date
    stretches: tuple[Stretch, ...]
    interest: Money
    cost: Money | None

    @property
    def rate(self) -> Decimal:
        """Percent a year on the last day."""
        return self.stretches[-1].rate


def late_claim(owed: Sequence[Owed], due: date, as_of: date, terms: LateTerms) -> LateClaim | Problem | None:
    """What a debt has come to at the end of a day: nothing before it is late, a problem where a base rate is missing.

    `owed`: what was open, in the order of days; payments make it less.
    """
    since = first_late_day(due, terms)
    debt = _open_on(owed, since)
    if as_of < since or debt is None or debt.amount <= 0:
        return None
    found = stretches(owed, since, as_of, terms)
    if isinstance(found, Problem):
        return found
    exact = sum((each.interest for each in found), Fraction())
    interest = Money(Decimal(exact.numerator) / Decimal(exact.denominator), debt.currency).rounded()
    return LateClaim(terms=terms, since=since, stretches=found, interest=interest, cost=_cost(terms, debt))


def first_late_day(due: date, terms: LateTerms) -> date:
    """The day after the last one for paying, which a rule with `workday` moves to the next working day."""
    day = due
    while terms.rule.workday and (day.weekday() >= _SATURDAY or day in _days_off(terms.place, day.year)):
        day += _DAY
    return day + _DAY


def stretches(owed: Sequence[Owed], first: date, last: date, terms: LateTerms) -> tuple[Stretch, ...] | Problem:
    """The days from `first`, on which the debt became late, to `last`, parted where amount or rate change."""
    found: list[Stretch] = []
    for start, end in _cut(owed, first, last):
        amount = _open_on(owed, start)
        rate = _rate(terms, first if terms.rule.fixed else start)
        if isinstance(rate, Problem):
            return rate
        if amount is not None and amount.amount > 0:
            year = terms.rule.year or (date(start.year + 1, 1, 1) - date(start.year, 1, 1)).days
            percent, base = rate
            found.append(Stretch(first=start, last=end, open=amount, rate=percent, year=year, base=base))
    return tuple(_joined(found))


def _cut(owed: Sequence[Owed], first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last days of pieces in which nothing changes: half-years, and years with them, and amounts."""
    halves = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7))
    starts = sorted({first, *(day for day in (*halves, *(each.first for each in owed)) if first < day <= last)})
    for start, following in pairwise([*starts, last + _DAY]):
        yield start, following - _DAY


def _joined(parts: Sequence[Stretch]) -> Iterator[Stretch]:
    """Neighbours that differ in nothing but their days, as one."""

    def alike(part: Stretch) -> tuple[object, ...]:
        return part.open, part.rate, part.year, part.base

    for _, same in groupby(parts, key=alike):
        every = tuple(same)
        yield replace(every[0], last=every[-1].last)


def _rate(terms: LateTerms, day: date) -> tuple[Decimal, BaseRate | None] | Problem:
    """Percent a year on a day, and the base rate below it."""
    rule = terms.rule
    if terms.agreed is not None:
        return terms.agreed, None
    points = rule.points or Decimal(0)
    if rule.base == "none":
        return points, None
    base = terms.series.rate_on(day)
    if base is None:
        return _unknown(terms, day)
    rate = base.rate + points
    if rule.up_to is not None:
        rate = math.ceil(rate / rule.up_to) * rule.up_to
    return max(rate, Decimal(0)), base


def _unknown(terms: LateTerms, day: date) -> Problem:
    first = half_year(day)
    name = terms.series.name or "base rate"
    return Problem(
        rule="no-base-rate",
        severity="warning",
        message=f"late interest can't be told: the {name} of the half-year from {first} is not known here",
        hint=f'write it into {tax_file("base-rates")}:\nschema = 1\nsource = "…, seen on …"\n[base_rates.{terms.of}]\n'
        f'rates = [{{ from = {first}, rate = "…" }}]',
    )


def _open_on(owed: Sequence[Owed], day: date) -> Money | None:
    return next((each.amount for each in reversed(owed) if each.first <= day), None)


def _cost(terms: LateTerms, debt: Money) -> Money | None:
    """The fixed sum; where it depends on a debt in another currency, the least."""
    rule = terms.rule
    if terms.agreed is not None and rule.cost_by_statute:
        return None
    if not rule.costs:
        return rule.cost
    reached = [each.cost for each in rule.costs if each.from_.currency == debt.currency and each.from_ <= debt]
    return reached[-1] if reached else rule.costs[0].cost


def _days_off(place: str, year: int) -> frozenset[date]:
    try:
        return public_holidays(place or None, year)
    except ValueError:  # a country whose holidays nobody has listed
        return frozenset()
