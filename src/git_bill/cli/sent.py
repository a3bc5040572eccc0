"""`git bill sent`: record how a document was delivered, or that it came back."""

from datetime import date
from pathlib import Path
from typing import cast

import click

from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.cli.options import common
from git_bill.cli.output import Report, bold
from git_bill.cli.session import Session
from git_bill.cli.values import checked, day
from git_bill.flows.sent import Via, Word, arrived, bounced, of_message
from git_bill.problem import Exit, stop

_WAYS = ("portal", "post", "mail")


@click.command("sent")
@click.argument("number", required=False)
@click.option("--via", type=click.Choice(_WAYS), help="How it was delivered.")
@click.option("--on", metavar="DATE", callback=checked(day), help="The day of it. Default: today.")
@click.option(
    "--ref", default="", metavar="TEXT", help="What the other side calls it: an upload's or a letter's number."
)
@click.option("--bounced", "back", is_flag=True, help="The mail came back.")
@click.option("--eml", "file", type=click.Path(path_type=Path), metavar="FILE", help="The message that says so.")
@click.option("--because", default="", metavar="TEXT", help="Why it came back, without a message.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    number: str | None,
    via: str | None,
    on: date | None,
    ref: str,
    back: bool,
    file: Path | None,
    because: str,
) -> Report:
    """Record that NUMBER was delivered by a portal, by post or by your own mail program; or that its mail came back.

    Before a delivery is recorded nobody is reminded of an invoice. Where git bill send could not tell whether a mail
    left, --via mail says that it did. With --bounced, the message that came back (RFC 3464) says why and, by its
    Message-ID, which document it was.

    \b
    git bill sent INV-2026-0032 --via portal --ref 4711-2026
    git bill sent INV-2026-0032 --via post --on 2026-11-03
    git bill sent --bounced --eml returned.eml
    git bill sent INV-2026-0032 --bounced --because "the mailbox is closed"
    """
    if back:
        return _bounced(session, number, file, because)
    if number is None or via is None or file is not None or because:
        hint = "git bill sent INV-2026-0032 --via portal, or git bill sent --bounced --eml FILE"
        raise stop(Exit.USAGE, "usage", "say which document, and how it was delivered", hint)
    word = Word(via=cast("Via", via), on=_day(session, on), ref=ref)
    new = session.run(arrived(session.books, session.clock, number, word, by=session.person))
    data = {"number": number, "via": via, "on": word.on, "ref": ref, "new": new}
    told = f"  by {via} on {word.on}{f', {ref}' if ref else ''}{'' if new else ', as recorded before'}"
    return Report(data=data, text=((bold(f"{number} delivered"), told),))


def _bounced(session: Session, number: str | None, file: Path | None, because: str) -> Report:
    copy: int | None = None
    if file is not None:
        from git_bill.adapters.bounce import read_bounce

        try:
            bounce = read_bounce(content(session.start / file, 64 * MEGABYTE), file.name)
        except OSError as error:
            raise stop(Exit.USAGE, "no-file", f"{file} can't be read: {error.strerror}", "name a file") from None
        meant = of_message(session.books, bounce.key) if bounce.key else None
        if meant is not None and number not in {None, meant[0]}:
            raise stop(
                Exit.PROBLEMS, "other-document", f"{file.name} is about {meant[0]}, not {number}", "name that one"
            )
        if meant is not None:
            number, copy = meant
        because = because or bounce.because
    if number is None:
        hint = "name it: git bill sent INV-2026-0032 --bounced --eml FILE"
        raise stop(Exit.USAGE, "usage", "which document came back can't be told", hint)
    if not because.strip():
        hint = f'git bill sent {number} --bounced --because "no such mailbox", or --eml FILE'
        raise stop(Exit.USAGE, "no-reason", "say why it came back", hint)
    new = session.run(bounced(session.books, session.clock, number, because=because, by=session.person, copy=copy))
    return Report(
        data={"number": number, "bounced": because, "copy": copy, "new": new},
        text=((bold(f"{number} came back"), f"  {because}{'' if new else ', as recorded before'}"),),
        next=((f"git bill send {number} --to ADDRESS", "send it elsewhere"),),
    )


def _day(session: Session, on: date | None) -> date:
    done = on or session.today
    if done > session.today:
        raise stop(Exit.USAGE, "usage", f"{done} is yet to come", "write the day on which it was done")
    return done
