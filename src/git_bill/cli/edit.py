"""`git bill edit`: change the time or the facts of entries."""

from datetime import date
from typing import Any

import click

from git_bill.cli.corrected import report
from git_bill.cli.entries import because_option, chosen, facts_options, query, query_options, reason
from git_bill.cli.entry_values import minutes
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.cli.values import checked
from git_bill.flows.corrections import Facts, edit
from git_bill.flows.overrule import commits_named, count
from git_bill.period import parse_day
from git_bill.problem import Exit, stop


@click.command("edit")
@click.argument("entries", metavar="[ENTRY]...", nargs=-1)
@click.option("-m", "--minutes", metavar="TIME", callback=checked(minutes), help="Time worked, like 45m or 1h30m.")
@click.option("--day", metavar="DAY", help="Day of the work, like 2026-10-05, yesterday or mon.")
@click.option("--text", metavar="TEXT", help="What was done.")
@facts_options
@query_options(day="--of-day", ticket="--of-ticket", project="--of-project")
@because_option
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    /,
    entries: tuple[str, ...],
    minutes: int | None,
    day: str | None,
    text: str | None,
    because: str,
    **given: Any,
) -> Report:
    """Change the time or the facts of entries. What you set stays, whatever is collected later.

    An entry is named by its id or any unique beginning of it, or by what it has in common with others (--client,
    --period, --of-day, --of-ticket). Time that you set is confirmed by that. `--ticket ""` removes the ticket.

    A commit that adds nothing, as `git bill explain` tells of it, is named by its id: with --minutes it gets an entry.

    \b
    git bill edit W-k3v9 --minutes 45m --because "lunch was longer"
    git bill edit W-k3v9 W-m2x7 --ticket WEB-6 --because "wrong branch name"
    git bill edit 3f2a9c1d --minutes 1h --because "written again from nothing"
    git bill edit --of-ticket WEB-5 --period 2026-10 --activity review --because "it was a review"
    """
    of = {name: value for name, value in given.items() if name.startswith("of_")}
    told = {name: value for name, value in given.items() if name not in of}
    facts = Facts(minutes=minutes, day=_day(session, day), text=text, start=told.pop("at"), **told)
    if facts == Facts():
        raise stop(Exit.USAGE, "usage", "nothing is to be changed", "say what: git bill edit W-k3v9 --minutes 45m")
    if commits := commits_named(session.state, entries):
        why = reason(session, because)
        result = session.run(count(session.books, session.clock, commits, facts, by=session.person, because=why))
        return report(session, result, "Counted", [made.entry for _, _, made in result.edits])
    _, found = chosen(session, entries, query(session, **of))
    ids = [item.id for item in found]
    why = reason(session, because)
    result = session.run(edit(session.books, session.clock, ids, facts, by=session.person, because=why))
    past = any(made.do == "add" for _, _, made in result.edits)
    return report(session, result, "Changed, apart at midnight" if past else "Changed", ids)


def _day(session: Session, text: str | None) -> date | None:
    try:
        return None if text is None else parse_day(text, session.today)
    except ValueError as error:
        raise stop(Exit.USAGE, "usage", str(error)) from None
