"""What is due beside work: the days that a draft is made for where nobody worked."""

from collections.abc import Callable
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.invoice.basis import Basis
from git_bill.invoice.drafting import beside
from git_bill.invoice.metered import metered
from git_bill.invoice.part import Kept, Part, Scope
from git_bill.invoice.reimbursed import reimbursed
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total
from git_bill.period import Period, month


def days_beside(basis: Basis, contract: Contract, period: Period | None, last: date) -> list[date]:
    """Days of lines that are due up to a day.

    Without a period: in the month of that day, and from the first expense or reading on that was recorded.
    """
    recorded = [expense.day for expense in basis.expenses.values() if expense.dropped is None]
    recorded += [reading.day for reading in basis.readings.values()]
    first = period.first if period else min([month(last).first, *(day for day in recorded if contract.covers(day))])
    scope = Scope(basis=basis, contract=contract, period=Period(first, last), items=(), kept=Kept())
    return [min(max(line.first or last, first), last) for line in beside(scope).lines]


def expenses_worth(basis: Basis, contract: Contract) -> Money:
    """What a contract's expenses come to that no invoice has."""
    return _worth(basis, contract, [each.day for each in basis.expenses.values()], reimbursed)


def usage_worth(basis: Basis, contract: Contract) -> Money:
    """What usage comes to that no invoice has, month by month up to the last reading."""
    return _worth(basis, contract, [each.day for each in basis.readings.values()], metered)


def _worth(basis: Basis, contract: Contract, days: list[date], bill: Callable[[Scope], Part]) -> Money:
    if not days:
        return Money.zero(contract.currency)
    period = Period(month(min(days)).first, month(max(days)).last)
    lines = bill(Scope(basis=basis, contract=contract, period=period, items=(), kept=Kept())).lines
    return total(map(net_of, lines), contract.currency)
