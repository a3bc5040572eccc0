"""What a draft bills again or late: tickets and days of earlier invoices, work from long ago, lines twice."""

from collections.abc import Collection, Iterable, Iterator

from git_bill.contract.agreement import Contract
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Draft
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.grouping import work_of
from git_bill.invoice.guardrails import GUARDRAILS
from git_bill.invoice.held import DRAWN
from git_bill.period import Period
from git_bill.worklog.entry import Worked


def repeated(draft: Draft, basis: Basis, contract: Contract, entries: Collection[Worked]) -> Iterator[Finding]:
    """Guardrails about what was before. `entries`: those of the draft's lines."""
    yield from _old(draft, basis, entries)
    yield from _late(draft, entries)
    yield from _tickets(basis, entries)
    yield from _overlap(draft, basis, contract)
    yield from _twice(draft)


def flag(rule: str, message: str, hint: str, *, at: tuple[str | int, ...] = ()) -> Finding:
    """A guardrail's finding, as heavy as it is by itself."""
    return finding(rule, message, hint, severity=GUARDRAILS[rule].severity, at=at)


def listed(words: Collection[str]) -> str:
    """`a, b, c and 2 more`"""
    first = list(words)
    return ", ".join(first[:3]) + (f" and {len(first) - 3} more" if len(first) > 3 else "")


def _old(draft: Draft, basis: Basis, entries: Iterable[Worked]) -> Iterator[Finding]:
    limit = basis.guardrails.max_age_days
    old = [w for w in entries if limit is not None and (draft.last - w.entry.day).days > limit]
    if old:
        first = min(w.entry.day for w in old)
        many = "1 entry is" if len(old) == 1 else f"{len(old)} entries are"
        message = f"{many} older than {limit} days, the first of {first}"
        yield flag("old-work", message, "tell the client why they come so late, or waive them")


def _late(draft: Draft, entries: Iterable[Worked]) -> Iterator[Finding]:
    late = [w for w in entries if w.entry.day < draft.first]
    if late:
        many = "1 entry is" if len(late) == 1 else f"{len(late)} entries are"
        message = f"{many} from before {draft.first}, from periods that were billed already"
        yield flag("late-work", message, "tell the client why they come late")


def _tickets(basis: Basis, entries: Iterable[Worked]) -> Iterator[Finding]:
    """Tickets of earlier invoices, each with the last one that billed it."""
    now = {work_of(w.entry): w.entry.ticket for w in entries if w.entry.ticket}
    before: dict[str, str] = {}
    for invoice in basis.earlier if now else ():
        for entry in (entry for line in invoice.lines for entry in line.entries if entry in basis.worked):
            ticket = now.get(work_of(basis.worked[entry].entry))
            if ticket is not None:
                before[ticket] = invoice.number
    if before:
        told = listed([f"{ticket} ({number})" for ticket, number in sorted(before.items())])
        message = f"{'a ticket was' if len(before) == 1 else f'{len(before)} tickets were'} billed before: {told}"
        yield flag("billed-ticket", message, "say in the line what is new, if the client may ask")


def _overlap(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    for invoice in basis.earlier:
        if invoice.contract == contract.id and invoice.first <= draft.last and draft.first <= invoice.last:
            both = Period(max(draft.first, invoice.first), min(draft.last, invoice.last))
            message = f"{invoice.number} has days of this period, too: {both}"
            yield flag("period-overlap", message, "no entry is billed twice; tell the client why there are two")


def _twice(draft: Draft) -> Iterator[Finding]:
    """Lines that look the same to the client. A weekend has another price; what a retainer holds is taken off again."""
    seen: dict[tuple[object, ...], int] = {}
    again: dict[int, str] = {}
    for index, line in enumerate(draft.lines):
        held = any(item.startswith(DRAWN) for item in line.bills)
        look = (line.description.casefold(), line.detail, line.unit_price.amount, line.quantity < 0, held)
        first = seen.setdefault(look, index)
        if first != index:
            again[index] = f"{first + 1} and {index + 1}"
    if again:
        message = f"lines {listed(again.values())} have the same description"
        at = ("lines", next(iter(again)), "description")
        yield flag("duplicate-line", message, "tell them apart, or join them", at=at)
