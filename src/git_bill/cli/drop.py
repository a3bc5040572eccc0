"""`git bill drop`: say that an entry was no work, or that an expense is not billed."""

from typing import Any

import click

from git_bill.cli.corrected import report
from git_bill.cli.entries import because_option, chosen, query, query_options, reason
from git_bill.cli.expense import report as expense_report
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.corrections import drop
from git_bill.flows.expense import drop_expenses
from git_bill.problem import Exit, stop


@click.command("drop")
@click.argument("entries", metavar="[ENTRY]...", nargs=-1)
@query_options()
@because_option
@click.option("--undo", is_flag=True, help="With expenses: they are billed after all.")
@common
def command(session: Session, /, entries: tuple[str, ...], because: str, *, undo: bool, **of: Any) -> Report:
    """Say that entries were no work to be billed. They stay in the manifest without minutes.

    With ids of expenses (X-…) it says that these are not billed.

    An entry is named by its id or any unique beginning of it, or by what it has in common with others.
    `git bill edit W-… --minutes 45m` takes a dropped entry back.

    \b
    git bill drop W-k3v9 --because "private"
    git bill drop --day 2026-10-05 --ticket WEB-5 --because "fixed my own mistake"
    git bill drop X-a2b4 --because "paid by the client"
    git bill drop X-a2b4 --undo
    """
    expenses = [word for word in entries if word.upper().startswith("X-")]
    if expenses or undo:
        if len(expenses) < max(1, len(entries)):
            raise stop(Exit.USAGE, "usage", "expenses are named by their ids", "git bill drop X-a2b4 --undo")
        told = None if undo else reason(session, because)
        noted = session.run(drop_expenses(session.books, expenses, told))
        return expense_report(noted, "Took back" if undo else "Dropped", session.today)
    _, found = chosen(session, entries, query(session, **of))
    ids = [item.id for item in found]
    why = reason(session, because)
    result = session.run(drop(session.books, session.clock, ids, by=session.person, because=why))
    return report(session, result, "Dropped", ids)
