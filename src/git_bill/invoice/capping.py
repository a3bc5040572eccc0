"""Caps: what exceeds an agreed limit is not billed, and comes back with a later draft or never."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.balance import month_number
from git_bill.contract.limit import Cap
from git_bill.contract.rounding import Piece
from git_bill.invoice.basis import Basis
from git_bill.invoice.day import day_by_day
from git_bill.invoice.discounting import on_lines
from git_bill.invoice.draft import Line, NotBilled
from git_bill.invoice.grouping import Item
from git_bill.invoice.issued import InvoiceLine
from git_bill.invoice.ordering import order_for, ordered
from git_bill.invoice.part import CAP, Scope
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.rating import earlier_pieces, line_pieces, minutes_sum, net_sum, rate
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
class Limit:
    """A cap as it is counted, or an order's budget, which is for all lines and not for those of work alone.

    `day`: the minutes that a day is worth.
    """

    cap: Cap
    day: int
    order: str | None = None

    @property
    def name(self) -> str:
        """`190.00 EUR per month`, `40h per ticket`, `5000.00 EUR of order 4500012345`"""
        most = self.cap.amount if self.cap.time is None else format_duration(self.cap.time)
        return f"{most} per {self.cap.per}" if self.order is None else f"{most} of order {self.order}"

    @property
    def parted(self) -> bool:
        """Whether it is for single tickets, projects or months of work. What a month waives is of its own work."""
        return self.cap.per in {"ticket", "project"} or (self.cap.per == "month" and self.cap.then == "waive")

    def text(self, used: Decimal) -> str:
        """An amount, or a time, of its kind."""
        return format_duration(int(used)) if self.cap.amount is None else str(Money(used, self.cap.amount.currency))

    def about(self, entry: Entry) -> str | None:
        """The ticket, project or month that it counts an entry for, empty for all; None where it is not for it."""
        if not self.parted:
            return ""
        if self.cap.per == "month":
            return f"{entry.day:%Y-%m}"
        about = (entry.ticket or "") if self.cap.per == "ticket" else entry.project
        return about if about and (not self.cap.only or about in self.cap.only) else None

    def taken(self, lines: Iterable[Line | InvoiceLine], basis: Basis) -> Mapping[str, Decimal]:
        """What lines take of it, an amount or minutes, by what it counts (`about`).

        A line for several of these is shared by its entries' minutes, a line of days day by day. What a retainer holds
        was paid for before; what a fixed price settles is none of it.
        """
        found: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines:
            if not self.parted:
                found[""] += self._whole(line)
                continue
            for part in day_by_day(line, basis.worked):
                self._share(part, basis, found)
        return found

    def _share(self, line: Line | InvoiceLine, basis: Basis, found: dict[str, Decimal]) -> None:
        parts: dict[str, int] = defaultdict(int)
        for entry, minutes in line.entries.items():
            about = self.about(basis.worked[entry].entry) if entry in basis.worked else None
            if about is not None:
                parts[about] += minutes
        whole, every = self._whole(line), sum(line.entries.values())
        for about, minutes in parts.items():
            found[about] += whole * minutes / every if every else Decimal(0)

    def _whole(self, line: Line | InvoiceLine) -> Decimal:
        if self.order is not None:
            return net_of(line).amount
        work = line.entries and all(item.startswith(("day:", "half-day:")) for item in line.bills)
        if self.cap.amount is not None:
            return net_of(line).amount if work else Decimal(0)
        time = line.quantity * self.day if line.unit == "DAY" else in_minutes(line)
        return time if time and work else Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a cap leaves of its `most` before a draft: an amount, or minutes. `about`: what of, if not of all work."""

    limit: Limit
    about: str
    most: Decimal
    left: Decimal

    @property
    def name(self) -> str:
        """`190.00 EUR per month`, `40h per ticket for WEB-12`"""
        return self.limit.name + (f" for {self.about}" if self.about else "")


def limits(contract: Contract, order: str | None = None) -> tuple[Limit, ...]:
    """The contract's caps, those of single tickets and projects first; last the budget of the order with a number."""
    day = contract.hours_per_day
    found = [Limit(cap=each, day=day) for each in sorted(contract.limits, key=lambda each: _WIDTH[each.per])]
    budget = next((each.budget for each in contract.orders if each.number == order and each.budget), None)
    if budget is not None:
        found.append(Limit(cap=Cap(amount=budget, per="contract"), day=day, order=order))
    return tuple(found)


def rooms(
    basis: Basis, contract: Contract, period: Period, entries: Iterable[Entry], order: str | None = None
) -> tuple[Room, ...]:
    """What the caps leave for some work, in the order of `limits`; never below zero.

    A cap per month counts in the calendar months of the period, each with the full amount, less what standing invoices
    of the contract with their last day in these months billed; where it waives what exceeds it, in the work's month.
    `order`: the number of the order whose budget counts, too.
    """
    listed = tuple(entries)
    found: list[Room] = []
    for limit in limits(contract, order):
        most = limit.cap.amount.amount if limit.cap.amount is not None else Decimal(limit.cap.time or 0)
        used = _before(basis, contract, limit, period)
        abouts = {""} if not limit.parted else {key for entry in listed if (key := limit.about(entry)) is not None}
        for about in sorted(abouts):
            whole = most * _times(limit, period)
            left = max(whole - used.get(about, Decimal(0)), Decimal(0))
            found.append(Room(limit=limit, about=about, most=whole, left=left))
    return tuple(found)


def free_rooms(scope: Scope) -> tuple[Room, ...]:
    """What the caps leave beside the kept lines and, of a budget, beside what else the draft bills."""
    basis, contract, order = scope.basis, scope.contract, order_for(scope.basis, scope.contract, scope.period)
    entries = (item.worked.entry for item in scope.items)
    found = rooms(basis, contract, scope.period, entries, order.number if order else None)
    used = {limit: limit.taken(scope.kept.lines, basis) for limit in {room.limit for room in found}}
    reserved = scope.reserved.amount if scope.reserved else Decimal(0)
    free: list[Room] = []
    for room in found:
        left = room.left - used[room.limit].get(room.about, Decimal(0))
        free.append(replace(room, left=max(left - (reserved if room.limit.order else 0), Decimal(0))))
    return tuple(free)


def within(scope: Scope) -> tuple[tuple[Item, ...], Mapping[str, NotBilled]]:
    """The work that all caps let through, and what exceeds them. Kept lines count as billed."""
    basis, contract = scope.basis, scope.contract
    earlier = (*earlier_pieces(basis, contract), *line_pieces(scope.kept.lines, basis))
    found = free_rooms(scope)
    items, left = scope.items, dict[str, NotBilled]()
    for limit, of_limit in itertools.groupby(found, key=lambda room: room.limit):
        parts: dict[str | None, list[Item]] = defaultdict(list)
        for item in items:
            parts[limit.about(item.worked.entry)].append(item)
        for room in of_limit:
            capped = cap(parts[room.about], _fits(scope, room, earlier))
            parts[room.about] = list(capped.kept)
            _leave(left, capped.over, limit)
        items = tuple(item for part in parts.values() for item in part)
    # What one cap lets through by itself may be rounded up together with what others let through.
    while items and (full := _exceeded(scope, found, items, earlier)):
        counted = [item for item in items if full.limit.about(item.worked.entry) == full.about]
        others = tuple(item for item in items if full.limit.about(item.worked.entry) != full.about)
        capped = cap(counted, _fits(scope, full, earlier, others))
        if not capped.over:
            break
        _leave(left, capped.over, full.limit)
        items = (*others, *capped.kept)
    return items, left


def _exceeded(scope: Scope, found: Sequence[Room], items: Sequence[Item], earlier: Sequence[Piece]) -> Room | None:
    """The first room that the lines of some work take too much of, all together."""
    if not found:
        return None
    lines = on_lines(scope, rate(items, scope.contract, scope.basis.known, earlier).lines)
    used = {limit: limit.taken(lines, scope.basis) for limit in {room.limit for room in found}}
    return next((room for room in found if used[room.limit].get(room.about, Decimal(0)) > room.left), None)


def _leave(left: dict[str, NotBilled], over: Iterable[Item], limit: Limit) -> None:
    """List what exceeds a cap."""
    for item in over:
        had = left[item.worked.id].minutes if item.worked.id in left else 0
        left[item.worked.id] = NotBilled(minutes=had + item.minutes, because=CAP, then=limit.cap.then)


def _fits(
    scope: Scope, room: Room, earlier: Sequence[Piece], others: Sequence[Item] = ()
) -> Callable[[Sequence[Item]], bool]:
    """Whether work stays within what is free of a cap, rounded and discounted as it is billed, with `others` on the
    same draft.
    """
    contract, known = scope.contract, scope.basis.known
    if others or any(each.of == "lines" for each in contract.discounts):
        return lambda part: _exceeded(scope, (room,), (*others, *part), earlier) is None
    if room.limit.cap.amount is None:
        return lambda part: minutes_sum(part, contract, known, earlier) <= room.left
    return lambda part: net_sum(part, contract, known, earlier).amount <= room.left


def whole(items: Iterable[Item]) -> tuple[Item, ...]:
    """The parts of entries put together, each entry once."""
    found: dict[str, Item] = {}
    for item in items:
        had = found.get(item.worked.id)
        found[item.worked.id] = item if had is None else replace(item, minutes=item.minutes + had.minutes)
    return tuple(found.values())


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


def _times(limit: Limit, period: Period) -> int:
    pooled = limit.cap.per == "month" and not limit.parted
    return month_number(period.last) - month_number(period.first) + 1 if pooled else 1


def _before(basis: Basis, contract: Contract, limit: Limit, period: Period) -> Mapping[str, Decimal]:
    """What standing invoices took of it, by what it counts."""
    if limit.order is not None:
        return {"": ordered(basis, limit.order, contract).amount}
    return limit.taken(_lines_before(basis, contract, limit, period), basis)


def _lines_before(basis: Basis, contract: Contract, limit: Limit, period: Period) -> Iterator[InvoiceLine]:
    """Lines of standing invoices that count for a cap."""
    first, last = month_number(period.first), month_number(period.last)
    for invoice in basis.earlier:
        counts = limit.cap.per != "month" or limit.parted or first <= month_number(invoice.last) <= last
        if invoice.contract == contract.id and limit.cap.per != "invoice" and counts:
            yield from invoice.lines
