"""Payment links of invoices: which get one, what it asks for, and when it asks for too much."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from git_bill.effects import CloseLink, EnsureLink, LinkLine
from git_bill.invoice.issued import Invoice
from git_bill.invoice.summary import named, rows
from git_bill.receivable.receivable import Receivable

_BETWEEN: Mapping[str, str] = {  # kind of sum → what it is called where it has no name of its own
    "changed": "Discount",
    "added": "Surcharge",
    "tax": "Tax",
    "prepaid": "Paid before",
    "rounding": "Rounding",
    "withheld": "Withholding tax",
}


def gets_link(invoice: Invoice) -> bool:
    """Whether its client is to pay something online."""
    return invoice.reverses is None and invoice.totals.to_transfer.amount > 0 and invoice.client.pays_online


def link_of(invoice: Invoice) -> EnsureLink:
    """What a rail is asked for; its lines come to the amount."""
    return EnsureLink(
        key=invoice.draft,
        number=invoice.number,
        amount=invoice.totals.to_transfer,
        issuer=invoice.issuer.name,
        payer=invoice.client.name,
        email=invoice.client.invoices_to,
        due=invoice.due_date,
        lines=tuple(_lines(invoice)),
    )


def _lines(invoice: Invoice) -> Iterator[LinkLine]:
    """Lines, and all that is between their sum and what is to be paid."""
    for line in invoice.lines:
        yield LinkLine(text=line.description, amount=line.net)
    for row in rows(invoice):
        if row.kind in _BETWEEN and row.amount:
            percent = "" if row.percent is None else f" {row.percent.normalize():f}%"
            yield LinkLine(text=named(row.text or _BETWEEN[row.kind], percent), amount=row.amount)


def links_to_close(
    invoices: Iterable[Invoice], receivables: Iterable[Receivable], closed: Collection[str] = ()
) -> tuple[CloseLink, ...]:
    """Links that ask for something else than is open: paid in full or in part, credited, written off, set off.

    `closed`: numbers of those that were closed before.
    """
    settled = {each.number for each in receivables if each.open != each.asked}
    return tuple(
        CloseLink(number=each.number, link=each.payment_link)
        for each in invoices
        if each.payment_link is not None and each.number in settled and each.number not in closed
    )
