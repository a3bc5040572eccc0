"""`git bill split`: make several entries of one."""

import click

from git_bill.cli.corrected import report
from git_bill.cli.entries import because_option, chosen, reason
from git_bill.cli.entry_values import minutes
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.corrections import Share, split
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
    """`30m login rest search` → shares: each time begins one, the words up to the next are its text.

    Stops (exit 2) where the first word is no time, or `rest` is there twice.
    """
    found: list[tuple[int | None, list[str]]] = []
    for word in words:
        time = _time(word)
        if time is not None:
            found.append((time or None, []))
        elif not found:
            raise stop(Exit.USAGE, "usage", f"{word!r} is not a time; a part begins with one", _EXAMPLE)
        else:
            found[-1][1].append(word)
    if sum(time is None for time, _ in found) > 1:
        raise stop(Exit.USAGE, "usage", "`rest` is there twice", _EXAMPLE)
    return tuple(Share(minutes=time, text=" ".join(text) or None) for time, text in found)


def _time(word: str) -> int | None:
    """Minutes; 0 for the rest; None for a word that is no time."""
    if word.lower() == REST:
        return 0
    try:
        return minutes(word) if word[:1].isdigit() and not word.isdecimal() else None
    except ValueError:
        return None
