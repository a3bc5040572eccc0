"""How a command is told which entries are meant and why it corrects them: arguments shared by several commands."""

import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from git_bill.cli import ask
from git_bill.cli.entry_text import about_text, day_text, time_text
from git_bill.cli.entry_values import ACTIVITIES, activity, clock
from git_bill.cli.output import print_line, table
from git_bill.cli.session import Session
from git_bill.cli.values import checked
from git_bill.flows.overview import Overview, overview
from git_bill.period import Period, format_duration, parse_day, parse_period
from git_bill.problem import Exit, Problem, Stop, nearest, stop
from git_bill.worklog.assignment import INTERNAL
from git_bill.worklog.entry import Worked
from git_bill.worklog.query import Query, named, short_ids
from git_bill.workspace import unknown_client

F = TypeVar("F", bound=Callable[..., Any])


def because_option(function: F) -> F:
    """`--because`, which `reason` completes."""
    return click.option("-b", "--because", default="", metavar="TEXT", help="The reason, which is kept.")(function)


def facts_options(function: F) -> F:
    """The facts of an entry that a person may state, beside its time."""
    options = (
        click.option("--ticket", metavar="ID", help="Ticket, like WEB-5."),
        click.option("--activity", metavar="NAME", callback=checked(activity), help=", ".join(ACTIVITIES) + "."),
        click.option("--project", metavar="NAME", help="Project of the client."),
        click.option("--at", metavar="TIME", callback=checked(clock), help="When it began, like 14:00."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def query_options(**names: str) -> Callable[[F], F]:
    """Options that select entries by what they have in common. `names`: another option's name for one of them."""
    words = {
        "client": "NAME",
        "period": "PERIOD",
        "day": "DAY",
        "by": "NAME",
        "ticket": "ID",
        "project": "NAME",
    }
    meant = {
        "client": "of this client",
        "period": "of 2026-10, last-month, this-month, 2026-Q4 or A..B",
        "day": "of this day, like 2026-10-05, yesterday or mon",
        "by": "of this contributor",
        "ticket": "of this ticket",
        "project": "of this project",
    }
    short = {"client": ("-c",), "period": ("-p",)}

    def decorate(function: F) -> F:
        for name in reversed(words):
            option = names.get(name, f"--{name}")
            flags = (*short.get(name, ()), option) if option == f"--{name}" else (option,)
            function = click.option(*flags, f"of_{name}", metavar=words[name], help=f"Entries {meant[name]}.")(function)
        return function

    return decorate


def query(
    session: Session,
    *,
    of_client: str | None = None,
    of_period: str | None = None,
    of_day: str | None = None,
    of_by: str | None = None,
    of_ticket: str | None = None,
    of_project: str | None = None,
) -> Query:
    """What the query options say. Stops (exit 1) at a client or contributor that there is not, (exit 2) at a period."""
    if of_day is not None and of_period is not None:
        raise stop(Exit.USAGE, "usage", "a day and a period are given", "leave one of them out")
    return Query(
        client=None if of_client is None else known_client(session, of_client),
        period=_period(session, of_period, of_day),
        by=None if of_by is None else known_contributor(session, of_by),
        ticket=of_ticket,
        project=of_project,
    )


def known_client(session: Session, name: str) -> str:
    """The id of a client. Stops (exit 1) where there is none, with the nearest."""
    clients = session.workspace.engagements
    if name in clients or name == INTERNAL:
        return name
    raise Stop(Exit.PROBLEMS, [unknown_client(name, clients)])


def known_contributor(session: Session, name: str) -> str:
    """The id of a contributor. Stops (exit 1) where there is none, with the nearest."""
    people = [person.id for person in session.workspace.settings.contributors]
    if name in people:
        return name
    near = nearest(name, people)
    raise stop(
        Exit.PROBLEMS,
        "unknown-contributor",
        f"there is no contributor {name!r} (known: {', '.join(sorted(people)) or 'none yet'})",
        f"did you mean {near}?" if near else "list them in billing/billing.toml",
    )


def chosen(session: Session, words: Iterable[str], asked: Query) -> tuple[Overview, tuple[Worked, ...]]:
    """The entries that ids name, or else those of a query which no invoice lists, shown before they are changed.

    Stops (exit 1) where an id names none or several, or nothing fits; (exit 2) where neither is given.
    """
    words = tuple(words)
    if bool(words) == (asked != Query()):
        both = "ids and a query are given" if words else "no entries are named"
        raise stop(Exit.USAGE, "usage", both, "name them, like W-k3v9, or say what they have in common: see -h")
    view = overview(session.books, session.state)
    if words:
        found, problems = named(words, tuple(view.worked.values()))
        if problems:
            raise Stop(Exit.PROBLEMS, problems)
        return view, found
    there = (item for item in view.worked.values() if item.entry.state != "dropped")
    fitting = [item for item in there if asked.fits(item.client, item.entry)]
    free = tuple(item for item in fitting if item.id not in view.invoiced)
    if len(free) < len(fitting):
        session.warn(_left(len(fitting) - len(free)))
    if not free:
        raise stop(Exit.PROBLEMS, "no-entry", "no entry fits", "see what there is with: git bill log")
    _agree(session, view, free)
    return view, free


def reason(session: Session, because: str) -> str:
    """The reason of a correction, asked for on a terminal. Stops (exit 2) where there is none."""
    if because.strip():
        return because.strip()
    if session.interactive:
        return ask.text("Why?", check=lambda answer: None if answer else "a few words that you will understand later")
    raise stop(Exit.USAGE, "no-reason", "a correction needs its reason", 'add it: --because "the call was longer"')


def _agree(session: Session, view: Overview, found: tuple[Worked, ...]) -> None:
    """On a terminal a query is shown what it found, and asked about, before anything is changed."""
    if not session.interactive:
        return
    names = short_ids(view.worked)
    total = format_duration(sum(item.entry.minutes for item in found))
    rows = [
        (names[item.id], day_text(item.entry.day, session.today), time_text(item.entry), about_text(item.entry))
        for item in found
    ]
    for line in table(rows, align="llr", indent=2):
        print_line(session.secrets.line(line), sys.stderr)
    if not ask.confirm(f"These {len(found)} entries, {total}?" if len(found) > 1 else "This entry?"):
        raise stop(Exit.DONE, "not-agreed", "nothing was changed", "name the entries that you mean by their ids")


def _period(session: Session, period: str | None, day: str | None) -> Period | None:
    try:
        if day is not None:
            date = parse_day(day, session.today)
            return Period(date, date)
        return None if period is None else parse_period(period, session.today)
    except ValueError as error:
        raise stop(Exit.USAGE, "usage", str(error)) from None


def _left(count: int) -> Problem:
    return Problem(
        rule="billed-entry",
        severity="warning",
        message=f"left as it is, on an issued invoice: {count} more {'entry' if count == 1 else 'entries'}",
        hint="an issued invoice is corrected by a credit note",
    )
