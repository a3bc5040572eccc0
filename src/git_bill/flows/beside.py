"""Checks of what is recorded beside time: expenses with their receipts, and usage."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from git_bill.contract.exchange import Quotes
from git_bill.contract.expense import Expenses
from git_bill.contract.reimbursement import contract_for
from git_bill.contract.tax.table import VatTable
from git_bill.contract.usage import Usage
from git_bill.flows import load
from git_bill.flows.expense import in_currency
from git_bill.invoice.basis import Basis
from git_bill.invoice.recorded import recorded_problems
from git_bill.layout import expenses_file
from git_bill.ports import Books, Snapshot
from git_bill.problem import Problem, located
from git_bill.shape import Path


def beside(books: Books, here: Snapshot, vat: VatTable, quotes: Quotes | None) -> Iterator[Problem]:
    """What is wrong with the expenses and readings that are here. `quotes`: what an amount is worth elsewhere."""
    spent, read = load.expenses(here), load.readings(here)
    if not spent and not read:
        return
    workspace, tip = load.workspace(here), books.tip()
    numbered = load.numbered(books.at(tip) if tip else here)
    for client, engagement in workspace.engagements.items():
        basis = Basis(
            issuer=workspace.settings.issuer,
            client=client,
            engagement=engagement,
            vat=vat,
            invoices=tuple(each.invoice for each in numbered if each.invoice is not None),
            expenses=spent.get(client, {}),
            readings=read.get(client, {}),
        )
        found = [*recorded_problems(basis), *_receipts(here, basis)]
        where = _lines(here, found)
        yield from (located(_worth(basis, problem, quotes), where) for problem in found)


def _receipts(snapshot: Snapshot, basis: Basis) -> Iterator[Problem]:
    """Receipts that are gone or are others than those that were recorded."""
    for expense_id, expense in basis.expenses.items():
        if expense.receipt is None or expense.dropped is not None:
            continue
        content = snapshot.read(expense.receipt)
        file, at = expenses_file(basis.client, f"{expense.day:%Y-%m}"), ("expenses", expense_id)
        if content is None:
            message = f"the receipt of {expense_id} is gone: {expense.receipt}"
        elif hashlib.sha256(content).hexdigest() != expense.receipt_hash:
            message = f"the receipt of {expense_id} is another one than was recorded: {expense.receipt}"
        else:
            continue
        hint = f"bring it back: git log --oneline -- {expense.receipt}"
        yield Problem(rule="receipt-changed", message=message, hint=hint, file=file, at=at)


def _worth(basis: Basis, problem: Problem, quotes: Quotes | None) -> Problem:
    """With what an amount in another currency was worth on its day."""
    if problem.rule != "expense-currency" or quotes is None:
        return problem
    expense = basis.expenses[str(problem.at[-1])]
    paid, contract = expense.amount or expense.rate, contract_for(expense, basis.engagement.contracts)
    if paid is None or contract is None:
        return problem
    return replace(problem, hint=in_currency(paid, contract.currency, expense, quotes, say="amount = "))


def _lines(snapshot: Snapshot, found: list[Problem]) -> Mapping[str, Mapping[Path, int]]:
    """Lines of the keys in the files that problems are about."""
    lines: dict[str, Mapping[Path, int]] = {}
    for file in {problem.file for problem in found if problem.file is not None}:
        read = load.read_file(snapshot, Usage if file.startswith("billing/usage/") else Expenses, file)
        if read is not None:
            lines[file] = read.where
    return lines
