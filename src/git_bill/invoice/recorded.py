"""Checks of what is recorded beside time: expenses and readings that nothing can bill, or that lack something."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.expense import Expense
from git_bill.contract.reimbursement import contract_for
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Draft
from git_bill.invoice.drafting import update_command
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.metered import contract_for as contract_of
from git_bill.invoice.metered import use_of
from git_bill.invoice.part import Kept, Scope
from git_bill.invoice.reimbursed import is_open, net_cost, reimbursed
from git_bill.layout import client_file, expenses_file, usage_file
from git_bill.period import Period, month, months
from git_bill.problem import Problem, nearest

_MOST = 5  # ids that are told


def recorded_problems(basis: Basis) -> Iterator[Problem]:
    """Everything about a client's expenses and readings that are not billed yet."""
    yield from _expenses(basis)
    yield from _twice(basis)
    yield from _readings(basis)
    yield from _less(basis)


def recorded_since(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """What was recorded since a draft was made and is not on it: expenses of its days, readings of its months."""
    if draft.partial:
        return
    billed = {item for line in draft.lines for item in line.bills} | draft.not_billed.keys()
    scope = Scope(
        basis=basis, contract=contract, period=Period(draft.first, draft.last), items=(), kept=Kept(), tax=draft.tax
    )
    missing = [line for line in reimbursed(scope).lines if billed.isdisjoint(line.bills)]
    if missing:
        many = "1 expense is" if len(missing) == 1 else f"{len(missing)} expenses are"
        message = f"{many} not on the draft, the first {missing[0].description!r}"
        yield finding("expenses-moved", message, update_command(draft), severity="warning", at=())
    for days in months(scope.period):
        for meter in contract.meters:
            use = use_of(basis, contract, meter, days)
            then = use.read(billed)
            if then is not None and then != use.used:
                message = f"{_text(use.used)} of {meter.id} are read for {days} now, the draft bills {_text(then)}"
                yield finding("usage-moved", message, update_command(draft), severity="warning", at=())


def unknown_meter(engagement: Engagement, client: str, meter: str) -> Problem:
    """What to say of a meter that no contract of a client has."""
    known = list(dict.fromkeys(each.id for contract in engagement.contracts for each in contract.meters))
    near = nearest(meter, known)
    example = f'[[contracts.meters]] id = "{meter}" tiers = [{{ price = "0.05 EUR" }}]'
    return Problem(
        rule="unknown-meter",
        message=f"no contract of {client} has a meter {meter!r}" + (f" (known: {', '.join(known)})" if known else ""),
        hint=f"did you mean {near}?" if near else f"add it to {client_file(client)}: {example}",
    )


def _expenses(basis: Basis) -> Iterator[Problem]:
    bare: list[str] = []
    for expense_id, expense in basis.expenses.items():
        contract = contract_for(expense, basis.engagement.contracts)
        if expense.dropped is not None or (contract and not is_open(basis, contract, expense_id)):
            continue
        if contract is None:
            yield _astray(basis, expense_id, expense)
            continue
        found = net_cost(basis, contract, expense_id)
        if isinstance(found, Problem):
            yield found
        elif _lacks_receipt(expense, contract):
            bare.append(expense_id)
    if bare:
        first = basis.expenses[bare[0]]
        yield Problem(
            rule="no-receipt",
            severity="info",
            message=f"without a receipt: {', '.join(bare[:_MOST])}"
            + (f" and {len(bare) - _MOST} more" if len(bare) > _MOST else ""),
            hint=f'drop it and add it again with --receipt FILE: git bill drop {bare[0]} --because "without receipt"',
            file=expenses_file(basis.client, f"{first.day:%Y-%m}"),
            at=("expenses", bare[0]),
        )


def _lacks_receipt(expense: Expense, contract: Contract) -> bool:
    limit = contract.expenses.receipt_above
    return expense.amount is not None and expense.receipt is None and (limit is None or limit < expense.amount)


def _astray(basis: Basis, expense_id: str, expense: Expense) -> Problem:
    covering = [c.id for c in basis.engagement.contracts if c.covers(expense.day)]
    why = f"{', '.join(covering)} covers the day, but not what it is for" if covering else "no contract covers the day"
    return Problem(
        rule="expense-without-contract",
        severity="warning",
        message=f"nothing bills expense {expense_id} ({expense.day}, {expense.text}): {why}",
        hint='say what it is for: project = "web-shop"' if covering else f"let one begin earlier: from = {expense.day}",
        file=expenses_file(basis.client, f"{expense.day:%Y-%m}"),
        at=("expenses", expense_id),
    )


def _twice(basis: Basis) -> Iterator[Problem]:
    """One receipt behind two expenses: two people added it, each in a clone of their own."""
    first: dict[str, str] = {}
    for expense_id, expense in basis.expenses.items():
        if expense.receipt_hash is None or expense.dropped is not None:
            continue
        before = first.setdefault(expense.receipt_hash, expense_id)
        if before != expense_id:
            yield Problem(
                rule="repeated-receipt",
                severity="warning",
                message=f"{before} and {expense_id} have the same receipt",
                hint=f'keep one: git bill drop {expense_id} --because "added twice"',
                file=expenses_file(basis.client, f"{expense.day:%Y-%m}"),
                at=("expenses", expense_id),
            )


def _readings(basis: Basis) -> Iterator[Problem]:
    """Readings that nothing bills: of meters that no contract has, of days that no contract with the meter covers."""
    contracts = basis.engagement.contracts
    astray: dict[tuple[str, str], list[str]] = defaultdict(list)
    for reading_id, reading in basis.readings.items():
        if contract_of(reading, contracts) is None:
            astray[reading.meter, f"{reading.day:%Y-%m}"].append(reading_id)
    known = {meter.id for contract in contracts for meter in contract.meters}
    for (meter, when), ids in astray.items():
        file, at = usage_file(basis.client, when), ("readings", ids[0])
        count = f"{len(ids)} {'reading' if len(ids) == 1 else 'readings'} of {when}"
        if meter not in known:
            found = unknown_meter(basis.engagement, basis.client, meter)
            yield replace(found, message=f"{count}: {found.message}", file=file, at=at)
            continue
        day = min(basis.readings[each].day for each in ids)
        yield Problem(
            rule="usage-without-contract",
            severity="warning",
            message=f"nothing bills {count} of {meter}: no contract with that meter covers {day}",
            hint=f"let it begin earlier: from = {day.replace(day=1)}",
            file=file,
            at=at,
        )


def _less(basis: Basis) -> Iterator[Problem]:
    """Months that were billed for more than is read now: only a credit note gives that back."""
    for contract in basis.engagement.contracts:
        read = {(r.meter, month(r.day)) for r in basis.readings.values()}
        for meter in contract.meters:
            for days in sorted((days for of, days in read if of == meter.id), key=lambda each: each.first):
                use = use_of(basis, contract, meter, days)
                before = use.before
                if before is not None and use.used < before:
                    yield Problem(
                        rule="usage-below-billed",
                        severity="info",
                        message=f"{days}: {_text(before)} of {meter.id} were billed, {_text(use.used)} are read now",
                        hint="what was billed too much comes back with a credit note",
                        file=usage_file(basis.client, str(days)),
                    )


def _text(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
