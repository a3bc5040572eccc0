"""Explain an expense: what was paid, what the client is billed for it and where."""

from git_bill.flows import load
from git_bill.flows.lookup import Known
from git_bill.flows.spent import Listed, expenses, meant
from git_bill.invoice.expense_reasons import Spending, expense_reason
from git_bill.ports import Books
from git_bill.worklog.reason import Reason


def expense_named(books: Books, names: Known, word: str) -> Reason | None:
    """The reasons of `X-…`, None for another word. Stops (exit 1) where it names no expense, or several."""
    if not word.lower().startswith("x-"):
        return None
    (found,) = meant(expenses(books, names.here), [word])
    return expense_reason(_spending(names, found))


def _spending(names: Known, found: Listed) -> Spending:
    settings = load.workspace(names.here).settings
    people = {person.id: person.name for person in settings.contributors}
    by = found.expense.by
    number = names.numbers.get(found.invoice or "")
    waiting = names.drafts.get(found.draft or "")
    return Spending(
        id=found.id,
        expense=found.expense,
        by=people.get(by, by),
        contract=found.contract,
        recovers=settings.issuer.tax_scheme != "small-business",
        document=number.invoice if number else waiting.draft if waiting else None,
        name=found.invoice or found.draft or "",
    )
