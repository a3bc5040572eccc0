"""Discounts and surcharges of a contract on a draft: on its lines, and on the whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from git_bill.contract.terms import Discount
from git_bill.invoice.allowance import Allowance, applied, signed
from git_bill.invoice.deposit import is_deduction
from git_bill.invoice.draft import Line
from git_bill.invoice.held import DRAWN
from git_bill.invoice.part import EXPENSE, Scope
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total

_ALL = Decimal(100)  # percent


def on_lines(scope: Scope, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines of time, each with the percentages that are for all of its work."""
    agreed = [each for each in scope.contract.discounts if each.of == "lines" and _holds(each, scope)]
    return tuple(_discounted(scope, line, agreed) for line in lines) if agreed else lines


def on_invoice(scope: Scope, lines: tuple[Line, ...]) -> tuple[Allowance, ...]:
    """The discounts and surcharges of the whole. A volume discount is of what is above its threshold alone.

    What was paid in advance had its own, and what is passed through is no part of the price: where a deposit is
    deducted or the like stands on the draft, their base is what the other lines come to.
    """
    every = (*scope.kept.lines, *lines)
    whole = [line for line in every if not is_deduction(line) and not _is_passed_through(line, scope)]
    net = total(map(net_of, whole), scope.contract.currency)
    return tuple(_of_whole(scope, net, stated=len(whole) < len(every)))


def _is_passed_through(line: Line, scope: Scope) -> bool:
    names = (each.removeprefix(EXPENSE) for each in line.bills if each.startswith(EXPENSE))
    return any(scope.basis.expenses[name].pass_through for name in names if name in scope.basis.expenses)


def discounted(scope: Scope, net: Money) -> Money:
    """What is left of the lines' net with the discounts and surcharges of the whole."""
    return total((net, *(signed(applied(each, net)) for each in _of_whole(scope, net))), net.currency)


def _of_whole(scope: Scope, net: Money, *, stated: bool = False) -> Iterator[Allowance]:
    """Each of them; all discounts together never take more than there is. `stated`: their base is not all lines."""
    left = net
    for each in (one for one in scope.contract.discounts if one.of == "invoice" and _holds(one, scope)):
        if left.amount <= 0 or (each.above is not None and net <= each.above):
            continue
        above = each.above or Money.zero(net.currency)
        base = net - above if each.percent is not None and (stated or above) else None
        found = Allowance(charge=each.charge, percent=each.percent, amount=each.amount, base=base, reason=each.reason)
        if not each.charge:
            less = -signed(applied(found, net))
            if left < less:
                found = replace(found, percent=None, amount=left, base=None)
            left -= min(less, left, key=lambda amount: amount.amount)
        yield found


def _discounted(scope: Scope, line: Line, agreed: list[Discount]) -> Line:
    worked = [scope.basis.worked[entry].entry for entry in line.entries if entry in scope.basis.worked]
    held = any(item.startswith(DRAWN) for item in line.bills)  # paid for already, and taken off again as a whole
    if not worked or not line.unit_price or held:
        return line
    fitting = [
        each
        for each in agreed
        if all(not each.activity or entry.activity in each.activity for entry in worked)
        and all(not each.project or entry.project in each.project for entry in worked)
    ]
    return replace(line, allowances=(*line.allowances, *_of_line(fitting)))


def _of_line(fitting: list[Discount]) -> Iterator[Allowance]:
    """Percentages of a line; all discounts together never take more than there is."""
    left = _ALL
    for each in fitting:
        percent = each.percent
        if percent is not None and not each.charge:
            percent = min(percent, left)
            left -= percent
        if percent:
            yield Allowance(charge=each.charge, percent=percent, reason=each.reason)


def _holds(each: Discount, scope: Scope) -> bool:
    """Whether it is for the draft's last day, and the contract is old enough."""
    day = scope.period.last
    dated = (each.from_ is None or each.from_ <= day) and (each.until is None or day <= each.until)
    return dated and _months(scope.contract.from_, day) >= each.after_months


def _months(start: date, day: date) -> int:
    """Whole months from one day to another."""
    return (day.year - start.year) * 12 + day.month - start.month - (day.day < start.day)
