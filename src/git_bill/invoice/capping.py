"""Caps: what exceeds an agreed limit is not billed, and comes back with a later draft or never."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.limit import Cap
from git_bill.contract.rounding import Piece
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Line, NotBilled
from git_bill.invoice.grouping import Item
from git_bill.invoice.issued import InvoiceLine
from git_bill.invoice.part import CAP, Scope
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.rating import earlier_pieces, line_pieces, minutes_sum, net_sum
from git_bill.invoice.totals import net_of
from git_bill.money import Money
from git_bill.period import Period, format_duration
from git_bill.worklog.entry import Entry

_WIDTH = {"ticket": 0, "project": 1, "invoice": 2, "month": 3, "contract": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capped:
    """What fits under a cap, and the rest; the entry at the edge may stand in both with a part of its minutes."""

    kept: tuple[Item, ...]
    over: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a cap leaves of itself before a draft: an amount, or minutes. `about`: the ticket or project, if of one."""

    limit: Cap
    about: str
    left: Decimal

    @property
    def name(self) -> str:
        """`190.00 EUR per month`, `40h per ticket for WEB-12`"""
        most = self.limit.amount if self.limit.time is None else format_duration(self.limit.time)
        return f"{most} per {self.limit.per}" + (f" for {self.about}" if self.about else "")

    def text(self, used: Decimal) -> str:
        """An amount, or a time, of its kind."""
        if self.limit.amount is None:
            return format_duration(int(used))
        return str(Money(used, self.limit.amount.currency))


def rooms(basis: Basis, contract: Contract, period: Period, entries: Iterable[Entry]) -> tuple[Room, ...]:
    """What the caps leave for some work, those of single tickets and projects first; never below zero.

    A cap per month counts in the calendar months of the period, each with the full amount, less what standing invoices
    of the contract with their last day in these months billed.
    """
    listed = tuple(entries)
    found: list[Room] = []
    for limit in sorted(contract.limits, key=lambda limit: _WIDTH[limit.per]):
        most = limit.amount.amount if limit.amount is not None else Decimal(limit.time or 0)
        used = taken(_lines_before(basis, contract, limit, period), limit, basis)
        for about in sorted({key for entry in listed if (key := _about(entry, limit)) is not None}):
            left = most * _times(limit, period) - used.get(about, Decimal(0))
            found.append(Room(limit=limit, about=about, left=max(left, Decimal(0))))
    return tuple(found)


def taken(lines: Iterable[Line | InvoiceLine], limit: Cap, basis: Basis) -> Mapping[str, Decimal]:
    """What lines of time take of a cap, an amount or minutes, by the ticket or project that it counts (`Room.about`).

    A line for several of them is shared by its entries' minutes.
    """
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if not line.entries:
            continue
        whole = net_of(line).amount if limit.amount is not None else in_minutes(line) or Decimal(0)
        if limit.per not in {"ticket", "project"}:
            found[""] += whole
            continue
        parts: dict[str, int] = defaultdict(int)
        for entry, minutes in line.entries.items():
            about = _about(basis.worked[entry].entry, limit) if entry in basis.worked else None
            if about is not None:
                parts[about] += minutes
        every = sum(line.entries.values())
        for about, minutes in parts.items():
            found[about] += whole * minutes / every if every else Decimal(0)
    return found


def within(scope: Scope) -> tuple[tuple[Item, ...], Mapping[str, NotBilled]]:
    """The work that all caps let through, and what exceeds them. Kept lines count as billed."""
    basis, contract, kept = scope.basis, scope.contract, scope.kept
    items = scope.items
    left: dict[str, NotBilled] = {}
    earlier = (*earlier_pieces(basis, contract), *line_pieces(kept.lines, basis))
    found = rooms(basis, contract, scope.period, (item.worked.entry for item in items))
    for limit, of_limit in itertools.groupby(found, key=lambda room: room.limit):
        used = taken(kept.lines, limit, basis)
        parts: dict[str | None, list[Item]] = defaultdict(list)
        for item in items:
            parts[_about(item.worked.entry, limit)].append(item)
        for room in of_limit:
            free = max(room.left - used.get(room.about, Decimal(0)), Decimal(0))
            capped = cap(parts[room.about], _fits(scope, limit, free, earlier))
            parts[room.about] = list(capped.kept)
            for item in capped.over:
                had = left[item.worked.id].minutes if item.worked.id in left else 0
                left[item.worked.id] = NotBilled(minutes=had + item.minutes, because=CAP, then=limit.then)
        items = tuple(item for part in parts.values() for item in part)
    return items, left


def _fits(scope: Scope, limit: Cap, free: Decimal, earlier: Sequence[Piece]) -> Callable[[Sequence[Item]], bool]:
    """Whether work stays within what is free of a cap, rounded as it is billed."""
    contract, known = scope.contract, scope.basis.known
    if limit.amount is None:
        return lambda part: minutes_sum(part, contract, known, earlier) <= free
    return lambda part: net_sum(part, contract, known, earlier).amount <= free


def cap(items: Sequence[Item], fits: Callable[[Sequence[Item]], bool]) -> Capped:
    """The work in order of day and id as far as it fits, to the minute.

    What is billed may be rounded by groups: the search keeps a part that it has seen to fit, so no cap is exceeded.
    """
    ordered = sorted(items, key=lambda item: (item.worked.entry.day, item.worked.id))
    if fits(ordered):
        return Capped(kept=tuple(ordered), over=())
    whole = _most(len(ordered) - 1, lambda n: fits(ordered[:n]))
    edge = ordered[whole]

    def part(minutes: int) -> list[Item]:
        return [*ordered[:whole], replace(edge, minutes=minutes)]

    minutes = _most(edge.minutes - 1, lambda n: fits(part(n)))
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


def _about(entry: Entry, limit: Cap) -> str | None:
    """What a cap counts an entry for; None where it is not for it."""
    if limit.per not in {"ticket", "project"}:
        return ""
    about = (entry.ticket or "") if limit.per == "ticket" else entry.project
    return about if about and (not limit.only or about in limit.only) else None


def _times(limit: Cap, period: Period) -> int:
    return _months(period.last) - _months(period.first) + 1 if limit.per == "month" else 1


def _lines_before(basis: Basis, contract: Contract, limit: Cap, period: Period) -> Iterator[InvoiceLine]:
    """Lines of time of standing invoices that count for a cap."""
    first, last = _months(period.first), _months(period.last)
    for invoice in basis.earlier:
        counts = limit.per != "month" or first <= _months(invoice.last) <= last
        if invoice.contract == contract.id and limit.per != "invoice" and counts:
            yield from (line for line in invoice.lines if line.entries)


def _months(day: date) -> int:
    return day.year * 12 + day.month
