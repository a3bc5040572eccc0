"""Purchase orders: which one a draft is under, and what its budget leaves."""

from git_bill.contract.agreement import Contract
from git_bill.contract.terms import Order
from git_bill.invoice.basis import Basis
from git_bill.money import Money, total
from git_bill.period import Period


def order_for(basis: Basis, contract: Contract, period: Period) -> Order | None:
    """The contract's first order for the draft's last day that has something left, else the last one for it (BT-13)."""
    covering = [order for order in contract.orders if order.covers(period.last)]
    open_ones = (
        each for each in covering if each.budget is None or ordered(basis, each.number, contract) < each.budget
    )
    return next(open_ones, covering[-1] if covering else None)


def ordered(basis: Basis, number: str, contract: Contract) -> Money:
    """What the client's standing invoices billed under an order, net, in the contract's currency."""
    nets = (invoice.totals.net for invoice in basis.earlier if invoice.order == number)
    return total((net for net in nets if net.currency == contract.currency), contract.currency)
