"""The sums of a document in a terminal and for scripts."""

from collections.abc import Iterable, Iterator
from typing import Any

from git_bill.cli.output import Span, bold, dim, money
from git_bill.contract.tax.levy import Levied
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import Invoice, InvoiceLine, Totals
from git_bill.invoice.summary import Row, changes, named, rows
from git_bill.invoice.totals import by_law, kept_by_client, sums_of, totals

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
        if row.kind == "due" and document.reverses is not None:
            label = "credited"
        yield note, bold(label) if strong else label, bold(amount) if strong else amount


def _label(row: Row) -> str:
    percent = f" {row.percent.normalize():f} %" if row.percent else ""
    if row.kind in {"changed", "added"}:
        return named(row.text, percent)
    if row.kind == "withheld":
        return f"{named(row.text, percent)} withheld"
    if row.kind == "tax":
        law = row.tax.law_name if row.tax is not None else "VAT"
        part = f" on {money(row.base)}" if row.partial and row.base is not None else ""
        return f"{row.text or law}{percent}{part}" if row.percent else f"no {law}"
    return _LABELS[row.kind]


def changed_rows(line: Line | InvoiceLine) -> Iterator[tuple[str | Span, str | Span, str | Span]]:
    """Discounts and surcharges below a line: its name, nothing, what it changes; the line's net has them in it."""
    for each in changes(line):
        yield dim(f"  {_label(each)}"), "", dim(money(each.amount))


def allowances_data(allowances: Iterable[Allowance]) -> list[dict[str, Any]]:
    """Discounts and surcharges with their amounts (`charge`: what is added, not taken off)."""
    return [
        {
            "reason": each.reason,
            "percent": f"{each.percent.normalize():f}" if each.percent is not None else None,
            "amount": each.amount,
            "charge": each.charge,
        }
        for each in allowances
    ]


def sums_data(found: Totals) -> dict[str, Any]:
    """The totals under the names that scripts may rely on."""
    return {
        "net": found.net,
        "tax": found.tax,
        "gross": found.gross,
        "withholding": found.withheld,
        "payable": found.payable,
        "receivable": found.to_transfer,
    }


def tax_data(document: Draft | Invoice) -> dict[str, Any]:
    """How a document is taxed: its treatment, each group, what the law adds to the price and what the client keeps."""
    tax, sums = document.tax, sums_of(document)
    found = totals(sums)
    return {
        "treatment": {
            "category": tax.category,
            "rate": f"{tax.rate.normalize():f}",
            "name": tax.law_name,
            "reason_code": tax.reason_code,
            "note": tax.note,
            "source": tax.source,
            "components": [{"name": each.name, "rate": f"{each.rate.normalize():f}"} for each in tax.components],
            "must_state": list(tax.must_state),
        },
        "taxes": [
            {"category": group.category, "rate": f"{group.rate.normalize():f}", "base": group.base, "tax": group.tax}
            for group in found.groups
        ],
        "added_by_law": list(map(_levied, by_law(sums))),
        "withheld": list(map(_levied, kept_by_client(sums))),
        "exchanged_tax": found.exchanged_tax,
    }


def _levied(each: Levied) -> dict[str, Any]:
    rate = None if each.rate is None else f"{each.rate.normalize():f}"
    return {"name": each.name, "rate": rate, "base": each.base, "amount": each.amount}
