"""Disputes on the command line: what is given with them, and how they look."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.cli.output import Line, Span, bold, dim, money, terminal_width
from git_bill.cli.session import Session
from git_bill.flows.attach import Attachment
from git_bill.flows.checklist import counted
from git_bill.flows.dispute import MOST_TEXT
from git_bill.flows.disputes_at import Row
from git_bill.money import Money
from git_bill.problem import Exit, stop
from git_bill.receivable.dispute.course import ending, state_of
from git_bill.receivable.dispute.record import Dispute, Kept, Step

_MARK = "  · "
_SHOWN = 8  # lines of what was said in an overview


def amount(text: str) -> Money:
    """`119.00 EUR` → Money. Raises ValueError."""
    return Money.parse(text)


def attachments(session: Session, files: Iterable[Path]) -> tuple[Attachment, ...]:
    """Files that a person names. Stops (exit 2) at one that can't be read, and at a link to another."""
    return tuple(Attachment(name=path.name, content=_content(session, path)) for path in files)


def words_of(session: Session, text: str, file: Path | None) -> str:
    """What was said: as it is given, or in a text file. Stops (exit 2) at both and at a file that is no text."""
    if file is None:
        return text
    if text:
        raise stop(Exit.USAGE, "usage", "--text and --file both say it", "give one of them")
    found = _content(session, file)
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        hint = f"keep it as it is: --attach {file}, and say in --text what is in it; at most {MOST_TEXT} characters"
        raise stop(Exit.USAGE, "not-utf-8", f"{file} is no UTF-8 text", hint) from None


def _content(session: Session, path: Path) -> bytes:
    if (session.start / path).is_symlink():
        raise stop(Exit.USAGE, "no-attachment", f"{path} is a link to another file", "name the file itself")
    try:
        return content(session.start / path, 64 * MEGABYTE)
    except OSError as error:
        raise stop(Exit.USAGE, "no-attachment", f"{path} can't be read: {error.strerror}", "name a file") from None


def dispute_text(dispute: Dispute, *, whole: bool = False) -> Iterator[Line]:
    """What is disputed, and every step. `whole`: all of what was said, not its first lines alone."""
    by = {"client": "the client", "chargeback": "a chargeback", "issue": f"issue {dispute.issue}"}[dispute.opened_by]
    yield f"  {dispute.invoice}, {dispute.what}: {money(dispute.amount)} disputed since {dispute.on} by {by}"
    told = f" ({dispute.provider_reason})" if dispute.provider_reason else ""
    yield f"  because of {dispute.reason}{told}"
    if dispute.evidence_due is not None:
        yield f"  the provider takes evidence until {dispute.evidence_due}"
    if dispute.said:
        yield from _told(dispute.said, whole)
    yield from (_kept(each) for each in dispute.files)
    for step in dispute.steps:
        yield f"  {step.on}  {_did(step)}"
        if step.text:
            yield from _told(step.text, whole)
        yield from (_kept(each) for each in step.files)


def _told(text: str, whole: bool) -> Iterator[Line]:
    """What somebody said, its lines and paragraphs kept, wrapped to the terminal."""
    width = terminal_width() - len(_MARK)
    lines = [part for line in text.strip().expandtabs().splitlines() for part in textwrap.wrap(line, width) or [""]]
    kept = lines if whole or len(lines) <= _SHOWN else lines[: _SHOWN - 1]
    for at, line in enumerate(kept):
        yield (dim("" if not line else _MARK if at == 0 else " " * len(_MARK)), line)
    if len(kept) < len(lines):
        yield dim(f"{' ' * len(_MARK)}… {len(lines) - len(kept)} more lines: git bill dispute show")


def _kept(kept: Kept) -> Line:
    return (dim("  + "), f"{kept.name}, SHA-256 {kept.sha256[:12]}")


def _did(step: Step) -> str:
    if step.do == "resolve":
        given = f", {money(step.amount)} given up" if step.amount is not None else ""
        note = f" by {step.credit}" if step.credit else ""
        return f"resolved: {step.result}{given}{note}"
    told = {"answer": "answered", "reply": "the client replied", "withdraw": "withdrawn"}
    return f"brought before {step.to}" if step.do == "escalate" else told[step.do]


def dispute_data(dispute: Dispute) -> Mapping[str, Any]:
    """For scripts."""
    end = ending(dispute)
    return {
        "dispute": dispute.id,
        "invoice": dispute.invoice,
        "lines": list(dispute.lines),
        "amount": dispute.amount,
        "reason": dispute.reason,
        "by": dispute.opened_by,
        "on": dispute.on,
        "evidence_due": dispute.evidence_due,
        "state": state_of(dispute),
        "result": (end.result or "withdrawn") if end is not None else None,
        "given_up": end.amount if end is not None else None,
        "credit": (end.credit or None) if end is not None else None,
        "days": (end.on - dispute.on).days if end is not None else None,
        "steps": [
            {"do": s.do, "on": s.on, "text": s.text, "by": s.by, "files": [each.file for each in s.files]}
            for s in dispute.steps
        ],
    }


def row_cells(row: Row) -> list[str | Span]:
    """A line of a list: where it stands, and what is due."""
    days = counted(row.days, "day") if row.days else "today"
    due: str | Span = f"evidence by {row.due}" if row.due is not None and row.result is None else ""
    if row.overdue:
        due = Span(f"evidence was due {row.due}", "red")
    state = row.state if row.result is None else {"partly": "partly upheld"}.get(row.result, row.result)
    note = dim(f"credit note: {row.credit}") if row.credit else ""
    return [bold(row.id), row.client, money(row.amount), row.reason, f"{state}, {days}", due, note]


def row_data(row: Row) -> Mapping[str, Any]:
    """For scripts."""
    return {
        "dispute": row.id,
        "invoice": row.invoice,
        "client": row.client,
        "state": row.state,
        "amount": row.amount,
        "reason": row.reason,
        "by": row.opened_by,
        "on": row.on,
        "days": row.days,
        "evidence_due": row.due,
        "overdue": row.overdue,
        "result": row.result,
        "credit": row.credit or None,
    }
