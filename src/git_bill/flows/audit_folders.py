"""The audit's part on `billing/invoices/`: frozen files against their recorded hashes, numbers without gaps."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TypeVar

from git_bill.custody.ledger import ISSUED, Record, sha256
from git_bill.flows import load
from git_bill.flows.checklist import Check, counted
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.numbering import Numbering, gaps, parse_number
from git_bill.layout import SETTINGS, invoice_folder
from git_bill.ports import Books, Snapshot
from git_bill.problem import Problem, Stop
from git_bill.shape import Read
from git_bill.workspace import Settings

T = TypeVar("T")
INVOICES = "billing/invoices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of a number. `claim` and `invoice`: None where there is none that can be read.

    `head_line`: where invoice.toml states the ledger's head.
    """

    path: str
    files: tuple[str, ...]
    claim: Claim | None
    invoice: Invoice | None
    head_line: int | None = None


def read_folders(snapshot: Snapshot) -> tuple[tuple[Folder, ...], tuple[Problem, ...]]:
    """All folders of numbers by path, and what of them can't be read."""
    inside: dict[str, list[str]] = defaultdict(list)
    for path in snapshot.paths(INVOICES):
        inside[str(PurePosixPath(path).parent)].append(path)
    problems: list[Problem] = []
    found: list[Folder] = []
    for path, files in sorted(inside.items()):
        claim = _read(snapshot, Claim, f"{path}/claim.toml", problems)
        invoice = _read(snapshot, Invoice, f"{path}/invoice.toml", problems)
        found.append(
            Folder(
                path=path,
                files=tuple(files),
                claim=claim.value if claim else None,
                invoice=invoice.value if invoice else None,
                head_line=invoice.where.get(("ledger_head",)) if invoice else None,
            )
        )
    return tuple(found), tuple(problems)


def _read(snapshot: Snapshot, shape: type[T], path: str, problems: list[Problem]) -> Read[T] | None:
    try:
        found = load.read_file(snapshot, shape, path)
    except Stop as stopped:
        problems.extend(stopped.problems)
        return None
    problems.extend(found.problems if found else ())
    return found


def frozen_files(
    books: Books, snapshot: Snapshot, folders: Sequence[Folder], records: Sequence[Record]
) -> tuple[int, tuple[Problem, ...]]:
    """How many recorded files were hashed (blobs at the tip), and each that differs there or in the work tree."""
    problems: list[Problem] = []
    hashed: dict[str, str] = {}
    known: set[str] = set()
    by_name = {PurePosixPath(folder.path).name: folder for folder in reversed(folders)}
    for record in (r for r in records if r.kind in ISSUED):
        number = str(record.facts.get("number"))
        folder = by_name.get(PurePosixPath(invoice_folder(number, 0)).name)
        if folder is None:
            problems.append(_gone(record, f"the folder of {number}, which was issued, is gone", INVOICES))
            continue
        known.add(folder.path)
        recorded = {f"{folder.path}/{name}": digest for name, digest in _recorded(record).items()}
        for path, digest in recorded.items():
            content = snapshot.read(path)
            if content is None:
                problems.append(_gone(record, f"{path}, a file of the issued {number}, is gone", path))
                continue
            hashed[path] = sha256(content)
            if hashed[path] != digest:
                problems.append(_tampered(path, number, hashed[path], digest))
        problems.extend(_added(path, number) for path in folder.files if path not in recorded)
    problems.extend(_never_recorded(f) for f in folders if f.invoice is not None and f.path not in known)
    problems.extend(_edited_here(books, hashed))
    return len(hashed), tuple(problems)


def _recorded(record: Record) -> Mapping[str, str]:
    files = record.facts.get("files")
    return {str(name): str(digest) for name, digest in files.items()} if isinstance(files, dict) else {}


def _edited_here(books: Books, hashed: Mapping[str, str]) -> Iterator[Problem]:
    """Frozen files of the work tree that are not the branch's. A folder that has not come here yet lacks none."""
    here = books.here()
    if here.revision is not None:
        return
    try:
        begun = {str(PurePosixPath(path).parent) for path in here.paths(INVOICES)}
        for path, digest in hashed.items():
            if str(PurePosixPath(path).parent) not in begun:
                continue
            content = here.read(path)
            if content is None or sha256(content) != digest:
                done = "removed" if content is None else "changed"
                yield Problem(
                    rule="frozen-file-edited",
                    message=f"{PurePosixPath(path).name} of an issued document was {done} in the work tree",
                    hint=f"an issued document never changes; put it back: git restore --source=HEAD -- {path}",
                    file=path,
                )
    except Stop as stopped:
        yield from stopped.problems


def numbers(snapshot: Snapshot, folders: Sequence[Folder], records: Sequence[Record]) -> Check:
    """Each series without gap, twin or date that goes back; every number recorded, every void explained."""
    settings = load.read_file(snapshot, Settings, SETTINGS)
    series = settings.value.numbering if settings and settings.value else Numbering()
    claimed = [(folder, folder.claim) for folder in folders if folder.claim is not None]
    given = [claim.number for _, claim in claimed]
    issued = [str(record.facts.get("number")) for record in records if record.kind in ISSUED]
    missing = [
        number for form, last in series.series for number in gaps(form, [*given, *issued, *([last] if last else [])])
    ]
    problems = [
        *(_missing(number) for number in missing),
        *(_twin(f, c) for index, (f, c) in enumerate(claimed) if c.number in given[:index]),
        *_dated_back(series, claimed),
        *_unexplained(claimed, records),
    ]
    voids = sum(claim.void is not None for _, claim in claimed)
    what = f"no number is missing: {counted(len(given), 'number')}" + (f", {voids} of them void" if voids else "")
    return Check(what=what, problems=tuple(problems))


def _dated_back(series: Numbering, claimed: Sequence[tuple[Folder, Claim]]) -> Iterator[Problem]:
    """In a series a higher number never has an earlier date."""
    for form in (series.invoice, series.credit_note):
        ranked = [(parsed, f, c) for f, c in claimed if (parsed := parse_number(form, c.number)) is not None]
        ranked.sort(key=lambda item: (item[0].year or 0, item[0].seq))
        for (_, _, before), (_, folder, claim) in pairwise(ranked):
            if claim.issue_date < before.issue_date:
                yield Problem(
                    rule="dated-back",
                    message=f"{claim.number} is dated {claim.issue_date}, before {before.number} ({before.issue_date})",
                    hint="see when it was really made: git log --first-parent -- " + folder.path,
                    file=f"{folder.path}/claim.toml",
                )


def _unexplained(claimed: Sequence[tuple[Folder, Claim]], records: Sequence[Record]) -> Iterator[Problem]:
    """A claim that the ledger does not know, and a void that only one of the two states."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for record in records:
        kinds[str(record.facts.get("number"))].add(record.kind)
    for folder, claim in claimed:
        told = kinds[claim.number]
        if not told & {"claim", "void", *ISSUED}:
            message = f"the ledger knows nothing of the number {claim.number}"
        elif claim.void is not None and "void" not in told:
            message = f"{claim.number} is void by its claim, but not by the ledger"
        elif claim.void is None and "void" in told:
            message = f"{claim.number} is void by the ledger, but not by its claim"
        else:
            continue
        yield Problem(
            rule="claim-not-recorded",
            message=message,
            hint="claims are written by `git bill issue` alone; see who did this: "
            f"git log -p --first-parent -- {folder.path}/claim.toml",
            file=f"{folder.path}/claim.toml",
        )


def _gone(record: Record, message: str, path: str) -> Problem:
    hint = f"bring it back: git checkout invoice/{record.facts.get('number')} -- {path}"
    return Problem(rule="frozen-file-gone", message=message, hint=hint, file=record.file, line=record.line)


def _tampered(path: str, number: str, digest: str, recorded: str) -> Problem:
    return Problem(
        rule="frozen-file-tampered",
        message=f"{PurePosixPath(path).name} was changed after {number} was issued: "
        f"its sha256 is {digest[:12]}…, the ledger recorded {recorded[:12]}…",
        hint=f"bring it back: git checkout invoice/{number} -- {path}",
        file=path,
    )


def _added(path: str, number: str) -> Problem:
    return Problem(
        rule="frozen-folder-changed",
        message=f"{PurePosixPath(path).name} was added to the folder of {number} after it was issued",
        hint=f"an issued folder never changes; take it out: git rm {path}",
        file=path,
    )


def _never_recorded(folder: Folder) -> Problem:
    return Problem(
        rule="issue-not-recorded",
        message="there is an invoice here that the ledger does not record as issued",
        hint="invoices are made by `git bill issue` alone; see who added it: git log --first-parent -- " + folder.path,
        file=f"{folder.path}/invoice.toml",
    )


def _missing(number: str) -> Problem:
    return Problem(
        rule="number-gap",
        message=f"the number {number} is missing and no void explains it",
        hint="look for its folder in the history: git log --diff-filter=D --name-only -- " + INVOICES,
        file=INVOICES,
    )


def _twin(folder: Folder, claim: Claim) -> Problem:
    return Problem(
        rule="number-twice",
        message=f"the number {claim.number} is claimed twice",
        hint="see which one the ledger records: git bill ledger show",
        file=f"{folder.path}/claim.toml",
    )
