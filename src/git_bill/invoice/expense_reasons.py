"""Why an expense costs the client what it does: what was paid, its receipt, the tax in it, the mark-up, where it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.expense import Expense
from git_bill.contract.reimbursement import cost
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.document.text import printable
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.reasons import money
from git_bill.invoice.reimbursed import item, priced_line
from git_bill.invoice.totals import changes_of, net_of
from git_bill.worklog.reason import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """An expense with all that decides about it. `by`: whose it is, by name. `recovers`: the issuer gets VAT back.

    `document` and `name`: the invoice, else the draft, that it is on.
    """

    id: str
    expense: Expense
    by: str
    contract: Contract | None
    recovers: bool
    document: Draft | Invoice | None = None
    name: str = ""


def expense_reason(spending: Spending) -> Reason:
    """What it was, and below it what it comes to and where it is billed."""
    expense = spending.expense
    text = f"{spending.id}  {expense.day:%a} {expense.day}  {printable(expense.text)}: {_what(expense)}"
    because = (*_paid(spending), *_price(spending), *_document(spending))
    return Reason(text=text, kind="expense", ref=spending.id, because=because)


def _what(expense: Expense) -> str:
    if expense.amount is not None:
        return f"{money(expense.amount)} paid"
    if expense.per_diem is not None:
        return f"a {'whole day' if expense.per_diem == 'full' else 'part of a day'} away in {expense.country}"
    if expense.miles is not None:
        return f"{expense.miles.normalize():f} miles driven"
    return f"{(expense.kilometres or Decimal(0)).normalize():f} km driven"


def _paid(spending: Spending) -> Iterator[Reason]:
    """Who, what proves it, and what of it is tax."""
    expense = spending.expense
    yield Reason(text=f"recorded by {spending.by} on {expense.at:%Y-%m-%d}", kind="who", ref=expense.by)
    if expense.receipt is not None:
        proof = f", SHA-256 {expense.receipt_hash[:12]}…" if expense.receipt_hash else ""
        yield Reason(text=f"receipt: {expense.receipt}{proof}", kind="receipt", ref=expense.receipt)
    elif expense.amount is not None:
        yield Reason(text="there is no receipt of it in the books", kind="receipt")
    if expense.agreed:
        yield Reason(text=f"the client agreed to it: {printable(expense.agreed)}", kind="agreed")


def _price(spending: Spending) -> Iterator[Reason]:
    """What the contract makes of it."""
    expense, contract = spending.expense, spending.contract
    if contract is None:
        text = "no contract bills it: none covers its day with its project and ticket"
        yield Reason(text=text, kind="price")
        return
    found = cost(expense, contract.expenses, recovers=spending.recovers)
    if found is None:
        unit = "day" if expense.per_diem else "mile" if expense.miles is not None else "kilometre"
        yield Reason(text=f"nobody knows the price of a {unit}: git bill add … --rate says it", kind="price")
        return
    line = priced_line(expense, found, contract.expenses)
    added = tuple(
        Reason(text=f"{each.reason}: {each.percent.normalize():f} % on top, {money(each.amount)}", kind="mark-up")
        for each in changes_of(line)
        if each.percent is not None and each.amount is not None
    )
    why = Reason(text=found.why, kind="price")
    text = f"contract {contract.id} passes it on at {money(net_of(line))} net"
    yield Reason(text=text, kind="price", ref=contract.id, because=(why, *added))


def _document(spending: Spending) -> Iterator[Reason]:
    """Where it is billed and with which tax, or why it is not."""
    expense, document = spending.expense, spending.document
    if expense.dropped is not None:
        yield Reason(text=f"it is not billed: {printable(expense.dropped)}", kind="dropped")
        return
    lines: tuple[Line | InvoiceLine, ...] = document.lines if document else ()
    found = next(((n, line) for n, line in enumerate(lines, 1) if item(spending.id) in line.bills), None)
    if document is None or found is None:
        if spending.contract is not None:
            text = f"it is not billed yet: the draft of {expense.day:%Y-%m}, or else the next one, takes it"
            yield Reason(text=text, kind="unbilled")
        return
    number, line = found
    issued = isinstance(document, Invoice)
    on = f"{'billed' if issued else 'on the draft'} {'on ' if issued else ''}{spending.name}, line {number}"
    tax = _tax(line.tax or document.tax, own=line.tax is not None)
    text = f"{on}: {money(net_of(line))} net"
    yield Reason(text=text, kind="invoice" if issued else "draft", ref=spending.name, because=(tax,))


def _tax(tax: Tax, *, own: bool) -> Reason:
    much = f"{tax.rate.normalize():f} % tax" if tax.rate else "no tax"
    whose = "it has a treatment of its own" if own else "it shares the treatment of the work that it belongs to"
    law = (Reason(text=tax.source, kind="law", ref=tax.category),) if tax.source else ()
    return Reason(text=f"{much}, category {tax.category}: {whose}", kind="tax", ref=tax.category, because=law)
