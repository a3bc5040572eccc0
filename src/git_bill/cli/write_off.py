"""`git bill write-off`: give up what is not expected any more of an invoice."""

from datetime import date
from typing import TYPE_CHECKING, cast

import click

from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.paid import recorded_report
from git_bill.cli.pay_links import close_pay_links
from git_bill.cli.presented import presented_proposal
from git_bill.cli.session import Session
from git_bill.cli.values import amount as parsed
from git_bill.cli.values import checked, day
from git_bill.layout import PROPOSED
from git_bill.problem import Exit, stop

if TYPE_CHECKING:
    from git_bill.flows.desk import Desk
    from git_bill.money import Money
    from git_bill.receivable.payment import Lost, Payments

_WHY = ("uncollectable", "small", "fee", "discount", "goodwill")


@click.command("write-off")
@click.argument("number", metavar="INVOICE")
@click.option("--amount", metavar="MONEY", callback=checked(parsed), help="Only so much. Default: all that is open.")
@click.option("--as", "lost", type=click.Choice(_WHY), default="uncollectable", help="What it is.", show_default=True)
@click.option("--date", "on", metavar="DATE", callback=checked(day), help="From which it counts. Default: today.")
@click.option("--propose", is_flag=True, help="Put it on a branch, for who may sign it off.")
@click.option("--because", required=True, metavar="TEXT", help="Why, in your words.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session, number: str, amount: "Money | None", lost: str, on: date | None, propose: bool, because: str
) -> Report:
    """Write off what is open of INVOICE. It is signed off by who may: an owner or approver.

    Where [guardrails] ask for more than one sign-off above an amount, it becomes a proposal on a branch, and who merges
    it is the second. The tax on it is a matter of your country's law: git bill export lists what was written off. Take
    it back with git bill paid --undo O-….

    \b
    git bill write-off INV-2026-0032 --because "insolvent since October"
    git bill write-off INV-2026-0032 --amount "0.40 EUR" --as small --because "rounding"
    """
    if on is not None and on > session.today:
        raise stop(Exit.USAGE, "usage", f"{on} is after today, {session.today}", f"--date {session.today} or earlier")
    from git_bill.flows.desk import desk_at, record_said
    from git_bill.flows.landing import at_tip
    from git_bill.flows.paid import Said
    from git_bill.flows.paid_back import write_off
    from git_bill.flows.proposals import propose_write_off
    from git_bill.flows.write_off import must_ask

    said = Said(on=on or session.today, because=because)

    def make(desk: "Desk") -> "Payments":
        return write_off(desk, number, amount, cast("Lost", lost), said)

    made = make(desk_at(at_tip(session.books)[1], session.clock, session.person)).write_offs[0]
    if propose or must_ask(session.workspace, session.person, made.amount):
        flow = propose_write_off(session.books, session.clock, session.forge, made)
        branch, pull, problems = session.run(flow)
        where = pull.url if pull is not None else f"git merge {branch}, then git bill reconcile"
        if pull is not None:
            problems += presented_proposal(session, branch.removeprefix(PROPOSED))
        data = {"proposed": branch, "pull_request": {"url": pull.url, "number": pull.number} if pull else None}
        text = f"{made.amount} of {made.invoice} is written off once somebody else merges it: {where}"
        return Report(data=data, text=(text,), problems=problems)
    found = session.run(record_said(session.books, session.clock, session.person, make, f"Write off {number}"))
    close_pay_links(session)
    return recorded_report(found)
