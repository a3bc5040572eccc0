"""What comes next for an invoice that its client does not have."""

from collections.abc import Iterable, Mapping

from git_bill.custody.dispatch import Dispatch
from git_bill.invoice.billed import standing
from git_bill.invoice.issued import Invoice


def sending_step(issued: Iterable[Invoice], sent: Mapping[str, Dispatch]) -> tuple[str, str] | None:
    """A command and why, for the oldest one that did not arrive; None where all did. Without a dispatch it is old."""
    for invoice in sorted(standing(issued), key=lambda each: (each.issue_date, each.number)):
        dispatch, number = sent.get(invoice.number), invoice.number
        if dispatch is None or dispatch.delivered is not None or not invoice.totals.to_transfer:
            continue
        newest = dispatch.newest
        if newest is None and invoice.client.invoices_to is None:
            return f"git bill sent {number} --via portal", "say how it was delivered"
        if newest is None:
            return f"git bill send {number}", "it is issued and was not sent"
        if newest.state == "open":
            return f"git bill send {number}", "it was perhaps sent: ask the client"
        if newest.state == "deferred":
            return f"git bill send {number}", "the other side put it off"
        return f"git bill send {number} --to ADDRESS", f"it did not arrive: {newest.because or 'it was refused'}"
    return None
