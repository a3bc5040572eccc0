"""The evidence pack of a dispute: what of the books may be shown, as data, as a page, and the files behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from git_bill.custody.ledger import Record, sha256
from git_bill.custody.ledger import read as read_ledger
from git_bill.flows import load, load_payments
from git_bill.flows.dispatched import sent_of
from git_bill.flows.dispute_words import approvals, originals, said
from git_bill.flows.dispute_work import shown_lines, work_behind
from git_bill.flows.disputes_at import disputes, issued_in, named
from git_bill.flows.look import look_of
from git_bill.flows.lookup import Known, known
from git_bill.flows.own_words import worded
from git_bill.flows.parcel import plain_number, refuse_changed
from git_bill.invoice.document.attachment import Party
from git_bill.invoice.document.branding import Look
from git_bill.invoice.document.page_data import PageData
from git_bill.invoice.document.sentences import early_payment_told
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice
from git_bill.layout import ledger_file
from git_bill.ports import Books, Snapshot
from git_bill.press import Typesetter
from git_bill.receivable.dispute.course import ending, state_of
from git_bill.receivable.dispute.pack import NAME, Pack, Paid, Proof, Sent, Sums, Terms
from git_bill.receivable.dispute.pack_page import pack_page
from git_bill.receivable.dispute.record import Dispute
from git_bill.receivable.dispute.standing import claimable, given_drafts
from git_bill.receivable.receivable import receivables
from git_bill.receivable.remittance import Kind
from git_bill.shape_json import write_json

PDF, MANIFEST, ORIGINALS = "evidence.pdf", "SHA256SUMS", "originals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A pack. `at`: the instant that its files carry, that of the newest line of the ledger. `originals`: by name."""

    pack: Pack
    page: PageData
    look: Look
    at: datetime
    originals: Mapping[str, bytes]


def evidence_of(books: Books, wording: Wording, word: str, *, language: str | None = None) -> Evidence:
    """The pack of a dispute, or of the only one of an invoice. The same books give the same bytes.

    Stops (exit 1) where there is none, and where a file of it is not what was recorded.
    """
    names = known(books)
    dispute = named(disputes(names.tip), word)
    item, words = names.numbers[dispute.invoice], worded(names.here, wording)
    assert item.invoice is not None  # only what is issued is disputed
    if dispatch := sent_of(names.tip).get(item.claim.number):
        refuse_changed(names.tip, item, dispatch)
    client = replace(item.invoice.client, language=language or item.invoice.client.language)
    invoice = replace(item.invoice, client=client)
    files = originals(names.tip, item, invoice, dispute)
    pack, at = _pack(names, item, invoice, dispute, words, files)
    look = look_of(names.here, load.workspace(names.here).settings)
    page = pack_page(pack, invoice.issuer, client, words, look=look)
    return Evidence(pack=pack, page=page, look=look, at=at, originals=files)


def _pack(  # noqa: PLR0917  what it is made from
    names: Known,
    item: load.Numbered,
    invoice: Invoice,
    dispute: Dispute,
    words: Wording,
    originals: Mapping[str, bytes],
) -> tuple[Pack, datetime]:
    """The data, and the instant of the newest line of the ledger: what they are of."""
    snapshot, workspace = names.tip, load.workspace(names.here)
    files = load.ledger(snapshot)
    records = read_ledger(files, {year: ledger_file(year) for year in files})[0]
    at = records[-1].at if records else item.claim.at
    as_of = at.astimezone(ZoneInfo(invoice.issuer.timezone)).date()
    people = {person.id: person.name for person in workspace.settings.contributors}
    behind, end = work_behind(names, workspace, invoice, dispute, people), ending(dispute)
    pack = Pack(
        dispute=dispute.id,
        invoice=invoice.number,
        issued=invoice.issue_date,
        first=invoice.first,
        last=invoice.last,
        language=invoice.client.language,
        issuer=Party(name=printable(invoice.issuer.name), vat_id=invoice.issuer.vat_id),
        client=Party(name=printable(invoice.client.name), vat_id=invoice.client.vat_id),
        as_of=as_of,
        reason=dispute.reason,
        opened_by=dispute.opened_by,
        on=dispute.on,
        channel=dispute.channel,
        provider_reason=printable(dispute.provider_reason),
        evidence_due=dispute.evidence_due,
        state=state_of(dispute),
        result=end.result if end is not None else None,
        whole=not dispute.lines,
        sums=_sums(snapshot, invoice, dispute, as_of),
        terms=_terms(invoice, words),
        lines=shown_lines(invoice, dispute, behind),
        commits=behind.commits,
        tickets=behind.tickets,
        reviews=behind.reviews,
        approvals=tuple(approvals(snapshot, item, records, people)),
        sent=tuple(_sent(snapshot, invoice.number)),
        said=tuple(said(dispute)),
        paid=tuple(_paid(snapshot, invoice)),
        proof=_proof(invoice, records, originals),
    )
    return pack, at


def packed(found: Evidence, typesetter: Typesetter) -> Mapping[str, bytes]:
    """Every file of the pack by its path, with a manifest that `sha256sum -c` reads."""
    data = write_json(found.pack)
    pdf = typesetter.typeset("invoice.typ", found.page, {NAME: data}, at=found.at, beside=found.look.files)
    files = {PDF: pdf, NAME: data, **{f"{ORIGINALS}/{name}": content for name, content in found.originals.items()}}
    listed = "".join(f"{sha256(content)}  {name}\n" for name, content in sorted(files.items()))
    return {**files, MANIFEST: listed.encode()}


def _sums(snapshot: Snapshot, invoice: Invoice, dispute: Dispute, day: date) -> Sums:
    invoices = issued_in(snapshot)
    standing = {each.number: each for each in receivables(invoices.values(), load_payments.payments(snapshot), day)}
    found, everything = standing[invoice.number], disputes(snapshot).values()
    credited = given_drafts(invoices.values(), everything, day)
    part = claimable(invoice.number, found.open, everything, day, credited)
    return Sums(
        invoiced=found.asked,
        settled=found.settled,
        credited=found.credited + found.set_off,
        open=found.open + found.written_off,  # what was given up in the books is nobody else's business
        disputed=dispute.amount,
        undisputed=part.undisputed,
    )


def _terms(invoice: Invoice, words: Wording) -> Terms:
    return Terms(
        contract=printable(invoice.contract),
        order=printable(invoice.order or ""),
        payment_terms=invoice.payment_terms,
        due=invoice.due_date,
        early_payment=next(early_payment_told(invoice, words), ""),
    )


def _sent(snapshot: Snapshot, number: str) -> Iterator[Sent]:
    dispatch = sent_of(snapshot).get(number)
    for each in dispatch.attempts if dispatch is not None else ():
        yield Sent(on=each.on, via=each.via, state=each.state, ref=printable(each.ref))


def _paid(snapshot: Snapshot, invoice: Invoice) -> Iterator[Paid]:
    """By day: money, what was set off, and credit notes."""
    booked, invoices = load_payments.payments(snapshot), issued_in(snapshot)
    rows = [
        Paid(on=booked.day(each), what=_kind(booked.remittances[each.remittance].kind), amount=each.settles)
        for each in booked.by_invoice.get(invoice.number, ())
    ]
    rows += [
        Paid(on=each.on, what="set-off", amount=each.amount)
        for each in booked.set_offs
        if each.invoice == invoice.number
    ]
    rows += [
        Paid(on=each.issue_date, what="credit-note", amount=each.totals.to_transfer, ref=each.number)
        for each in invoices.values()
        if each.reverses is not None and each.reverses.number == invoice.number
    ]
    yield from sorted(rows, key=lambda row: (row.on, row.what, row.ref))


def _kind(kind: Kind) -> Literal["payment", "chargeback", "refund"]:
    return kind if kind in {"chargeback", "refund"} else "payment"


def _proof(invoice: Invoice, records: tuple[Record, ...], originals: Mapping[str, bytes]) -> Proof:
    """`files`: frozen ones that the pack has, by their names in it."""
    own = next((r for r in records if r.kind == "issue" and r.facts.get("number") == invoice.number), None)
    frozen = own.facts.get("files") if own is not None else None
    recorded = set(frozen.values()) if isinstance(frozen, dict) else set()
    hashed = {f"{ORIGINALS}/{name}": sha256(content) for name, content in sorted(originals.items())}
    printed = f"{ORIGINALS}/{plain_number(invoice)}.pdf"
    return Proof(
        printed=invoice.ledger_head,
        recorded=own.hash if own is not None else None,
        at=own.at if own is not None else None,
        head=records[-1].hash if records else "0" * 64,
        files=tuple(f"{digest}  {name}" for name, digest in hashed.items() if digest in recorded),
        verify=(
            *([f"git bill verify {printed} --repo CLONE"] if printed in hashed else []),
            f"sha256sum -c {MANIFEST}",
        ),
    )
