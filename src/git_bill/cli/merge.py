"""`git bill merge`: make one entry of several."""

from typing import Any

import click

from git_bill.cli.corrected import report
from git_bill.cli.entries import because_option, chosen, query, query_options, reason
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.corrections import merge
from git_bill.problem import Exit, Stop
from git_bill.worklog.query import named


@click.command("merge")
@click.argument("entries", metavar="[ENTRY]...", nargs=-1)
@click.option("--into", metavar="ENTRY", help="The one that stays. [the first]")
@query_options()
@because_option
@common
def command(session: Session, /, entries: tuple[str, ...], into: str | None, because: str, **of: Any) -> Report:
    """Make one entry of several of the same client, person and day. The first one stays and gets their time.

    \b
    git bill merge W-k3v9 W-m2x7 --because "one piece of work"
    git bill merge --day mon --ticket WEB-5 --because "one piece of work"
    """
    view, found = chosen(session, entries, query(session, **of))
    target = found[0]
    if into is not None:
        named_, problems = named([into], tuple(view.worked.values()))
        if problems:
            raise Stop(Exit.PROBLEMS, problems)
        (target,) = named_
    ids = tuple(dict.fromkeys((target.id, *(item.id for item in found))))
    why = reason(session, because)
    flow = merge(session.books, session.clock, ids, target.id, by=session.person, because=why)
    return report(session, session.run(flow), "Merged", ids)
