"""Read the workspace's files from a snapshot into records. Wrong files stop with all their problems at once."""

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeVar

from git_bill.contract.agreement import NAME, Engagement
from git_bill.contract.expense import Expense, Expenses
from git_bill.contract.usage import Reading, Usage
from git_bill.custody.sealing import MARK, SEALABLE, among, dotted, parsed, sealed_values
from git_bill.flows.disagreement import disagreements
from git_bill.flows.naming import slug
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Claim, Invoice
from git_bill.layout import SETTINGS, client_file
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, Stop, errors, stop
from git_bill.shape import Path, Read, read
from git_bill.worklog.assignment import INTERNAL
from git_bill.worklog.edit import Edit, Edits
from git_bill.worklog.entry import Manifest, Worked
from git_bill.worklog.evidence import Evidence, from_lines, unique
from git_bill.worklog.piece import Origin
from git_bill.workspace import Settings, Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A folder of `billing/invoices/`: the claim of its number and, once issued, the invoice."""

    folder: str
    claim: Claim
    invoice: Invoice | None


def text_of(snapshot: Snapshot, path: str, *, opened: bool = False) -> str | None:
    """A file as UTF-8 text, None where there is none; `opened`: with sealed values in clear, where this machine can.

    Stops (exit 3) at other encodings.
    """
    content = snapshot.opened(path) if opened else snapshot.read(path)
    if content is None:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise stop(
            Exit.SETTINGS,
            "not-utf-8",
            f"byte {error.object[error.start]:#04x} is not UTF-8",
            f"save it as UTF-8, for example: iconv -f latin1 -t utf-8 {path}",
            path,
            line,
        ) from None


def read_file(snapshot: Snapshot, shape: type[T], path: str) -> Read[T] | None:
    """One TOML file as its record with problems and line numbers; None where there is no such file."""
    text = text_of(snapshot, path)
    return None if text is None else read(shape, text, path)


def workspace(snapshot: Snapshot) -> Workspace:
    """Settings and clients. Stops (exit 3) with every problem of every file."""
    problems: list[Problem] = []
    settings = _read_opened(snapshot, Settings, SETTINGS)
    if settings is None:
        raise stop(Exit.SETTINGS, "no-workspace", f"there is no {SETTINGS} here", "make one with: git bill init")
    problems.extend(settings.problems)
    where = {SETTINGS: settings.where}
    engagements: dict[str, Engagement] = {}
    problems.extend(_misplaced(snapshot))
    for path in _files(snapshot, "billing/clients", ".toml"):
        found = _read_opened(snapshot, Engagement, path)
        if found is not None:
            problems.extend(found.problems)
            where[path] = found.where
            if found.value is not None:
                engagements[PurePosixPath(path).stem] = found.value
    if settings.value is None or errors(problems):
        raise Stop(Exit.SETTINGS, problems)
    read_whole = Workspace(settings=settings.value, engagements=engagements, where=where)
    if apart := tuple(disagreements(read_whole)):
        raise Stop(Exit.SETTINGS, apart)
    return read_whole


def clients(snapshot: Snapshot) -> tuple[str, ...]:
    """Ids of the clients that have a file, readable or not."""
    return tuple(PurePosixPath(path).stem for path in _files(snapshot, "billing/clients", ".toml"))


def evidence(snapshot: Snapshot) -> tuple[Evidence, ...]:
    """All evidence, each fact once. Stops (exit 3) at a line that is not a record."""
    found: list[Evidence] = []
    problems: list[Problem] = []
    for path in _files(snapshot, "billing/evidence", ".jsonl"):
        records, wrong = from_lines(text_of(snapshot, path) or "", path)
        found.extend(records)
        problems.extend(wrong)
    if problems:
        raise Stop(Exit.SETTINGS, problems)
    return tuple(unique(found))


def origins(workspace: Workspace) -> Mapping[str, Origin]:
    """What the settings say of the sources. Busy hours are nobody's work: they use minutes and are never billed."""
    return {
        source.name: Origin(
            client=INTERNAL if source.kind == "busy" else source.client,
            project=source.project,
            since=source.since,
            routes=source.routes,
        )
        for source in workspace.settings.sources
    }


def manifests(snapshot: Snapshot) -> Mapping[tuple[str, str], Manifest]:
    """The manifests by client and month (`yyyy-mm`)."""
    return {_client_month(path): record for path, record in read_all(snapshot, Manifest, "billing/manifest").items()}


def worked(snapshot: Snapshot) -> tuple[Worked, ...]:
    """All entries of all manifests, by client, month, day and id."""
    return tuple(
        Worked(id=entry_id, client=client, entry=entry)
        for (client, _), manifest in sorted(manifests(snapshot).items())
        for entry_id, entry in manifest.entries.items()
    )


def edits(snapshot: Snapshot) -> tuple[tuple[str, str, Edit], ...]:
    """All edits as (client, id, edit) in the order they were made."""
    found = [
        (_client_month(path)[0], edit_id, edit)
        for path, record in read_all(snapshot, Edits, "billing/edits").items()
        for edit_id, edit in record.edits.items()
    ]
    return tuple(sorted(found, key=lambda item: (item[2].at, item[1])))


def expenses(snapshot: Snapshot) -> Mapping[str, Mapping[str, Expense]]:
    """Expenses by client and id, in the order of their months."""
    found: dict[str, dict[str, Expense]] = defaultdict(dict)
    for path, record in sorted(read_all(snapshot, Expenses, "billing/expenses").items()):
        found[_client_month(path)[0]].update(record.expenses)
    return found


def readings(snapshot: Snapshot) -> Mapping[str, Mapping[str, Reading]]:
    """Readings of meters by client and id, in the order of their months."""
    found: dict[str, dict[str, Reading]] = defaultdict(dict)
    for path, record in sorted(read_all(snapshot, Usage, "billing/usage").items()):
        found[_client_month(path)[0]].update(record.readings)
    return found


def drafts(snapshot: Snapshot) -> tuple[Mapping[str, Draft], Mapping[str, tuple[Problem, ...]]]:
    """Approved drafts (files in `billing/drafts/`) by name, and the problems of those that can't be read."""
    found: dict[str, Draft] = {}
    broken: dict[str, tuple[Problem, ...]] = {}
    for path in _files(snapshot, "billing/drafts", ".toml"):
        name = PurePosixPath(path).stem
        try:
            result = read_file(snapshot, Draft, path)
        except Stop as wrong:
            broken[name] = wrong.problems
            continue
        if result is not None and result.value is not None:
            found[name] = result.value
        elif result is not None:
            broken[name] = result.problems
    return found, broken


def numbered(snapshot: Snapshot) -> tuple[Numbered, ...]:
    """Every claimed or issued number, by folder. Stops (exit 3) at a folder without a readable claim."""
    claims = read_all(snapshot, Claim, "billing/invoices", "claim.toml")
    invoices = read_all(snapshot, Invoice, "billing/invoices", "invoice.toml")
    folders = {str(PurePosixPath(path).parent): path for path in claims}
    orphans = [path for path in invoices if str(PurePosixPath(path).parent) not in folders]
    if orphans:
        raise stop(
            Exit.SETTINGS,
            "no-claim",
            "an invoice without the claim of its number",
            "restore claim.toml with git",
            orphans[0],
        )
    return tuple(
        Numbered(folder=folder, claim=claims[path], invoice=invoices.get(f"{folder}/invoice.toml"))
        for folder, path in sorted(folders.items())
    )


def ledger(snapshot: Snapshot) -> Mapping[int, str]:
    """The ledger's text by year."""
    return {
        int(PurePosixPath(path).stem): text_of(snapshot, path) or ""
        for path in _files(snapshot, "billing/ledger", ".jsonl")
        if PurePosixPath(path).stem.isdigit()
    }


def _read_opened(snapshot: Snapshot, shape: type[T], path: str) -> Read[T] | None:
    """A settings file with its sealed values opened; a value that may not be sealed, or is cut, is a problem."""
    text = text_of(snapshot, path, opened=True)
    if text is None:
        return None
    found = read(shape, text, path)
    if MARK not in text or found.value is None:
        return found
    wrong = [problem for at, value in sealed_values(text).items() if (problem := _missealed(at, value, path, found))]
    return replace(found, value=None if wrong else found.value, problems=(*found.problems, *wrong))


def _missealed(at: Path, value: str, file: str, found: Read[T]) -> Problem | None:
    if not among(at, SEALABLE):
        message, hint = f"{dotted(at)} can't be sealed: something is decided by it", "write it in clear"
    elif parsed(value) is None:
        message = f"{dotted(at)} starts like a sealed value and is none"
        hint = f"bring it back: git restore {file}; or write it in clear and run: git bill seal"
    else:
        return None
    return Problem(rule="not-sealed", message=message, hint=hint, file=file, line=found.where.get(at))


def _misplaced(snapshot: Snapshot) -> Iterator[Problem]:
    """Files in folders below `billing/clients/`: which client's would they be? And names that can't be an id."""
    for path in snapshot.paths("billing/clients"):
        name, folder = PurePosixPath(path).stem, str(PurePosixPath(path).parent)
        if path.endswith(".toml") and re.fullmatch(NAME, name) is None:
            yield Problem(
                rule="client-id",
                message=f"a client's id is its file's name, and {name!r} is none: letters, digits, _ . and - make one",
                hint=f"git mv {shlex.quote(path)} {client_file(slug(name) or 'acme')}",
                file=path,
            )
        if folder != "billing/clients":
            yield Problem(
                rule="misplaced-file",
                message=f"{folder} is a folder; a client is one file, directly in billing/clients",
                hint=f"put it aside, for example: git mv {folder} billing/old-clients",
                file=path,
            )


def _files(snapshot: Snapshot, folder: str, suffix: str) -> list[str]:
    return [path for path in snapshot.paths(folder) if path.endswith(suffix)]


def read_all(snapshot: Snapshot, shape: type[T], folder: str, suffix: str = ".toml") -> dict[str, T]:
    """Every file of one kind below a folder. Stops (exit 3) with all problems of all of them."""
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for path in _files(snapshot, folder, suffix):
        result = read_file(snapshot, shape, path)
        if result is not None:
            problems.extend(result.problems)
            if result.value is not None:
                found[path] = result.value
    if errors(problems):
        raise Stop(Exit.SETTINGS, problems)
    return found


def _client_month(path: str) -> tuple[str, str]:
    parts = PurePosixPath(path)
    return parts.parent.name, parts.stem
