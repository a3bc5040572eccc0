"""`git bill split`: make several entries of one."""

import click

from git_bill.cli.corrected import report
from git_bill.cli.entries import because_option, chosen, reason
from git_bill.cli.entry_values import minutes
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.corrections import Share, split
from git_bill.period import parse_duration
from git_bill.problem import Exit, stop
from git_bill.worklog.query import ANY

REST = "rest"
_EXAMPLE = 'git bill split W-k3v9 30m "login" rest "search"'


@click.command("split")
@click.argument("entry")
@click.argument("parts", metavar="TIME TEXT [TIME TEXT]...", nargs=-1, required=True)
@because_option
@common
def command(session: Session, entry: str, parts: tuple[str, ...], because: str) -> Report:
    """Make several entries of one. Each part is a time and what was done in it; `rest` is what is left.

    Time that no part takes stays as a last part with the entry's own text. The parts are confirmed by that.

    \b
    git bill split W-k3v9 30m "login" rest "search" --because "two things at once"
    git bill split W-k3v9 1h "review" 15m "call" --because "two things at once"
    """
    asked = shares(parts)
    _, found = chosen(session, [entry], ANY)
    why = reason(session, because)
    flow = split(session.books, session.clock, found[0].id, asked, by=session.person, because=why)
    return report(session, session.run(flow), "Split", [found[0].id])


def shares(words: tuple[str, ...]) -> tuple[Share, ...]:
    """`30m "login" rest "search"` → shares; a part without text keeps the entry's own. Stops (exit 2) otherwise."""
    found: list[Share] = []
    left = list(words)
    while left:
        time = _time(left.pop(0))
        text = left.pop(0) if left and not _is_time(left[0]) else None
        found.append(Share(minutes=time, text=text))
    if [share.minutes for share in found].count(None) > 1:
        raise stop(Exit.USAGE, "usage", "`rest` is there twice", _EXAMPLE)
    return tuple(found)


def _time(word: str) -> int | None:
    """Minutes, None for the rest."""
    try:
        return None if word == REST else minutes(word)
    except ValueError as error:
        raise stop(Exit.USAGE, "usage", str(error), _EXAMPLE) from None


def _is_time(word: str) -> bool:
    try:
        parse_duration(word)
    except ValueError:
        return word == REST
    return True
