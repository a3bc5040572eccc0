"""Expenses: record a receipt, a drive or a day away for a client; drop one, or take it back; list them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from git_bill.contract.agreement import Contract
from git_bill.contract.exchange import Quote, Quotes, converted
from git_bill.contract.expense import Expense, Expenses
from git_bill.contract.reimbursement import contract_for
from git_bill.contract.travel import TravelTable, day_rate, distance_rate
from git_bill.effects import Flow, WriteFile
from git_bill.flows import load
from git_bill.flows.attributes import with_attribute
from git_bill.flows.noted import renewed
from git_bill.flows.spent import Listed, expenses, meant
from git_bill.flows.stated import stated
from git_bill.flows.writing import written
from git_bill.layout import RECEIPTS, expenses_file, receipt_file
from git_bill.money import Money
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.worklog.entry import short_hash
from git_bill.workspace import Workspace

BINARY = f"{RECEIPTS}/** -text"  # what git is told, so that a receipt stays as it came


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A file's own name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Expenses as they are now. `already`: nothing was written, for it was so before."""

    expenses: tuple[Listed, ...]
    already: bool
    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An expense that is to be recorded for a client. `named`: an id of the caller's own, for which it is once."""

    client: str
    expense: Expense
    receipt: Receipt | None = None
    named: str | None = None


def add_expense(books: Books, clock: Clock, wish: Wish, table: TravelTable, quotes: Quotes) -> Flow[Noted]:
    """Record it, with its receipt beside it.

    Stops (exit 1) at a receipt that is there already and at an id that is another one's, (exit 2) at a price that
    nobody knows and at an amount in another currency than the contract's.
    """

    def computed(state: Snapshot) -> tuple[Noted, Sequence[WriteFile]]:
        workspace = load.workspace(state)
        contracts = workspace.engagements[wish.client].contracts
        expense = _complete(wish, workspace, contracts, table, clock)
        contract = contract_for(expense, contracts)
        _refuse_currency(expense, contract or next(iter(contracts), None), quotes)
        known = load.expenses(state)
        expense_id = _id(wish, expense, known.get(wish.client, {}))
        there = known.get(wish.client, {}).get(expense_id)
        if there is not None:
            if _same(there, expense):
                return _noted(books, state, [expense_id], already=True), ()
            raise _repeated(expense_id, there)
        _refuse_twice(expense, known)
        file = stated(state, expenses_file(wish.client, f"{expense.day:%Y-%m}"), Expenses)
        before = file.value or Expenses()
        effects = renewed(file, replace(before, expenses={**before.expenses, expense_id: expense}))
        effects += tuple(_receipt(state, wish, expense))
        listed = Listed(id=expense_id, client=wish.client, expense=expense, contract=contract)
        problems = () if contract else (_astray(listed, contracts),)
        files = tuple(effect.path for effect in effects)
        return Noted(expenses=(listed,), already=False, files=files, problems=problems), effects

    return (yield from written(books, lambda _: f"add an expense of {wish.expense.day} for {wish.client}", computed))


def drop_expenses(books: Books, words: Iterable[str], because: str | None) -> Flow[Noted]:
    """Say that expenses are not billed, or with `because` None that they are after all.

    Stops (exit 1) where one is unknown or on an invoice.
    """
    words = tuple(words)

    def computed(state: Snapshot) -> tuple[Noted, Sequence[WriteFile]]:
        named = meant(expenses(books, state), words)
        on = [each for each in named if each.invoice is not None]
        if on:
            raise Stop(Exit.PROBLEMS, map(_invoiced, on))
        changed = [each for each in named if each.expense.dropped != because]
        effects: list[WriteFile] = []
        for path, some in _by_file(changed).items():
            file = stated(state, path, Expenses)
            before = file.value or Expenses()
            new = {each.id: replace(each.expense, dropped=because) for each in some}
            effects += renewed(file, replace(before, expenses={**before.expenses, **new}))
        now = tuple(replace(each, expense=replace(each.expense, dropped=because)) for each in named)
        problems = tuple(_drafted(each) for each in changed if each.draft is not None)
        files = tuple(effect.path for effect in effects)
        return Noted(expenses=now, already=not effects, files=files, problems=problems), effects

    verb = "take back" if because is None else "drop"
    return (yield from written(books, lambda _: f"{verb} {', '.join(words)}", computed))


def _complete(
    wish: Wish, workspace: Workspace, contracts: Sequence[Contract], table: TravelTable, clock: Clock
) -> Expense:
    """With when it was recorded, what a distance or a day is worth by law, and where its receipt lies."""
    expense, country = replace(wish.expense, at=clock.now()), workspace.settings.issuer.country
    if wish.receipt is not None:
        digest = hashlib.sha256(wish.receipt.content).hexdigest()
        path = receipt_file(wish.client, digest, wish.receipt.name)
        expense = replace(expense, receipt=path, receipt_hash=digest)
    if expense.amount is not None or expense.rate is not None:
        return expense
    terms = (contract_for(expense, contracts) or contracts[0]).expenses if contracts else None
    if expense.per_diem is not None:
        found = day_rate(table, country, expense.country or country, expense.per_diem, expense.day)
    elif expense.miles is not None:
        if terms is not None and terms.mile is not None:
            return expense
        found = distance_rate(table, country, "mile", expense.day)
    else:
        if terms is not None and terms.kilometre is not None:
            return expense
        found = distance_rate(table, country, "kilometre", expense.day)
    if isinstance(found, Problem):
        raise Stop(Exit.USAGE, [found])
    return replace(expense, rate=found.price, rate_source=found.source)


def _refuse_currency(expense: Expense, contract: Contract | None, quotes: Quotes) -> None:
    """Stops (exit 2) at an amount that is not in the contract's currency, with what it was worth on that day."""
    paid = expense.amount or expense.rate
    if paid is None or contract is None or paid.currency == contract.currency:
        return
    message = f"{paid} is not in the currency of contract {contract.id}, {contract.currency}"
    hint = in_currency(paid, contract.currency, expense, quotes, say="--expense ")
    raise stop(Exit.USAGE, "expense-currency", message, hint)


def in_currency(paid: Money, currency: str, expense: Expense, quotes: Quotes, *, say: str) -> str:
    """The hint to `say` an amount in a contract's currency, at the rate of the day where one is known."""
    quote = quotes(paid.currency, currency, expense.day)
    if isinstance(quote, Quote):
        worth = converted(paid, quote).rounded()
        return f'give what was charged to you, or by {quote}: {say}"{worth}"'
    return f'give what was charged to you, in {currency}: {say}"120.00 {currency}"'


def _id(wish: Wish, expense: Expense, known: Collection[str]) -> str:
    """Of two like expenses added at the same instant each has an id of its own."""
    if wish.named is not None:
        return "X-" + short_hash(f"named\x1f{wish.named}")
    facts = (wish.client, expense.by, str(expense.day), expense.text, expense.at.isoformat())
    ids = ("X-" + short_hash("\x1f".join((*facts, str(number)))) for number in range(len(known) + 1))
    return next(each for each in ids if each not in known)


def _same(one: Expense, other: Expense) -> bool:
    """Whether two are the same expense, recorded at different times."""
    return replace(one, at=other.at, dropped=other.dropped) == other


def _repeated(expense_id: str, there: Expense) -> Stop:
    message = f"{expense_id} is another expense already: {there.day}, {there.text}"
    return stop(
        Exit.PROBLEMS, "repeated-expense", message, f"give this one another --id, or: git bill drop {expense_id}"
    )


def _refuse_twice(expense: Expense, known: Mapping[str, Mapping[str, Expense]]) -> None:
    """Stops (exit 1) at a receipt that stands behind another expense, of whatever client."""
    for client, some in known.items():
        for expense_id, other in some.items():
            same = expense.receipt_hash is not None and other.receipt_hash == expense.receipt_hash
            if same and other.dropped is None:
                message = f"this receipt is there already: {expense_id} of {other.day} for {client}, {other.text}"
                hint = f'to record it anew, drop that one: git bill drop {expense_id} --because "…"'
                raise stop(Exit.PROBLEMS, "repeated-receipt", message, hint)


def _receipt(state: Snapshot, wish: Wish, expense: Expense) -> Iterable[WriteFile]:
    if wish.receipt is None or expense.receipt is None:
        return
    if state.read(expense.receipt) != wish.receipt.content:
        yield WriteFile(path=expense.receipt, content=wish.receipt.content)
    yield from (WriteFile(path=path, content=content) for path, content in with_attribute(state, BINARY).items())


def _noted(books: Books, state: Snapshot, ids: Iterable[str], *, already: bool) -> Noted:
    return Noted(expenses=meant(expenses(books, state), ids), already=already, files=())


def _by_file(listed: Iterable[Listed]) -> Mapping[str, Sequence[Listed]]:
    found: dict[str, list[Listed]] = {}
    for each in listed:
        found.setdefault(expenses_file(each.client, f"{each.expense.day:%Y-%m}"), []).append(each)
    return found


def _astray(listed: Listed, contracts: Iterable[Contract]) -> Problem:
    expense = listed.expense
    covering = [c.id for c in contracts if c.covers(expense.day)]
    why = f"{covering[0]} covers the day, but is for other projects" if covering else "no contract covers the day"
    return Problem(
        rule="expense-without-contract",
        severity="warning",
        message=f"nothing bills {listed.id}: {why}",
        hint="say what it is for: --project NAME"
        if covering
        else f"let a contract begin earlier: from = {expense.day}",
    )


def _invoiced(listed: Listed) -> Problem:
    return Problem(
        rule="billed-expense",
        message=f"{listed.id} is on {listed.invoice}, which never changes",
        hint="an issued invoice is never edited; it is corrected by a credit note that names it",
    )


def _drafted(listed: Listed) -> Problem:
    return Problem(
        rule="drafted-entry",
        severity="info",
        message=f"the draft {listed.draft} lists what you changed",
        hint="bring it up to date with: git bill draft",
    )
