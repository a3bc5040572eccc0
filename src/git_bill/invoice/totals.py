"""Line nets and document totals: EN 16931's arithmetic, exact in Decimal. Each amount is rounded once, half up."""

from collections.abc import Iterable
from decimal import Decimal, localcontext

from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import InvoiceLine, TaxTotal, Totals
from git_bill.money import Money, total

_EXACT = 120  # digits: more than any product of two amounts that a file can hold


def line_net(quantity: Decimal, unit_price: Money, base_quantity: Decimal = Decimal(1)) -> Money:
    """BT-131 = round(BT-129 × BT-146 ÷ BT-149) (Peppol BIS R120), to the currency's decimals, at most two (BR-DEC-23).

    Raises ZeroDivisionError for a base quantity of zero.
    """
    with localcontext(prec=_EXACT):
        return Money(quantity * unit_price.amount / base_quantity, unit_price.currency).rounded()


def net_of(line: Line | InvoiceLine) -> Money:
    """The net that a line's own quantity and price give."""
    return line_net(line.quantity, line.unit_price, line.base_quantity)


def totals(nets: Iterable[Money], tax: Tax, currency: str) -> Totals:
    """Totals of lines under one treatment. Raises ValueError when a net is in another currency.

    BR-CO-10 (BT-106 = Σ BT-131), BR-CO-13 (BT-109), BR-CO-17 (BT-117 = round(BT-116 × BT-119 ÷ 100) on the sum of
    the group, never per line), BR-CO-14 (BT-110), BR-CO-15 (BT-112), BR-CO-16 (BT-115).
    """
    lines = total(nets, currency)
    with localcontext(prec=_EXACT):
        vat = (lines * (tax.rate / 100)).rounded()
    gross = lines + vat
    group = TaxTotal(category=tax.category, rate=tax.rate, base=lines, tax=vat)
    return Totals(lines=lines, net=lines, tax=vat, gross=gross, payable=gross, groups=(group,))


def draft_totals(draft: Draft) -> Totals:
    """What a draft comes to. Raises ValueError when a line is in another currency than the draft."""
    return totals((net_of(line) for line in draft.lines), draft.tax, draft.currency)


def is_computable(draft: Draft) -> bool:
    """Whether a draft has totals and a period: a person may have edited it into something that has none."""
    return draft.first <= draft.last and all(
        line.unit_price.currency == draft.currency and line.base_quantity != 0 for line in draft.lines
    )
