"""What an issued document has to do with others, in words: what it credits or replaces, what was credited of it."""

from collections.abc import Iterable, Iterator

from git_bill.invoice.billed import credit_notes
from git_bill.invoice.issued import Invoice

_FATE = {"rebill": "the work can be billed again", "waive": "the work is settled"}


def asked(invoice: Invoice) -> str:
    """What is asked of the client: `due 2026-12-02`; nothing on a credit note."""
    return "credited" if invoice.reverses is not None else f"due {invoice.due_date}"


def related(invoice: Invoice, issued: Iterable[Invoice]) -> Iterator[str]:
    """One sentence for each other document. `issued`: all of them."""
    every = tuple(issued)
    given, replaced = invoice.reverses, invoice.corrects
    if given is not None:
        why = f": {given.because}" if given.because else ""
        yield f"credits {given.number} of {given.issue_date}, {_FATE[given.entries]}{why}"
    if replaced is not None:
        why = f": {replaced.because}" if replaced.because else ""
        by = f", cancelled with {replaced.credit_note}" if replaced.credit_note else ""
        yield f"replaces {replaced.number} of {replaced.issue_date}{by}{why}"
    if invoice.bill_to is not None:
        yield f"goes to {invoice.bill_to}, and the work is {invoice.client_id}'s"
    for note in credit_notes(every).get(invoice.number, ()):
        fate = _FATE[note.reverses.entries] if note.reverses is not None else ""
        yield f"{note.totals.payable} credited with {note.number} of {note.issue_date}, {fate}"
    for other in every:
        if other.corrects is not None and other.corrects.number == invoice.number:
            yield f"replaced by {other.number} of {other.issue_date}"
