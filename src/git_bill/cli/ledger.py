"""`git bill ledger`: the chain of what can't be undone, and whether it is whole."""

from datetime import UTC

from git_bill.cli import checklist
from git_bill.cli.options import common, group
from git_bill.cli.output import Line, Report, bold, dim, table
from git_bill.cli.session import Session
from git_bill.custody.ledger import Record, read, short
from git_bill.flows import load
from git_bill.flows.audit import Audit, examine
from git_bill.layout import ledger_file
from git_bill.problem import errors

_SHOWN = ("number", "draft", "gross")  # facts that tell a line from the next one


@group("ledger", alone="show")
def command() -> None:
    """Show the ledger, or check that nobody changed it.

    The ledger records what can't be undone: claims, issues, voids, sign-offs, mails. Each line carries the hash of the
    line before it, and documents print the newest one, so everybody who has an invoice can tell if it was changed.
    """


@command.command("show")
@common
def show(session: Session) -> Report:
    """List the ledger's lines, oldest first."""
    tip = session.books.tip()
    files = load.ledger(session.books.at(tip)) if tip else {}
    records, problems = read(files, {year: ledger_file(year) for year in files})
    rows = [(_instant(r), r.kind, r.by, _about(r), dim(short(r.hash))) for r in records]
    text = table(rows, head=("at (UTC)", "what", "by", "about", "head after it")) or [
        "The ledger is empty: nothing was issued or signed off yet."
    ]
    return Report(data={"records": [_data(r) for r in records]}, text=tuple(text), problems=problems)


@command.command("verify")
@common
def verify(session: Session) -> Report:
    """Check the chain, the frozen files and the anchors.

    Every version of the ledger must continue the one before it, every file of an issued document must have the hash
    that was recorded, and what tags and documents have seen of the ledger must still be in it. Files are read from the
    books branch; a frozen file that was changed in the work tree is named too. Nothing is fetched or changed.
    """
    found = examine(session.books)
    last = found.after_anchor
    return Report(
        data={
            "lines": len(found.records),
            "head": found.head,
            "checks": checklist.data(found.checks),
            "anchor": found.anchor and {"name": found.anchor.name, "lines": found.anchor.lines},
            "after_anchor": [_data(record) for record in last],
        },
        text=tuple(_verdict(found)),
        problems=found.problems,
    )


def _verdict(found: Audit) -> list[Line]:
    if not found.records and not found.problems:
        return ["The ledger is empty: nothing was issued or signed off yet."]
    good = not errors(found.problems)
    text: list[Line] = [
        bold("The ledger is whole." if good else "The books were changed."),
        *checklist.lines(found.checks),
        "",
    ]
    if found.anchor is None:
        return [*text, "Nothing of it has left the house yet: the branch alone protects it."]
    text.append(
        f"Anybody who has {found.anchor.name} can tell whether the lines up to {found.anchor.lines} were changed."
    )
    if found.after_anchor:
        last = "last line" if len(found.after_anchor) == 1 else f"last {len(found.after_anchor)} lines"
        text.append(f"The branch alone protects the {last}:")
        text += table([(_instant(r), r.kind, r.by, _about(r)) for r in found.after_anchor], indent=2)
    return text


def _instant(record: Record) -> str:
    return f"{record.at.astimezone(UTC):%Y-%m-%d %H:%M}"


def _about(record: Record) -> str:
    return "  ".join(str(record.facts[name]) for name in _SHOWN if name in record.facts)


def _data(record: Record) -> dict[str, object]:
    return {
        "at": record.at.isoformat(),
        "kind": record.kind,
        "by": record.by,
        "facts": dict(record.facts),
        "hash": record.hash,
        "file": record.file,
        "line": record.line,
    }
