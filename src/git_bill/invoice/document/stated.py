"""What a document must state whatever its template looks like: its number, and every total that its XML has."""

import re
from collections.abc import Iterator

from git_bill.invoice.document.locale import amount_text
from git_bill.invoice.issued import Invoice
from git_bill.money import Money

_SUMS = {
    "lines": "sum of line nets (BT-106)",
    "allowances": "discounts (BT-107)",
    "charges": "surcharges (BT-108)",
    "net": "total without tax (BT-109)",
    "tax": "total tax (BT-110)",
    "exchanged_tax": "total tax in the accounting currency (BT-111)",
    "gross": "total with tax (BT-112)",
    "prepaid": "amount paid before (BT-113)",
    "rounding": "rounding (BT-114)",
    "payable": "amount due (BT-115)",
    "receivable": "amount to be transferred",
}


def unstated(invoice: Invoice, text: str) -> Iterator[tuple[str, str]]:
    """Each of these that the text of a PDF lacks, as it would stand there: ("total with tax (BT-112)", "1.190,00")."""
    if "".join(invoice.number.split()) not in "".join(text.split()):
        yield "number (BT-1)", invoice.number
    for name, money in _totals(invoice):
        shown = amount_text(money, invoice.client.language)
        if not _stands_in(shown, text):
            yield name, shown


def _totals(invoice: Invoice) -> Iterator[tuple[str, Money]]:
    """The document's totals (BG-22), what is left to pay after withholding, and base and tax of each rate (BG-23)."""
    totals = invoice.totals
    for name, says in _SUMS.items():
        if (money := getattr(totals, name)) is not None:
            yield says, money
    for group in totals.groups:
        yield f"base of {group.rate.normalize():f}% (BT-116)", group.base
        if not invoice.tax.components:  # else each part of the tax stands there, and their sum
            yield f"tax of {group.rate.normalize():f}% (BT-117)", group.tax


def _stands_in(shown: str, text: str) -> bool:
    """Whether an amount stands there as one, not as the end of a larger one. Spaces in it may be of any kind."""
    figure = r"\s?".join(re.escape(part) for part in shown.removeprefix("-").split())
    return re.search(rf"(?<![\d.,'’]){figure}(?!\d)", text) is not None
