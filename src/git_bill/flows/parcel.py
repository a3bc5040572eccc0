"""What leaves the house: an issued document as a mail, or as a file for a network, from its frozen files alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from git_bill.contract.mail import MailSettings
from git_bill.custody.dispatch import MAIL, Attempt, Dispatch, Errand, mark_of
from git_bill.custody.ledger import sha256
from git_bill.effects import Deliver, Submit
from git_bill.flows import load
from git_bill.flows.issued_files import ATTACHED, PLAIN, frozen_attachment, frozen_xml, is_hybrid
from git_bill.flows.own_words import worded
from git_bill.invoice.document.letter import MAIL_TEMPLATE, mail_facts, subject_and_body
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice
from git_bill.layout import SETTINGS
from git_bill.ports import Renderer, Snapshot
from git_bill.problem import Exit, stop
from git_bill.workspace import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """What mails are written with."""

    renderer: Renderer
    wording: Wording

    def mail(
        self,
        snapshot: Snapshot,
        parcel: "Parcel",
        attempt: Attempt,
        facts: Mapping[str, str],
        attachments: Mapping[str, bytes],
        *,
        to_others: bool = True,
    ) -> Deliver:
        """A mail to a client. `to_others`: with the copies that the client asked for."""
        own, invoice = mail_settings(snapshot), parcel.invoice
        subject, body = subject_and_body(self.renderer.render(MAIL_TEMPLATE, facts))
        return Deliver(
            key=parcel.key(attempt.copy),
            recipient=parcel.to,
            cc=invoice.client.mail.cc if invoice.client.mail and to_others else (),
            subject=subject,
            body=body,
            sender=own.from_ or invoice.issuer.email,
            sender_name=printable(invoice.issuer.name),
            at=attempt.at,
            attachments=attachments,
        )


class Parcel(Protocol):
    """An issued document, or the thanks for its payment, on one way out."""

    @property
    def errand(self) -> Errand:
        """What the ledger's lines of it begin with."""

    @property
    def item(self) -> load.Numbered:
        """The number's folder, claim and invoice."""

    @property
    def invoice(self) -> Invoice:
        """The document."""

    @property
    def via(self) -> str:
        """The way: mail, or a network's name."""

    @property
    def to(self) -> str:
        """Where it goes, in words for the caller."""

    @property
    def mark(self) -> str:
        """What the ledger says of an address that is not the usual one; "" of the usual one."""

    def key(self, copy: int) -> str:
        """Names one copy: a Message-ID."""

    def effect(self, snapshot: Snapshot, attempt: Attempt, *, again: bool) -> Deliver | Submit:
        """What is handed over, the same bytes every time. `again`: the client may have had it before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A document as a mail. `address`: another one than the client's own."""

    item: load.Numbered
    invoice: Invoice
    stationery: Stationery
    address: str | None = None

    @property
    def errand(self) -> Errand:
        return "send"

    @property
    def via(self) -> str:
        return MAIL

    @property
    def to(self) -> str:
        return self.address or self.invoice.client.invoices_to or ""

    @property
    def mark(self) -> str:
        return mark_of(self.to) if self.to != self.invoice.client.invoices_to else ""

    def key(self, copy: int) -> str:
        return message_id(self.invoice, copy)

    def effect(self, snapshot: Snapshot, attempt: Attempt, *, again: bool) -> Deliver:
        """Whom it is from and how it ends say the settings; all else was frozen."""
        invoice, office = self.invoice, self.stationery
        signature = mail_settings(snapshot).signature
        facts = mail_facts(invoice, worded(snapshot, office.wording), again=again, signature=signature)
        return office.mail(
            snapshot, self, attempt, facts, enclosures(snapshot, self.item, invoice), to_others=not self.mark
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A document as a file for a network."""

    item: load.Numbered
    invoice: Invoice
    network: str
    wanted: str
    content: bytes

    @property
    def errand(self) -> Errand:
        return "send"

    @property
    def via(self) -> str:
        return self.network

    @property
    def to(self) -> str:
        return self.network

    @property
    def mark(self) -> str:
        return ""

    def key(self, copy: int) -> str:
        return message_id(self.invoice, copy)

    def effect(self, snapshot: Snapshot, attempt: Attempt, *, again: bool) -> Submit:
        ending = PLAIN if is_hybrid(self.wanted) else "xml"
        name = f"{plain_number(self.invoice)}{f'-{attempt.copy}' if again else ''}.{ending}"
        return Submit(key=self.key(attempt.copy), network=self.network, file=name, content=self.content)


def mail_settings(snapshot: Snapshot) -> MailSettings:
    """How mail leaves, as one state of the books says."""
    found = load.read_file(snapshot, Settings, SETTINGS)
    return found.value.mail if found and found.value else MailSettings()


def enclosures(snapshot: Snapshot, item: load.Numbered, invoice: Invoice) -> Mapping[str, bytes]:
    """The frozen files that go to the client, by the names it sees: in the formats it wants, and what was attached.

    A client who wants XML alone gets no PDF, which would be a second invoice.
    """
    name, found = plain_number(invoice), dict[str, bytes]()
    formats = invoice.client.formats or (PLAIN,)
    if any(each == PLAIN or is_hybrid(each) for each in formats):
        found[f"{name}.pdf"] = _content(snapshot, item, "invoice.pdf")
    for wanted in formats:
        file = frozen_xml(invoice, wanted)
        if file:
            found[f"{name}{file.removeprefix('invoice')}"] = _content(snapshot, item, file)
    for each in invoice.attached:
        file = frozen_attachment(each)
        shown = each.name if each.name not in found else file.removeprefix(ATTACHED)
        found[shown] = _content(snapshot, item, file)
    return found


def refuse_changed(snapshot: Snapshot, item: load.Numbered, dispatch: Dispatch) -> None:
    """Stops (exit 1) where a frozen file is not the one that the ledger records: it is never sent."""
    for name, digest in dispatch.files.items():
        content = snapshot.read(f"{item.folder}/{name}")
        if content is None or sha256(content) != digest:
            path, number = f"{item.folder}/{name}", item.claim.number
            message = f"{name} of {number} is not what was issued, so nothing of it is sent"
            hint = f"bring it back: git checkout invoice/{number} -- {path}"
            raise stop(Exit.PROBLEMS, "frozen-file-tampered", message, hint, path)


def plain_number(invoice: Invoice) -> str:
    """The number as a file's name."""
    return invoice.number.replace("/", "-")


def message_id(invoice: Invoice, copy: int, errand: Errand = "send") -> str:
    """Names the first copy, or one that a person asked for."""
    again = f".{copy}" if copy > 1 else ""
    kind = "" if errand == "send" else f".{errand}"
    return f"{plain_number(invoice)}.{invoice.draft}{kind}{again}@git-bill"


def _content(snapshot: Snapshot, item: load.Numbered, file: str) -> bytes:
    content = snapshot.read(f"{item.folder}/{file}")
    if content is None:
        path, number = f"{item.folder}/{file}", item.claim.number
        message = f"{file} of {number} is not there"
        raise stop(Exit.PROBLEMS, "frozen-file-gone", message, f"git checkout invoice/{number} -- {path}", path)
    return content
