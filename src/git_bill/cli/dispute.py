"""`git bill dispute`: what a client objects to, and what becomes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

import click

from git_bill.cli.dispute_pack import pack
from git_bill.cli.dispute_steps import answer, escalate, reply, resolve, withdraw
from git_bill.cli.dispute_text import amount, attachments, dispute_data, dispute_text, row_cells, row_data, words_of
from git_bill.cli.options import common, group
from git_bill.cli.output import Line, Report, bold, dim, table
from git_bill.cli.session import Session
from git_bill.cli.values import checked, day
from git_bill.flows.dispute import Objection, open_dispute
from git_bill.flows.dispute_from import Raised, from_issue, raised, taken_up
from git_bill.flows.disputes_at import disputes, issued_in, named, rows
from git_bill.ports import Snapshot
from git_bill.problem import Exit, stop
from git_bill.receivable.dispute.course import MOVES, state_of
from git_bill.receivable.dispute.record import Channel, Opener, Why
from git_bill.receivable.dispute.standing import Outcome, outcomes

_OUTCOME = ("id", "invoice", "reason", "opened_by", "disputed", "result", "lost", "days")
_OPEN = 'git bill dispute open INV-2026-0032 --line 2 --reason hours --text "we never met on Friday"'


@group("dispute", alone="list")
def command() -> None:
    """Record what a client objects to in an invoice, answer it, show what stands behind the lines, and end it.

    While a dispute is undecided, the disputed part of the invoice is not asked for; the rest is. Each step is kept in
    billing/disputes with its files, and stands in the ledger.
    """


@command.command("open")
@click.argument("number", metavar="[INVOICE]", required=False, default="")
@click.option("--line", "lines", metavar="N", type=click.IntRange(min=1), multiple=True, help="Only this line, again.")
@click.option(
    "--amount", "asked", metavar="MONEY", callback=checked(amount), help='Only so much, with tax: "119.00 EUR".'
)
@click.option("--reason", type=click.Choice(get_args(Why)), help="What it is about.")
@click.option("--text", default="", metavar="TEXT", help="What the client said, in its own words.")
@click.option("--file", "said", type=click.Path(path_type=Path), metavar="FILE", help="The same from a text file.")
@click.option(
    "--attach", "given", type=click.Path(path_type=Path), multiple=True, help="A file that came with it, again."
)
@click.option("--by", type=click.Choice(["client", "chargeback"]), default="client", help="Who objects. [client]")
@click.option("--channel", type=click.Choice(get_args(Channel)), help="How it reached you. [mail]")
@click.option("--on", metavar="DATE", callback=checked(day), help="Since when. [today]")
@click.option(
    "--evidence-due",
    "due",
    metavar="DATE",
    callback=checked(day),
    help="Last day on which a provider takes evidence.",
)
@click.option("--from-issue", "issue", metavar="URL|#N", help="From an issue of the forge, labelled dispute.")
@common
def open_(session: Session, /, *, number: str, issue: str | None, due: date | None, **given: Any) -> Report:
    """Record that INVOICE is disputed: all of it, some lines, or an amount.

    The disputed amount is what a credit note on those lines would come to. Reminders stop for it, not for the rest. An
    issue counts where its title names the invoice, and it is in a repository of the same client.

    \b
    git bill dispute open INV-2026-0032 --line 2 --reason hours --text "we never met on Friday"
    git bill dispute open INV-2026-0032 --reason quality --file mail.txt --attach letter.pdf --on 2026-11-20
    git bill dispute open INV-2026-0032 --by chargeback --reason not-received --evidence-due 2026-12-05
    git bill dispute open --from-issue web-shop:#12
    """
    if not number and issue is None:
        raise stop(Exit.USAGE, "usage", "name the invoice, or the issue", _OPEN)
    if given["reason"] is None and issue is None:
        raise stop(Exit.USAGE, "usage", "say what it is about", f"one of: {', '.join(get_args(Why))}")
    objection = Objection(
        number=number,
        reason=cast("Why", given["reason"] or "other"),
        lines=tuple(dict.fromkeys(given["lines"])),
        amount=given["asked"],
        said=words_of(session, given["text"], given["said"]),
        opened_by=cast("Opener", given["by"]),
        on=_past(session, given["on"]),
        channel=cast("Channel", given["channel"] or ("provider" if given["by"] == "chargeback" else "mail")),
        evidence_due=due,
        files=attachments(session, given["given"]),
    )
    if issue is not None:
        objection = taken_up(from_issue(session.books.here(), issue), replace(objection, number=number.upper()))
    found = session.run(open_dispute(session.books, session.clock, objection, by=session.person))
    made = found.dispute
    return Report(
        data={**dispute_data(made), "new": not found.already},
        text=(
            (bold(made.id), dim("  as recorded before" if found.already else "  recorded")),
            *dispute_text(made),
        ),
        next=(
            (f"git bill dispute answer {made.id} --template received", "say that you have it"),
            (f"git bill dispute pack {made.id}", "see what stands behind the lines"),
        ),
    )


@command.command("list")
@click.option("--all", "every", is_flag=True, help="Also those that ended, and what came of them.")
@common
def list_(session: Session, every: bool) -> Report:
    """List undecided disputes, the one with the nearest deadline first, and issues that may be one."""
    state = _tip(session)
    found = disputes(state)
    shown = [row for row in rows(found.values(), issued_in(state), session.today) if every or row.result is None]
    proposed = raised(session.books.here())
    lines: list[Line] = []
    if shown:
        head = ("dispute", "client", "disputed", "reason", "state", "", "")
        lines += table([row_cells(row) for row in shown], head=head, align="llrllll")
    if proposed:
        lines += [""] if lines else []
        lines += table(
            [[bold(each.ref), each.number, each.title] for each in proposed], head=("issue", "", "that may be one")
        )
    data: dict[str, Any] = {"disputes": [row_data(row) for row in shown], "proposed": [_proposed(p) for p in proposed]}
    if every:
        data["outcomes"] = [_outcome(each) for each in outcomes(found.values())]
    return Report(data=data, text=lines or ["Nothing is disputed."], next=tuple(_list_next(proposed)))


@command.command("show")
@click.argument("dispute", metavar="DISPUTE|INVOICE")
@common
def show(session: Session, dispute: str) -> Report:
    """Show a dispute with every step, and what is possible now.

    \b
    git bill dispute show INV-2026-0032
    """
    state = _tip(session)
    found = named(disputes(state), dispute)
    now = state_of(found)
    possible = tuple((f"git bill dispute {act} {found.id}", _WHY[act]) for act in MOVES[now])
    return Report(
        data=dispute_data(found),
        text=((bold(found.id), dim(f"  {now}")), *dispute_text(found, whole=True)),
        next=possible,
    )


for _step in (answer, reply, escalate, resolve, withdraw, pack):
    command.add_command(_step)


_WHY = {
    "answer": "say something to the client",
    "reply": "record what the client says",
    "escalate": "bring it before a court, a collector, or the provider's arbitration",
    "resolve": "end it: --upheld, --partly AMOUNT or --rejected",
    "withdraw": "the client takes it back",
}


def _tip(session: Session) -> Snapshot:
    tip = session.books.tip()
    return session.books.at(tip) if tip else session.books.here()


def _past(session: Session, on: date | None) -> date:
    if on is not None and on > session.today:
        raise stop(Exit.USAGE, "usage", f"{on} is yet to come", "name the day on which it reached you")
    return on or session.today


def _proposed(each: Raised) -> Mapping[str, Any]:
    return {"issue": each.ref, "invoice": each.number, "title": each.title, "reason": each.reason, "on": each.on}


def _outcome(each: Outcome) -> Mapping[str, Any]:
    return {name: getattr(each, name) for name in _OUTCOME}


def _list_next(proposed: tuple[Raised, ...]) -> Iterator[tuple[str, str]]:
    for each in proposed[:1]:
        yield f"git bill dispute open --from-issue {each.ref}", "take it up"
