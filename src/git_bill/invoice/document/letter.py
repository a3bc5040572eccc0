"""The mail that an invoice travels with: facts for its template, in the form of the client's language."""

from collections.abc import Mapping

from git_bill.invoice.document.locale import date_text, money_text
from git_bill.invoice.document.text import printable
from git_bill.invoice.issued import Invoice

_LANGUAGES = ("de", "en")


def mail_template(invoice: Invoice) -> str:
    """The template in the client's language, English where there is none."""
    language = invoice.client.language[:2]
    return f"mail.{language if language in _LANGUAGES else 'en'}.txt.j2"


def mail_facts(invoice: Invoice) -> Mapping[str, str]:
    """What a mail says, printable; empty where there is nothing. The ledger's head is an anchor (law 7)."""
    language = invoice.client.language
    bank = invoice.issuer.bank
    return {
        "number": invoice.number,
        "order": printable(invoice.order or ""),
        "payable": money_text(invoice.totals.payable, language),
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


def subject_and_body(text: str) -> tuple[str, str]:
    """A rendered mail taken apart: `Subject:` on its first line, then the body."""
    first, _, body = text.partition("\n")
    return " ".join(first.removeprefix("Subject:").split()), body.lstrip("\n")
