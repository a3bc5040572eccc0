"""Issued documents at the prices that were agreed, for terms that count what was billed."""

from dataclasses import replace
from decimal import Decimal

from git_bill.invoice.allowance import Allowance
from git_bill.invoice.draft import Line
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total


def agreed_invoice(invoice: Invoice) -> Invoice:
    """An issued document's lines at the agreed prices and in the contract's currency."""
    if all(line.agreed is None for line in invoice.lines):
        return invoice
    lines = tuple(map(agreed_line, invoice.lines))
    currency = next(line.agreed.currency for line in invoice.lines if line.agreed is not None)
    same = (line.net for line in lines if line.net.currency == currency)
    return replace(invoice, currency=currency, lines=lines, totals=replace(invoice.totals, net=total(same, currency)))


def agreed_line(line: InvoiceLine) -> InvoiceLine:
    """A line at its agreed price, where it has another."""
    if line.agreed is None:
        return line
    found = replace(line, unit_price=line.agreed, allowances=agreed_allowances(line, line.agreed))
    return replace(found, net=net_of(found))


def agreed_allowances(line: Line | InvoiceLine, agreed: Money) -> tuple[Allowance, ...]:
    """A line's discounts and surcharges at its agreed price: percentages of that, amounts in proportion."""
    rate = agreed.amount / line.unit_price.amount if line.unit_price else Decimal(1)
    amounts = (
        None if each.amount is None else Money(each.amount.amount * rate, agreed.currency).rounded()
        for each in line.allowances
    )
    return tuple(
        replace(each, base=None, amount=None if each.percent is not None else amount)
        for each, amount in zip(line.allowances, amounts, strict=True)
    )
