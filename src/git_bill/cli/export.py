"""`git bill export`: the books of a period for the tax adviser and for other programs."""

import filecmp
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import get_args

import click

from git_bill.cli.destination import PIPE, beside_books, piped, put, taken, unwritten
from git_bill.cli.exchange import published
from git_bill.cli.options import common
from git_bill.cli.output import Report, money
from git_bill.cli.session import Session
from git_bill.flows.checklist import counted
from git_bill.flows.export import (
    Exported,
    For,
    as_beancount,
    as_datev,
    as_hledger,
    named,
    read_for_export,
    shared_accounts,
    sheets,
)
from git_bill.flows.export_adviser import has_datev, package, summary_of
from git_bill.flows.own_words import worded
from git_bill.money import by_currency
from git_bill.period import parse_period
from git_bill.problem import Exit, stop
from git_bill.receivable.export.settings import Basis
from git_bill.receivable.export.sheet import csv_of, table_of

_NAMES: Mapping[str, str] = {
    "adviser": "books-{}.zip",
    "datev": "EXTF_Buchungsstapel-{}.csv",
    "hledger": "books-{}.journal",
    "beancount": "books-{}.beancount",
    "csv": "books-{}",
}
_JOURNALS: Mapping[str, Callable[[Exported], bytes]] = {"hledger": as_hledger, "beancount": as_beancount}
_BASES: tuple[Basis, ...] = get_args(Basis)


@click.command("export")
@click.argument("period")
@click.option("--for", "whom", type=click.Choice(get_args(For)), required=True, help="Who reads it.")
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR",
    help="Where to write it; - for a pipe. Default: its name, here, or beside the books.",
)
@click.option("--basis", type=click.Choice(_BASES), help="When VAT falls due. Default: [export] vat_due.")
@click.option("--force", is_flag=True, help="Write over what is there and says something else.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session, period: str, whom: For, output: str | None, basis: Basis | None, force: bool
) -> Report:
    """Hand the books of a period on. The same books give the same bytes; nothing in them is changed.

    adviser: one zip with the documents as they were issued, the ledger that proves it, the list of numbers, payments,
    receivables, tax by month and quarter, the recapitulative statement. datev: a booking batch. hledger, beancount:
    a journal. csv: a folder with the tables, also as workbooks. Books that somebody changed are not exported.

    \b
    git bill export 2026 --for adviser
    git bill export 2026-Q3 --for datev
    git bill export last-month --for hledger -o - | hledger -f - balance
    git bill export 2026 --for adviser --basis payment
    """
    from git_bill.adapters.tables import vat_table

    try:
        days = parse_period(period, session.today)
    except ValueError as error:
        raise stop(Exit.USAGE, "wrong-period", str(error)) from None
    if output == PIPE and (whom not in _JOURNALS or session.options.json):
        hint = "name a file: -o FILE; a journal alone goes into a pipe, without --json"
        raise stop(Exit.USAGE, "usage", "this does not go into a pipe", hint)
    made = read_for_export(session.books, vat_table(), published(), days, basis=basis)
    if output == PIPE:
        return piped(_JOURNALS[whom](made))
    path = session.start / output if output else beside_books(session, _NAMES[whom].format(named(days)))
    if whom == "datev" and not (path.name.startswith("EXTF_") and path.suffix == ".csv"):
        hint = "-o EXTF_2026.csv"
        raise stop(Exit.USAGE, "usage", "DATEV reads only files that are called EXTF_….csv", hint)
    try:
        count = _written(session, made, whom, path, force=force)
    except OSError as error:
        raise unwritten(path, error) from None
    return _report(made, whom, path, count)


def _written(session: Session, made: Exported, whom: For, path: Path, *, force: bool) -> int:
    """How many files it came to."""
    if whom == "csv":
        files = list(_tables(session, made))
        if not session.options.dry_run:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files:
            put(session, path / name, content, force=force, over="--force", private=True)
        return len(files)
    if whom == "adviser":
        return _archive(session, made, path, force=force)
    put(session, path, _JOURNALS.get(whom, as_datev)(made), force=force, over="--force", private=True)
    return 1


def _tables(session: Session, made: Exported) -> Iterable[tuple[str, bytes]]:
    from git_bill.adapters.xlsx import Xlsx

    settings = session.workspace.settings
    workbooks = Xlsx(settings.branding.accent)
    for each in sheets(made):
        yield f"{each.name}.csv", csv_of(each)
        yield f"{each.name}.xlsx", workbooks.workbook(table_of(each, settings.issuer.name), at=made.at)


def _archive(session: Session, made: Exported, path: Path, *, force: bool) -> int:
    """Written beside its place, and put there when it is whole."""
    from git_bill.adapters.tables import wording
    from git_bill.adapters.zip_file import write_zip

    words = worded(made.snapshot, wording())
    if session.options.dry_run:
        return sum(1 for _ in package(made, words))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    part = Path(name)
    try:
        count = write_zip(part, package(made, words))
        if path.exists() and not force and not filecmp.cmp(part, path, shallow=False):
            raise taken(path, "--force")
        part.chmod(0o600)  # it holds everything
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def _report(made: Exported, whom: For, path: Path, count: int) -> Report:
    found = summary_of(made)
    gaps = [each.number for each in made.given if each.state in {"missing", "claimed"}]
    sums = ", ".join(map(str, found.gross)) or "nothing"
    text = [f"{path}: {len(found.documents)} documents of {named(made.period)}, {sums}; VAT by {made.basis}."]
    text += [f"Not explained or not issued yet: {', '.join(gaps)}."] if gaps else []
    waiting = by_currency(found.undecided)
    if found.undecided:
        what = counted(len(found.undecided), "payment")
        text.append(f"Nobody has decided on {what} of it, {', '.join(map(money, waiting))}: git bill reconcile")
    return Report(
        data={
            "file": str(path),
            "for": whom,
            "files": count,
            "basis": made.basis,
            "documents": len(found.documents),
            "net": [str(each) for each in found.net],
            "tax": [str(each) for each in found.tax],
            "gross": [str(each) for each in found.gross],
            "open": [str(each) for each in found.open],
            "entries": len(made.entries),
            "gaps": gaps,
            "undecided": {"count": len(found.undecided), "sums": [str(each) for each in waiting]},
        },
        text=tuple(text),
        problems=shared_accounts(made) if whom == "datev" or (whom == "adviser" and has_datev(made)) else (),
    )
