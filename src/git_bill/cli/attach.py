"""`git bill attach`: files that go with an invoice, from its draft on."""

from pathlib import Path

import click

from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.presented import presented
from git_bill.cli.session import Session
from git_bill.flows.attach import Attachment, Kind, attach
from git_bill.flows.signed_timesheet import record_timesheet
from git_bill.problem import Exit, stop

_KINDS: dict[str, Kind] = {"receipt": "receipt", "timesheet": "timesheet", "order": "order", "other": "other"}


@click.command("attach")
@click.argument("draft")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "kind", type=click.Choice([*_KINDS, "approval"]), default="other", help="What it is.")
@common
def command(session: Session, draft: str, file: Path, kind: str) -> Report:
    """Attach FILE to an open DRAFT: a receipt, the signed timesheet, the order, or anything the client should have.

    It is kept in the books and named with its hash in the draft, so who approves the draft approves it. The issued PDF
    and the e-invoice carry it. A timesheet is also what a contract asks for that `requires` a signed one. The client's
    approval is kept with: git bill approve DRAFT --by NAME --attach FILE.

    \b
    git bill attach acme-2026-10 hotel.pdf --as receipt
    git bill attach acme-2026-10 signed.pdf --as timesheet
    """
    name = draft.removeprefix("bill/")
    if kind == "approval":
        hint = f'git bill approve {name} --by "Anna Schmidt" --attach {file.name}'
        raise stop(Exit.USAGE, "usage", "an approval says who gave it", hint)
    if file.is_symlink():
        hint = "name the file itself, which the client is to have"
        raise stop(Exit.USAGE, "no-attachment", f"{file} is a link to another file", hint)
    try:
        given = Attachment(name=file.name, content=content(file, 64 * MEGABYTE))
    except OSError as error:
        raise stop(Exit.USAGE, "no-attachment", f"{file} can't be kept: {error.strerror}", "name a file") from None
    found = session.run(attach(session.books, session.clock, name, given, _KINDS[kind]))
    if kind == "timesheet":
        told = (given.name, given.content)
        session.run(record_timesheet(session.books, session.clock, name, told, by=session.person))
    presented(session, [name])
    return Report(
        data={"draft": name, "kind": found.kind, "name": found.name, "file": found.file, "sha256": found.sha256},
        text=(f"{found.name} goes with {name}, SHA-256 {found.sha256[:12]}.",),
        next=((f"git bill show {name}", "read it as the reviewer will"),),
    )
