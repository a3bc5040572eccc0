"""Receivables: what clients owe by issued invoices as of a day, how late that is, and what may be claimed for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.contract.tax.table import VatTable
from git_bill.flows import load
from git_bill.flows.bookkeeping import Till, till
from git_bill.flows.tax_files import tax_table
from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.ports import Snapshot
from git_bill.problem import Problem
from git_bill.receivable import receivable
from git_bill.receivable.ageing import Aged, ageing
from git_bill.receivable.booked import Booked
from git_bill.receivable.credit import Credit, Use, credits, uses
from git_bill.receivable.interest import LateClaim
from git_bill.receivable.late import claim_on, late_reason, owed_of, terms_of
from git_bill.receivable.remittance import Remittance
from git_bill.worklog.reason import Reason
from git_bill.workspace import Workspace

_BESIDE = frozenset({"fee", "payout"})  # kinds that are nobody's payment


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable:
    """What a client owes by an invoice; of a credit note what is owed to the client, below zero.

    `days_late`: 0 until the day after it was due. `late`: what the law or the contract gives the issuer for that,
    beside what is open. `asked`: what the document asks for.
    """

    number: str
    client: str
    due: date
    open: Money
    days_late: int
    late: LateClaim | None
    asked: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """All that is open as of a day. `credits`: what clients paid too much; `uses`: what that may be taken off;
    `unknown`: money of which nobody knows what it is for; `ageing`: by client and currency, with credits.
    """

    as_of: date
    rows: tuple[Receivable, ...]
    credits: tuple[Credit, ...] = ()
    uses: tuple[Use, ...] = ()
    unknown: tuple[Remittance, ...] = ()
    ageing: tuple[Aged, ...] = ()
    problems: tuple[Problem, ...] = ()


def owed(found: Till, workspace: Workspace, table: VatTable, as_of: date) -> Owed:
    """The most overdue first, and base rates that are missing, each once."""
    documents = {each.number: each for each in found.invoices}
    standing = receivable.receivables(found.invoices, found.paid, as_of)
    rows: list[Receivable] = []
    problems: dict[str, Problem] = {}
    for each in (each for each in standing if each.open):
        invoice = documents[each.number]
        late = claim_on(invoice, owed_of(each, found.paid), table, _contract(workspace, invoice), as_of)
        if isinstance(late, Problem):
            problems[late.message] = late
        rows.append(
            Receivable(
                number=each.number,
                client=invoice.client.name,
                due=each.due,
                open=each.open,
                days_late=each.days_late(as_of),
                late=None if isinstance(late, Problem) else late,
                asked=each.asked,
            )
        )
    left_over = credits(found.invoices, found.paid, as_of)
    return Owed(
        as_of=as_of,
        rows=tuple(sorted(rows, key=lambda row: (row.due, row.number))),
        credits=left_over,
        uses=tuple(uses(left_over, standing)),
        unknown=_unknown(found.paid, as_of),
        ageing=ageing(standing, left_over, as_of),
        problems=tuple(problems.values()),
    )


def _unknown(paid: Booked, as_of: date) -> tuple[Remittance, ...]:
    """Money that came or went out by then and that nobody has decided on; what providers keep or pay out aside."""
    listed = (
        each
        for name, each in paid.remittances.items()
        if (each.is_in or each.kind not in _BESIDE) and not paid.is_decided(name)
    )
    return tuple(sorted((each for each in listed if each.booked <= as_of), key=lambda each: (each.booked, each.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """What tells how late an invoice is. `shipped`: the tables, over which the books may have their own."""

    shipped: VatTable
    today: date

    def reasons(self, here: Snapshot, number: str, issued: Sequence[Invoice]) -> tuple[Reason, ...]:
        """What may be claimed for an overdue invoice, or why that is not known; nothing where it is not late."""
        paid = till(here).paid
        invoice = next((each for each in issued if each.number == number), None)
        found = _standing(issued, paid, number)
        if invoice is None or found is None or not found.days_late(self.today):
            return ()
        table, contract = tax_table(here, self.shipped), _contract(load.workspace(here), invoice)
        claim = claim_on(invoice, owed_of(found, paid), table, contract, self.today)
        if isinstance(claim, LateClaim):
            return (late_reason(claim),)
        if claim is not None:
            hint = Reason(text=" ".join(claim.hint.split()), kind="late-unknown")
            return (Reason(text=claim.message, kind="late-unknown", because=(hint,)),)
        if terms_of(invoice, table, contract) is None:
            whom = "business" if invoice.client.business else "consumer"
            text = f"overdue; no rule of {invoice.issuer.country} on late payment by a {whom} is built in"
            return (Reason(text=text, kind="late-unknown"),)
        return ()


def _standing(issued: Iterable[Invoice], paid: Booked, number: str) -> receivable.Receivable | None:
    return next((each for each in receivable.receivables(issued, paid) if each.number == number), None)


def _contract(workspace: Workspace, invoice: Invoice) -> Contract | None:
    """The contract as it is now."""
    engagement = workspace.engagements.get(invoice.client_id)
    return next((c for c in engagement.contracts if c.id == invoice.contract), None) if engagement else None
