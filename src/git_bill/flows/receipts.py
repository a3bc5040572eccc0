"""Receipts: what the books say was paid of an invoice, for its document."""

from dataclasses import replace
from datetime import date

from git_bill.flows import load
from git_bill.flows.bookkeeping import Till, till
from git_bill.flows.look import look_of
from git_bill.flows.own_words import worded
from git_bill.flows.render import Subject, Tools, render
from git_bill.invoice.document.receipt import Receipt
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Stop, stop
from git_bill.receivable.receipts import receipt_of
from git_bill.receivable.receivable import Receivable, receivables


def with_receipt(books: Books | None, subject: Subject, paid: date | None) -> Subject:
    """With what was paid of it. `paid`: the day as a person says it; `books`: None of a file that is in none.

    Stops (exit 1) where nothing is booked and nobody says a day, or a day of what is not open, and where somebody says
    one beside the books.
    """
    invoice = subject.invoice
    if subject.draft is not None or invoice.reverses is not None:
        return subject
    if books is None:
        if paid is None:
            hint = f"git bill render {subject.name} --as receipt --paid 2026-11-20"
            raise stop(Exit.USAGE, "usage", "a file by itself does not say when it was paid", hint)
        return subject
    tip = books.tip()
    snapshot = books.at(tip) if tip else books.here()
    found = _booked(snapshot, invoice)
    if found is None and (paid is None or not _is_all_open(snapshot, invoice)):
        raise _unpaid(snapshot, invoice)
    if found is not None and paid is not None:
        message = f"the books say when {invoice.number} was paid: {found.paid}, the last on {found.on}"
        raise stop(Exit.PROBLEMS, "paid-is-booked", message, f"git bill render {invoice.number} --as receipt")
    return replace(subject, receipt=found)


def receipt_file(snapshot: Snapshot, item: load.Numbered, tools: Tools, wording: Wording) -> bytes:
    """The PDF, as one state of the books has it. Stops (exit 1) where nothing is paid."""
    invoice = item.invoice
    if invoice is None:
        raise stop(Exit.PROBLEMS, "not-issued", f"{item.claim.number} is not issued", "finish it: git bill issue")
    subject = Subject(
        name=item.claim.number,
        invoice=invoice,
        at=item.claim.at,
        files={},
        look=look_of(snapshot, load.workspace(snapshot).settings),
        wording=worded(snapshot, wording),
        receipt=receipt_at(snapshot, invoice),
    )
    return render(subject, "pdf", tools, form="receipt")


def receipt_at(snapshot: Snapshot, invoice: Invoice) -> Receipt:
    """What one state of the books says was paid. Stops (exit 1) where that is nothing."""
    found = _booked(snapshot, invoice)
    if found is None:
        raise _unpaid(snapshot, invoice)
    return found


def _booked(snapshot: Snapshot, invoice: Invoice) -> Receipt | None:
    found = till(snapshot)
    return receipt_of(invoice, found.invoices, found.paid)


def _is_all_open(snapshot: Snapshot, invoice: Invoice) -> bool:
    """Whether a payment of the whole sum, which a person tells of, can be true."""
    now = _standing(till(snapshot), invoice.number)
    return now.open == now.asked


def _standing(found: Till, number: str) -> Receivable:
    return next(each for each in receivables(found.invoices, found.paid) if each.number == number)


def _unpaid(snapshot: Snapshot, invoice: Invoice) -> Stop:
    found, number = till(snapshot), invoice.number
    now = _standing(found, number)
    why = f"no payment of {number} is in the books"
    if found.paid.by_invoice.get(number):
        why = f"all that was paid of {number} went back"
    elif not now.open:
        why = f"{number} was settled without a payment"
    hint = f"record it: git bill paid {number}"
    if now.open == now.asked:
        hint += f"; or say the day: git bill render {number} --as receipt --paid 2026-11-20"
    elif now.open:
        why = f"{why}, and {now.asked - now.open} of {now.asked} was settled without one"
    else:
        hint = f"see what did it: git bill explain {number}"
    return stop(Exit.PROBLEMS, "nothing-paid", why, hint)
