"""`git bill render`: an invoice or a draft in a format, into a file or a pipe."""

import sys
from datetime import date
from pathlib import Path

import click

from git_bill.cli.electronics import electronics
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.issued_files import is_hybrid
from git_bill.flows.render import ENDINGS, Form, Subject, Tools, of_file, of_word, render
from git_bill.problem import Exit, stop

_FORMATS = ("pdf", "facturx", "ubl", "cii", "xrechnung-ubl", "xrechnung-cii", "peppol", "html", "csv", "json")
_STDOUT = "-"


@click.command("render")
@click.argument("subject", metavar="FILE|DRAFT|NUMBER")
@click.option("--format", "wanted", default="pdf", metavar="FORMAT", help=f"{', '.join(_FORMATS)}.", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Where to write it; - for a pipe. Default: its name, here.")
@click.option("--as", "form", type=click.Choice(["pro-forma", "receipt"]), help="Another document of it.")
@click.option("--paid", metavar="DATE", help="With --as receipt: the day the money came.")
@click.option("--force", is_flag=True, help="Write over a file that says something else.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    subject: str,
    wanted: str,
    output: str | None,
    form: str | None,
    paid: str | None,
    force: bool,
) -> Report:
    """Render an issued invoice, or a draft, in a format. The same input gives the same bytes.

    FILE is an invoice.toml from anywhere; it needs no workspace. Of an issued number the files that were frozen with it
    are given as they are. A draft is marked as no invoice, has no number, and there is no e-invoice of it: tax that one
    states is owed. Further formats are those that a client's `formats` may name.

    \b
    git bill render INV-2026-0032 --format xrechnung-ubl -o invoice.xml
    git bill render invoice.toml --format facturx
    git bill render acme-2026-10 --as pro-forma -o offer.pdf
    git bill render INV-2026-0032 --as receipt --paid 2026-11-20
    git bill render INV-2026-0032 --format html -o - | less
    """
    from git_bill.adapters import pdf
    from git_bill.adapters.jinja import Jinja
    from git_bill.adapters.tables import vat_table, wording
    from git_bill.adapters.typst import Typst

    if output == _STDOUT and session.options.json:
        raise stop(Exit.USAGE, "usage", "--json and -o - both want the pipe", "name a file: -o invoice.pdf")
    tools = Tools(
        typesetter=Typst(pdf.text),
        renderer=Jinja(),
        wording=wording(),
        vat=vat_table(),
        electronics=electronics(session),
    )
    found = _subject(session, tools, subject)
    content = render(found, wanted, tools, form=_form(form), paid=_day(paid))
    if output == _STDOUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return Report()
    ending = ENDINGS.get(wanted) or ("pdf" if is_hybrid(wanted) else "xml")
    file = output or f"{found.name.replace('/', '-')}{f'-{form}' if form else ''}.{ending}"
    path = session.start / file
    if not session.options.dry_run:
        _write(path, file, content, force=force)
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


def _form(form: str | None) -> Form:
    return "pro-forma" if form == "pro-forma" else "receipt" if form == "receipt" else "invoice"


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise stop(Exit.USAGE, "usage", f"{text!r} is not a date", "write it like --paid 2026-11-20") from None


def _write(path: Path, file: str, content: bytes, *, force: bool) -> None:
    """A file that is there and says something else is somebody's. What is issued never changes, forced or not."""
    frozen = "billing" in path.parts and "invoices" in path.parts
    try:
        there = path.read_bytes() if path.exists() else None
        if there == content:
            return
        if there is not None and (frozen or not force):
            hint = "name another file: -o FILE" if frozen else "name another file, or write over it: --force"
            raise stop(Exit.USAGE, "exists", f"{file} is there already and says something else", hint)
        path.write_bytes(content)
    except OSError as error:
        message = f"{file} can't be written: {error.strerror}"
        raise stop(Exit.USAGE, "not-written", message, "name another file") from None
