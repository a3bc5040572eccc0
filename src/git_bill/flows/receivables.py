"""Receivables: what clients owe by issued invoices, how late they are, and what may be claimed for that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.contract.tax.table import VatTable
from git_bill.flows import load
from git_bill.flows.tax_files import tax_table
from git_bill.invoice.billed import standing
from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.ports import Snapshot
from git_bill.problem import Problem
from git_bill.receivable.interest import LateClaim
from git_bill.receivable.late import claim_on, late_reason, terms_of
from git_bill.worklog.reason import Reason
from git_bill.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable:
    """What a client owes by an invoice. `days_late`: 0 until the day after it was due.

    `late`: what the law or the contract gives the issuer for that, beside what is open.
    """

    number: str
    client: str
    due: date
    open: Money
    days_late: int
    late: LateClaim | None


def receivables(
    invoices: Iterable[Invoice], workspace: Workspace, table: VatTable, today: date
) -> tuple[tuple[Receivable, ...], tuple[Problem, ...]]:
    """The most overdue first, and base rates that are missing, each once."""
    found: list[Receivable] = []
    problems: dict[str, Problem] = {}
    for invoice in standing(invoices):
        late = claim_on(invoice, table, _contract(workspace, invoice), today)
        if isinstance(late, Problem):
            problems[late.message] = late
        found.append(
            Receivable(
                number=invoice.number,
                client=invoice.client.name,
                due=invoice.due_date,
                open=invoice.totals.to_transfer,
                days_late=max(0, (today - invoice.due_date).days),
                late=None if isinstance(late, Problem) else late,
            )
        )
    open_ones = sorted((r for r in found if r.open), key=lambda r: (r.due, r.number))
    return tuple(open_ones), tuple(problems.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """What tells how late an invoice is. `shipped`: the tables, over which the books may have their own."""

    shipped: VatTable
    today: date

    def reasons(self, here: Snapshot, number: str, issued: Sequence[Invoice]) -> tuple[Reason, ...]:
        """What may be claimed for an overdue invoice, or why that is not known; nothing where it is not late."""
        invoice = next((each for each in standing(issued) if each.number == number), None)
        if invoice is None or invoice.due_date >= self.today or not invoice.totals.to_transfer:
            return ()
        table, contract = tax_table(here, self.shipped), _contract(load.workspace(here), invoice)
        found = claim_on(invoice, table, contract, self.today)
        if isinstance(found, LateClaim):
            return (late_reason(found),)
        if found is not None:
            hint = Reason(text=" ".join(found.hint.split()), kind="late-unknown")
            return (Reason(text=found.message, kind="late-unknown", because=(hint,)),)
        if terms_of(invoice, table, contract) is None:
            whom = "business" if invoice.client.business else "consumer"
            text = f"overdue; no rule of {invoice.issuer.country} on late payment by a {whom} is built in"
            return (Reason(text=text, kind="late-unknown"),)
        return ()


def _contract(workspace: Workspace, invoice: Invoice) -> Contract | None:
    """The contract as it is now."""
    engagement = workspace.engagements.get(invoice.client_id)
    return next((c for c in engagement.contracts if c.id == invoice.contract), None) if engagement else None
