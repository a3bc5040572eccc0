"""Retainers on a draft: the month's fee in advance, work that it holds, and what is above."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.balance import Grant, available, month_name, month_number
from git_bill.contract.rate import Rate
from git_bill.contract.ratecard import Price
from git_bill.contract.recurrence import Span, prorated, spans
from git_bill.contract.terms import Fee, Retainer
from git_bill.invoice.basis import Basis
from git_bill.invoice.capping import cap, whole
from git_bill.invoice.document.locale import days_text
from git_bill.invoice.draft import Line
from git_bill.invoice.grouping import Item
from git_bill.invoice.held import DRAWN, Held
from git_bill.invoice.hourly import hourly
from git_bill.invoice.issued import InvoiceLine
from git_bill.invoice.part import Part, Scope, joined
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.rating import card, earlier_pieces, line_pieces
from git_bill.invoice.recurring import reach
from git_bill.invoice.totals import net_of
from git_bill.period import Period, format_duration
from git_bill.problem import Problem

_DAY = timedelta(days=1)


def retained(scope: Scope) -> Part:
    """Time of a retainer: what it holds at a price of nothing or taken off again, the rest by the rate card.

    Months are drawn one after the other, work in order of its days; what has expired is gone.
    """
    basis, contract, retainer = scope.basis, scope.contract, scope.contract.retainer
    assert retainer is not None  # the contract's own checks say so
    used = [*drawn_before(basis, contract), *drawn_of(scope.kept.lines, retainer)]
    brought = grants(scope)
    over: list[Item] = []
    # What is above is rated with what is held: a group that both have is rounded as one.
    kept = scope.kept
    lines: list[Line] = []
    for month, items in sorted(_by_month(scope.items).items()):
        earlier = (*earlier_pieces(basis, contract), *line_pieces(kept.lines, basis))
        free = available(brought, used, month)
        held = Held(
            scope=scope,
            retainer=retainer,
            month=month,
            free=free,
            granted=brought,
            used=tuple(used),
            earlier=earlier,
        )
        capped = cap(items, held.fits)
        found = held.lines(capped.kept)
        over += [*(found.nothing), *capped.over]
        used += drawn_of(found.lines, retainer)
        lines += found.lines
        kept = replace(kept, lines=(*kept.lines, *found.lines))
    rest = hourly(replace(scope, items=whole(over), kept=kept, contract=above(contract)))
    rest = replace(rest, lines=tuple(_said_above(line, retainer) for line in rest.lines))
    return joined((Part(lines=tuple(lines)), rest))


def advance(scope: Scope) -> Part:
    """The fees of months that begin in the draft's days or on the day after, and those that somebody asks for."""
    retainer = scope.contract.retainer
    if retainer is None:
        return Part()
    days = reach(scope, "retainer", in_advance=True)
    found = spans(as_fee(retainer), scope.contract, days)
    due = (s for s in found if scope.due(f"retainer:{s.name}", by_itself=s.agreed.first in days))
    return Part(lines=tuple(_fee_line(scope, retainer, span) for span in due))


def grants(scope: Scope) -> tuple[Grant, ...]:
    """What the months brought, from the first that was billed, or else the draft's own, as far as it is agreed."""
    return granted(scope.basis, scope.contract, scope.period)


def granted(basis: Basis, contract: Contract, period: Period) -> tuple[Grant, ...]:
    """As `grants`, by the end of a period."""
    retainer = contract.retainer
    assert retainer is not None
    billed = [item.partition(":")[2] for item in basis.billed(contract) if item.startswith("retainer:")]
    first = min([date.fromisoformat(f"{name}-01") for name in billed], default=period.first)
    days = Period(min(first, period.first), period.last)
    return tuple(
        Grant(
            month=month_number(span.whole.first),
            amount=_share(retainer, span),
            last=month_number(span.whole.first) + retainer.carry,
        )
        for span in spans(as_fee(retainer), contract, days)
    )


def drawn(line: Line | InvoiceLine, retainer: Retainer) -> Decimal:
    """What a line takes from the retainer: minutes, or for one of money its amount."""
    if not any(item.startswith(DRAWN) for item in line.bills):
        return Decimal(0)
    if retainer.time is not None:
        return in_minutes(line) or Decimal(0)
    return -net_of(line).amount if line.quantity < 0 else Decimal(0)


def drawn_before(basis: Basis, contract: Contract) -> Iterator[tuple[int, Decimal]]:
    """What issued invoices drew, by month."""
    assert contract.retainer is not None
    return drawn_of(basis.billed_for(contract, DRAWN.rstrip(":")), contract.retainer)


def drawn_in(lines: Iterable[Line | InvoiceLine], retainer: Retainer) -> Mapping[str, Decimal]:
    """What lines draw, by month (`2026-11`)."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for month, amount in drawn_of(lines, retainer):
        found[month_name(month)] += amount
    return found


def drawn_of(lines: Iterable[Line | InvoiceLine], retainer: Retainer) -> Iterator[tuple[int, Decimal]]:
    """What lines draw, by month."""
    for line in lines:
        month = next((item.split(":")[1] for item in line.bills if item.startswith(DRAWN)), None)
        if month is not None:
            yield month_number(date.fromisoformat(f"{month}-01")), drawn(line, retainer)


def as_fee(retainer: Retainer) -> Fee:
    """Its price as the fee of a month."""
    return Fee(id="retainer", name=retainer.name or "Retainer", amount=retainer.fee)


def _share(retainer: Retainer, span: Span) -> Decimal:
    """What an agreed month brings; a part of a month its part by days, minutes in whole ones."""
    if retainer.time is not None:
        return Decimal(retainer.time * span.agreed.days // span.whole.days)
    assert retainer.amount is not None
    return prorated(retainer.amount, span.whole, span.agreed).amount


def _fee_line(scope: Scope, retainer: Retainer, span: Span) -> Line:
    part = "" if span.agreed == span.whole else f"; {span.agreed.days} of {span.whole.days} days"
    holds = retainer.amount if retainer.time is None else format_duration(retainer.time)
    return Line(
        description=retainer.name or scope.basis.word("retainer", "Retainer"),
        detail=days_text(span.agreed.first, span.agreed.last, scope.basis.engagement.client.language),
        quantity=Decimal(1),
        unit="C62",
        unit_price=prorated(retainer.fee, span.whole, span.agreed),
        first=span.agreed.first,
        last=span.agreed.last,
        reason=f"{retainer.fee} a month in advance, for {holds}{part}",
        bills=(f"retainer:{span.name}",),
    )


def hourly_prices(line: Line, basis: Basis, contract: Contract) -> tuple[Price | Problem, ...]:
    """What may be asked for an hour of the work behind a line, each price once.

    Work that a prepaid amount holds is at the card's price, what is above it may have its own.
    """
    both = contract.retainer is not None and contract.retainer.time is None
    prices = (*card(line, basis, above(contract)), *(card(line, basis, contract) if both else ()))
    return tuple(dict.fromkeys(prices))


def _said_above(line: Line, retainer: Retainer) -> Line:
    """A line of what is above the retainer, whose reason says so."""
    if retainer.overage is not None:
        return replace(line, reason=line.reason.replace("the default rate", "the price above the retainer", 1))
    return replace(line, reason=line.reason.replace(" an hour: ", " an hour: above the retainer, ", 1))


def above(contract: Contract) -> Contract:
    """What is above the retainer: at its own price of an hour where it has one, else by the rate card."""
    overage = contract.retainer.overage if contract.retainer else None
    return contract if overage is None else replace(contract, rates=(Rate(hourly=overage),))


def _by_month(items: Iterable[Item]) -> Mapping[int, list[Item]]:
    found: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        found[month_number(item.worked.entry.day)].append(item)
    return found
