"""Caps: what exceeds the agreed limit is not billed and comes back with the next draft."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.invoice.basis import Basis
from git_bill.invoice.rating import Item
from git_bill.money import Money, total
from git_bill.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Capped:
    """What fits under the cap, and the rest; the entry at the edge may stand in both with a part of its minutes."""

    kept: tuple[Item, ...]
    over: tuple[Item, ...]


def room(basis: Basis, contract: Contract, period: Period) -> Money | None:
    """What the cap still allows, None without a cap, never below zero.

    A cap per month counts in the calendar months of the draft's period, each with the full amount, less what standing
    invoices of this contract with their last day in these months billed.
    """
    limit = contract.limit
    if limit is None:
        return None
    if limit.per == "invoice":
        return limit.amount
    months = _months(period.last) - _months(period.first) + 1
    used = total(
        (
            invoice.totals.net
            for invoice in basis.earlier
            if invoice.contract == contract.id
            and _months(period.first) <= _months(invoice.last) <= _months(period.last)
        ),
        contract.currency,
    )
    return max(limit.amount * months - used, Money.zero(contract.currency))


def cap(items: Sequence[Item], most: Money, price: Callable[[Sequence[Item]], Money]) -> Capped:
    """The work in order of day and id as far as its price stays within `most`, to the minute.

    `price` may round by groups: the search keeps a part whose price it has seen, so a cap is never exceeded.
    """
    ordered = sorted(items, key=lambda item: (item.worked.entry.day, item.worked.id))
    if price(ordered) <= most:
        return Capped(kept=tuple(ordered), over=())
    whole = _most(len(ordered) - 1, lambda n: price(ordered[:n]) <= most)
    edge = ordered[whole]

    def part(minutes: int) -> list[Item]:
        return [*ordered[:whole], replace(edge, minutes=minutes)]

    minutes = _most(edge.minutes - 1, lambda n: price(part(n)) <= most)
    kept = tuple(part(minutes)) if minutes else tuple(ordered[:whole])
    rest = replace(edge, minutes=edge.minutes - minutes)
    return Capped(kept=kept, over=(rest, *ordered[whole + 1 :]))


def _most(highest: int, holds: Callable[[int], bool]) -> int:
    """A number from 0 to `highest` for which `holds`; the greatest one where it holds for all below. 0 needs none."""
    low, high = 0, highest
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _months(day: date) -> int:
    return day.year * 12 + day.month
