"""The mails that an invoice and a draft travel with: what `mail.txt.j2` says, in the form of the client's language."""

from collections.abc import Iterator, Mapping

from git_bill.contract.party import Client, Issuer
from git_bill.invoice.document.locale import date_text, days_text, money_text
from git_bill.invoice.document.payment import payment_of, payment_reference
from git_bill.invoice.document.receipt import Receipt
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.title import title_of
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import draft_totals

MAIL_TEMPLATE = "mail.txt.j2"


def mail_facts(
    invoice: Invoice, wording: Wording, *, again: bool = False, signature: str | None = None
) -> Mapping[str, str]:
    """What the mail of an invoice or a credit note says, printable. The ledger's head is an anchor (law 7).

    `again`: it was sent before, and says so, that nobody pays twice. `signature`: lines below the name.
    """
    language = invoice.client.language

    def say(name: str, **facts: object) -> str:
        return wording.say(name, language, **facts)

    told = {
        "title": title_of(invoice, wording),
        "number": invoice.number,
        "preceding": invoice.reverses.number if invoice.reverses else "",
        "order": printable(invoice.order or ""),
        "amount": money_text(invoice.totals.to_transfer, language),
        "due": date_text(invoice.due_date, language),
        "date": date_text(invoice.issue_date, language),
        "first": date_text(invoice.first, language),
        "last": date_text(invoice.last, language),
    }
    if invoice.reverses is not None:
        subject, lines = "mail_subject_credit", [say("mail_opening_credit", **told), say("mail_amount_credit", **told)]
    else:
        subject = "mail_subject_order" if invoice.order else "mail_subject"
        lines = [say("mail_opening", **told), say("mail_amount", **told), *_payment(invoice, wording)]
    if again:
        lines = [say("mail_copy"), "", *lines]
    shown = say(subject, **told)
    return {
        "subject": say("mail_subject_copy", subject=shown) if again else shown,
        **_signed(invoice, wording, signature),
        "text": "\n".join(lines),
        "mark": say("ledger", head=invoice.ledger_head),
    }


def thanks_facts(
    invoice: Invoice, receipt: Receipt, wording: Wording, *, signature: str | None = None
) -> Mapping[str, str]:
    """What the mail says that a receipt travels with."""
    language = invoice.client.language
    told = {
        "number": invoice.number,
        "date": date_text(invoice.issue_date, language),
        "amount": money_text(receipt.paid, language),
    }
    left = (wording.say("receipt_left", language, amount=money_text(each, language)) for each in receipt.left)
    lines = (wording.say("mail_opening_thanks", language, **told), *left, wording.say("mail_receipt", language))
    return {
        "subject": wording.say("mail_subject_thanks", language, **told),
        **_signed(invoice, wording, signature),
        "text": "\n".join(lines),
        "mark": wording.say("ledger", language, head=invoice.ledger_head),
    }


def draft_mail_facts(
    draft: Draft, issuer: Issuer, client: Client, wording: Wording, *, version: str
) -> Mapping[str, str]:
    """What the mail says that a draft is reviewed by. `version`: tells one content of the draft from another."""

    def say(name: str, **facts: object) -> str:
        return wording.say(name, client.language, **facts)

    told = {
        "amount": money_text(draft_totals(draft).to_transfer, client.language),
        "period": days_text(draft.first, draft.last, client.language),
        "issuer": _signer(issuer),
    }
    return {
        "subject": say("draft_mail_subject", **told),
        **_frame(client, issuer, wording),
        "text": f"{say('draft_mail_opening', **told)}\n{say('draft_mail_amount', **told)}\n\n"
        f"{say('draft_mail_right')}\n{say('draft_mail_wrong')}",
        "mark": say("draft_mail_mark", version=version),
    }


def subject_and_body(text: str) -> tuple[str, str]:
    """A rendered mail taken apart: `Subject:` on its first line, then the body."""
    first, _, body = text.partition("\n")
    return " ".join(first.removeprefix("Subject:").split()), body.lstrip("\n")


def _frame(client: Client, issuer: Issuer, wording: Wording) -> Mapping[str, str]:
    """How a mail begins and ends."""
    who = printable(client.attention or client.name)
    return {
        "greeting": wording.say("mail_greeting", client.language, who=who),
        "closing": wording.say("mail_closing", client.language),
        "issuer": _signer(issuer),
    }


def _signed(invoice: Invoice, wording: Wording, signature: str | None) -> Mapping[str, str]:
    """As `_frame`, with the issuer's own lines below the name."""
    frame = _frame(invoice.client, invoice.issuer, wording)
    own = (printable(line) for line in (signature or "").splitlines())
    return {**frame, "issuer": "\n".join((frame["issuer"], *own))}


def _payment(invoice: Invoice, wording: Wording) -> Iterator[str]:
    language, bank = invoice.client.language, invoice.issuer.bank
    if invoice.client.direct_debit is not None:
        announced = payment_of(invoice, wording)
        yield f"{announced['heading']}."
        yield from (f"{fact['label']}: {fact['value']}" for fact in announced["facts"])
        return
    if bank is not None and bank.iban:
        yield wording.say("mail_transfer", language, iban=bank.iban, number=payment_reference(invoice))
    if invoice.payment_link:
        yield wording.say("mail_online", language, link=printable(invoice.payment_link))


def _signer(issuer: Issuer) -> str:
    return printable(issuer.contact or issuer.name)
