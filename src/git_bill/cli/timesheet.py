"""`git bill timesheet`: what was done, day by day, for the client to sign."""

from pathlib import Path

import click

from git_bill.cli.destination import PIPE, piped, put, refuse_two
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.timesheet import FORMATS, Made, of_document, of_period, rendered
from git_bill.period import format_duration, parse_period
from git_bill.problem import Exit, stop


@click.command("timesheet")
@click.argument("subject", metavar="CLIENT|DRAFT|NUMBER")
@click.argument("period", required=False)
@click.option("--format", "wanted", type=click.Choice(FORMATS), help="Default: by the file's name, else pdf.")
@click.option("-o", "--output", metavar="FILE", help="Where to write it; - for a pipe. Default: its name, here.")
@click.option("--contract", metavar="ID", help="The work under one contract alone.")
@click.option("--force", is_flag=True, help="Write over a file that says something else.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    subject: str,
    period: str | None,
    wanted: str | None,
    output: str | None,
    contract: str | None,
    force: bool,
) -> Report:
    """Write a timesheet: day by day what was done, the sums, and places to sign for both.

    Of a client and a period it shows the work whether it is billed or not; of a draft or an invoice, what that bills.
    What the contract's `show` names stands on it: hours, times, evidence. Where nobody has confirmed a time, the sheet
    says so across the page: confirm first (git bill confirm). The signed sheet comes back with git bill attach.

    \b
    git bill timesheet acme 2026-10
    git bill timesheet acme last-month -o october.xlsx
    git bill timesheet acme-2026-10
    git bill attach acme-2026-10 signed.pdf --as timesheet
    """
    from git_bill.adapters import pdf
    from git_bill.adapters.tables import wording
    from git_bill.adapters.typst import Typst
    from git_bill.adapters.xlsx import Xlsx

    refuse_two(session, output)
    if period is None:
        made = of_document(session.books, wording(), _no_client(session, subject))
    else:
        try:
            days = parse_period(period, session.today)
        except ValueError as error:
            raise stop(Exit.USAGE, "wrong-period", str(error)) from None
        made = of_period(session.books, wording(), subject, days, contract=contract)
    form = wanted or _form(output)
    content = rendered(made, form, session.clock, Typst(pdf.text), Xlsx(made.look.accent))
    if output == PIPE:
        return piped(content)
    path = put(session, output or f"{made.name}.{form}", content, force=force, over="--force")
    return report(path, made, form)


def _no_client(session: Session, subject: str) -> str:
    """A client needs a period."""
    if subject in session.workspace.engagements:
        raise stop(Exit.USAGE, "usage", "say for which days", f"git bill timesheet {subject} last-month")
    return subject


def _form(output: str | None) -> str:
    ending = (output or "").rpartition(".")[2].lower()
    return ending if ending in FORMATS else "pdf"


def report(path: Path, made: Made, form: str) -> Report:
    """What the file has in it."""
    sheet = made.sheet
    unsure = f", {format_duration(sheet.estimated)} of it not confirmed" if sheet.estimated else ""
    time = f", {format_duration(sheet.minutes)}" if sheet.shows_time else ""
    return Report(
        data={
            "file": str(path),
            "format": form,
            "client": made.client.name,
            "number": sheet.number or None,
            "minutes": sheet.minutes,
            "estimated": sheet.estimated,
            "entries": len(sheet.pieces),
        },
        text=(f"{path}: {made.client.name}, {sheet.first} to {sheet.last}{time}{unsure}.",),
        next=(("git bill confirm", "say that its times are right"),) if sheet.estimated else (),
    )
