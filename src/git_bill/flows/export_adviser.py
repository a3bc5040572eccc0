"""What a tax adviser gets in one archive: documents as they were frozen, proof of that, and every table.

Files come one after the other, so that a year of documents is never in memory at once. Each document's file is compared
with the hash that the ledger recorded when it was issued, each receipt with that of its expense.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from git_bill.contract.expense import Expense
from git_bill.custody.ledger import ISSUED, sha256
from git_bill.flows import load
from git_bill.flows.checklist import Check
from git_bill.flows.export import Exported, as_datev, as_hledger, sheets
from git_bill.invoice.document.wording import Wording
from git_bill.layout import invoice_folder, ledger_file
from git_bill.problem import Exit, stop
from git_bill.receivable.export.parked import left_over, undecided
from git_bill.receivable.export.plain_text import one_line
from git_bill.receivable.export.sheet import Value, csv_of, sheet
from git_bill.receivable.export.summary import Summary, summary_text

File = tuple[str, bytes]
_MARKS: Mapping[str, str] = {"ok": "ok", "warning": "look at", "failed": "WRONG", "skipped": "not checked"}


def package(made: Exported, wording: Wording) -> Iterator[File]:
    """Name and content of each file, `index.csv` with all their hashes at last. Stops (exit 1) at one that was changed
    since the ledger or an expense recorded it.
    """
    rows: list[tuple[str, int, str]] = []
    for name, content in _files(made, wording):
        rows.append((name, len(content), sha256(content)))
        yield name, content
    yield "index.csv", csv_of(sheet("index", "file bytes sha256", rows))


def summary_of(made: Exported) -> Summary:
    """What the package comes to."""
    issuer = made.workspace.settings.issuer
    return Summary(
        issuer=issuer.name,
        country=issuer.country,
        period=made.period,
        basis=made.basis,
        documents=made.issued,
        given=made.given,
        sums=made.by_quarter,
        declared=made.declared,
        aged=made.aged,
        head=made.audit.head,
        lines=len(made.audit.records),
        folders=frozenset(_folders(made)),
        undecided=tuple(left_over(made.paid, each.id) for each in undecided(made.paid, made.period)),
    )


def _folders(made: Exported) -> Iterator[str]:
    yield "ledger/"
    if made.issued:
        yield "documents/"
    if has_datev(made):
        yield "datev/"
    if any(each.receipt for _, _, each in _expenses(made)):
        yield "receipts/"


def has_datev(made: Exported) -> bool:
    """Whether the package has a booking batch: the settings say which chart of accounts."""
    return made.workspace.settings.export.chart != "generic"


def _files(made: Exported, wording: Wording) -> Iterator[File]:
    yield "README.txt", summary_text(summary_of(made), wording)
    for each in sheets(made):
        yield f"{each.name}.csv", csv_of(each)
    yield "journal.hledger", as_hledger(made)
    if has_datev(made):
        yield f"datev/EXTF_Buchungsstapel-{made.period.first:%Y%m%d}.csv", as_datev(made)
    yield from _documents(made)
    yield from _receipts(made)
    for year, text in sorted(load.ledger(made.snapshot).items()):
        yield f"ledger/{PurePosixPath(ledger_file(year)).name}", text.encode()
    yield "ledger/verify.txt", "".join(f"{line}\n" for line in _verdict(made)).encode()


def _documents(made: Exported) -> Iterator[File]:
    """The files of each folder that was issued in the period, and claims and voids of numbers beside them."""
    recorded: dict[str, Mapping[str, object]] = {}
    for record in made.audit.records:
        files = record.facts.get("files")
        if record.kind in ISSUED and isinstance(files, dict):
            recorded[str(record.facts.get("number"))] = files
    for document in made.issued:
        name = PurePosixPath(invoice_folder(document.number, 0)).name
        folder = invoice_folder(document.number, document.invoice.issue_date.year)
        for file, digest in sorted(recorded.get(document.number, {}).items()):
            content = made.snapshot.read(f"{folder}/{file}")
            if content is None or sha256(content) != digest:
                message = f"{file} of {document.number} is not what the ledger recorded when it was issued"
                hint = f"bring it back: git checkout invoice/{document.number} -- {folder}/{file}"
                raise stop(Exit.PROBLEMS, "frozen-file-tampered", message, hint, f"{folder}/{file}")
            yield f"documents/{name}/{file}", content


def _receipts(made: Exported) -> Iterator[File]:
    """Receipts of the period's expenses, and the list of these."""
    rows: list[tuple[Value, ...]] = []
    seen: set[str] = set()
    for client, identity, each in _expenses(made):
        kept = f"receipts/{client}/{PurePosixPath(each.receipt).name}" if each.receipt else ""
        amount, currency = each.amount, each.amount.currency if each.amount else ""
        rows.append((each.day, identity, client, one_line(each.text), amount, currency, each.tax, kept))
        if each.receipt and kept not in seen:
            seen.add(kept)
            yield kept, _receipt(made, each.receipt, each.receipt_hash)
    yield "receipts.csv", csv_of(sheet("receipts", "day id client text amount currency tax_rate file", rows))


def _expenses(made: Exported) -> Iterator[tuple[str, str, Expense]]:
    """Client, id and expense of the period, by client and day."""
    for client, expenses in sorted(load.expenses(made.snapshot).items()):
        for identity, each in sorted(expenses.items(), key=lambda item: (item[1].day, item[0])):
            if each.day in made.period and each.dropped is None:
                yield client, identity, each


def _receipt(made: Exported, path: str, digest: str | None) -> bytes:
    content = made.snapshot.read(path)
    if content is None or (digest is not None and sha256(content) != digest):
        said = "is gone" if content is None else "was changed since its expense was recorded"
        raise stop(Exit.PROBLEMS, "receipt-differs", f"{path} {said}", f"bring it back: git log -- {path}", path)
    return content


def _verdict(made: Exported) -> Iterator[str]:
    """What `git bill ledger verify` says, in words."""
    found = made.audit
    yield f"Ledger: {len(found.records)} lines, head {found.head}"
    yield from map(_line, found.checks)
    if found.anchor is not None:
        yield f"Whoever has {found.anchor.name} can tell whether the lines up to {found.anchor.lines} were changed."
    yield from (str(problem) for problem in found.problems)


def _line(check: Check) -> str:
    return f"{_MARKS[check.state]}: {check.what}"
