"""The sums of a document in a terminal and for scripts."""

from collections.abc import Iterator
from typing import Any

from git_bill.cli.output import Span, bold, dim, money
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice, Totals
from git_bill.invoice.summary import Row, rows

_LABELS = {
    "lines": "lines",
    "net": "net",
    "gross": "with tax",
    "prepaid": "paid before",
    "rounding": "rounding",
    "due": "to pay",
    "receivable": "to transfer",
}


def sum_rows(document: Draft | Invoice) -> Iterator[tuple[str | Span, str | Span, str | Span]]:
    """Each sum: what the law says of it, its name, its amount."""
    for row in rows(document):
        strong = row.kind in {"due", "receivable"}
        note = dim(row.tax.note) if row.kind == "tax" and row.tax is not None and row.tax.note else ""
        label, amount = _label(row), money(row.amount)
        yield note, bold(label) if strong else label, bold(amount) if strong else amount


def _label(row: Row) -> str:
    percent = f" {row.percent.normalize():f} %" if row.percent else ""
    if row.kind in {"changed", "added"}:
        return f"{row.text}{percent}"
    if row.kind == "withheld":
        return f"{row.text}{percent} withheld"
    if row.kind == "tax":
        return f"{row.text or 'VAT'}{percent}" if row.percent else "no VAT"
    return _LABELS[row.kind]


def sums_data(found: Totals) -> dict[str, Any]:
    """The totals under the names that scripts may rely on."""
    return {
        "net": found.net,
        "tax": found.tax,
        "gross": found.gross,
        "withholding": found.withheld,
        "payable": found.payable,
        "receivable": found.receivable or found.payable,
    }
