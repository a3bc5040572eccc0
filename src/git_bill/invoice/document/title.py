"""What a document is called on its page and in its mail."""

from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice

# Where the words "tax invoice" are asked for (AE: Cabinet Decision No. 52 of 2017 art. 59(1); AU: GST Act 1999
# s. 29-70(1); SG: GST (General) Regulations reg. 11)
TAX_INVOICE = frozenset({"AE", "AU", "SG"})
_TITLES = {
    "invoice": "title",
    "deposit": "title_deposit",
    "part": "title_part",
    "final": "title_final",
    "credit-note": "title_credit",
    "simplified": "title_simplified",
}


def title_of(invoice: Invoice, wording: Wording) -> str:
    """By its kind; a document that charges GST must say so in some countries, and a credit note whether it cancels."""
    taxed = invoice.issuer.country in TAX_INVOICE and invoice.totals.tax and invoice.kind != "credit-note"
    cancels = invoice.reverses is not None and invoice.reverses.whole
    name = "tax_title" if taxed else "title_cancellation" if cancels else _TITLES[invoice.kind]
    return wording.say(name, invoice.client.language)
