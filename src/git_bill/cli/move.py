"""`git bill move`: give entries to another client."""

from typing import Any

import click

from git_bill.cli.corrected import report
from git_bill.cli.entries import because_option, chosen, known_client, query, query_options, reason
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.corrections import move
from git_bill.problem import Exit, stop


@click.command("move")
@click.argument("entries", metavar="[ENTRY]...", nargs=-1)
@click.option("--to", metavar="NAME", help="The client that they move to.")
@click.option("--to-project", metavar="NAME", help="Its project. [its only one]")
@query_options()
@because_option
@common
def command(
    session: Session, /, entries: tuple[str, ...], to: str | None, to_project: str | None, because: str, **of: Any
) -> Report:
    """Give entries to another client: the work was theirs. With ids, --client says the same as --to.

    \b
    git bill move W-k3v9 --client globex --because "shared library, fixed for globex"
    git bill move --client acme --day 2026-10-05 --to globex --because "wrong clone"
    """
    if to is None and entries and of["of_client"] is not None:
        to = of.pop("of_client")
    if to is None:
        raise stop(
            Exit.USAGE, "usage", "no client is named that they move to", "like: git bill move W-k3v9 --to globex"
        )
    client = known_client(session, to)
    _, found = chosen(session, entries, query(session, **of))
    ids = [item.id for item in found]
    why = reason(session, because)
    flow = move(session.books, session.clock, ids, client, by=session.person, because=why, project=to_project)
    return report(session, session.run(flow), f"Moved to {client}", ids)
