"""What was gained or lost by rates of exchange between an invoice and its payment, in the books' currency."""

from datetime import date

from git_bill.contract.exchange import Quote, Quotes, realised
from git_bill.invoice.conversion import accounting_currency
from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.problem import Problem


def gain(invoice: Invoice, settles: Money, received: Money, on: date, quotes: Quotes) -> Money | Problem | None:
    """Above zero: gained. None where no other currency is involved, or the books have none of their own; a problem
    where a rate is not known.

    Of an invoice in another currency: `settles` at the rate of the payment's day less that of the invoice, which is
    the frozen one where it has one. Of one in the books' currency that was paid in another: what came, at the rate of
    its day, less what it settles.
    """
    own = accounting_currency(invoice.issuer, invoice.issue_date)
    if own is None or (invoice.currency == own and received.currency == own):
        return None
    if invoice.currency == own:
        rate = quotes(received.currency, own, on)
        return rate if isinstance(rate, Problem) else _worth(received, rate) - settles
    issued, paid = _at_issue(invoice, own, quotes), quotes(invoice.currency, own, on)
    if isinstance(issued, Problem):
        return issued
    return paid if isinstance(paid, Problem) else realised(settles, issued, paid)


def _at_issue(invoice: Invoice, own: str, quotes: Quotes) -> Quote | Problem:
    frozen = invoice.exchange
    if frozen is None or frozen.currency != own:
        return quotes(invoice.currency, own, invoice.issue_date)
    return Quote(base=invoice.currency, currency=own, rate=frozen.rate, on=frozen.on, source=frozen.source)


def _worth(amount: Money, rate: Quote) -> Money:
    return Money((amount * rate.rate).amount, rate.currency).rounded()
