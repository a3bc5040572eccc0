"""Time by the day: each person's day counts whole, half or not at all, and once over all clients."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from git_bill.contract.ratecard import Price, price
from git_bill.invoice.billed import standing
from git_bill.invoice.draft import Line, NotBilled
from git_bill.invoice.grouping import Item
from git_bill.invoice.part import ROUNDED_AWAY, Part, Scope
from git_bill.invoice.rating import job_of
from git_bill.invoice.subject import describe
from git_bill.money import Money
from git_bill.period import format_duration
from git_bill.problem import Problem

_WHOLE, _HALF, _NONE = Decimal(1), Decimal("0.5"), Decimal(0)
_KINDS = {"day": _WHOLE, "half-day": _HALF}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A person's work of one day under the contract, and how much of a day it is billed as."""

    person: str
    date: date
    items: tuple[Item, ...]
    share: Decimal

    @property
    def bills(self) -> str:
        """`day:mira:2026-10-05`"""
        return f"{'day' if self.share == _WHOLE else 'half-day'}:{self.person}:{self.date}"


def daily(scope: Scope) -> Part:
    """One line for each person and price of a day, in days and halves; the sheet has no minutes.

    A person's day under the contract counts half from `half_from` on and whole from `full_from` on, as far as no other
    client, contract or draft has that day: nobody sells a day twice. Its price is that of the work with most minutes.
    """
    groups: dict[tuple[str, Money], list[_Day]] = defaultdict(list)
    reasons: dict[tuple[str, Money], dict[str, None]] = defaultdict(dict)
    left: dict[str, NotBilled] = {}
    missing: dict[Problem, None] = {}
    for day in _days(scope):
        if not day.share:
            left |= {i.worked.id: NotBilled(minutes=i.minutes, because=ROUNDED_AWAY, then="waive") for i in day.items}
            continue
        heaviest = max(day.items, key=lambda item: (item.minutes, item.worked.id))
        found = price(scope.contract, job_of(heaviest.worked.entry, scope.basis.known), "day")
        if isinstance(found, Price):
            groups[day.person, found.amount].append(day)
            reasons[day.person, found.amount][found.reason] = None
        else:
            missing[replace(found, file=scope.basis.file, at=scope.basis.engagement.place(scope.contract.id))] = None
    lines = (_line(scope, days, rate, list(reasons[person, rate])) for (person, rate), days in groups.items())
    return Part(lines=tuple(lines), left=left, problems=tuple(missing))


def _days(scope: Scope) -> Iterable[_Day]:
    """Each person's days in order, with what is left of them to bill."""
    days: dict[tuple[date, str], list[Item]] = defaultdict(list)
    for item in sorted(scope.items, key=lambda i: i.worked.id):
        days[item.worked.entry.day, item.worked.entry.by].append(item)
    sold = _sold(scope)
    for (day, person), items in sorted(days.items()):
        worth = _worth(scope, sum(item.minutes for item in items) + _before(scope, person, day))
        mine, all_of_it = sold.get((person, day), (_NONE, _NONE))
        share = max(_NONE, min(worth - mine, _WHOLE - all_of_it))
        yield _Day(person=person, date=day, items=tuple(items), share=share)


def _worth(scope: Scope, minutes: int) -> Decimal:
    contract = scope.contract
    return _WHOLE if minutes >= contract.full_from else _HALF if minutes >= contract.half_from else _NONE


def _before(scope: Scope, person: str, day: date) -> int:
    """Minutes of a person's day that were billed under the contract before."""
    worked = scope.basis.worked
    return sum(
        minutes
        for invoice in scope.basis.earlier
        if invoice.contract == scope.contract.id
        for line in invoice.lines
        for entry, minutes in line.entries.items()
        if entry in worked and (worked[entry].entry.by, worked[entry].entry.day) == (person, day)
    )


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
        kind, _, about = item.partition(":")
        if kind in _KINDS:
            person, _, day = about.rpartition(":")
            key = person, date.fromisoformat(day)
            here, everywhere = found.get(key, (_NONE, _NONE))
            found[key] = here + _KINDS[kind] * mine, everywhere + _KINDS[kind]
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
