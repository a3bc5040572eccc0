"""Retainers on a draft: the month's fee in advance, work that it holds, and what is above."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.balance import Grant, available
from git_bill.contract.rate import Rate
from git_bill.contract.recurrence import Span, prorated, spans
from git_bill.contract.rounding import Piece
from git_bill.contract.terms import Fee, Retainer
from git_bill.invoice.basis import Basis
from git_bill.invoice.capping import cap, whole
from git_bill.invoice.document.locale import days_text
from git_bill.invoice.draft import Line
from git_bill.invoice.grouping import Item
from git_bill.invoice.hourly import hourly
from git_bill.invoice.issued import InvoiceLine
from git_bill.invoice.part import Part, Scope, joined
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.rating import Rated, earlier_pieces, line_pieces, minutes_sum, net_sum, rate
from git_bill.invoice.recurring import reach
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total
from git_bill.period import Period, format_duration

_DAY = timedelta(days=1)
_DRAWN = "drawdown:"


def retained(scope: Scope) -> Part:
    """Time of a retainer: what it holds at a price of nothing or taken off again, the rest by the rate card.

    Months are drawn one after the other, work in order of its days; what has expired is gone.
    """
    basis, contract, retainer = scope.basis, scope.contract, scope.contract.retainer
    assert retainer is not None  # the contract's own checks say so
    used = [*drawn_before(basis, contract), *_drawn(scope.kept.lines, retainer)]
    over: list[Item] = []
    # What is above is rated with what is held: a group that both have is rounded as one.
    kept = scope.kept
    lines: list[Line] = []
    for month, items in sorted(_by_month(scope.items).items()):
        earlier = (*earlier_pieces(basis, contract), *line_pieces(kept.lines, basis))
        free = available(grants(scope), used, month)
        held = _Held(scope=scope, retainer=retainer, month=month, free=free, earlier=earlier)
        capped = cap(items, held.fits)
        found = held.lines(capped.kept)
        over += [*(found.nothing), *capped.over]
        used += _drawn(found.lines, retainer)
        lines += found.lines
        kept = replace(kept, lines=(*kept.lines, *found.lines))
    rest = hourly(replace(scope, items=whole(over), kept=kept, contract=above(contract)))
    return joined((Part(lines=tuple(lines)), rest))


def advance(scope: Scope) -> Part:
    """The fees of months that begin in the draft's days or on the day after, and those that somebody asks for."""
    retainer = scope.contract.retainer
    if retainer is None:
        return Part()
    days = reach(scope, "retainer", in_advance=True)
    found = spans(_as_fee(retainer), scope.contract, days)
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
            month=_number(span.whole.first),
            amount=_share(retainer, span),
            last=_number(span.whole.first) + retainer.carry,
        )
        for span in spans(_as_fee(retainer), contract, days)
    )


def drawn(line: Line | InvoiceLine, retainer: Retainer) -> Decimal:
    """What a line takes from the retainer: minutes, or for one of money its amount."""
    if not any(item.startswith(_DRAWN) for item in line.bills):
        return Decimal(0)
    if retainer.time is not None:
        return in_minutes(line) or Decimal(0)
    return -net_of(line).amount


def drawn_before(basis: Basis, contract: Contract) -> Iterator[tuple[int, Decimal]]:
    """What issued invoices drew, by month."""
    assert contract.retainer is not None
    return _drawn(basis.billed_for(contract, _DRAWN.rstrip(":")), contract.retainer)


def _drawn(lines: Iterable[Line | InvoiceLine], retainer: Retainer) -> Iterator[tuple[int, Decimal]]:
    """What lines draw, by month."""
    for line in lines:
        month = next((item.split(":")[1] for item in line.bills if item.startswith(_DRAWN)), None)
        if month is not None:
            yield _number(date.fromisoformat(f"{month}-01")), drawn(line, retainer)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A month's work that a retainer holds, up to what is free of it. `earlier`: what was billed of its groups."""

    scope: Scope
    retainer: Retainer
    month: int
    free: Decimal
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
            return replace(rated, lines=tuple(self._held(line) for line in rated.lines))
        return replace(rated, lines=(*rated.lines, self._off(rated.lines, items))) if rated.lines else rated

    def _off(self, lines: Sequence[Line], items: Sequence[Item]) -> Line:
        basis, contract = self.scope.basis, self.scope.contract
        amount = total(map(net_of, lines), contract.currency)
        return Line(
            description=self.retainer.name,
            detail=days_text(*self._days, basis.engagement.client.language),
            quantity=Decimal(-1),
            unit="C62",
            unit_price=amount,
            reason=f"held by the retainer: {self.free:f} {contract.currency} were left in {self._name}",
            bills=(self._item(min(item.worked.id for item in items)),),
        )

    def _item(self, entry: str) -> str:
        """`drawdown:2026-11:W-k3v9q2m7x4ab`; what a cap carried over of an entry may be drawn with a later draft."""
        name = f"{_DRAWN}{self._name}:{entry}"
        return next(each for n in itertools.count(1) if self.scope.open(each := name if n == 1 else f"{name}:{n}"))

    def _held(self, line: Line) -> Line:
        minutes = int(in_minutes(line) or 0)
        reason = (
            f"held by the retainer: {format_duration(minutes)} of the {format_duration(int(self.free))} that were left"
        )
        return replace(
            line,
            unit_price=Money.zero(self.scope.contract.currency),
            reason=f"{reason} in {self._name}",
            bills=(self._item(min(line.entries)),),
        )

    @property
    def _name(self) -> str:
        return f"{(self.month - 1) // 12}-{(self.month - 1) % 12 + 1:02}"

    @property
    def _days(self) -> tuple[date, date]:
        first = date.fromisoformat(f"{self._name}-01")
        return first, (first + timedelta(days=31)).replace(day=1) - _DAY


def _as_fee(retainer: Retainer) -> Fee:
    return Fee(id="retainer", name=retainer.name, amount=retainer.fee)


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
        description=retainer.name,
        detail=days_text(span.agreed.first, span.agreed.last, scope.basis.engagement.client.language),
        quantity=Decimal(1),
        unit="C62",
        unit_price=prorated(retainer.fee, span.whole, span.agreed),
        first=span.agreed.first,
        last=span.agreed.last,
        reason=f"{retainer.fee} a month in advance, for {holds}{part}",
        bills=(f"retainer:{span.name}",),
    )


def above(contract: Contract) -> Contract:
    """What is above the retainer: at its own price of an hour where it has one, else by the rate card."""
    overage = contract.retainer.overage if contract.retainer else None
    return contract if overage is None else replace(contract, rates=(Rate(hourly=overage),))


def _unpriced(contract: Contract) -> Contract:
    return replace(contract, rates=(Rate(hourly=Money.zero(contract.currency)),))


def _by_month(items: Iterable[Item]) -> Mapping[int, list[Item]]:
    found: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        found[_number(item.worked.entry.day)].append(item)
    return found


def _number(day: date) -> int:
    return day.year * 12 + day.month
