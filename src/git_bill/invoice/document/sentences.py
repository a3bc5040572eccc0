"""Sentences that a document's page and its e-invoice say alike."""

from collections.abc import Iterator
from datetime import timedelta

from git_bill.contract.terms import early_amount
from git_bill.invoice.conversion import conversion_text
from git_bill.invoice.document.locale import date_text, money_text, percent_text
from git_bill.invoice.document.sum_label import law_name
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice
from git_bill.invoice.summary import exchange_text


def rates_told(invoice: Invoice, wording: Wording) -> Iterator[str]:
    """The rate that prices were converted at, and the tax in the books' currency."""
    language, totals = invoice.client.language, invoice.totals
    if invoice.conversion is not None:
        rate = conversion_text(invoice.conversion, invoice.currency)
        yield wording.say("converted", language, currency=invoice.conversion.currency, rate=rate)
    if invoice.exchange is not None and totals.exchanged_tax is not None:
        amount, rate = money_text(totals.exchanged_tax, language), exchange_text(invoice.exchange, invoice.currency)
        yield wording.say("exchanged", language, tax=law_name(invoice.tax, wording, language), amount=amount, rate=rate)


def early_payment_told(invoice: Invoice, wording: Wording) -> Iterator[str]:
    """What paying early is worth, where it is worth something."""
    terms, language = invoice.early_payment, invoice.client.language
    if terms is not None:
        yield wording.say(
            "early_payment",
            language,
            percent=percent_text(terms.percent, language),
            count=terms.days,
            date=date_text(invoice.issue_date + timedelta(days=terms.days), language),
            amount=money_text(early_amount(terms, invoice.totals.to_transfer), language),
        )
