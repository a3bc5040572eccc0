"""The expenses of the books, with what documents say of them, and which of them a word means."""

from collections.abc import Iterable
from dataclasses import dataclass

from git_bill.contract.agreement import Contract
from git_bill.contract.expense import Expense
from git_bill.contract.reimbursement import contract_for
from git_bill.flows import load
from git_bill.flows.overview import drafts_here
from git_bill.invoice.billed import standing
from git_bill.invoice.reimbursed import item
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Stop
from git_bill.worklog import query

EXPENSE = query.Noun(prefix="X-", one="expense", many="expenses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An expense, the contract that bills it, and the invoice or else the draft that it is on."""

    id: str
    client: str
    expense: Expense
    contract: Contract | None
    invoice: str | None = None
    draft: str | None = None


def expenses(books: Books, state: Snapshot) -> tuple[Listed, ...]:
    """All of them, by day, with what documents say of them. Stops (exit 3) at files that can't be read."""
    workspace, known = load.workspace(state), load.expenses(state)
    if not any(known.values()):
        return ()
    invoices = [numbered.invoice for numbered in load.numbered(state) if numbered.invoice is not None]
    billed = {(i.client_id, each): i.number for i in standing(invoices) for line in i.lines for each in line.bills}
    issued = {invoice.draft for invoice in invoices}
    drafts = {name: draft for name, draft in drafts_here(books, state).items() if draft.id not in issued}
    held = {(d.client, each): name for name, d in sorted(drafts.items()) for line in d.lines for each in line.bills}
    found = [
        Listed(
            id=expense_id,
            client=client,
            expense=expense,
            contract=contract_for(expense, workspace.engagements[client].contracts),
            invoice=billed.get((client, item(expense_id))),
            draft=held.get((client, item(expense_id))),
        )
        for client, some in known.items()
        if client in workspace.engagements
        for expense_id, expense in some.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.expense.day, each.expense.at, each.id)))


def meant(listed: Iterable[Listed], words: Iterable[str]) -> tuple[Listed, ...]:
    """The expenses that ids or their beginnings name. Stops (exit 1) where one names none or several."""
    found, problems = query.meant(words, {each.id: each for each in listed}, EXPENSE, _line)
    if problems:
        raise Stop(Exit.PROBLEMS, problems)
    return found


def _line(each: Listed) -> str:
    return f"{each.expense.day}  {each.expense.text}"
