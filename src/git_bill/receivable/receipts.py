"""Receipts from the books: an invoice with what was booked for it.

Rule. What the client gave counts as paid: of a payment that lost a fee on the way all of it, of one with a discount
or a tax withheld what came. What was written off as lost is still owed, so it stays open here; what was given up as a
discount, a fee, a small amount or goodwill is not asked for any more.
"""

from collections.abc import Iterable, Iterator

from git_bill.invoice.document.receipt import Receipt, Received
from git_bill.invoice.issued import Invoice
from git_bill.money import Money, by_currency, total
from git_bill.receivable.booked import Booked
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.payment import Allocation
from git_bill.receivable.receivable import receivables
from git_bill.receivable.remittance import BANK, HAND, Remittance

_NAMES = {"paypal": "PayPal", "stripe": "Stripe"}
_DISCOUNTS: tuple[Difference, ...] = ("discount", "late-discount")
_GIVEN_UP: tuple[Difference, ...] = ("slip",)


def receipt_of(invoice: Invoice, invoices: Iterable[Invoice], paid: Booked) -> Receipt | None:
    """As all is booked now; None where nothing is paid. `invoices`: all that were issued, with its credit notes."""
    now = next((each for each in receivables(invoices, paid) if each.number == invoice.number), None)
    if now is None or now.settled.amount <= 0:
        return None
    own = paid.by_invoice[invoice.number]
    if total(map(_given, own), invoice.currency).amount <= 0:
        return None
    lost = _written_off(invoice, paid, lost=True)
    return Receipt(
        received=tuple(sorted((_received(each, paid) for each in own), key=lambda each: each.on)),
        credited=now.credited + now.set_off,
        discount=_short(invoice, own, _DISCOUNTS),
        withheld=_short(invoice, own, ("withholding",)),
        conceded=_short(invoice, own, _GIVEN_UP) + _written_off(invoice, paid, lost=False),
        open=now.open + lost,
        left=by_currency(_left(own, paid)),
    )


def _received(allocation: Allocation, paid: Booked) -> Received:
    remittance = paid.remittances[allocation.remittance]
    sent = allocation.amount if allocation.amount.currency != allocation.settles.currency else None
    return Received(on=remittance.booked, amount=_given(allocation), method=_method(remittance), sent=sent)


def _given(allocation: Allocation) -> Money:
    """What the client gave of what is settled."""
    kept = allocation.difference in {*_DISCOUNTS, *_GIVEN_UP, "withholding"}
    same = allocation.amount.currency == allocation.settles.currency
    return allocation.amount if kept and same else allocation.settles


def _short(invoice: Invoice, own: Iterable[Allocation], why: tuple[Difference, ...]) -> Money:
    """What was settled without being given, for a reason."""
    return total((each.settles - _given(each) for each in own if each.difference in why), invoice.currency)


def _written_off(invoice: Invoice, paid: Booked, *, lost: bool) -> Money:
    own = (each for each in paid.write_offs if each.invoice == invoice.number)
    return total((each.amount for each in own if (each.as_ == "uncollectable") == lost), invoice.currency)


def _left(own: Iterable[Allocation], paid: Booked) -> Iterator[Money]:
    """What the payments had beside it and nobody used."""
    for name in dict.fromkeys(each.remittance for each in own if paid.remittances[each.remittance].is_in):
        rest = paid.rest(name)
        if rest.amount > 0:
            yield rest


def _method(remittance: Remittance) -> str:
    """`bank`, `debit`, a provider's name, or a person's word for it."""
    if remittance.rail == HAND:
        return remittance.account
    if remittance.rail == BANK:
        return "debit" if remittance.mandate else "bank"
    return _NAMES.get(remittance.rail, remittance.rail)
