"""Audit: whether the ledger and the frozen files are what was written, read at the tip of the books branch.

What it finds is relative to anchors (law 7): invoice tags, and the heads that documents print. What lies after the
last anchor is protected by the branch alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_bill.custody.ledger import ISSUED, START, Record, continues, read, short
from git_bill.flows import load
from git_bill.flows.audit_folders import Folder, frozen_files, numbers, read_folders
from git_bill.flows.audit_payments import payments_check
from git_bill.flows.checklist import Check, counted, problems_of
from git_bill.layout import ledger_file
from git_bill.ports import Books
from git_bill.problem import Problem, Stop, errors

TAG = "invoice/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A head that others have seen. `lines`: how many leading ledger lines can't be changed unnoticed."""

    name: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was checked, and the ledger as it is. `anchor`: the one that covers most, None without any."""

    checks: tuple[Check, ...] = ()
    records: tuple[Record, ...] = ()
    anchor: Anchor | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every finding."""
        return problems_of(self.checks)

    @property
    def head(self) -> str:
        """The chain's head, 64 characters."""
        return self.records[-1].hash if self.records else START

    @property
    def tampered(self) -> tuple[Problem, ...]:
        """What forbids to go on: books that were cut, rewritten or changed would be taken for whole ones."""
        return tuple(problem for problem in errors(self.problems) if problem.rule in _FATAL)

    @property
    def after_anchor(self) -> tuple[Record, ...]:
        """Records that the branch alone protects."""
        return self.records[self.anchor.lines if self.anchor else 0 :]


def audit(books: Books) -> tuple[Problem, ...]:
    """Everything wrong with the ledger and the frozen files; a warning where an anchor is missing."""
    return examine(books).problems


# Findings after which nothing more may be issued. A gap of before or a file changed in a work tree are told by `check`.
_FATAL = frozenset(
    {
        "claim-not-recorded",
        "frozen-file-gone",
        "frozen-file-tampered",
        "frozen-folder-changed",
        "head-not-in-chain",
        "issue-not-recorded",
        "ledger-broken",
        "ledger-not-anchored",
        "ledger-rewritten",
        "number-twice",
        "payment-changed",
        "payment-gone",
        "payment-not-recorded",
        "payment-twice",
    }
)


def tampered(books: Books) -> tuple[Problem, ...]:
    """What forbids to issue, see `Audit.tampered`."""
    return examine(books).tampered


def examine(books: Books) -> Audit:
    """The audit check by check. Nothing is written or fetched."""
    tip = books.tip()
    if tip is None:
        return Audit()
    snapshot = books.at(tip)
    try:
        files = load.ledger(snapshot)
    except Stop as stopped:
        return Audit(checks=(Check(what="the ledger can be read", problems=stopped.problems),))
    records, broken = read(files, {year: ledger_file(year) for year in files})
    folders, unreadable = read_folders(snapshot)
    tags, moved = _tags(books, files, records)
    printed, strange = _printed(folders, records)
    hashed, differing = frozen_files(books, snapshot, folders, records)
    grown = (*_rewritten(books, files), *_other_here(books, files))
    invoices = tuple(each.invoice for each in folders if each.invoice is not None)
    checks = (
        Check(
            what=f"each line of the ledger follows from the one before: {counted(len(records), 'line')}",
            problems=broken,
        ),
        Check(what="the ledger only ever grew", problems=grown),
        Check(
            what=f"frozen files have the hashes that were recorded: {counted(hashed, 'file')}",
            problems=(*unreadable, *differing),
        ),
        numbers(snapshot, folders, records),
        Check(
            what=f"the ledger goes on from where the invoices' tags saw it: {counted(len(tags), 'tag')}", problems=moved
        ),
        Check(
            what=f"the heads that documents print are in the chain: {counted(len(printed), 'document')}",
            problems=strange,
        ),
        payments_check(snapshot, records, None if unreadable else invoices),
    )
    anchor = max((*tags, *printed), key=lambda a: a.lines, default=None)
    return Audit(checks=checks, records=records, anchor=anchor)


def _rewritten(books: Books, files: Mapping[int, str]) -> Iterator[Problem]:
    """Each version of a file is the beginning of the next along the first-parent history."""
    for path in map(ledger_file, sorted(files)):
        older = ""
        for commit, content in books.history(path):
            newer = content.decode("utf-8", "replace")
            if not continues(older, newer):
                line = _first_change(older, newer)
                yield Problem(
                    rule="ledger-rewritten",
                    message=f"commit {commit[:12]} changed, cut or moved line {line}, which had been written before",
                    hint=f"see it with `git show {commit[:12]} -- {path}`, and put the line back: "
                    f"git checkout {commit[:12]}^ -- {path}",
                    file=path,
                    line=line,
                )
            older = newer


def _other_here(books: Books, files: Mapping[int, str]) -> Iterator[Problem]:
    """What lies in this clone is a part of the branch's ledger, or goes on after it (not pushed yet)."""
    try:
        here = load.ledger(books.here())
    except Stop as stopped:
        yield from stopped.problems
        return
    for year, text in here.items():
        known = files.get(year, "")
        if text != known and not continues(text, known) and not continues(known, text):
            path, line = ledger_file(year), _first_change(known, text)
            yield Problem(
                rule="ledger-differs-here",
                message=f"line {line} here is not the one on {books.branch}",
                hint=f"if it was changed here, put it back: git restore {path}; if {books.branch} was pushed by force, "
                "this clone still has the earlier ledger: keep it and ask who did that",
                file=path,
                line=line,
            )


def _tags(
    books: Books, files: Mapping[int, str], records: tuple[Record, ...]
) -> tuple[tuple[Anchor, ...], tuple[Problem, ...]]:
    """Invoice tags whose ledger is the beginning of today's; problems for the others, and for invoices without one."""
    anchors: list[Anchor] = []
    problems: list[Problem] = []
    tags = books.tags(TAG)
    for name, commit in tags.items():
        try:
            then = load.ledger(books.at(commit))
        except Stop as stopped:
            problems.extend(stopped.problems)
            continue
        changed = [year for year, text in then.items() if not continues(text, files.get(year, ""))]
        problems.extend(_moved(name, year, then[year], files.get(year, "")) for year in changed)
        if not changed:
            anchors.append(Anchor(name=name, lines=sum(text.count("\n") for text in then.values())))
    issued = [record for record in records if record.kind in ISSUED]
    untagged = [record for record in issued if f"{TAG}{record.facts.get('number')}" not in tags]
    if untagged:
        problems.append(_untagged(untagged))
    recorded = {str(record.facts.get("number")) for record in issued}
    problems.extend(_unrecorded(name) for name in tags if name.removeprefix(TAG) not in recorded)
    return tuple(anchors), tuple(problems)


def _moved(tag: str, year: int, then: str, now: str) -> Problem:
    path, line = ledger_file(year), _first_change(then, now)
    return Problem(
        rule="ledger-not-anchored",
        message=f"the tag {tag} has seen another line {line}: the ledger was changed, cut or reordered after it",
        hint=f"see the difference: git diff {tag} -- {path}",
        file=path,
        line=line,
    )


def _untagged(records: list[Record]) -> Problem:
    first = records[0]
    several = f" and {len(records) - 1} more have" if len(records) > 1 else " has"
    return Problem(
        rule="anchor-missing",
        severity="warning",
        message=f"{first.facts.get('number')}{several} no tag in this clone",
        hint="bring the tags here: git fetch --tags",
        file=first.file,
        line=first.line,
    )


def _unrecorded(tag: str) -> Problem:
    return Problem(
        rule="issue-not-recorded",
        message=f"there is a tag {tag}, but the ledger does not record that this number was issued",
        hint=f"see what it marks: git show {tag}",
    )


def _printed(
    folders: tuple[Folder, ...], records: tuple[Record, ...]
) -> tuple[tuple[Anchor, ...], tuple[Problem, ...]]:
    """The head that a document prints is one that the chain had before the document's own line."""
    anchors: list[Anchor] = []
    problems: list[Problem] = []
    issue = {str(r.facts.get("number")): index for index, r in enumerate(records) if r.kind in ISSUED}
    for folder in folders:
        invoice = folder.invoice
        if invoice is None or invoice.number not in issue:
            continue
        before = [START, *(record.hash for record in records[: issue[invoice.number]])]
        lines = next((n for n, head in enumerate(before) if short(head) == invoice.ledger_head), None)
        if lines is not None:
            anchors.append(Anchor(name=invoice.number, lines=lines))
            continue
        problems.append(
            Problem(
                rule="head-not-in-chain",
                message=f"{invoice.number} prints the ledger head {invoice.ledger_head}, which the chain did not have "
                "before it: the ledger was changed after the document had left",
                hint="compare with the PDF that the client has: git bill verify FILE.pdf",
                file=f"{folder.path}/invoice.toml",
                line=folder.head_line,
            )
        )
    return tuple(anchors), tuple(problems)


def _first_change(older: str, newer: str) -> int:
    """The first line (1-based) that is not as it was."""
    old, new = older.split("\n"), newer.split("\n")
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return same + 1
