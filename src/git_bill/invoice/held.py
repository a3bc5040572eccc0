"""What a retainer holds of a month's work: lines that are paid for already, with what was left before and after."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.balance import Grant, left, month_name, month_of
from git_bill.contract.rate import Rate
from git_bill.contract.rounding import Piece
from git_bill.contract.terms import Retainer
from git_bill.invoice.document.locale import days_text
from git_bill.invoice.draft import Line
from git_bill.invoice.grouping import Item
from git_bill.invoice.part import Scope
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.rating import Rated, minutes_sum, net_sum, rate
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total
from git_bill.period import format_duration

DRAWN = "drawdown:"  # what such lines bill: `drawdown:2026-11:W-k3v9q2m7x4ab`


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A month's work that a retainer holds, up to what is free of it.

    `granted`: what the months brought; `used`: what was drawn before, by month; `earlier`: what its groups had billed.
    """

    scope: Scope
    retainer: Retainer
    month: int
    free: Decimal
    granted: tuple[Grant, ...]
    used: tuple[tuple[int, Decimal], ...]
    earlier: Sequence[Piece]

    def fits(self, items: Sequence[Item]) -> bool:
        """Whether all of it is held, rounded as it is billed."""
        contract, known = self.scope.contract, self.scope.basis.known
        if self.retainer.time is not None:
            return Decimal(minutes_sum(items, _unpriced(contract), known, self.earlier)) <= self.free
        return net_sum(items, contract, known, self.earlier).amount <= self.free

    def lines(self, items: Sequence[Item]) -> Rated:
        """Time at a price of nothing; work against an amount at its price, with a line that takes it off again."""
        basis, contract = self.scope.basis, self.scope.contract
        priced = contract if self.retainer.time is None else _unpriced(contract)
        rated = rate(items, priced, basis.known, self.earlier)
        if self.retainer.time is not None:
            return replace(rated, lines=tuple(self._held(rated.lines)))
        if not rated.lines:
            return rated
        lines = tuple(replace(line, bills=(self._item(min(line.entries)),)) for line in rated.lines)
        return replace(rated, lines=(*lines, self._off(lines)))

    def _off(self, lines: Sequence[Line]) -> Line:
        basis, contract = self.scope.basis, self.scope.contract
        amount, days = total(map(net_of, lines), contract.currency), month_of(self.month)
        return Line(
            description=self.retainer.name or basis.word("retainer", "Retainer"),
            detail=days_text(days.first, days.last, basis.engagement.client.language),
            quantity=Decimal(-1),
            unit="C62",
            unit_price=amount,
            reason=self._said(amount.amount, self.free),
            bills=(self._item(f"{min(entry for line in lines for entry in line.entries)}:off"),),
        )

    def _item(self, entry: str) -> str:
        """`drawdown:2026-11:W-k3v9q2m7x4ab`; what a cap carried over of an entry may be drawn with a later draft."""
        name = f"{DRAWN}{self._name}:{entry}"
        return next(each for n in itertools.count(1) if self.scope.open(each := name if n == 1 else f"{name}:{n}"))

    def _held(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Lines at a price of nothing, each with what was left before and after it."""
        free = self.free
        for line in lines:
            minutes = in_minutes(line) or Decimal(0)
            rounded = line.reason.partition("; ")[2]
            yield replace(
                line,
                unit_price=Money.zero(self.scope.contract.currency),
                reason=self._said(minutes, free) + (f"; {rounded}" if rounded else ""),
                bills=(self._item(min(line.entries)),),
            )
            free -= minutes

    def _said(self, taken: Decimal, free: Decimal) -> str:
        """`held by the retainer: 12h of the 14h left in October 2026; after it can be used: 2h until the end of …`."""
        before, rest = self._open(self.free - free), self._open(self.free - free + taken)
        came = ", ".join(f"{self._much(much)} from {_month(grant.month)}" for grant, much in before)
        came = f" ({came})" if [grant.month for grant, _ in before] != [self.month] else ""
        until = ", ".join(f"{self._much(much)} until the end of {_month(grant.last)}" for grant, much in rest)
        held = f"held by the retainer: {self._much(taken)} of the {self._much(free)} left in {_month(self.month)}{came}"
        return f"{held}; after it can be used: {until}" if rest else f"{held}; after it nothing is left"

    def _open(self, taken: Decimal) -> list[tuple[Grant, Decimal]]:
        """What is left of each month's grant once so much of this month's work has drawn, the next to expire first."""
        rest = left(self.granted, (*self.used, (self.month, taken)))
        return [(grant, much) for grant, much in rest.items() if much and grant.usable(self.month)]

    def _much(self, value: Decimal) -> str:
        """Time, or an amount."""
        if self.retainer.time is not None:
            return format_duration(int(value))
        return str(Money(value, self.scope.contract.currency))

    @property
    def _name(self) -> str:
        return month_name(self.month)


def _month(number: int) -> str:
    """`October 2026`."""
    days = month_of(number)
    return days_text(days.first, days.last, "en")


def _unpriced(contract: Contract) -> Contract:
    return replace(contract, rates=(Rate(hourly=Money.zero(contract.currency)),))
