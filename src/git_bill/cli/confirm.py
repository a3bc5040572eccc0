"""`git bill confirm`: walk through estimated entries and confirm them."""

from dataclasses import replace
from datetime import date

import click

from git_bill.cli.entries import query
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold
from git_bill.cli.overlaps import emptied_lines
from git_bill.cli.session import Session
from git_bill.cli.walk import Walk
from git_bill.flows.correct import folded
from git_bill.flows.overlaps import Overlaps, emptied, overlaps
from git_bill.flows.overview import Overview, overview
from git_bill.period import format_duration
from git_bill.worklog.entry import Worked
from git_bill.worklog.query import Query


@click.command("confirm")
@click.option("-c", "--client", metavar="NAME", help="Entries of this client.")
@click.option("-p", "--period", metavar="PERIOD", help="Entries of 2026-10, last-month, this-month, 2026-Q4 or A..B.")
@click.option("--all", "everyone", is_flag=True, help="Everyone's entries, not only yours.")
@common
def command(session: Session, client: str | None, period: str | None, everyone: bool) -> Report:
    """Walk through your entries that are only estimated, day by day, and say of each whether it is right.

    \b
    y  yes, it is right             m  move it to another client
    n  not now                      d  drop it, it was no work
    e  edit its time                a  confirm this one and all that follow
    s  split it into several        q  quit

    Every answer is saved as it is given. --yes confirms all without asking, except for unproven entries. Without a
    terminal the answers are read as lines.

    \b
    git bill confirm
    git bill confirm --client acme --period 2026-10
    """
    asked = query(session, of_client=client, of_period=period)
    if not everyone and session.caller is not None:
        asked = replace(asked, by=session.caller.id)
    if not session.options.dry_run:
        session.run(folded(session.books))  # what a killed run left behind
    view = overview(session.books, session.books.here())
    walk = Walk(session, view, _open(view, asked))
    nothing = any(_is_open(item, view, asked) and not item.entry.minutes for item in view.worked.values())
    found = overlaps(session.books) if nothing else None  # before answers change it
    if session.options.yes or session.options.dry_run:
        walk.confirm_rest()
        return _told(report(walk, asked), found, asked, session.today)
    try:
        walk.run()
    finally:
        session.run(folded(session.books))
    return _told(report(walk, asked), found, asked, session.today)


def _open(view: Overview, asked: Query) -> list[str]:
    """Unconfirmed entries that no invoice lists, in the order of the work."""
    found = [item for item in view.worked.values() if _is_open(item, view, asked) and item.entry.minutes]
    return [item.id for item in sorted(found, key=lambda i: (i.entry.day, i.entry.by, i.entry.at, i.id))]


def _is_open(item: Worked, view: Overview, asked: Query) -> bool:
    return _fits(item, asked) and item.entry.state in {"estimated", "unproven"} and item.id not in view.invoiced


def _fits(item: Worked, asked: Query) -> bool:
    return asked.fits(item.client, item.entry)


def _told(report: Report, found: Overlaps | None, asked: Query, today: date) -> Report:
    """With what nobody is asked about, as others have all its minutes."""
    some = [one for one in emptied(found) if _fits(found.worked[one.entry], asked)] if found is not None else []
    lines = tuple(emptied_lines(some, found, today)) if found is not None else ()
    told = [{"entry": one.entry, "to": one.to, "minutes": one.minutes} for one in some]
    return replace(report, data={**report.data, "emptied": told}, text=(*lines, *report.text))


def report(walk: Walk, asked: Query) -> Report:
    """What was answered, and how much of the time that is not billed yet is confirmed now."""
    entries = [i.entry for i in walk.view.worked.values() if _fits(i, asked) and i.id not in walk.view.invoiced]
    total = sum(entry.minutes for entry in entries)
    sure = sum(entry.minutes for entry in entries if entry.state == "confirmed")
    left = _open(walk.view, asked)
    told = {"confirmed": walk.confirmed, "changed": walk.changed, "dropped": walk.dropped}
    said = ", ".join(f"{len(ids)} {name}" for name, ids in told.items() if ids)
    line: Line = (bold(f"{format_duration(sure)} of {format_duration(total)} confirmed"), f" ({said})" if said else "")
    more = ("git bill confirm", f"{len(left)} more to look at")
    return Report(
        data={**told, "left": left, "minutes": {"confirmed": sure, "total": total}},
        text=("There is no work that is not billed.",) if not entries else (line,),
        next=(more,) if left else (("git bill draft", "make a draft of it"),) if total else (),
    )
