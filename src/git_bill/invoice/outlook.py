"""Outlook: what is left of what was agreed, and what falls due next."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.balance import left, month_number, month_of
from git_bill.contract.plain import event_text, left_text
from git_bill.contract.recurrence import Span, prorated, spans
from git_bill.contract.terms import Fee
from git_bill.invoice.basis import Basis
from git_bill.invoice.capping import limits, rooms
from git_bill.invoice.fixed import due_on, fully_billed, item, price_of
from git_bill.invoice.grouping import Item
from git_bill.invoice.ordering import ordered
from git_bill.invoice.part import Kept, Scope
from git_bill.invoice.retaining import as_fee, drawn_before, drawn_of, granted, retained
from git_bill.money import Money
from git_bill.period import Period, month

SOMEBODY = "somebody to ask for it"  # what a milestone without a day or an event waits for
_AHEAD = timedelta(days=400)  # how far ahead the next fee is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of a retainer's months, work that no invoice has counted. `until`: the last day it can be used."""

    left: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How much of a cap or of an order's budget invoices used. `until`: the order's last day."""

    name: str
    used: str
    most: str
    percent: int
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A milestone or deposit. `due`: the day, where it is known; `waits_for`: what completes it; `billed`: where."""

    id: str
    name: str
    price: Money
    due: date | None
    waits_for: str
    billed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A fee that is due next, and from which day on a draft bills it."""

    name: str
    amount: Money
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One contract's."""

    contract: str
    retainer: tuple[Left, ...] = ()
    caps: tuple[Used, ...] = ()
    orders: tuple[Used, ...] = ()
    stages: tuple[Stage, ...] = ()
    fees: tuple[Coming, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.retainer or self.caps or self.orders or self.stages or self.fees)


def outlook(basis: Basis, contract: Contract, items: tuple[Item, ...], today: date) -> Outlook:
    """Of a contract on a day. `items`: its work that no invoice has."""
    stages = tuple(_stages(basis, contract))
    if not contract.covers(today):  # what is over has no months to come
        return Outlook(contract=contract.id, stages=tuple(stage for stage in stages if stage.billed is None))
    return Outlook(
        contract=contract.id,
        retainer=tuple(_retainer(basis, contract, items, today)),
        caps=tuple(_caps(basis, contract, items, today)),
        orders=tuple(_orders(basis, contract, today)),
        stages=stages,
        fees=tuple(_fees(basis, contract, today)),
    )


def _retainer(basis: Basis, contract: Contract, items: Iterable[Item], today: date) -> Iterator[Left]:
    """Month by month what can still be used, the next to expire first."""
    retainer = contract.retainer
    if retainer is None:
        return
    work = tuple(one for one in items if one.worked.entry.day <= month(today).last)
    days = Period(min([today, *(one.worked.entry.day for one in work)]), month(today).last)
    whole = Period(month(days.first).first, days.last)
    drawn: tuple[tuple[int, Decimal], ...] = ()
    if contract.kind == "retainer":
        scope = Scope(basis=basis, contract=contract, period=whole, items=work, kept=Kept())
        drawn = tuple(drawn_of(retained(scope).lines, retainer))
    rest = left(granted(basis, contract, whole), [*drawn_before(basis, contract), *drawn])
    usable = [(grant, amount) for grant, amount in rest.items() if grant.usable(month_number(today))]
    for grant, amount in usable:
        if amount or len(usable) == 1:
            yield Left(left=left_text(retainer, amount), until=month_of(grant.last).last)


def _caps(basis: Basis, contract: Contract, items: Iterable[Item], today: date) -> Iterator[Used]:
    entries = [one.worked.entry for one in items]
    for room in rooms(basis, contract, month(today), entries):
        if room.limit.cap.per != "invoice":
            yield _used(room.name, room.most - room.left, room.most, room.limit.text)


def _orders(basis: Basis, contract: Contract, today: date) -> Iterator[Used]:
    for order in contract.orders:
        if order.budget is None or (order.until is not None and order.until < today):
            continue
        limit = next(each for each in limits(contract, order.number) if each.order is not None)
        found = _used(order.number, ordered(basis, order.number, contract).amount, order.budget.amount, limit.text)
        yield replace(found, until=order.until)


def _stages(basis: Basis, contract: Contract) -> Iterator[Stage]:
    billed = basis.billed(contract)
    done = fully_billed(basis, contract)
    for each in contract.milestones:
        if done and each.deposit and item(each) not in billed:
            continue  # nothing is left that it could be deducted from
        yield Stage(
            id=item(each),
            name=each.name or each.id,
            price=price_of(contract, each),
            due=due_on(basis, each),
            waits_for=event_text(each) or (f"{each.on}" if each.on else SOMEBODY),
            billed=billed.get(item(each)),
        )


def _fees(basis: Basis, contract: Contract, today: date) -> Iterator[Coming]:
    ahead = Period(month(today).first, today + _AHEAD)
    for fee in contract.fees:
        open_ones = (s for s in spans(fee, contract, ahead) if basis.open(contract, f"fee:{fee.id}:{s.name}"))
        yield from _next(fee, open_ones)
    if contract.retainer is not None:
        fee = as_fee(contract.retainer)
        open_ones = (s for s in spans(fee, contract, ahead) if basis.open(contract, f"retainer:{s.name}"))
        yield from _next(fee, open_ones)


def _next(fee: Fee, open_ones: Iterator[Span]) -> Iterator[Coming]:
    span = next(open_ones, None)
    if span is not None:
        on = span.agreed.first if fee.in_advance else span.agreed.last
        yield Coming(
            name=f"{fee.name or fee.id} {span.name}", amount=prorated(fee.amount, span.whole, span.agreed), on=on
        )


def _used(name: str, used: Decimal, most: Decimal, text: Callable[[Decimal], str]) -> Used:
    return Used(name=name, used=text(used), most=text(most), percent=int(used * 100 / most) if most else 100)
