"""`git bill hold`: nobody is reminded of an invoice until a day."""

from datetime import date

import click

from git_bill.cli.options import common
from git_bill.cli.output import Report, bold, table
from git_bill.cli.session import Session
from git_bill.cli.values import checked, day
from git_bill.flows.hold import on_hold, put_on_hold
from git_bill.problem import Exit, stop
from git_bill.receivable.pause import Hold


@click.command("hold")
@click.argument("number", metavar="[INVOICE]", required=False)
@click.option("--until", metavar="DATE", callback=checked(day), help="The last day of it.")
@click.option("--because", default="", metavar="TEXT", help="Why.")
@click.option("--off", is_flag=True, help="End it today.")
@common
def command(session: Session, number: str | None, until: date | None, because: str, off: bool) -> Report:
    """Put INVOICE on hold: no reminder, no request for payment and no thanks is mailed until that day.

    Without INVOICE it lists what is on hold. What is owed stays owed, and late interest runs on. For a client that is
    insolvent, write insolvent = 2026-11-02 at the top of its file: that stops them all.

    \b
    git bill hold INV-2026-0032 --until 2026-12-31 --because "their accountant is ill"
    git bill hold INV-2026-0032 --off
    git bill hold
    """
    if number is None:
        found = on_hold(session.books, session.clock)
        cells = [(bold(each.invoice), f"until {each.until}", each.because) for each in found]
        return Report(data={"holds": [_data(each) for each in found]}, text=table(cells) or ["Nothing is on hold."])
    if not off and (until is None or not because.strip()):
        hint = f'git bill hold {number} --until 2026-12-31 --because "their accountant is ill"'
        raise stop(Exit.USAGE, "usage", "say until when, and why", hint)
    if until is not None and until < session.today:
        raise stop(Exit.USAGE, "usage", f"{until} is past", "name a day to come, or end it: --off")
    wanted = Hold(
        invoice=number,
        on=session.today,
        until=None if off else until,
        off=off,
        because=" ".join(because.split())[:200],
        by=session.person,
        at=session.clock.now(),
    )
    hold, new = session.run(put_on_hold(session.books, session.clock, wanted))
    told = "is not on hold any more" if hold.off else f"is on hold until {hold.until}: {hold.because}"
    return Report(
        data={**_data(hold), "new": new},
        text=((bold(hold.invoice), f" {told}{'' if new else ', as recorded before'}"),),
    )


def _data(hold: Hold) -> dict[str, object]:
    return {
        "invoice": hold.invoice,
        "on": hold.on,
        "until": hold.until,
        "off": hold.off,
        "because": hold.because,
    }
