"""Sheets: tables that people open in a spreadsheet. Numbers and dates are ours; no text becomes a formula."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.invoice.document.sheet_table import Column, Table
from git_bill.money import Money
from git_bill.worklog.timesheet import cell

_WIDEST = 60  # characters of a column
Value = str | int | date | Decimal | Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`name`: of its file. Each row has as many values as there are heads; money stands without its currency."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def sheet(name: str, heads: str, rows: Iterable[Iterable[Value]]) -> Sheet:
    """`heads`: parted by spaces."""
    return Sheet(name=name, heads=tuple(heads.split()), rows=tuple(tuple(row) for row in rows))


def csv_of(made: Sheet) -> bytes:
    """UTF-8 CSV (RFC 4180) with a head line, decimals with a point, dates by ISO 8601."""
    lines = [",".join(made.heads), *(",".join(map(_cell, row)) for row in made.rows)]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")


def table_of(made: Sheet, author: str) -> Table:
    """As a workbook takes it."""
    widths = [max([len(head), *(len(_cell(row[at])) for row in made.rows)]) for at, head in enumerate(made.heads)]
    return Table(
        title=made.name,
        name=made.name,
        facts=(),
        columns=tuple(
            Column(head=head, width=min(_WIDEST, width + 2)) for head, width in zip(made.heads, widths, strict=True)
        ),
        rows=tuple(tuple(map(_plain, row)) for row in made.rows),
        total="",
        notes=(),
        sign=(),
        author=author,
    )


def _plain(value: Value) -> str | date | Decimal:
    """Money as its number, nothing as an empty text."""
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, str | date | Decimal):
        return value
    return "" if value is None else Decimal(value)


def _cell(value: Value) -> str:
    if isinstance(value, Money):
        return f"{value.amount:zf}"
    if isinstance(value, Decimal):
        return f"{value:zf}"
    return cell(value) if isinstance(value, str) else "" if value is None else str(value)
