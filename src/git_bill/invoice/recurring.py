"""Recurring prices on a draft: each period's once, in advance or after it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from git_bill.contract.recurrence import Span, prorated, spans
from git_bill.contract.terms import Fee
from git_bill.invoice.document.locale import days_text
from git_bill.invoice.draft import Line, NotBilled
from git_bill.invoice.part import INCLUDED, Part, Scope
from git_bill.period import Period

_DAY = timedelta(days=1)


def recurring(scope: Scope) -> Part:
    """The fees that are due with the draft and that nothing has billed yet.

    In advance: those of periods that begin in the draft's days or on the day after them, so that November's draft
    bills December. Afterwards: those of periods that end in the draft's days. What was missed since a fee was billed
    first is made up for.
    """
    return Part(lines=tuple(_line(scope, fee, span) for fee in scope.contract.fees for span in _due(scope, fee)))


def included(scope: Scope) -> Part:
    """Time that a recurring price holds: it is listed and never billed by itself."""
    held = {item.worked.id: NotBilled(minutes=item.minutes, because=INCLUDED, then="waive") for item in scope.items}
    return Part(left=held)


def _due(scope: Scope, fee: Fee) -> Iterator[Span]:
    days = reach(scope, f"fee:{fee.id}", in_advance=fee.in_advance)
    for span in spans(fee, scope.contract, days):
        due = span.agreed.first if fee.in_advance else span.agreed.last
        if scope.due(_item(fee, span), by_itself=due in days):
            yield span


def reach(scope: Scope, item: str, *, in_advance: bool) -> Period:
    """The days in which something has to become due to be on the draft: its own, in advance the one after them, and
    those since the last days of it that were billed.
    """
    billed = [line.last for line in scope.basis.billed_for(scope.contract, item) if line.last is not None]
    first = min([scope.period.first, *([max(billed) + _DAY] if billed else [])])
    return Period(first, scope.period.last + (_DAY if in_advance else timedelta()))


def _item(fee: Fee, span: Span) -> str:
    return f"fee:{fee.id}:{span.name}"


def _line(scope: Scope, fee: Fee, span: Span) -> Line:
    whole, agreed = span.whole, span.agreed
    price = prorated(fee.amount, whole, agreed)
    reason = f"{fee.amount} a {fee.every}, {'in advance' if fee.in_advance else 'afterwards'}"
    if agreed != whole:
        reason += f"; {agreed.days} of {whole.days} days"
    return Line(
        description=fee.name or fee.id,
        detail=days_text(agreed.first, agreed.last, scope.basis.engagement.client.language),
        quantity=Decimal(1),
        unit="C62",
        unit_price=price,
        first=agreed.first,
        last=agreed.last,
        reason=reason,
        bills=(_item(fee, span),),
    )
