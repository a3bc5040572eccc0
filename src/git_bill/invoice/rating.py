"""Rating: from entries and a contract to line items, each with the reason for its price and its entries pinned."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from git_bill.contract.agreement import Contract, Rounding
from git_bill.contract.ratecard import Price, price
from git_bill.contract.rounding import Piece, billed_minutes
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Line
from git_bill.invoice.quantity import of_minutes
from git_bill.invoice.subject import describe
from git_bill.money import Money
from git_bill.period import format_duration
from git_bill.problem import Problem
from git_bill.worklog.entry import Activity, Entry, Worked

_Key: TypeAlias = tuple[Hashable, Money]
_PER: Mapping[str, str] = {
    "entry": "entry",
    "ticket": "ticket",
    "ticket-day": "ticket and day",
    "day": "day",
    "line": "line",
    "invoice": "invoice",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry and how many of its minutes are to be billed now."""

    worked: Worked
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """Line items in order of their first day; entries of lines that round to nothing; rates that are missing."""

    lines: tuple[Line, ...]
    nothing: tuple[Item, ...]
    problems: tuple[Problem, ...]


def work_of(entry: Entry) -> Hashable:
    """What an entry is about: its ticket (a bare number only within its project), else project and activity."""
    if entry.ticket is None:
        return (entry.project, entry.activity)
    return entry.ticket if entry.ticket[:1].isalpha() else (entry.project, entry.ticket)


def piece(worked: Worked, minutes: int, line: Hashable) -> Piece:
    """Minutes of an entry as rounding sees them."""
    entry = worked.entry
    return Piece(entry=worked.id, day=entry.day, work=work_of(entry), line=line, minutes=minutes)


def earlier_pieces(basis: Basis, contract: Contract) -> tuple[Piece, ...]:
    """What standing invoices billed under a contract, so that its groups are rated as a whole (law 1b)."""
    return tuple(
        piece(basis.worked[entry], minutes, None)
        for invoice in basis.earlier
        if invoice.contract == contract.id
        for line in invoice.lines
        for entry, minutes in line.entries.items()
        if entry in basis.worked
    )


def line_pieces(lines: Sequence[Line], basis: Basis) -> list[Piece]:
    """The pinned minutes of lines as rounding sees them, by index of the line."""
    return [
        piece(basis.worked[entry], minutes, index)
        for index, line in enumerate(lines)
        for entry, minutes in line.entries.items()
        if entry in basis.worked
    ]


def workers(line: Line, basis: Basis) -> list[tuple[str, Activity]]:
    """Who did what for a line, as the rate card asks."""
    entries = (basis.worked[entry].entry for entry in line.entries if entry in basis.worked)
    return sorted({(entry.by, entry.activity) for entry in entries})


def rate(items: Iterable[Item], contract: Contract, names: Mapping[str, str], earlier: Sequence[Piece] = ()) -> Rated:
    """One line for each piece of work and price of an hour. The order of the items changes nothing."""
    problems: dict[str, Problem] = {}
    lines: dict[_Key, list[Item]] = defaultdict(list)
    reasons: dict[_Key, dict[str, None]] = defaultdict(dict)
    for item in sorted(items, key=lambda i: (i.worked.entry.day, i.worked.id)):
        entry = item.worked.entry
        found = price(contract, entry.by, entry.activity)
        if isinstance(found, Price):
            key = (work_of(entry), found.hourly)
            lines[key].append(item)
            reasons[key][found.reason] = None
        else:
            problems.setdefault(found.message, found)
    billed = billed_minutes(
        (piece(item.worked, item.minutes, key) for key, group in lines.items() for item in group),
        contract.rounding,
        earlier,
    )
    people = {item.worked.entry.by for group in lines.values() for item in group}
    shown = names if len(people) > 1 else None
    return Rated(
        lines=tuple(
            _line(
                group,
                minutes=billed[key],
                hourly=key[1],
                reason=_reason(key[1], reasons[key], _raw(group), billed[key], contract.rounding),
                description=_description(group, shown),
            )
            for key, group in lines.items()
            if billed[key]
        ),
        nothing=tuple(item for key, group in lines.items() if not billed[key] for item in group),
        problems=tuple(problems.values()),
    )


def _line(items: Sequence[Item], *, minutes: int, hourly: Money, reason: str, description: str) -> Line:
    """`items` by day and id."""
    quantity, unit, base = of_minutes(minutes)
    return Line(
        description=description,
        quantity=quantity,
        unit=unit,
        unit_price=hourly,
        base_quantity=base,
        first=items[0].worked.entry.day,
        last=items[-1].worked.entry.day,
        raw=_raw(items),
        reason=reason,
        entries={item.worked.id: item.minutes for item in items},
    )


def _raw(items: Iterable[Item]) -> int:
    return sum(item.minutes for item in items)


def _reason(hourly: Money, rates: Iterable[str], raw: int, minutes: int, rounding: Rounding) -> str:
    """`95.00 EUR an hour: rate for development; 12h18m worked, 12h15m billed (15m, nearest, per ticket and day)`"""
    reason = f"{hourly} an hour: {', '.join(rates)}"
    if minutes == raw:
        return reason
    how = f"{format_duration(rounding.to)}, {rounding.mode}, per {_PER[rounding.per]}"
    return f"{reason}; {format_duration(raw)} worked, {format_duration(minutes)} billed ({how})"


def _description(items: Sequence[Item], names: Mapping[str, str] | None) -> str:
    """`names` None: a single person works, who need not be named."""
    heaviest = sorted(items, key=lambda item: (-item.minutes, item.worked.entry.day, item.worked.id))
    entry = heaviest[0].worked.entry
    fallback = entry.activity.capitalize() + (f", {entry.project}" if entry.project else "")
    text = describe((item.worked.entry.text for item in heaviest), entry.ticket, fallback)
    if names is None:
        return text
    people = dict.fromkeys(item.worked.entry.by for item in heaviest)
    return f"{text} ({', '.join(names.get(person, person) for person in people)})"
