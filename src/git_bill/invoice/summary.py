"""The sums below the lines of a document, row by row, as every rendering shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from git_bill.contract.tax.levy import taxed
from git_bill.contract.tax.reason import of_group
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import signed
from git_bill.invoice.draft import Draft, Exchange, Line
from git_bill.invoice.issued import Invoice, InvoiceLine, Totals
from git_bill.invoice.totals import Sums, by_law, changes_of, kept_by_client, sums_of, totals, treatments
from git_bill.money import Money

Kind = Literal[
    "lines", "changed", "added", "net", "tax", "gross", "prepaid", "rounding", "due", "withheld", "receivable"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sum. `text`: a reason, or the own name of a tax; `percent` of `base`; `tax`: the treatment of a tax row.

    `partial`: a tax on a part of the price, so that what it is of must be told.
    """

    kind: Kind
    amount: Money
    text: str = ""
    percent: Decimal | None = None
    tax: Tax | None = None
    base: Money | None = None
    partial: bool = False


def named(words: str, percent: str) -> str:
    """A name with its percentage, once: "Rivalsa INPS 4%" has it already. `percent`: " 4%", or ""."""
    return words if "%" in words else f"{words}{percent}"


def changes(line: Line | InvoiceLine) -> tuple[Row, ...]:
    """The discounts and surcharges that a line's net has in it (BG-27, BG-28)."""
    return tuple(
        Row(kind="changed", amount=signed(each), text=each.reason, percent=each.percent, base=each.base)
        for each in changes_of(line)
    )


def rows(document: Draft | Invoice) -> tuple[Row, ...]:
    """All sums in order: lines, discounts and surcharges, net, each tax, what was paid, what is due, what is kept."""
    sums = sums_of(document)
    found = totals(sums)
    return (*_priced(sums, found), *_taxes(sums, found), *_due(sums, found))


def _priced(sums: Sums, found: Totals) -> Iterator[Row]:
    """From the lines to the net."""
    added = by_law(sums)
    if sums.allowances or added:
        yield Row(kind="lines", amount=found.lines)
    for each in sums.allowances:
        yield Row(kind="changed", amount=signed(each), text=each.reason, percent=each.percent, base=each.base)
    for extra in added:
        yield Row(kind="added", amount=extra.amount, text=extra.name, percent=extra.rate, base=extra.base)
    yield Row(kind="net", amount=found.net)


def _taxes(sums: Sums, found: Totals) -> Iterator[Row]:
    """Each tax of each group."""
    behind = treatments(sums)
    for group in found.groups:
        tax = of_group(behind[group.category, group.rate.normalize()])
        for one, part in zip(tax.components, taxed(group.base, tax.components), strict=True):
            yield Row(
                kind="tax",
                amount=part.amount,
                text=part.name,
                percent=part.rate,
                tax=tax,
                base=part.base,
                partial=one.taxed != 100,
            )
        if not tax.components:
            yield Row(kind="tax", amount=group.tax, percent=group.rate, tax=tax, base=group.base)


def _due(sums: Sums, found: Totals) -> Iterator[Row]:
    """What is to be paid, and what the client keeps of it."""
    if found.prepaid or found.rounding:
        yield Row(kind="gross", amount=found.gross)
    if found.prepaid:
        yield Row(kind="prepaid", amount=-found.prepaid)
    if found.rounding:
        yield Row(kind="rounding", amount=found.rounding)
    yield Row(kind="due", amount=found.payable)
    for each in kept_by_client(sums):
        yield Row(kind="withheld", amount=-each.amount, text=each.name, percent=each.rate, base=each.base)
    if found.receivable is not None:
        yield Row(kind="receivable", amount=found.receivable)


def exchange_text(exchange: Exchange, currency: str) -> str:
    """`1 EUR = 7.46 DKK (ECB, 2026-10-30)`"""
    return f"1 {currency} = {exchange.rate.normalize():f} {exchange.currency} ({exchange.source}, {exchange.on})"
