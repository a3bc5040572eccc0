"""Checks of a correction's draft: the invoice that it replaces is there, whole and its client's."""

from collections.abc import Iterable, Iterator

from git_bill.invoice.basis import Basis
from git_bill.invoice.billed import credit_notes
from git_bill.invoice.draft import Draft
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.replacing import PARTY, not_correctable, unchanged_lines


def replacement_findings(draft: Draft, basis: Basis) -> Iterator[Finding]:
    """Nothing of a draft that replaces no invoice."""
    given = draft.corrects
    if given is None:
        if draft.bill_to is not None:
            message = f"the draft goes to {draft.bill_to}, and the work is {draft.client}'s"
            yield finding("other-payer", message, "only a correction sends an invoice elsewhere", at=("bill_to",))
        return
    for name in given.client:
        if name not in PARTY:
            message = f"{name} is nothing that a correction says of a client"
            hint = f"change it in {basis.file}; here it can be: {', '.join(PARTY)}"
            yield finding("unknown-key", message, hint, at=("corrects", "client", name))
    at = ("corrects", "number")
    found = basis.corrected
    if found is None or found.client_id != draft.client or found.issue_date != given.issue_date:
        message = f"no invoice {given.number} of {given.issue_date} was issued to {draft.client}"
        yield finding("unknown-invoice", message, "see what was issued: git bill status", at=at)
        return
    notes = credit_notes(basis.invoices).get(found.number, ())
    others = [note for note in notes if note.draft != cancellation_id(draft)]
    if wrong := not_correctable(found, others):
        yield finding(wrong.rule, wrong.message, wrong.hint, at=at)
    for name, other in basis.credits.items():
        if other.reverses is not None and other.reverses.number == found.number:
            message = f"{name} credits {found.number}, too; only one of them can be issued"
            hint = f"close the one you don't want: git bill draft --close {name}"
            yield finding("on-two-drafts", message, hint, severity="warning", at=at)


def as_invoiced(draft: Draft, basis: Basis, found: Iterable[Finding]) -> Iterator[Finding]:
    """Without findings about what the replaced invoice billed just so: terms may have changed since."""
    same = unchanged_lines(draft, basis.corrected) if basis.corrected is not None else frozenset()
    for path, problem in found:
        line = path[1] if path[:1] == ("lines",) and len(path) > 1 else None
        if line not in same or "entries" in path:
            yield path, problem


def cancellation_id(draft: Draft) -> str:
    """The id of the credit note that goes with a correction; it follows from the draft's."""
    return f"{draft.id}-cancel"
