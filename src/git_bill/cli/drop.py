"""`git bill drop`: say that an entry was no work."""

from typing import Any

import click

from git_bill.cli.corrected import report
from git_bill.cli.entries import because_option, chosen, query, query_options, reason
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.corrections import drop


@click.command("drop")
@click.argument("entries", metavar="[ENTRY]...", nargs=-1)
@query_options()
@because_option
@common
def command(session: Session, /, entries: tuple[str, ...], because: str, **of: Any) -> Report:
    """Say that entries were no work to be billed. They stay in the manifest without minutes.

    An entry is named by its id or any unique beginning of it, or by what it has in common with others.
    `git bill edit W-… --minutes 45m` takes a dropped entry back.

    \b
    git bill drop W-k3v9 --because "private"
    git bill drop --day 2026-10-05 --ticket WEB-5 --because "fixed my own mistake"
    """
    _, found = chosen(session, entries, query(session, **of))
    ids = [item.id for item in found]
    why = reason(session, because)
    result = session.run(drop(session.books, session.clock, ids, by=session.person, because=why))
    return report(session, result, "Dropped", ids)
