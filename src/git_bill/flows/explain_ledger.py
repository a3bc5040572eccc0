"""The part of explain that is about numbers and the ledger: who claimed and approved what, and what protects it."""

from collections.abc import Iterator
from datetime import UTC

from git_bill.custody.ledger import START, Record, read, short
from git_bill.flows import load
from git_bill.flows.audit import Audit, examine
from git_bill.flows.checklist import counted
from git_bill.flows.lookup import Known
from git_bill.invoice.numbering import format_number, parse_number
from git_bill.layout import ledger_file
from git_bill.ports import Books, Snapshot
from git_bill.worklog.reason import Reason


def ledger_reason(books: Books) -> Reason:
    """The chain: its checks, its anchor, and every line."""
    found = examine(books)
    checks = tuple(
        Reason(
            text=check.what,
            kind=check.state,
            because=tuple(Reason(text=p.message, kind=p.rule, ref=p.file or "") for p in check.problems),
        )
        for check in found.checks
    )
    text = f"the ledger has {counted(len(found.records), 'line')}, its head is {short(found.head)}"
    lines = tuple(record_reason(record) for record in found.records)
    because = (
        Reason(text="it was checked", kind="checks", because=checks),
        _anchored(found),
        Reason(text="its lines", kind="lines", because=lines),
    )
    return Reason(text=text, kind="ledger", ref=found.head, because=because if found.records else ())


def _anchored(found: Audit) -> Reason:
    after = tuple(record_reason(record) for record in found.after_anchor)
    if found.anchor is None:
        return Reason(
            text="no head of it has left the house, the branch alone protects it", kind="anchor", because=after
        )
    count = counted(len(after), "line")
    text = f"{found.anchor.name} anchors it up to line {found.anchor.lines}; the branch alone protects {count} after it"
    return Reason(text=text, kind="anchor", ref=found.anchor.name, because=after)


def record_reason(record: Record) -> Reason:
    """One line of the ledger."""
    about = " ".join(str(record.facts[name]) for name in ("number", "draft", "gross") if name in record.facts)
    at = f"{record.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    text = f"{record.kind} {about} by {record.by}, {at} ({record.file}:{record.line}, {short(record.hash)})"
    return Reason(text=text, kind=record.kind, ref=record.hash)


def number_reasons(books: Snapshot, item: load.Numbered) -> Iterator[Reason]:
    """How a number came to be given: the draft, its approval, its place in the series, what the ledger recorded."""
    claim = item.claim
    approved = f", approved by {claim.approved_by}" if claim.approved_by else ""
    yield Reason(text=f"claimed for {claim.name} ({claim.draft}){approved}", kind="claim", ref=claim.draft)
    if claim.void is not None:
        yield Reason(text=f'void: "{claim.void}"', kind="void", ref=claim.number)
    elif item.invoice is None:
        yield Reason(text="not issued yet: the next git bill issue finishes it", kind="open", ref=claim.number)
    files = load.ledger(books)
    records, _ = read(files, {year: ledger_file(year) for year in files})
    yield from (
        record_reason(record)
        for record in records
        if record.facts.get("number") == claim.number
        or (record.kind == "sign-off" and record.facts.get("draft") == claim.draft)
    )
    if item.invoice is not None:
        head = item.invoice.ledger_head
        text = f"it prints the ledger's head {head}: whoever has it can tell if a line before it was changed"
        if head == short(START):
            text = "it is the first document of this ledger, so it prints no head of it"
        yield Reason(text=text, kind="anchor", ref=head)


def missing_number(books: Books, names: Known, word: str) -> Reason | None:
    """Why there is no such number: given before git-bill, not given yet, or a gap. None where it is no number."""
    numbering = load.workspace(names.here).settings.numbering
    for form, last in numbering.series:
        parsed = parse_number(form, word)
        if parsed is None:
            continue
        before = parse_number(form, last) if last else None
        same = [n for number in names.numbers if (n := parse_number(form, number)) and n.year == parsed.year]
        highest = max((n.seq for n in same), default=before.seq if before and before.year == parsed.year else 0)
        if before is not None and (parsed.year or 0, parsed.seq) <= (before.year or 0, before.seq):
            text = f"{word} was given before git-bill: the last one of that time is {last}"
            return Reason(text=text, kind="before", ref=word)
        if parsed.seq > highest:
            following = format_number(form, parsed.year or 0, highest + 1)
            return Reason(text=f"{word} is not given yet; the next one is {following}", kind="next", ref=word)
        problems = [p for p in examine(books).problems if word in p.message]
        because = tuple(Reason(text=p.message, kind=p.rule, ref=p.file or "") for p in problems)
        return Reason(text=f"{word} is missing in its series", kind="gap", ref=word, because=because)
    return None
