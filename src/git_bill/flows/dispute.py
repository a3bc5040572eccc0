"""Disputes: opened, answered, replied to, brought before somebody, withdrawn. Each step is one commit with its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from git_bill.custody.ledger import sha256
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows.attach import Attachment
from git_bill.flows.attributes import with_attribute
from git_bill.flows.client_word import refuse_large
from git_bill.flows.disputes_at import disputes, issued_in, named
from git_bill.flows.landing import land, ledger_line
from git_bill.invoice.issued import Invoice
from git_bill.layout import dispute_attachment, dispute_file
from git_bill.money import Money
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop, nearest, stop
from git_bill.receivable.dispute.amount import worth
from git_bill.receivable.dispute.course import is_live, moved
from git_bill.receivable.dispute.record import Channel, Dispute, Kept, Opener, Step, Why
from git_bill.shape import write

BINARY = "billing/disputes/*/** -text"  # what git is told, so that an attachment stays as it came
MOST_TEXT = 20_000  # characters of what somebody said
_DONE = {
    "answer": "answered",
    "reply": "replied",
    "escalate": "escalated",
    "resolve": "resolved",
    "withdraw": "withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What is disputed. `lines` none: all of it; `amount`: with tax, None: what the lines are worth."""

    number: str
    reason: Why
    lines: tuple[int, ...] = ()
    amount: Money | None = None
    said: str = ""
    opened_by: Opener = "client"
    on: date
    channel: Channel = "mail"
    issue: str = ""
    remittance: str = ""
    provider_reason: str = ""
    evidence_due: date | None = None
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A dispute as it is on file; `already`: it was before."""

    dispute: Dispute
    already: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a new dispute brings onto the books branch, for whoever publishes it with something else."""

    dispute: Dispute
    files: Mapping[str, bytes]
    facts: Mapping[str, object]


def open_dispute(books: Books, clock: Clock, objection: Objection, *, by: str) -> Flow[Recorded]:
    """Record an objection; the same one twice is there once.

    Stops (exit 1) at a number that is not issued, lines that it does not have, more than it asks for, lines that are
    disputed already, files above 10 MB.
    """
    _settled(books)
    found: list[Recorded] = []

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        now = clock.now()
        known = disputes(snapshot)
        same = next((each for each in known.values() if _same(each, objection)), None)
        if same is not None:
            found[:] = [Recorded(dispute=same, already=True)]
            return None
        made = opening(snapshot, known, objection, by=by, at=now)
        found[:] = [Recorded(dispute=made.dispute)]
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files={
                **made.files,
                **(with_attribute(snapshot, BINARY) if objection.files else {}),
                **ledger_line(snapshot, at=now, kind="dispute-opened", by=by, facts=made.facts),
            },
            message=f"Open dispute {made.dispute.id}",
            at=now,
        )
        return Plan(why=f"open dispute {made.dispute.id}", effects=(publish,))

    yield from land(books, plan)
    return found[0]


def opening(
    snapshot: Snapshot, known: Mapping[str, Dispute], objection: Objection, *, by: str, at: datetime
) -> Opening:
    """The record of an objection with its files, and the facts of its ledger line. Stops (exit 1) as `open_dispute`."""
    invoices = issued_in(snapshot)
    invoice = _invoice(invoices, objection.number)
    _refuse_overlap(known, objection, invoice)
    notes = [each for each in invoices.values() if each.reverses and each.reverses.number == invoice.number]
    stem = f"DS-{invoice.number.replace('/', '-')}"
    name = next(each for n in range(1, len(known) + 2) if (each := f"{stem}-{n}") not in known)
    kept, contents = kept_files(name, objection.files)
    dispute = Dispute(
        id=name,
        invoice=invoice.number,
        lines=objection.lines,
        amount=_amount(invoice, notes, objection),
        reason=objection.reason,
        opened_by=objection.opened_by,
        on=objection.on,
        channel=objection.channel,
        said=_text(objection.said),
        issue=objection.issue,
        remittance=objection.remittance,
        provider_reason=objection.provider_reason,
        evidence_due=objection.evidence_due,
        files=kept,
        by=by,
        at=at,
    )
    content = write(dispute).encode()
    facts = {**_facts(dispute, content), "amount": str(dispute.amount), "reason": dispute.reason}
    facts |= {"remittance": dispute.remittance} if dispute.remittance else {}
    return Opening(dispute=dispute, files={dispute_file(name): content, **contents}, facts=facts)


def step(
    books: Books,
    clock: Clock,
    word: str,
    said: Step,
    *,
    by: str,
    files: Sequence[Attachment] = (),
) -> Flow[Recorded]:
    """Add a step to a dispute; the last one twice is there once. `said`: without its files.

    Stops (exit 1) where there is no such dispute, and where the step is not possible as it stands.
    """
    _settled(books)
    found: list[Recorded] = []

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        now = clock.now()
        dispute = named(disputes(snapshot), word)
        kept, contents = kept_files(dispute.id, files)
        wanted = replace(said, files=kept, by=by, at=now)
        if dispute.steps and _told(dispute.steps[-1]) == _told(wanted):
            found[:] = [Recorded(dispute=dispute, already=True)]
            return None
        after = moved(dispute, wanted)
        if isinstance(after, Problem):
            raise Stop(Exit.PROBLEMS, [after])
        found[:] = [Recorded(dispute=after)]
        changed = _files(snapshot, after, contents, by=by)
        why = f"record that dispute {after.id} was {_DONE[wanted.do]}"
        publish = Publish(branch=books.branch, expect=tip, files=changed, message=why[0].upper() + why[1:], at=now)
        return Plan(why=why, effects=(publish,))

    yield from land(books, plan)
    return found[0]


def _files(snapshot: Snapshot, after: Dispute, contents: Mapping[str, bytes], *, by: str) -> dict[str, bytes | None]:
    """The dispute with its last step, the files of that, and the line of the ledger."""
    last, content = after.steps[-1], write(after).encode()
    facts = {**_facts(after, content), **_outcome(after, last)}
    return {
        dispute_file(after.id): content,
        **contents,
        **(with_attribute(snapshot, BINARY) if contents else {}),
        **ledger_line(snapshot, at=last.at, kind=f"dispute-{_DONE[last.do]}", by=by, facts=facts),
    }


def kept_files(dispute: str, given: Sequence[Attachment]) -> tuple[tuple[Kept, ...], Mapping[str, bytes]]:
    """The records of files, and their contents by path. Stops (exit 1) at one above 10 MB."""
    kept: list[Kept] = []
    contents: dict[str, bytes] = {}
    for each in given:
        refuse_large(each.name, each.content, hint="make it smaller, for example by scanning at 150 dpi in grey")
        digest = sha256(each.content)
        path = dispute_attachment(dispute, digest, each.name)
        kept.append(Kept(name=each.name, file=path, sha256=digest))
        contents[path] = each.content
    return tuple(kept), contents


def spoken(text: str) -> str:
    """Words for the record. Stops (exit 2) at too many."""
    if len(text) > MOST_TEXT:
        message = f"this text has {len(text)} characters, at most {MOST_TEXT} are kept"
        raise stop(Exit.USAGE, "too-long", message, "attach it instead: --attach FILE")
    return text


def _settled(books: Books) -> None:
    books.settle()
    books.fetch()


def _invoice(invoices: Mapping[str, Invoice], number: str) -> Invoice:
    invoice = invoices.get(number) or invoices.get(number.upper())
    if invoice is None:
        near = nearest(number, invoices)
        hint = f"did you mean {near}?" if near else "see what was issued: git bill status"
        raise stop(Exit.PROBLEMS, "not-issued", f"{number} was not issued", hint)
    if invoice.reverses is not None:
        message = f"{invoice.number} is a credit note"
        raise stop(Exit.PROBLEMS, "not-an-invoice", message, f"name its invoice: {invoice.reverses.number}")
    return invoice


def _amount(invoice: Invoice, notes: Sequence[Invoice], objection: Objection) -> Money:
    """What is disputed, with tax. A chargeback is of what was paid, whatever was credited since."""
    asked = objection.amount
    if asked is not None and objection.remittance:
        return asked
    most = worth(invoice, notes, objection.lines)
    if isinstance(most, Problem):
        raise Stop(Exit.PROBLEMS, [most])
    if asked is None:
        return most
    if asked.currency != most.currency or not 0 < asked.amount <= most.amount or asked != asked.rounded():
        what = f"what is chosen of {invoice.number}" if objection.lines else invoice.number
        message = f"{what} comes to {most} with tax: {asked} can't be disputed"
        raise stop(Exit.PROBLEMS, "wrong-amount", message, f'at most: --amount "{most}"')
    return asked


def _refuse_overlap(known: Mapping[str, Dispute], objection: Objection, invoice: Invoice) -> None:
    if objection.remittance:
        return
    every = set(range(1, len(invoice.lines) + 1))
    wanted = set(objection.lines) or every
    for each in known.values():
        if each.invoice == invoice.number and is_live(each) and wanted & (set(each.lines) or every):
            message = f"{invoice.number} is disputed already: {each.id} is about {each.what}"
            hint = f"add what the client said now: git bill dispute reply {each.id} --text …"
            raise stop(Exit.PROBLEMS, "disputed-already", message, hint)


def _same(dispute: Dispute, objection: Objection) -> bool:
    """Whether it is on file: a chargeback by its money, an issue by its name, else by what was said."""
    if objection.remittance or objection.issue:
        return (dispute.remittance, dispute.issue) == (objection.remittance, objection.issue)
    old = (dispute.invoice, dispute.lines, dispute.reason, dispute.opened_by, dispute.on, dispute.said)
    new = (objection.number.upper(), objection.lines, objection.reason, objection.opened_by, objection.on)
    return (old[0].upper(), *old[1:]) == (*new, _text(objection.said)) and objection.amount in {None, dispute.amount}


def _told(one: Step) -> tuple[object, ...]:
    """What a step says, without who recorded it when."""
    return (one.do, one.on, one.text, one.template, one.to, one.result, one.amount, one.draft, one.files)


def _text(text: str) -> str:
    return spoken(text.strip())


def _facts(dispute: Dispute, content: bytes) -> dict[str, object]:
    return {"dispute": dispute.id, "number": dispute.invoice, "sha256": sha256(content)}


def _outcome(dispute: Dispute, last: Step) -> dict[str, object]:
    """How it ended and how long it took, to learn from."""
    if last.do not in {"resolve", "withdraw"}:
        return {}
    given = {"amount": str(last.amount)} if last.amount is not None else {}
    draft = {"draft": last.draft} if last.draft else {}
    return {"result": last.result or "withdrawn", "days": (last.on - dispute.on).days, **given, **draft}
