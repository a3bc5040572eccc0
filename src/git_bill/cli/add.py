"""`git bill add`: record time that left no commit, expenses and usage."""

from datetime import date
from typing import Any

import click

from git_bill.adapters.git.clone import repository_top
from git_bill.cli.corrected import report
from git_bill.cli.entries import facts_options, known_client, known_contributor
from git_bill.cli.entry_values import minutes
from git_bill.cli.expense_options import Spent, expense_options, taken
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.cli.values import checked
from git_bill.flows.adding import Work, add, only_project
from git_bill.flows.checklist import counted
from git_bill.flows.days_off import set_off
from git_bill.layout import SETTINGS
from git_bill.period import parse_day, parse_period
from git_bill.problem import Exit, Problem, stop
from git_bill.workspace import Contributor, Source

_EXAMPLE = 'git bill add 45m "call about checkout" -c acme'


@click.command("add")
@click.argument("words", metavar="TIME [TEXT]...", nargs=-1)
@click.option("-c", "--client", metavar="NAME", help="For whom. [the client of this clone, or the only one]")
@click.option("--on", "--date", "--day", "on", metavar="DAY", help="Like yesterday, mon or 2026-10-05. [today]")
@click.option("-m", "--minutes", metavar="TIME", callback=checked(minutes), help="The time, where TIME is left out.")
@click.option("--description", "--text", "description", metavar="TEXT", help="What was done, where TEXT is left out.")
@facts_options
@click.option("--by", metavar="NAME", help="Who worked. [you]")
@expense_options
@click.option("--off", metavar="DAYS", help="Days without work, like 2026-11-06 or 2026-11-06..2026-11-08.")
@click.option("--because", metavar="TEXT", default="", help="With --off: why, like ill.")
@click.option("--undo", is_flag=True, help="With --off: they were worked on after all.")
@click.option("--id", "named", metavar="ID", help="A name of your own: under it the same work is added once.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    /,
    words: tuple[str, ...],
    client: str | None,
    on: str | None,
    by: str | None,
    named: str | None,
    off: str | None,
    because: str,
    undo: bool,
    **given: Any,
) -> Report:
    """Record time that left no commit: a call, a meeting, a day at a client's desk. It is confirmed by that.

    With --off it says instead that you do not work on some days: work on them is flagged. With --expense, --km, --miles
    or --per-diem it records an expense for the client, with --usage what was used of a meter of the contract.

    A time without --at takes part in the day's sum; with it, it holds these minutes, and no other entry gets them.
    What runs past midnight is an entry of the next day.

    \b
    git bill add 45m "call about checkout" -c acme
    git bill add 1h30m "workshop" --on mon --at 14:00 --ticket WEB-5 --activity meeting
    git bill add --off 2026-11-06..2026-11-08 --because ill
    git bill add --expense "120.00 EUR" --tax 19 --receipt train.pdf "Train to Munich" -c acme
    git bill add --km 84 "Drive to Augsburg and back" -c acme --on mon
    git bill add --usage requests=12500 -c acme --on 2026-10-31
    git bill add --client acme --date 2026-10-05 --minutes 600 --activity development --description "migration"
    """
    if off is not None:
        if words:
            raise click.UsageError("--off takes days, no time and no text")
        return _off(session, off, by, because, undo=undo)
    if because or undo:
        raise click.UsageError("--because and --undo go with --off")
    spent, used = taken(given), given.pop("usage")
    if spent.is_one or used:
        return _beside_time(session, words, spent, used, whose=(client, on, by), named=named, **given)
    time, text = _time_and_text(words, given.pop("minutes"), given.pop("description"))
    if not (text or given["ticket"] or given["activity"]):
        raise stop(Exit.USAGE, "usage", "nothing says what was done", _EXAMPLE)
    whom, worker, day, project = _whose(session, client, on, by, given.pop("project"))
    work = Work(
        client=whom, worker=worker, day=day, minutes=time, text=text, start=given.pop("at"), project=project, **given
    )
    added = session.run(add(session.books, session.clock, work, by=session.person, named=named))
    did = f"Added {' and '.join(added.entries)}" + (", apart at midnight" if added.entries[1:] else "")
    return report(session, added.corrected, did, added.entries, id=added.entry)


def _whose(
    session: Session, client: str | None, on: str | None, by: str | None, project: str | None
) -> tuple[str, str, date, str | None]:
    """The client, the contributor, the day and the project, as they are named or as they are meant here."""
    source = _source_here(session)
    whom, worker = _client(session, client, source), _worker(session, by)
    today = session.clock.today(worker.timezone)
    day = _day(on, today)
    if day > today:
        session.warn(_future(day, today))
    if project is None:
        own = source is not None and source.client == whom
        project = source.project if own and source is not None else only_project(session.workspace, whom)
    return whom, worker.id, day, project or None


def _beside_time(
    session: Session,
    words: tuple[str, ...],
    spent: Spent,
    used: tuple[str, ...],
    *,
    whose: tuple[str | None, str | None, str | None],
    named: str | None,
    **given: Any,
) -> Report:
    """An expense, or usage. `whose`: client, day and contributor as they were named."""
    from git_bill.cli.expense import Told, added_expense
    from git_bill.cli.usage import added_usage

    wrong = [name for name in ("minutes", "activity", "at") if given[name] is not None]
    if wrong or (spent.is_one and used):
        raise click.UsageError(f"an expense and usage have no --{wrong[0]}" if wrong else "add one after the other")
    whom, worker, day, project = _whose(session, *whose, given["project"])
    if whom not in session.workspace.engagements:
        raise stop(Exit.USAGE, "usage", f"{whom} pays nothing", "say who does: -c acme")
    text = given["description"] or " ".join(words)
    if used:
        if text:
            raise click.UsageError("usage has no text")
        return added_usage(session, whom, day, used, by=worker)
    told = Told(client=whom, day=day, by=worker, text=text, project=project or "", ticket=given["ticket"], named=named)
    return added_expense(session, spent, told)


def _off(session: Session, days: str, by: str | None, because: str, *, undo: bool) -> Report:
    """Days without work, and what was worked on them all the same."""
    person = _worker(session, by)
    try:
        period = parse_period(days, session.clock.today(person.timezone))
    except ValueError as error:
        raise stop(Exit.USAGE, "usage", str(error), "git bill add --off 2026-11-06..2026-11-08") from None
    told = session.run(
        set_off(session.books, session.clock, person, period, actor=session.actor, because=because, off=not undo)
    )
    what = ("is" if told.days == 1 else "are") + (" worked on" if undo else " off")
    of = period if told.days == 1 and period.first == period.last else f"{counted(told.days, 'day')} of {period}"
    text = [f"{of} {what} now." if told.days else f"{period}: nothing to do"]
    if told.worked:
        text.append(f"Worked on them all the same: {', '.join(told.worked)}")
    return Report(data={"days": told.days, "worked": list(told.worked), "files": list(told.files)}, text=tuple(text))


def _time_and_text(words: tuple[str, ...], time: int | None, text: str | None) -> tuple[int, str]:
    """Time and text as arguments, or as options. Stops (exit 2) where one is missing, wrong or there twice."""
    left = list(words)
    if time is None:
        if not left:
            raise stop(Exit.USAGE, "usage", "no time is given", _EXAMPLE)
        try:
            time = minutes(left.pop(0))
        except ValueError as error:
            raise stop(Exit.USAGE, "usage", str(error), _EXAMPLE) from None
    if text is not None and left:
        raise stop(Exit.USAGE, "usage", f"two texts are given: {text!r} and {' '.join(left)!r}", _EXAMPLE)
    return time, (text if text is not None else " ".join(left)).strip()


def _source_here(session: Session) -> Source | None:
    """The source whose clone the command was started in."""
    top = repository_top(session.start)
    for source in session.workspace.settings.sources:
        if (
            top is not None
            and source.url != "."
            and session.books.configured(f"bill.source.{source.name}.path") == str(top)
        ):
            return source
    return None


def _client(session: Session, asked: str | None, source: Source | None) -> str:
    """The client that is named, that the clone here is for, or that is the only one. Stops (exit 2) at none."""
    if asked is not None:
        return known_client(session, asked)
    clients = sorted(session.workspace.engagements)
    if source is not None or len(clients) == 1:
        return source.client if source is not None else clients[0]
    known = f"there are {' and '.join(clients)}" if clients else "there is none yet"
    hint = f"say for whom: -c {clients[0]}" if clients else 'git bill client add "Acme GmbH"'
    raise stop(Exit.USAGE, "which-client", f"no client is named; {known}", hint)


def _worker(session: Session, asked: str | None) -> Contributor:
    """Who is named, who calls, or the only one there is. Stops (exit 2) at none."""
    people = session.workspace.settings.contributors
    if asked is not None:
        known = known_contributor(session, asked)
        return next(person for person in people if person.id == known)
    if session.caller is not None:
        return session.caller
    if len(people) == 1:
        return people[0]
    if people:
        raise stop(Exit.USAGE, "which-contributor", "who worked?", f"say it: --by {people[0].id}")
    raise stop(
        Exit.SETTINGS,
        "no-contributor",
        "nobody is listed who works",
        '[[contributors]]\nid = "mira"\nname = "Mira Kovac"\nemails = ["mira@example.net"]\ntimezone = "Europe/Berlin"',
        SETTINGS,
    )


def _day(text: str | None, today: date) -> date:
    try:
        return today if text is None else parse_day(text, today)
    except ValueError as error:
        raise stop(Exit.USAGE, "usage", str(error), _EXAMPLE) from None


def _future(day: date, today: date) -> Problem:
    return Problem(
        rule="future-day",
        severity="warning",
        message=f"{day} is after today, {today}",
        hint=f'if that is a slip: git bill edit W-… --day {today} --because "wrong date"',
    )
