"""Expenses on the command line: record one, and how they look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from git_bill.cli.entry_text import day_text
from git_bill.cli.expense_options import LARGEST, Spent
from git_bill.cli.output import Line, Report, Span, bold, dim, money, table
from git_bill.cli.session import Session
from git_bill.cli.values import rate
from git_bill.contract.expense import Expense
from git_bill.flows.expense import Noted, Receipt, Wish, add_expense
from git_bill.flows.spent import Listed
from git_bill.invoice.document.text import printable
from git_bill.money import Money, minor_units, round_half_up
from git_bill.problem import Exit, stop
from git_bill.worklog.query import short_ids

_EXAMPLE = 'git bill add --expense "120.00 EUR" "Train to Munich" -c acme'


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an expense shares with other things that are added. `named`: an id of the caller's own."""

    client: str
    day: date
    by: str
    text: str
    project: str
    ticket: str | None
    named: str | None


def added_expense(session: Session, spent: Spent, told: Told) -> Report:
    """Record an expense."""
    from git_bill.adapters.tables import travel_table
    from git_bill.cli.exchange import published

    text = printable(told.text)
    if not text:
        raise stop(Exit.USAGE, "usage", "nothing says what it was for", _EXAMPLE)
    contract = next((c for c in session.workspace.engagements[told.client].contracts if c.covers(told.day)), None)
    currency = contract.currency if contract else "EUR"
    home = session.workspace.settings.issuer.country
    expense = Expense(
        day=told.day,
        by=told.by,
        at=session.clock.now(),
        text=text,
        amount=_paid(spent.amount, currency),
        tax=spent.tax or Decimal(0),
        kilometres=spent.km,
        miles=spent.miles,
        per_diem=cast("Literal['full', 'part'] | None", spent.per_diem),
        country=(spent.country or home) if spent.per_diem else None,
        rate=_amount(spent.rate, currency),
        rate_source="as agreed" if spent.rate else "",
        pass_through=spent.pass_through,
        agreed=printable(spent.agreed) if spent.agreed else None,
        project=told.project,
        ticket=told.ticket,
    )
    receipt = _receipt(session.start / spent.receipt.expanduser()) if spent.receipt else None
    full = Wish(client=told.client, expense=expense, receipt=receipt, named=told.named)
    noted = session.run(add_expense(session.books, session.clock, full, travel_table(), published()))
    return report(noted, "Added", session.today)


def report(noted: Noted, did: str, today: date) -> Report:
    """What became of expenses."""
    head = f"{did} before; nothing to do" if noted.already else f"{did} {', '.join(e.id for e in noted.expenses)}"
    lines: list[Line] = [bold(head), *table([_cells(e, e.id, today) for e in noted.expenses], align="llr")]
    return Report(
        data={
            "id": noted.expenses[0].id if noted.expenses else None,
            "expenses": [data(each) for each in noted.expenses],
            "already": noted.already,
            "files": list(noted.files),
        },
        text=lines,
        problems=noted.problems,
    )


def listing(found: Sequence[Listed], today: date) -> list[Line]:
    """Expenses by day."""
    several = len({each.client for each in found}) > 1
    head = ("expenses", "", "", *(["client"] if several else []), "what for", "")
    names = short_ids(each.id for each in found)
    rows = [_cells(each, names[each.id], today, client=several) for each in found]
    return table(rows, head=head, align="llr" + "l" * (len(head) - 3))


def data(each: Listed) -> dict[str, Any]:
    """An expense as JSON."""
    expense = each.expense
    return {
        "id": each.id,
        "client": each.client,
        "day": expense.day,
        "by": expense.by,
        "text": expense.text,
        "amount": expense.amount,
        "tax": expense.tax,
        "kilometres": expense.kilometres,
        "miles": expense.miles,
        "per_diem": expense.per_diem,
        "country": expense.country,
        "rate": expense.rate,
        "pass_through": expense.pass_through,
        "project": expense.project,
        "ticket": expense.ticket,
        "receipt": expense.receipt,
        "dropped": expense.dropped,
        "contract": each.contract.id if each.contract else None,
        "invoice": each.invoice,
        "draft": each.draft,
    }


def worth(expense: Expense) -> str:
    """`120.00 EUR`, `84 km`, `full day in AT`."""
    if expense.amount is not None:
        return money(expense.amount)
    if expense.per_diem is not None:
        return f"{expense.per_diem} day in {expense.country}"
    if expense.miles is not None:
        return f"{expense.miles.normalize():f} miles"
    return f"{expense.kilometres or 0:f} km"


def _cells(each: Listed, name: str, today: date, *, client: bool = False) -> list[str | Span]:
    expense = each.expense
    facts = [each.client] if client else []
    return [
        f"  {name}",
        day_text(expense.day, today),
        worth(expense),
        *facts,
        expense.text,
        dim(", ".join(_state(each))),
    ]


def _state(each: Listed) -> Iterable[str]:
    if each.expense.dropped is not None:
        yield f"dropped: {each.expense.dropped}"
    if each.invoice or each.draft:
        yield each.invoice or each.draft or ""
    if each.expense.receipt is None and each.expense.amount is not None:
        yield "no receipt"


def _amount(text: str | None, currency: str) -> Money | None:
    if text is None:
        return None
    try:
        return rate(text, currency)
    except ValueError as error:
        raise stop(Exit.USAGE, "usage", str(error).replace("the rate ", ""), _EXAMPLE) from None


def _paid(text: str | None, currency: str) -> Money | None:
    """What was paid. Stops (exit 2) at more decimals than its currency has: nobody pays a tenth of a cent."""
    found = _amount(text, currency)
    if found is not None and round_half_up(found.amount, minor_units(found.currency)) != found.amount:
        message = f"{text!r} has more decimals than {found.currency} has ({minor_units(found.currency)})"
        raise stop(Exit.USAGE, "usage", message, f'write it like --expense "{found.rounded()}"')
    return found


def _receipt(path: Path) -> Receipt:
    """A receipt's bytes. Stops (exit 2) at what is no regular file of at most 20 MB."""
    from git_bill.adapters.regular_file import MEGABYTE, content

    hint = "name the file of the receipt itself: --receipt ~/Downloads/train.pdf"
    if path.is_symlink():
        raise stop(Exit.USAGE, "no-receipt", f"{path.name} is a link to another file", hint)
    try:
        found = content(path, LARGEST * MEGABYTE)
    except OSError as error:
        raise stop(Exit.USAGE, "no-receipt", f"{path.name} can't be kept: {error.strerror}", hint) from None
    if not found:
        raise stop(Exit.USAGE, "no-receipt", f"{path.name} is empty", hint)
    return Receipt(name=path.name, content=found)
