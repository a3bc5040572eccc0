"""`git bill dispute pack`: what stands behind disputed lines, as PDF, as data, with the files themselves."""

from io import BytesIO
from pathlib import Path

import click

from git_bill.cli.destination import put
from git_bill.cli.options import common
from git_bill.cli.output import Report, bold, dim
from git_bill.cli.session import Session
from git_bill.flows.checklist import counted
from git_bill.flows.dispute_pack import MANIFEST, PDF, evidence_of, packed
from git_bill.problem import Exit, stop
from git_bill.receivable.dispute.pack import NAME


@click.command("pack")
@click.argument("dispute", metavar="DISPUTE|INVOICE")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Where its folder is made. [here]")
@click.option("--zip", "as_zip", is_flag=True, help="One zip file instead of a folder.")
@click.option("--language", metavar="CODE", help="Language of the PDF, like en. [the client's]")
@click.option("--force", is_flag=True, help="Write over files that say something else.")
@common
def pack(
    session: Session, /, *, dispute: str, output: Path | None, as_zip: bool, language: str | None, force: bool
) -> Report:
    """Make the evidence pack of a dispute: evidence.pdf, evidence.json, the original files, and SHA256SUMS over them.

    It holds the disputed lines and the work behind them, commits, tickets, reviews, who approved the invoice and how it
    was delivered, what was said, what was paid, and how the ledger proves it. It shows what the client's contract
    shows; never costs, ranges of estimates, titles of calendars, other clients, or your offers to settle. Read it
    before you hand it on. The same books give the same bytes.

    \b
    git bill dispute pack DS-INV-2026-0032-1
    git bill dispute pack INV-2026-0032 -o ~/evidence --zip
    """
    from git_bill.adapters import pdf
    from git_bill.adapters.tables import wording
    from git_bill.adapters.typst import Typst

    found = evidence_of(session.books, wording(), dispute, language=language)
    files = packed(found, Typst(pdf.text))
    name = found.pack.dispute
    place = (session.start / (output or Path()).expanduser()).resolve()
    if as_zip:
        from git_bill.adapters.zip_file import write_zip

        stored = BytesIO()
        write_zip(stored, ((f"{name}/{path}", content) for path, content in sorted(files.items())))
        _folder(session, place)
        where = put(session, place / f"{name}.zip", stored.getvalue(), force=force, over="--force")
    else:
        where = place / name
        for path, content in files.items():
            _folder(session, (where / path).parent)
            if not session.options.dry_run or (where / path).exists():
                put(session, where / path, content, force=force, over="--force")
    shown = found.pack
    sizes = {"line": len(shown.lines), "commit": len(shown.commits), "file": len(found.originals)}
    counts = ", ".join(counted(size, what) for what, size in sizes.items())
    return Report(
        data={"dispute": name, "invoice": shown.invoice, "output": str(where), "files": sorted(files)},
        text=((bold(str(where)), f": {PDF}, {NAME}, {MANIFEST}"), dim(f"  {counts}")),
    )


def _folder(session: Session, folder: Path) -> None:
    if session.options.dry_run:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder} can't be made: {error.strerror}"
        raise stop(Exit.USAGE, "not-written", message, "name another folder: -o DIR") from None
