"""`git bill render`: an invoice or a draft in a format, into a file or a pipe."""

from datetime import date
from typing import cast

import click

from git_bill.cli.destination import PIPE, piped, put, refuse_two
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.rendering import render_tools
from git_bill.cli.session import Session
from git_bill.cli.values import checked, day
from git_bill.flows.issued_files import is_hybrid
from git_bill.flows.render import ENDINGS, Form, Subject, Tools, of_file, of_word, render
from git_bill.problem import Exit, stop

_FORMATS = ("pdf", "facturx", "ubl", "cii", "xrechnung-ubl", "xrechnung-cii", "peppol", "html", "csv", "json")


@click.command("render")
@click.argument("subject", metavar="FILE|DRAFT|NUMBER")
@click.option("--format", "wanted", default="pdf", metavar="FORMAT", help=f"{', '.join(_FORMATS)}.", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Where to write it; - for a pipe. Default: its name, here.")
@click.option("--as", "form", type=click.Choice(["pro-forma", "receipt"]), help="Another document of it.")
@click.option("--paid", metavar="DATE", callback=checked(day), help="With --as receipt: the day, if none is booked.")
@click.option("--force", is_flag=True, help="Write over a file that says something else.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    subject: str,
    wanted: str,
    output: str | None,
    form: str | None,
    paid: date | None,
    force: bool,
) -> Report:
    """Render an issued invoice, or a draft, in a format. The same input gives the same bytes.

    FILE is an invoice.toml from anywhere; it needs no workspace. Of an issued number the files that were frozen with it
    are given as they are. A draft is marked as no invoice, has no number, and there is no e-invoice of it: tax that one
    states is owed. Further formats are those that a client's `formats` may name. A receipt says what the books have:
    each payment with its day and way, credit notes, and what is still open.

    \b
    git bill render INV-2026-0032 --format xrechnung-ubl -o invoice.xml
    git bill render invoice.toml --format facturx
    git bill render acme-2026-10 --as pro-forma -o offer.pdf
    git bill render INV-2026-0032 --as receipt
    git bill render INV-2026-0032 --as receipt --paid 2026-11-20    no payment is recorded
    git bill render INV-2026-0032 --format html -o - | less
    """
    refuse_two(session, output)
    tools = render_tools(session)
    if paid is not None and form != "receipt":
        hint = f"git bill render {subject} --as receipt --paid {paid}"
        raise stop(Exit.USAGE, "usage", "--paid is for a receipt", hint)
    found = _subject(session, tools, subject)
    if form == "receipt":
        from git_bill.flows.receipts import with_receipt

        found = with_receipt(None if found.files is None else session.books, found, paid)
    content = render(found, wanted, tools, form=cast("Form", form or "invoice"), paid=paid)
    if output == PIPE:
        return piped(content)
    ending = ENDINGS.get(wanted) or ("pdf" if is_hybrid(wanted) else "xml")
    file = output or f"{found.name.replace('/', '-')}{f'-{form}' if form else ''}.{ending}"
    path = put(session, file, content, force=force, over="--force")
    data = {"subject": found.name, "format": wanted, "file": str(path), "draft": found.draft is not None}
    marked = ", marked as no invoice" if found.draft else ""
    return Report(data=data, text=(f"{path}: {found.name} as {form or wanted}{marked}.",))


def _subject(session: Session, tools: Tools, word: str) -> Subject:
    """A file by its path, else a name in the books."""
    path = session.start / word
    if path.suffix == ".toml" and path.is_file():
        return of_file(path.read_bytes(), word)
    if path.suffix == ".toml":
        raise stop(Exit.USAGE, "no-file", f"there is no file {word}", "name an invoice.toml, a draft or a number")
    return of_word(session.books, tools, word)
