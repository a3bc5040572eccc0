"""What people said about an invoice and its dispute: who stood by it, what was written since, the files of both."""

from collections.abc import Iterable, Iterator, Mapping

from git_bill.custody.client_word import ClientWord, client_word_file
from git_bill.custody.ledger import Record, sha256
from git_bill.custody.signed_timesheet import SignedTimesheet, timesheet_file
from git_bill.custody.signoff import signoff_file
from git_bill.flows import load
from git_bill.flows.parcel import enclosures
from git_bill.invoice.document.text import printable
from git_bill.invoice.issued import Invoice
from git_bill.ports import Snapshot
from git_bill.problem import Exit, stop
from git_bill.receivable.dispute.pack import Approval, Said
from git_bill.receivable.dispute.record import Dispute, Kept
from git_bill.receivable.dispute.reply import OFFERS


def approvals(
    snapshot: Snapshot, item: load.Numbered, records: Iterable[Record], people: Mapping[str, str]
) -> Iterator[Approval]:
    """Who merged the draft, who signed it off by the ledger, the client's word and the signed timesheet on file."""
    claim = item.claim
    if claim.approved_by:
        who = printable(people.get(claim.approved_by, claim.approved_by))
        yield Approval(what="merged", who=who, at=claim.at, ref=f"blob {claim.blob[:12]}")
    for record in records:
        if record.kind == "sign-off" and record.facts.get("draft") == claim.draft and "for" not in record.facts:
            who = printable(people.get(record.by, record.by))
            yield Approval(what="signed-off", who=who, at=record.at, ref=f"blob {str(record.facts.get('blob'))[:12]}")
    word = load.read_file(snapshot, ClientWord, client_word_file(claim.draft))
    if word is not None and word.value is not None:
        said = word.value
        yield Approval(what="client", who=printable(said.who), at=said.at, ref=printable(said.ref), sha256=said.sha256)
    sheet = load.read_file(snapshot, SignedTimesheet, timesheet_file(claim.draft))
    if sheet is not None and sheet.value is not None:
        signed = sheet.value
        yield Approval(
            what="timesheet", who=printable(signed.who), at=signed.at, ref=printable(signed.ref), sha256=signed.sha256
        )


def said(dispute: Dispute) -> Iterator[Said]:
    """The objection and every step since. Offers to settle are between the two: they are left out."""
    yield Said(on=dispute.on, what="objection", text=dispute.said, files=tuple(each.sha256 for each in dispute.files))
    for step in dispute.steps:
        if not step.template.startswith(OFFERS):
            yield Said(on=step.on, what=step.do, text=step.text, files=tuple(each.sha256 for each in step.files))


def originals(snapshot: Snapshot, item: load.Numbered, invoice: Invoice, dispute: Dispute) -> Mapping[str, bytes]:
    """The files themselves: as they were sent, as they were signed, as they came. Changed ones Stop (exit 1)."""
    found = dict(enclosures(snapshot, item, invoice))
    for path in snapshot.paths(signoff_file(item.claim.draft, "").rpartition("/")[0]):
        if not path.endswith((".toml", ".sig")):
            found[f"approval/{path.rpartition('/')[2]}"] = snapshot.read(path) or b""
    kept = (*dispute.files, *(k for s in dispute.steps if not s.template.startswith(OFFERS) for k in s.files))
    for each in kept:
        found[f"correspondence/{each.file.rpartition('/')[2]}"] = _unchanged(snapshot, each)
    return found


def _unchanged(snapshot: Snapshot, kept: Kept) -> bytes:
    content = snapshot.read(kept.file)
    if content is None or sha256(content) != kept.sha256:
        message = f"{kept.file} is not the file that was recorded, so no evidence is made of it"
        raise stop(
            Exit.PROBLEMS, "dispute-file", message, f"bring it back: git log --oneline -- {kept.file}", kept.file
        )
    return content
