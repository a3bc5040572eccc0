"""Expenses on a draft: one line each, net of the VAT that is recovered, with the contract's mark-up."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.expense import Expense
from git_bill.contract.reimbursement import Cost, contract_for, cost, passed_through
from git_bill.contract.tax.case import wording
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import ExpenseTerms
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.basis import Basis, late_for
from git_bill.invoice.document.locale import days_text
from git_bill.invoice.draft import Line
from git_bill.invoice.part import Part, Scope
from git_bill.layout import expenses_file
from git_bill.problem import Problem

HANDLING = "Handling"  # a mark-up in English


def reimbursed(scope: Scope) -> Part:
    """The contract's expenses of the draft's days, and late ones of days that were billed before, each once.

    They share the treatment of the work that they belong to: an ancillary supply follows the main one (CJEU C-349/96,
    C-224/11; UStAE 10.1(2) and 3.10(5)). Only what is passed through has its own.
    """
    lines: list[Line] = []
    problems: list[Problem] = []
    for expense_id, expense in due(scope):
        found = _line(scope, expense_id, expense)
        if isinstance(found, Problem):
            problems.append(replace(found, severity="warning"))
        else:
            lines.append(found)
    return Part(lines=tuple(lines), problems=tuple(problems))


def due(scope: Scope) -> Iterator[tuple[str, Expense]]:
    """The contract's expenses that the draft is to bill, by day."""
    basis, contract = scope.basis, scope.contract
    for expense_id, expense in sorted(basis.expenses.items(), key=lambda item: (item[1].day, item[1].at, item[0])):
        late = expense.day < scope.period.first and late_for(expense.day, basis.earlier, contract.id)
        if (
            (expense.day in scope.period or late)
            and is_open(basis, contract, expense_id)
            and contract_for(expense, basis.engagement.contracts) == contract
        ):
            yield expense_id, expense


def is_open(basis: Basis, contract: Contract, expense_id: str) -> bool:
    """Whether an expense is to be billed: nobody dropped it, no invoice and no other open draft has it."""
    return basis.expenses[expense_id].dropped is None and basis.open(contract, item(expense_id))


def item(expense_id: str) -> str:
    """What a line bills of it."""
    return f"expense:{expense_id}"


def net_cost(basis: Basis, contract: Contract, expense_id: str) -> Cost | Problem:
    """What an expense comes to under a contract, or what a person must say first."""
    expense, terms = basis.expenses[expense_id], contract.expenses
    found = cost(expense, terms, recovers=basis.issuer.tax_scheme != "small-business")
    name = f"expense {expense_id} ({expense.day}, {expense.text})"
    if found is None:
        problem = Problem(
            rule="no-travel-rate",
            message=f"{name} has no price of a {_unit(expense)}",
            hint=f'say the agreed one: rate = "0.30 {contract.currency}"',
        )
    elif found.price.currency != contract.currency:
        problem = Problem(
            rule="expense-currency",
            message=f"{name} is in {found.price.currency}, contract {contract.id} in {contract.currency}",
            hint=f'give it in the contract\'s currency: amount = "… {contract.currency}"',
        )
    elif _asks(expense, terms):
        problem = Problem(
            rule="expense-above-most",
            severity="warning",
            message=f"{name} is above the {terms.most} that contract {contract.id} allows without the client's word",
            hint='ask, then say who agreed: agreed = "Anna Schmidt, by mail on 3 November"',
        )
    else:
        return found
    return _located(problem, basis, expense_id)


def _asks(expense: Expense, terms: ExpenseTerms) -> bool:
    """Whether it needs the client's word, which is not there."""
    if expense.amount is None or terms.most is None or expense.agreed:
        return False
    return terms.most < expense.amount


def _unit(expense: Expense) -> str:
    if expense.per_diem is not None:
        return "day"
    return "mile" if expense.miles is not None else "kilometre"


def _line(scope: Scope, expense_id: str, expense: Expense) -> Line | Problem:
    basis, contract = scope.basis, scope.contract
    found = net_cost(basis, contract, expense_id)
    tax = _tax(scope) if expense.pass_through else None
    if isinstance(tax, Problem):
        return _located(tax, basis, expense_id)
    if isinstance(found, Problem):
        return found
    detail = days_text(expense.day, expense.day, basis.engagement.client.language)
    line = priced_line(expense, found, contract.expenses, handling=basis.word("handling", HANDLING))
    return replace(line, detail=detail, tax=tax, bills=(item(expense_id),))


def priced_line(expense: Expense, found: Cost, terms: ExpenseTerms, *, handling: str = HANDLING) -> Line:
    """What an expense comes to, with the contract's mark-up. `handling`: what that is called where nobody says it."""
    return Line(
        description=expense.text,
        quantity=found.quantity,
        unit=found.unit,
        unit_price=found.price,
        allowances=_mark_up(expense, terms, handling),
        first=expense.day,
        last=expense.day,
        reason=_reason(expense, found),
    )


def _tax(scope: Scope) -> Tax | Problem | None:
    """The treatment of what is passed through, beside the draft's own."""
    if scope.tax is None:
        return None
    basis = scope.basis
    home = basis.vat.code(basis.issuer.country)
    note = wording(basis.vat.pass_through, basis.vat.countries.get(home), basis.engagement.client)
    return passed_through(scope.tax, note, eu=basis.vat.is_eu(home))


def _mark_up(expense: Expense, terms: ExpenseTerms, handling: str) -> tuple[Allowance, ...]:
    """On top of what was paid; an agreed or legal price of a distance or a day holds everything."""
    if not terms.mark_up or expense.amount is None or expense.pass_through:
        return ()
    return (Allowance(charge=True, percent=Decimal(terms.mark_up), reason=terms.mark_up_as or handling),)


def _reason(expense: Expense, found: Cost) -> str:
    parts = [found.why]
    if expense.agreed:
        parts.append(f"agreed by {expense.agreed}")
    if expense.receipt_hash:
        parts.append(f"its receipt lies in the books, SHA-256 {expense.receipt_hash[:12]}…")
    return "; ".join(parts)


def _located(problem: Problem, basis: Basis, expense_id: str) -> Problem:
    file = expenses_file(basis.client, f"{basis.expenses[expense_id].day:%Y-%m}")
    return replace(problem, file=file, at=("expenses", expense_id))
