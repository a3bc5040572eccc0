"""The mails that an invoice and a draft travel with: facts for its template, in the form of the client's language."""

from collections.abc import Mapping

from git_bill.contract.party import Client, Issuer
from git_bill.invoice.document.locale import date_text, days_text, money_text
from git_bill.invoice.document.text import printable
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import draft_totals

_LANGUAGES = ("de", "en")


def mail_template(invoice: Invoice) -> str:
    """The template in the client's language, English where there is none."""
    return f"mail.{_language(invoice.client)}.txt.j2"


def mail_facts(invoice: Invoice) -> Mapping[str, str]:
    """What a mail says, printable; empty where there is nothing. The ledger's head is an anchor (law 7)."""
    language = invoice.client.language
    bank = invoice.issuer.bank
    return {
        "number": invoice.number,
        "order": printable(invoice.order or ""),
        "payable": money_text(invoice.totals.to_transfer, language),
        "due": date_text(invoice.due_date, language),
        "date": date_text(invoice.issue_date, language),
        "first": date_text(invoice.first, language),
        "last": date_text(invoice.last, language),
        "who": printable(invoice.client.attention or invoice.client.name),
        "issuer": printable(invoice.issuer.contact or invoice.issuer.name),
        "iban": (bank.iban or "") if bank else "",
        "link": printable(invoice.payment_link or ""),
        "ledger": invoice.ledger_head,
    }


def draft_mail_template(client: Client) -> str:
    """The template of the mail that a draft is reviewed by, in the client's language."""
    return f"draft-mail.{_language(client)}.txt.j2"


def draft_mail_facts(draft: Draft, issuer: Issuer, client: Client, *, version: str) -> Mapping[str, str]:
    """What that mail says, printable. `version`: tells one content of the draft from another."""
    language = client.language
    return {
        "payable": money_text(draft_totals(draft).to_transfer, language),
        "period": days_text(draft.first, draft.last, language),
        "who": printable(client.attention or client.name),
        "issuer": printable(issuer.contact or issuer.name),
        "version": version,
    }


def subject_and_body(text: str) -> tuple[str, str]:
    """A rendered mail taken apart: `Subject:` on its first line, then the body."""
    first, _, body = text.partition("\n")
    return " ".join(first.removeprefix("Subject:").split()), body.lstrip("\n")


def _language(client: Client) -> str:
    base = client.language[:2]
    return base if base in _LANGUAGES else "en"
