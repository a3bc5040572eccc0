"""`git bill dispute answer|reply|escalate|resolve|withdraw`: what happens to a dispute."""

from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

import click

from git_bill.cli.dispute_text import amount, attachments, dispute_data, dispute_text, words_of
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim
from git_bill.cli.presented import presented
from git_bill.cli.session import Session
from git_bill.cli.values import checked, day
from git_bill.flows.dispute import Recorded, spoken, step
from git_bill.flows.dispute_answer import Answer, answered
from git_bill.flows.dispute_resolve import Resolved, Ruling
from git_bill.flows.dispute_resolve import resolve as resolving
from git_bill.money import Money
from git_bill.problem import Exit, stop
from git_bill.receivable.dispute.record import Act, Court, Step
from git_bill.receivable.dispute.reply import TEMPLATES, TONES, Tone

_FILES = click.option("--attach", "files", type=click.Path(path_type=Path), multiple=True, help="A file, again.")
_ON = click.option("--on", metavar="DATE", callback=checked(day), help="The day of it. [today]")
_TEXT = click.option("--text", default="", metavar="TEXT", help="What was said.")
_FILE = click.option(
    "--file", "said", type=click.Path(path_type=Path), metavar="FILE", help="The same from a text file."
)
_WHICH = click.argument("dispute", metavar="DISPUTE|INVOICE")


@click.command("answer")
@_WHICH
@_TEXT
@_FILE
@click.option("--template", type=click.Choice(TEMPLATES), help="A ready wording in the client's language.")
@click.option("--tone", type=click.Choice(TONES), default="neutral", help="Its tone. [neutral]")
@click.option("--language", metavar="CODE", help="Its language, like fr. [the client's]")
@click.option(
    "--offer", metavar="MONEY", callback=checked(amount), help="What is given up, with tax; for offer, credit."
)
@_FILES
@_ON
@common
def answer(session: Session, /, *, dispute: str, template: str | None, offer: Money | None, **given: Any) -> Report:
    """Record what you answer. It prints the text for your mail program; nothing is sent.

    The wordings: received, details, evidence, undisputed, offer, credit; each firm, neutral or conciliatory. Your own
    words in billing/locale go before them. They are no legal advice.

    \b
    git bill dispute answer DS-INV-2026-0032-1 --template received
    git bill dispute answer INV-2026-0032 --template evidence --tone firm --attach evidence.pdf
    git bill dispute answer INV-2026-0032 --template offer --offer "59.50 EUR"
    git bill dispute answer INV-2026-0032 --file answer.txt
    """
    from git_bill.adapters.tables import wording

    said = words_of(session, given["text"], given["said"])
    if bool(said) == bool(template):
        hint = "--text TEXT, --file FILE, or --template evidence"
        raise stop(Exit.USAGE, "usage", "say what you answer, in one way", hint)
    wanted = Answer(
        text=spoken(said),
        template=template,
        tone=cast("Tone", given["tone"]),
        language=given["language"],
        offer=offer,
        on=_day(session, given["on"]),
        files=attachments(session, given["files"]),
    )
    flow = answered(session.books, session.clock, dispute, wanted, words=wording(), by=session.person)
    found = session.run(flow)
    text = found.dispute.steps[-1].text
    return Report(
        data={**dispute_data(found.dispute), "text": text, "new": not found.already},
        text=(_head(found, "answered"), "", *text.splitlines(), "", dim("Nothing was sent.")),
    )


@click.command("reply")
@_WHICH
@_TEXT
@_FILE
@_FILES
@_ON
@common
def reply(session: Session, /, *, dispute: str, **given: Any) -> Report:
    """Record what the client says to your answer. The dispute is open again.

    \b
    git bill dispute reply DS-INV-2026-0032-1 --text "then at least the Friday"
    git bill dispute reply INV-2026-0032 --file mail.txt --attach protocol.pdf
    """
    if not given["text"] and given["said"] is None and not given["files"]:
        raise stop(Exit.USAGE, "usage", "say what the client said", "--text TEXT, --file FILE or --attach FILE")
    return _stepped(session, dispute, "reply", "the client replied", given)


@click.command("escalate")
@_WHICH
@click.option("--to", "court", type=click.Choice(get_args(Court)), required=True, help="Whom it was brought before.")
@_TEXT
@_FILE
@_FILES
@_ON
@common
def escalate(session: Session, /, *, dispute: str, court: str, **given: Any) -> Report:
    """Record that it was brought before a court, a collector, or the payment provider's arbitration.

    \b
    git bill dispute escalate DS-INV-2026-0032-1 --to collection --on 2027-01-11
    """
    return _stepped(session, dispute, "escalate", f"brought before {court}", given, court=court)


@click.command("withdraw")
@_WHICH
@click.option("--because", default="", metavar="TEXT", help="Why.")
@_ON
@common
def withdraw(session: Session, /, *, dispute: str, because: str, on: date | None) -> Report:
    """Record that the client takes it back, or that it was opened by mistake. All of the invoice is asked for again.

    \b
    git bill dispute withdraw DS-INV-2026-0032-1 --because "they found the protocol"
    """
    return _stepped(session, dispute, "withdraw", "withdrawn", {"text": because, "said": None, "files": (), "on": on})


@click.command("resolve")
@_WHICH
@click.option("--upheld", "result", flag_value="upheld", help="The client is right: all of it is given up.")
@click.option("--partly", "partly", metavar="MONEY", callback=checked(amount), help="So much is given up, with tax.")
@click.option("--rejected", "result", flag_value="rejected", help="The client is wrong: nothing is given up.")
@click.option("--because", default="", metavar="TEXT", help="Why, in words for the client; the credit note says it.")
@click.option("--rebill", is_flag=True, help="The work behind it can be billed again. [it is settled]")
@click.option("--no-credit", is_flag=True, help="Make no credit note: it is written off, or paid back elsewhere.")
@_ON
@common
def resolve(session: Session, /, *, dispute: str, result: str | None, partly: Money | None, **given: Any) -> Report:
    """End a dispute: upheld, partly or rejected.

    What is given up becomes the draft of a credit note, to be reviewed and issued like any. Until it is issued, that
    part is not asked for. With --rebill the next draft bills the work again, in another way or at another price.

    \b
    git bill dispute resolve DS-INV-2026-0032-1 --rejected --because "the protocol shows the hours"
    git bill dispute resolve DS-INV-2026-0032-1 --partly "59.50 EUR" --because "half of Friday"
    git bill dispute resolve DS-INV-2026-0032-1 --upheld --rebill --because "wrong rate"
    """
    from git_bill.adapters.tables import vat_table, wording

    if (result is None) == (partly is None):
        raise stop(Exit.USAGE, "usage", "say how it ends", '--upheld, --partly "59.50 EUR" or --rejected')
    if result == "rejected" and (given["rebill"] or given["no_credit"]):
        raise stop(Exit.USAGE, "usage", "nothing is given up, so there is no credit note", "leave the other option out")
    ruling = Ruling(
        result="upheld" if result == "upheld" else "rejected" if result == "rejected" else "partly",
        on=_day(session, given["on"]),
        because=spoken(given["because"]),
        amount=partly,
        credit=not given["no_credit"],
        entries="rebill" if given["rebill"] else "waive",
    )
    found = session.run(
        resolving(session.books, session.clock, dispute, ruling, vat=vat_table(), words=wording(), by=session.person)
    )
    if found.drafts is not None:
        presented(session, [made.name for made in found.drafts.made if made.commit is not None])
    return _resolved(found)


def _resolved(found: Resolved) -> Report:
    made = found.recorded.dispute
    end = made.steps[-1]
    lines: list[Line] = [_head(found.recorded, f"resolved: {end.result}"), *dispute_text(made)]
    following: tuple[tuple[str, str], ...] = ()
    if end.credit:
        lines.append(f"  credit note drafted: {end.credit}")
        following = (
            (f"git bill show {end.credit}", "read it as the reviewer will"),
            (f"git bill issue {end.credit}", "merge it as your approval, and issue it"),
        )
    return Report(data={**dispute_data(made), "new": not found.recorded.already}, text=lines, next=following)


def _stepped(
    session: Session, dispute: str, do: Act, told: str, given: dict[str, Any], *, court: str | None = None
) -> Report:
    wanted = Step(
        do=do,
        on=_day(session, given["on"]),
        text=spoken(words_of(session, given["text"], given["said"]).strip()),
        to=cast("Court | None", court),
        by=session.person,
        at=session.clock.now(),
    )
    files = attachments(session, given["files"])
    found = session.run(step(session.books, session.clock, dispute, wanted, by=session.person, files=files))
    return Report(
        data={**dispute_data(found.dispute), "new": not found.already},
        text=(_head(found, told), *dispute_text(found.dispute)),
    )


def _head(found: Recorded, told: str) -> Line:
    return (bold(found.dispute.id), f"  {told}{', as recorded before' if found.already else ''}")


def _day(session: Session, on: date | None) -> date:
    if on is not None and on > session.today:
        raise stop(Exit.USAGE, "usage", f"{on} is yet to come", "name the day on which it was done")
    return on or session.today
