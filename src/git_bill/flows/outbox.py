"""The outbox: an outside effect takes place between two pushed ledger lines, `send-intent` and `send-done`.

An intent without done is looked up at the mailer; where that can't tell, the mail was perhaps sent and only a person
repeats it (law 8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from git_bill.custody.ledger import Record, read
from git_bill.effects import Deliver, Done, Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.landing import land, ledger_line
from git_bill.invoice.document.letter import invoice_mail
from git_bill.ports import Books, Clock, Mailer, Snapshot
from git_bill.workspace import ledger_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one mail."""

    number: str
    recipient: str
    state: Literal["sent", "perhaps-sent", "failed"]
    reason: str = ""


def deliver(
    books: Books, clock: Clock, mailer: Mailer | None, *, by: str, resend: str | None = None
) -> Flow[tuple[Delivery, ...]]:
    """Send what the ledger says is to be sent and was not. `resend`: a number that a person sends again."""
    found: list[Delivery] = []
    tip = books.tip()
    records = _records(books.at(tip)) if tip else ()
    for number in _unsent(records, resend):
        snapshot = books.at(books.tip() or "")
        mail = _mail(snapshot, number)
        if mail is None:
            continue
        intended = any(r.kind == "send-intent" and r.facts.get("number") == number for r in records)
        before = mailer.delivered(mail.key) if mailer is not None and intended else False
        if before is None and resend != number:
            found.append(Delivery(number=number, recipient=mail.recipient, state="perhaps-sent"))
            continue
        if not intended:
            yield from _record(books, clock, "send-intent", number, by)
        outcome = Done(already=True) if before else (yield Plan(why=f"mail {number}", effects=(mail,)))[0]
        if isinstance(outcome, Done):
            yield from _record(books, clock, "send-done", number, by)
            found.append(Delivery(number=number, recipient=mail.recipient, state="sent"))
        else:
            reason = getattr(outcome, "reason", "")
            found.append(Delivery(number=number, recipient=mail.recipient, state="failed", reason=reason))
    return tuple(found)


def _records(snapshot: Snapshot) -> tuple[Record, ...]:
    files = load.ledger(snapshot)
    return read(files, {year: ledger_file(year) for year in files})[0]


def _unsent(records: tuple[Record, ...], resend: str | None) -> list[str]:
    """Numbers issued with `mail` set that have no `send-done`, in order; and the one to be sent again."""
    done = {r.facts.get("number") for r in records if r.kind == "send-done"}
    return [
        str(r.facts["number"])
        for r in records
        if r.kind == "issue"
        and (r.facts["number"] == resend or (r.facts.get("mail") and r.facts["number"] not in done))
    ]


def _mail(snapshot: Snapshot, number: str) -> Deliver | None:
    """The mail of an issued invoice, the same bytes every time; None where the client has no address."""
    item = next(i for i in load.numbered(snapshot) if i.claim.number == number and i.invoice is not None)
    invoice = item.invoice
    if invoice is None or invoice.client.email is None:
        return None
    subject, body = invoice_mail(invoice)
    pdf = snapshot.read(f"{item.folder}/invoice.pdf") or b""
    attachments: Mapping[str, bytes] = {f"{number.replace('/', '-')}.pdf": pdf}
    return Deliver(
        key=f"{number.replace('/', '-')}.{invoice.draft}@git-bill",
        recipient=invoice.client.email,
        subject=subject,
        body=body,
        sender=invoice.issuer.email,
        at=item.claim.at,
        attachments=attachments,
    )


def _record(books: Books, clock: Clock, kind: str, number: str, by: str) -> Flow[None]:
    """Push one ledger line."""

    def plan(tip: str, snapshot: Snapshot) -> Plan:
        now = clock.now()
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files=ledger_line(snapshot, at=now, kind=kind, by=by, facts={"number": number}),
            message=f"Record {kind} of {number}",
            at=now,
        )
        return Plan(why=f"record {kind} of {number}", effects=(publish,))

    yield from land(books, plan)
