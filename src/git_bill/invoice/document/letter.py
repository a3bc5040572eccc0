"""The mail that an invoice travels with: plain text, in the client's language."""

from git_bill.invoice.document.locale import date_text, money_text
from git_bill.invoice.document.text import printable
from git_bill.invoice.issued import Invoice

_WORDS = {
    "en": {
        "subject": "Invoice {number}{order}, {payable} due {due}",
        "order": ", your order {order}",
        "body": "Dear {who},\n\n"
        "please find attached invoice {number} of {date} for {first} to {last}.\n"
        "Amount due: {payable}, payable by {due}.\n{pay}\n"
        "Kind regards\n{issuer}\n\n-- \nLedger {ledger}\n",
        "pay": "Please pay to {iban}, reference {number}.\n",
        "link": "Pay online: {link}\n",
    },
    "de": {
        "subject": "Rechnung {number}{order}, {payable} fällig am {due}",
        "order": ", Ihre Bestellung {order}",
        "body": "Guten Tag {who},\n\n"
        "anbei die Rechnung {number} vom {date} für {first} bis {last}.\n"
        "Zu zahlen: {payable}, fällig am {due}.\n{pay}\n"
        "Freundliche Grüße\n{issuer}\n\n-- \nLedger {ledger}\n",
        "pay": "Bitte überweisen Sie auf {iban}, Verwendungszweck {number}.\n",
        "link": "Online bezahlen: {link}\n",
    },
}


def invoice_mail(invoice: Invoice) -> tuple[str, str]:
    """Subject (number, order, amount, due date) and body. The ledger's head in it is an anchor (law 7)."""
    language = invoice.client.language
    words = _WORDS.get(language[:2], _WORDS["en"])
    bank = invoice.issuer.bank
    pay = words["pay"].format(iban=bank.iban, number=invoice.number) if bank and bank.iban else ""
    if invoice.payment_link:
        pay += words["link"].format(link=invoice.payment_link)
    facts = {
        "number": invoice.number,
        "order": words["order"].format(order=printable(invoice.order)) if invoice.order else "",
        "payable": money_text(invoice.totals.payable, language),
        "due": date_text(invoice.due_date, language),
        "date": date_text(invoice.issue_date, language),
        "first": date_text(invoice.first, language),
        "last": date_text(invoice.last, language),
        "who": printable(invoice.client.attention or invoice.client.name),
        "issuer": printable(invoice.issuer.contact or invoice.issuer.name),
        "ledger": invoice.ledger_head,
        "pay": pay,
    }
    return " ".join(words["subject"].format(**facts).split()), words["body"].format(**facts)
