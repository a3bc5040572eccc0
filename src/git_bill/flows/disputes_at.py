"""Disputes and holds as the books have them: read, found by a word, as rows for overviews, what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from git_bill.custody.ledger import sha256
from git_bill.flows import load, load_payments
from git_bill.invoice.issued import Invoice
from git_bill.layout import DISPUTES, HOLDS, dispute_file
from git_bill.money import Money
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, Stop, errors, located, nearest, stop
from git_bill.receivable.booked import Booked
from git_bill.receivable.dispute.course import State, broken, ending, is_live, state_of
from git_bill.receivable.dispute.record import Dispute
from git_bill.receivable.dispute.standing import Claimable, claimable, given_drafts
from git_bill.receivable.pause import Hold, Holds, Paused, held, reminders_stopped
from git_bill.receivable.receivable import payer_of, receivables
from git_bill.shape import Path, Read
from git_bill.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A dispute for a list. `days`: since it was opened, or how long it took; `due`: last day for evidence.

    `overdue`: that day is past and it is still undecided.
    """

    id: str
    invoice: str
    client: str
    state: State
    amount: Money
    reason: str
    opened_by: str
    on: date
    days: int
    due: date | None
    overdue: bool
    result: str | None
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """What bears on asking for an invoice. `part`: what of it may be asked for; `hold`: the one it is under."""

    part: Claimable
    paused: Paused | None
    hold: Hold | None


def disputes(snapshot: Snapshot) -> Mapping[str, Dispute]:
    """All disputes by id, in the order in which they were opened. Stops (exit 3) with every problem of every file."""
    found = _read(snapshot)
    problems = [problem for _, each in found for problem in each.problems]
    if errors(problems):
        raise Stop(Exit.SETTINGS, problems)
    known = [each.value for _, each in found if each.value is not None]
    return {each.id: each for each in sorted(known, key=lambda d: (d.on, d.at, d.id))}


def holds(snapshot: Snapshot) -> tuple[Hold, ...]:
    """All holds, in the order of recording. Stops (exit 3) where they can't be read."""
    found = load.read_file(snapshot, Holds, HOLDS)
    if found is None:
        return ()
    if found.value is None or errors(found.problems):
        raise Stop(Exit.SETTINGS, found.problems)
    return found.value.holds


def named(known: Mapping[str, Dispute], word: str) -> Dispute:
    """The dispute that a word means: its id, or the number of an invoice that has one undecided, or one at all.

    Stops (exit 1) at none and at several.
    """
    if word in known or word.upper() in known:
        return known.get(word) or known[word.upper()]
    own = [each for each in known.values() if each.invoice in {word, word.upper()}]
    own = [each for each in own if is_live(each)] or own
    if len(own) == 1:
        return own[0]
    if own:
        message = f"{own[0].invoice} has {len(own)} disputes"
        raise stop(Exit.PROBLEMS, "which-dispute", message, f"name one: {', '.join(each.id for each in own)}")
    near = nearest(word, known)
    hint = f"did you mean {near}?" if near else "see them with: git bill dispute list"
    raise stop(Exit.PROBLEMS, "no-dispute", f"there is no dispute {word!r}", hint)


def rows(found: Iterable[Dispute], invoices: Mapping[str, Invoice], today: date) -> tuple[Row, ...]:
    """What is undecided first, what is due first among it; then what ended, the newest first."""
    listed = [_row(each, invoices.get(each.invoice), today) for each in found]
    live = sorted((r for r in listed if r.result is None), key=lambda r: (r.due or date.max, r.on, r.id))
    return (*live, *sorted((r for r in listed if r.result is not None), key=lambda r: (r.on, r.id), reverse=True))


def rows_at(snapshot: Snapshot, invoices: Mapping[str, Invoice], today: date) -> tuple[Row, ...]:
    """The undecided disputes of the books, for `status`. `invoices`: by number."""
    return tuple(row for row in rows(disputes(snapshot).values(), invoices, today) if row.result is None)


def contested(
    snapshot: Snapshot, workspace: Workspace, invoices: Mapping[str, Invoice], paid: Booked, today: date
) -> Mapping[str, Contested]:
    """Open invoices that a dispute, a hold or their client's insolvency bears on, by number. `invoices`: by number."""
    found, kept = disputes(snapshot), holds(snapshot)
    bankrupt = {name: each.insolvent for name, each in workspace.engagements.items() if each.insolvent is not None}
    if not found and not kept and not bankrupt:
        return {}
    credited = given_drafts(invoices.values(), found.values(), today)
    told: dict[str, Contested] = {}
    for each in receivables(invoices.values(), paid, today):
        if each.open.amount <= 0:
            continue
        part = claimable(each.number, each.open, found.values(), today, credited)
        paused = reminders_stopped(
            each.number,
            each.open,
            as_of=today,
            disputes=found.values(),
            holds=kept,
            insolvent=bankrupt.get(each.client),
            credited=credited,
        )
        if paused is not None or part.disputed:
            told[each.number] = Contested(part=part, paused=paused, hold=held(kept, each.number, today))
    return told


def paused_at(snapshot: Snapshot, invoice: Invoice, today: date) -> Paused | None:
    """Why one invoice is not asked for today; None where it may be, and where it asks for nothing any more."""
    engagement = load.workspace(snapshot).engagements.get(payer_of(invoice))
    found, kept = disputes(snapshot), holds(snapshot)
    insolvent = engagement.insolvent if engagement is not None else None
    if invoice.reverses is not None or not (found or kept or insolvent):
        return None
    invoices = issued_in(snapshot)
    standing = {
        each.number: each.open for each in receivables(invoices.values(), load_payments.payments(snapshot), today)
    }
    left = standing.get(invoice.number, Money.zero(invoice.currency))
    if left.amount <= 0:
        return None
    return reminders_stopped(
        invoice.number,
        left,
        as_of=today,
        disputes=found.values(),
        holds=kept,
        insolvent=insolvent,
        credited=given_drafts(invoices.values(), found.values(), today),
    )


def issued_in(snapshot: Snapshot) -> Mapping[str, Invoice]:
    """Every issued document by its number."""
    return {item.claim.number: item.invoice for item in load.numbered(snapshot) if item.invoice is not None}


def dispute_problems(snapshot: Snapshot) -> Iterator[Problem]:
    """What is wrong with disputes and holds: files, steps that can't follow each other, invoices and attachments."""
    kept = load.read_file(snapshot, Holds, HOLDS)
    yield from kept.problems if kept is not None else ()
    found = _read(snapshot)
    if not found:
        return
    invoices = issued_in(snapshot)
    for path, each in found:
        yield from each.problems
        if each.value is None:
            continue
        where: Mapping[str, Mapping[Path, int]] = {path: each.where}
        yield from (located(replace(problem, file=path), where) for problem in _wrong(each.value, path, invoices))
        yield from _attachments(snapshot, each.value, path)


def _wrong(dispute: Dispute, path: str, invoices: Mapping[str, Invoice]) -> Iterator[Problem]:
    if dispute_file(dispute.id) != path:
        message = f"the id is {dispute.id}, the file's name says {PurePosixPath(path).stem}"
        hint = f"name it after its id: git mv {path} {dispute_file(dispute.id)}"
        yield Problem(rule="dispute-broken", message=message, hint=hint, at=("id",))
    invoice = invoices.get(dispute.invoice)
    if invoice is None:
        hint = "name an issued invoice: see git bill status"
        yield Problem(rule="dispute-broken", message=f"{dispute.invoice} was not issued", hint=hint, at=("invoice",))
    elif any(line > len(invoice.lines) for line in dispute.lines):
        message = f"{dispute.invoice} has {len(invoice.lines)} lines and no line {max(dispute.lines)}"
        hint = f"see its lines: git bill show {dispute.invoice}"
        yield Problem(rule="dispute-broken", message=message, hint=hint, at=("lines",))
    elif dispute.amount.currency != invoice.currency:
        message = f"{dispute.amount} is not in {invoice.currency}, the currency of {dispute.invoice}"
        hint = f'write it like amount = "{dispute.amount.amount} {invoice.currency}"'
        yield Problem(rule="dispute-broken", message=message, hint=hint, at=("amount",))
    else:
        yield from broken(dispute)


def _attachments(snapshot: Snapshot, dispute: Dispute, path: str) -> Iterator[Problem]:
    for kept in (*dispute.files, *(each for step in dispute.steps for each in step.files)):
        content = snapshot.read(kept.file)
        if content is None or sha256(content) != kept.sha256:
            what = "is not there" if content is None else "is not the file that was recorded"
            hint = f"bring it back: git log --oneline -- {kept.file}"
            yield Problem(rule="dispute-file", message=f"{kept.file} {what}", hint=hint, file=path)


def _read(snapshot: Snapshot) -> list[tuple[str, Read[Dispute]]]:
    paths = [path for path in snapshot.paths(DISPUTES) if path.endswith(".toml") and path.count("/") == 2]
    found = [(path, load.read_file(snapshot, Dispute, path)) for path in paths]
    return [(path, each) for path, each in found if each is not None]


def _row(dispute: Dispute, invoice: Invoice | None, today: date) -> Row:
    live, end = is_live(dispute), ending(dispute)
    return Row(
        id=dispute.id,
        invoice=dispute.invoice,
        client=invoice.client.name if invoice is not None else "",
        state=state_of(dispute),
        amount=dispute.amount,
        reason=dispute.reason,
        opened_by=dispute.opened_by,
        on=dispute.on,
        days=max(0, ((end.on if end is not None else today) - dispute.on).days),
        due=dispute.evidence_due,
        overdue=live and dispute.evidence_due is not None and dispute.evidence_due < today,
        result=None if end is None else end.result or "withdrawn",
        credit=end.credit if end is not None else "",
    )
