"""Rating: from entries and a contract to line items, each with the reason for its price and its entries pinned."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from git_bill.contract.agreement import Contract
from git_bill.contract.multiplier import Time, apart, clocks, shared
from git_bill.contract.rate import Multiplier
from git_bill.contract.ratecard import Job, Price, price
from git_bill.contract.rounding import Piece, billed_minutes
from git_bill.contract.terms import Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Line
from git_bill.invoice.grouping import Item, Known, described, line_of, work_of
from git_bill.invoice.quantity import of_minutes
from git_bill.invoice.subject import Described
from git_bill.invoice.totals import line_net
from git_bill.money import Money, total
from git_bill.period import Period, format_duration
from git_bill.problem import Problem
from git_bill.worklog.entry import Entry, Worked

# What its entries have in common, the price of an hour, with an AI agent, what it was too late for.
_Key: TypeAlias = tuple[Hashable, Money, bool, Period | None]
_PER: Mapping[str, str] = {
    "entry": "entry",
    "ticket": "ticket",
    "ticket-day": "ticket and day",
    "day": "day",
    "line": "line",
    "invoice": "invoice",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """Line items in order of their first day; entries of lines that round to nothing; rates that are missing."""

    lines: tuple[Line, ...]
    nothing: tuple[Item, ...]
    problems: tuple[Problem, ...]


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


def job_of(entry: Entry, known: Known) -> Job:
    """An entry as the rate card asks of it."""
    return Job(
        contributor=entry.by,
        activity=entry.activity,
        project=entry.project,
        labels=known.labels_of(entry),
        day=entry.day,
        agent=bool(entry.agent),
    )


def card(line: Line, basis: Basis, contract: Contract) -> tuple[Price | Problem, ...]:
    """What the rate card asks for an hour of the work behind a line, each price once."""
    items = (Item(worked=basis.worked[e], minutes=m) for e, m in line.entries.items() if e in basis.worked)
    prices = {found: None for item in items for _, found in _priced(item, contract, basis.known)}
    return tuple(prices)


def rate(items: Iterable[Item], contract: Contract, known: Known, earlier: Sequence[Piece] = ()) -> Rated:
    """One line for each group of work and price of an hour, work with an AI agent and late work apart.

    The order of the items changes nothing.
    """
    groups, problems = _grouped(items, contract, known)
    billed = _billed(groups, contract, earlier)
    alone = len({item.worked.entry.by for group in groups.values() for item in group.items}) < 2
    return Rated(
        lines=tuple(
            _line(group, billed[key], contract.rounding, described(group.items, contract, known, alone=alone))
            for key, group in groups.items()
            if billed[key]
        ),
        nothing=tuple(item for key, group in groups.items() if not billed[key] for item in group.items),
        problems=problems,
    )


def line_count(items: Iterable[Item], contract: Contract, known: Known) -> int:
    """How many lines `rate` makes at most."""
    return len(_grouped(items, contract, known)[0])


def net_sum(items: Iterable[Item], contract: Contract, known: Known, earlier: Sequence[Piece] = ()) -> Money:
    """What the lines of `rate` come to, without making them."""
    groups, _ = _grouped(items, contract, known)
    billed = _billed(groups, contract, earlier)
    nets = (line_net(Decimal(billed[key]), group.hourly, Decimal(60)) for key, group in groups.items())
    return total(nets, contract.currency)


def minutes_sum(items: Iterable[Item], contract: Contract, known: Known, earlier: Sequence[Piece] = ()) -> int:
    """The minutes that the lines of `rate` bill, without making them."""
    groups, _ = _grouped(items, contract, known)
    return sum(_billed(groups, contract, earlier).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Items of one line, by day and id, and the words for their rates."""

    hourly: Money
    items: list[Item]
    reasons: dict[str, None]


def _grouped(
    items: Iterable[Item], contract: Contract, known: Known
) -> tuple[Mapping[_Key, _Group], tuple[Problem, ...]]:
    """The items of each line in order of their first day, and rates that are missing."""
    missing: dict[Problem, None] = {}
    groups: dict[_Key, _Group] = {}
    cards: dict[Job, Price | Problem] = {}
    for item in sorted(items, key=lambda i: (i.worked.entry.day, i.worked.id)):
        entry = item.worked.entry
        for part, found in _priced(item, contract, known, cards):
            if isinstance(found, Problem):
                missing[found] = None
                continue
            key = (line_of(entry, contract, known), found.amount, bool(entry.agent), item.late)
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group(hourly=found.amount, items=[], reasons={})
            group.items.append(part)
            group.reasons[found.reason] = None
    return groups, tuple(missing)


def _priced(
    item: Item, contract: Contract, known: Known, cards: dict[Job, Price | Problem] | None = None
) -> Iterator[tuple[Item, Price | Problem]]:
    """An item apart by what its minutes cost. `cards`: prices that are known already."""
    cards = {} if cards is None else cards
    entry = item.worked.entry
    job = job_of(entry, known)
    found = cards.get(job)
    if found is None:
        found = cards[job] = price(contract, job)
    if isinstance(found, Problem) or not contract.multipliers:
        yield item, found
        return
    time = Time(
        day=entry.day, minutes=entry.minutes, clocks=clocks(entry.at, entry.day, known.zone(entry)), labels=job.labels
    )
    for each, minutes in shared(apart(time, contract.multipliers), item.minutes).items():
        yield replace(item, minutes=minutes), found if each is None else _multiplied(found, each)


def day_price(contract: Contract, job: Job, day: date) -> Price | Problem:
    """What a whole day costs; it has no time of day."""
    found = price(contract, job, "day")
    if isinstance(found, Problem):
        return found
    [each] = apart(Time(day=day, minutes=1, labels=job.labels), contract.multipliers)
    return found if each is None else _multiplied(found, each)


def _multiplied(found: Price, each: Multiplier) -> Price:
    why = f"× {each.factor.normalize():f} for {each.name or 'these times'}"
    return Price(amount=(found.amount * each.factor).short(), reason=f"{found.reason} {why}")


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
