"""Time by the day: each person's day counts whole, half or not at all, and once over all clients."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.contract.ratecard import Price
from git_bill.invoice.billed import standing
from git_bill.invoice.capping import Room, free_rooms
from git_bill.invoice.day import HALF, WHOLE, share_of
from git_bill.invoice.day_caps import DayCaps
from git_bill.invoice.draft import Line, NotBilled
from git_bill.invoice.grouping import Item
from git_bill.invoice.part import CAP, ROUNDED_AWAY, SOLD, Part, Scope
from git_bill.invoice.rating import day_price, job_of
from git_bill.invoice.subject import describe
from git_bill.money import Money
from git_bill.period import format_duration
from git_bill.problem import Problem

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A person's work of one day under the contract, and how much of a day it is billed as.

    `sold`: it would be more, had nothing billed the day before.
    """

    person: str
    date: date
    items: tuple[Item, ...]
    share: Decimal
    sold: bool = False
    second: bool = False

    @property
    def bills(self) -> str:
        """`day:mira:2026-10-05`, `half-day:mira:2026-10-05`, and of its other half `half-day:mira:2026-10-05:2`"""
        name = f"{self.person}:{self.date}"
        return f"day:{name}" if self.share == WHOLE else f"half-day:{name}{':2' if self.second else ''}"


def daily(scope: Scope) -> Part:
    """One line for each person and price of a day, in days and halves; the sheet has no minutes.

    A person's day under the contract counts half from `half_from` on and whole from `full_from` on, as far as no other
    client, contract or draft has that day: nobody sells a day twice. Its price is that of the work with most minutes,
    times what its weekday, a holiday or that work's ticket multiply it by.
    A day that does not fit under a cap any more is billed as a half, if that fits, or not.
    """
    priced: list[tuple[_Day, Price]] = []
    left: dict[str, NotBilled] = {}
    missing: dict[Problem, None] = {}
    caps = DayCaps(scope, free_rooms(scope))
    for day in _days(scope):
        heaviest = max(day.items, key=lambda item: (item.minutes, item.worked.id))
        found = day_price(scope.contract, job_of(heaviest.worked.entry, scope.basis.known), day.date)
        if not day.share:
            left |= _left(day, SOLD if day.sold else ROUNDED_AWAY, "waive")
        elif isinstance(found, Price):
            fitting, full = _fitting(scope, caps, day, found)
            if fitting is not None:
                priced.append((fitting, found))
            elif full is not None:
                left |= _left(day, CAP, full.limit.cap.then)
        else:
            missing[replace(found, file=scope.basis.file, at=scope.basis.engagement.place(scope.contract.id))] = None
    return Part(lines=_lines(scope, priced), left=left, problems=tuple(missing))


def _fitting(scope: Scope, caps: DayCaps, day: _Day, found: Price) -> tuple[_Day | None, Room | None]:
    """As much of a day as the caps let through after those before it, else the cap that is full."""
    full: Room | None = None
    for share in (share for share in (WHOLE, HALF) if share <= day.share):
        less = replace(day, share=share)
        full = caps.full(_line(scope, [less], found.amount, [found.reason]))
        if full is None:
            return less, None
    return None, full


def _left(day: _Day, because: str, then: Literal["carry", "waive"]) -> dict[str, NotBilled]:
    return {item.worked.id: NotBilled(minutes=item.minutes, because=because, then=then) for item in day.items}


def _lines(scope: Scope, priced: Sequence[tuple[_Day, Price]]) -> tuple[Line, ...]:
    """A line for each person and price."""
    groups: dict[tuple[str, Money], list[_Day]] = defaultdict(list)
    reasons: dict[tuple[str, Money], dict[str, None]] = defaultdict(dict)
    for day, found in priced:
        groups[day.person, found.amount].append(day)
        reasons[day.person, found.amount][found.reason] = None
    return tuple(_line(scope, days, rate, list(reasons[person, rate])) for (person, rate), days in groups.items())


def _days(scope: Scope) -> Iterable[_Day]:
    """Each person's days in order, with what is left of them to bill."""
    days: dict[tuple[date, str], list[Item]] = defaultdict(list)
    for item in sorted(scope.items, key=lambda i: i.worked.id):
        days[item.worked.entry.day, item.worked.entry.by].append(item)
    sold, before = _sold(scope), _before(scope)
    for (day, person), items in sorted(days.items()):
        worth = _worth(scope, sum(item.minutes for item in items) + before[person, day])
        mine, all_of_it = sold.get((person, day), (_NONE, _NONE))
        share = max(_NONE, min(worth - mine, WHOLE - all_of_it))
        yield _Day(person=person, date=day, items=tuple(items), share=share, sold=share < worth, second=mine == HALF)


def _worth(scope: Scope, minutes: int) -> Decimal:
    contract = scope.contract
    return WHOLE if minutes >= contract.full_from else HALF if minutes >= contract.half_from else _NONE


def _before(scope: Scope) -> Mapping[tuple[str, date], int]:
    """Minutes of people's days that were billed under the contract before, or that a person's own lines hold."""
    mine = (invoice for invoice in scope.basis.earlier if invoice.contract == scope.contract.id)
    pins = (line.entries for invoice in mine for line in invoice.lines)
    found = Counter[tuple[str, date]]()
    for entries in (*pins, *(line.entries for line in scope.kept.lines)):
        for entry, minutes in entries.items():
            if entry in scope.basis.worked:
                worked = scope.basis.worked[entry].entry
                found[worked.by, worked.day] += minutes
    return found


def _sold(scope: Scope) -> dict[tuple[str, date], tuple[Decimal, Decimal]]:
    """How much of each person's days is billed or drafted: under this contract, and in all."""
    found: dict[tuple[str, date], tuple[Decimal, Decimal]] = {}
    own = (scope.basis.client, scope.contract.id)
    items = [
        ((invoice.client_id, invoice.contract) == own, item)
        for invoice in standing(scope.basis.invoices)
        for line in invoice.lines
        for item in line.bills
    ]
    items += [(False, key.split("/", 2)[2]) for key in scope.basis.held]
    items += [(True, item) for line in scope.kept.lines for item in line.bills]
    for mine, item in items:
        if (named := share_of(item)) is not None:
            day, share = named
            here, everywhere = found.get(day, (_NONE, _NONE))
            found[day] = here + share * mine, everywhere + share
    return found


def _line(scope: Scope, days: Sequence[_Day], rate: Money, reasons: Sequence[str]) -> Line:
    contract, known = scope.contract, scope.basis.known
    items = sorted((i for day in days for i in day.items), key=lambda i: (-i.minutes, i.worked.entry.day, i.worked.id))
    entry = items[0].worked.entry
    named = ", ".join(dict.fromkeys(i.worked.entry.ticket for i in items if i.worked.entry.ticket))
    about = describe((item.worked.entry.text for item in items), None, named)
    name = ", ".join(filter(None, (known.activity(entry), entry.project, known.names.get(entry.by, entry.by))))
    halves = f"half from {format_duration(contract.half_from)}, whole from {format_duration(contract.full_from)}"
    return Line(
        description=name,
        detail=about.name,
        quantity=sum((day.share for day in days), _NONE),
        unit="DAY",
        unit_price=rate,
        first=days[0].date,
        last=days[-1].date,
        raw=sum(item.minutes for item in items),
        reason=f"{rate} a day: {', '.join(reasons)}; a day counts {halves}",
        entries={item.worked.id: item.minutes for item in items},
        bills=tuple(day.bills for day in days),
    )
