"""Rating: from entries and a contract to line items, each with the reason for its price and its entries pinned."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from git_bill.contract.agreement import Contract, Rounding
from git_bill.contract.ratecard import Price, price
from git_bill.contract.rounding import Piece, billed_minutes
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Line
from git_bill.invoice.quantity import of_minutes
from git_bill.invoice.subject import Described, describe
from git_bill.invoice.totals import line_net
from git_bill.money import Money, total
from git_bill.period import format_duration
from git_bill.problem import Problem
from git_bill.worklog.entry import Activity, Entry, Worked
from git_bill.worklog.told import Title, number_of

_Key: TypeAlias = tuple[Hashable, Money]
NO_TITLES: Mapping[Title, str] = {}
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


def rate(
    items: Iterable[Item],
    contract: Contract,
    names: Mapping[str, str],
    earlier: Sequence[Piece] = (),
    titles: Mapping[Title, str] = NO_TITLES,
) -> Rated:
    """One line for each piece of work and price of an hour. The order of the items changes nothing."""
    groups, problems = _grouped(items, contract)
    billed = _billed(groups, contract, earlier)
    people = {item.worked.entry.by for group in groups.values() for item in group.items}
    shown = names if len(people) > 1 else None
    return Rated(
        lines=tuple(
            _line(group, billed[key], contract.rounding, _described(group.items, shown, titles))
            for key, group in groups.items()
            if billed[key]
        ),
        nothing=tuple(item for key, group in groups.items() if not billed[key] for item in group.items),
        problems=problems,
    )


def net_sum(items: Iterable[Item], contract: Contract, earlier: Sequence[Piece] = ()) -> Money:
    """What the lines of `rate` come to, without making them."""
    groups, _ = _grouped(items, contract)
    billed = _billed(groups, contract, earlier)
    nets = (line_net(Decimal(billed[key]), group.hourly, Decimal(60)) for key, group in groups.items())
    return total(nets, contract.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Items of one line, by day and id, and the words for their rates."""

    hourly: Money
    items: list[Item]
    reasons: dict[str, None]


def _grouped(items: Iterable[Item], contract: Contract) -> tuple[Mapping[_Key, _Group], tuple[Problem, ...]]:
    """The items of each line in order of their first day, and rates that are missing."""
    prices: dict[tuple[str, str], Price | Problem] = {}
    groups: dict[_Key, _Group] = {}
    for item in sorted(items, key=lambda i: (i.worked.entry.day, i.worked.id)):
        entry = item.worked.entry
        found = prices.get((entry.by, entry.activity))
        if found is None:
            found = prices[entry.by, entry.activity] = price(contract, entry.by, entry.activity)
        if isinstance(found, Price):
            key = (work_of(entry), found.hourly)
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group(hourly=found.hourly, items=[], reasons={})
            group.items.append(item)
            group.reasons[found.reason] = None
    return groups, tuple(found for found in prices.values() if isinstance(found, Problem))


def _billed(groups: Mapping[_Key, _Group], contract: Contract, earlier: Sequence[Piece]) -> Mapping[Hashable, int]:
    pieces = (piece(item.worked, item.minutes, key) for key, group in groups.items() for item in group.items)
    return billed_minutes(pieces, contract.rounding, earlier)


def _line(group: _Group, minutes: int, rounding: Rounding, said: Described) -> Line:
    quantity, unit, base = of_minutes(minutes)
    raw = sum(item.minutes for item in group.items)
    return Line(
        description=said.name,
        detail=said.detail,
        quantity=quantity,
        unit=unit,
        unit_price=group.hourly,
        base_quantity=base,
        first=group.items[0].worked.entry.day,
        last=group.items[-1].worked.entry.day,
        raw=raw,
        reason=_reason(group, raw, minutes, rounding),
        entries={item.worked.id: item.minutes for item in group.items},
    )


def _reason(group: _Group, raw: int, minutes: int, rounding: Rounding) -> str:
    """`95.00 EUR an hour: rate for development; 12h18m rounded to 12h15m (15m, nearest, per ticket and day)`"""
    reason = f"{group.hourly} an hour: {', '.join(group.reasons)}"
    if minutes == raw:
        return reason
    how = f"{format_duration(rounding.to)}, {rounding.mode}, per {_PER[rounding.per]}"
    return f"{reason}; {format_duration(raw)} rounded to {format_duration(minutes)} ({how})"


def _described(items: Sequence[Item], names: Mapping[str, str] | None, titles: Mapping[Title, str]) -> Described:
    """The ticket's title, where the forge tells it, then the texts. `names` None: one person, who need not be named."""
    heaviest = sorted(items, key=lambda item: (-item.minutes, item.worked.entry.day, item.worked.id))
    entry = heaviest[0].worked.entry
    fallback = entry.activity.capitalize() + (f", {entry.project}" if entry.project else "")
    title = titles.get((entry.project, number_of(entry.ticket))) if entry.ticket else None
    texts = (item.worked.entry.text for item in heaviest)
    said = describe((title, *texts) if title else texts, entry.ticket, fallback)
    if names is None:
        return said
    people = dict.fromkeys(item.worked.entry.by for item in heaviest)
    return replace(said, name=f"{said.name} ({', '.join(names.get(person, person) for person in people)})")
