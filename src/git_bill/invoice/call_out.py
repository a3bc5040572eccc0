"""Prices for coming at all, and the least that an invoice bills."""

from decimal import Decimal

from git_bill.invoice.discounting import discounted
from git_bill.invoice.draft import Line
from git_bill.invoice.part import Scope
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total

_MOST = 20  # times the minimum: discounts that leave less are meant to


def call_outs(scope: Scope, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """One line for all days with work of the named activities, each day once. `lines`: what bills the work."""
    terms = scope.contract.call_out
    if terms is None:
        return ()
    worked = (
        scope.basis.worked[entry].entry
        for line in (*scope.kept.lines, *lines)
        for entry in line.entries
        if entry in scope.basis.worked
    )
    days = sorted({entry.day for entry in worked if entry.activity in terms.activity})
    due = [day for day in days if scope.open(f"call-out:{day}")]
    if not due:
        return ()
    return (
        Line(
            description=terms.name or scope.basis.word("call_out", "Call-out"),
            quantity=Decimal(len(due)),
            unit="C62",
            unit_price=terms.fee,
            first=due[0],
            last=due[-1],
            reason=f"{terms.fee} for each day with {' or '.join(terms.activity)}",
            bills=tuple(f"call-out:{day}" for day in due),
        ),
    )


def least(scope: Scope, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What is missing to the least that an invoice with work on it bills, after its discounts."""
    minimum = scope.contract.minimum
    every = (*scope.kept.lines, *lines)
    net = total(map(net_of, every), scope.contract.currency)
    item = f"minimum:{scope.period}"
    if minimum is None or not any(line.entries for line in every) or not scope.open(item):
        return ()
    missing = _missing(scope, net, minimum)
    if not missing:
        return ()
    return (
        Line(
            description=scope.basis.word("minimum_charge", "Minimum charge"),
            quantity=Decimal(1),
            unit="C62",
            unit_price=missing,
            reason=f"an invoice with work on it bills at least {minimum}",
            bills=(item,),
        ),
    )


def _missing(scope: Scope, net: Money, minimum: Money) -> Money:
    """What has to be added to the lines so that their discounts leave the minimum; a whole discount leaves nothing."""
    added = Money.zero(net.currency)
    while (short := minimum - discounted(scope, net + added)).amount > 0:
        if added.amount > _MOST * minimum.amount:
            return Money.zero(net.currency)
        added += short
    return added
