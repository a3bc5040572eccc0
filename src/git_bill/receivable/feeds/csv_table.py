"""Finding the table in a CSV statement: its separator, the line of its headings, and what its columns are."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from git_bill.contract.currency import unknown
from git_bill.receivable.account import same_account
from git_bill.receivable.feeds.feed import Source, clean
from git_bill.receivable.feeds.mapping import (
    ROLES,
    Account,
    KnownExport,
    currency_in,
    exact,
    guessed,
    known_export,
    placed,
)
from git_bill.receivable.remittance import BANK

SEPARATORS = (";", ",", "\t", "|")
_MOST_COLUMNS = 500
_SEARCHED = 80  # lines in which the headings must be
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_MONEY = ("amount", "debit", "credit")
DECLARE = (
    'declare its columns: [[accounts]] account = "DE02…", columns = { date = "Datum", amount = "Betrag",'
    ' text = "Zweck" } (by number without headings: "#1")'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was found. `places`: columns (from 0) of each role. `declared`: the account that says how it writes.

    `currency`, `account`: from headings and lines above.
    """

    separator: str
    places: Mapping[str, Sequence[int]]
    export: KnownExport | None
    declared: Account | None
    currency: str | None
    account: str
    line: int  # of the headings; 0: there are none

    @property
    def name(self) -> str:
        """How remittances say what they were read from."""
        return f"csv:{self.export.bank}" if self.export else "csv"

    @property
    def is_guessed(self) -> bool:
        """Whether its columns are neither known nor declared."""
        return self.export is None and not (self.declared and self.declared.columns)

    @property
    def rail(self) -> str:
        """Bank, or a payment provider."""
        return self.export.rail if self.export else BANK

    def cell(self, row: Sequence[str], role: str) -> str:
        """What a row has for a role; texts of several columns are joined."""
        found = [row[at] for at in self.places.get(role, ()) if at < len(row)]
        return clean(" ".join(found)) if role == "text" else (found[0].strip() if found else "")


def find(lines: Iterator[tuple[int, str]], source: Source) -> tuple[Table, list[tuple[int, str]]]:
    """The table, and lines that were read and belong to it. Raises Unreadable with how to declare it."""
    read: list[tuple[int, str]] = []
    best: str = ""
    for number, line in lines:
        read.append((number, line))
        for separator in _separators(line, source.own):
            if line.count(separator) >= _MOST_COLUMNS:
                message = f"a row of {line.count(separator) + 1:,} columns; a statement has at most {_MOST_COLUMNS}"
                hint = "download the statement again: a row is like 2026-11-20;1190.00;EUR;INV-2026-0007"
                raise source.unreadable("not-a-statement", message, hint, number)
            cells = _cells(line, separator)
            if len(cells) > best.count(",") + 1:
                best = ", ".join(clean(cell) for cell in cells)
            table = _table(cells, separator, number, source, read)
            if table is not None:
                return table, [] if table.line else read
        if len(read) >= _SEARCHED:
            break
    said = f"; the widest line is: {best[:120]}" if best else ""
    first = read[0][0] if read else 1
    raise source.unreadable("unknown-columns", f"no line names a date and an amount{said}", DECLARE, first)


def settled(table: Table, rows: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """With `Valuta` as what its cells say: a currency in Sweden and Italy, a day in Germany."""
    texts = {text for _, cells in rows if (text := table.cell(cells, "value_date"))}
    if not table.is_guessed or "currency" in table.places or not texts or not all(map(_is_currency, texts)):
        return table
    places = {"currency" if role == "value_date" else role: places for role, places in table.places.items()}
    return replace(table, places=places)


def _is_currency(text: str) -> bool:
    return len(text) == 3 and not unknown(text.upper())


def _separators(line: str, own: Iterable[Account]) -> Iterator[str]:
    """Those in a line, the declared one alone where there is one."""
    declared = [each.separator for each in own if each.separator and each.separator in line]
    yield from declared or sorted((each for each in SEPARATORS if each in line), key=line.count, reverse=True)


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _table(
    cells: list[str], separator: str, number: int, source: Source, above: Sequence[tuple[int, str]]
) -> Table | None:
    """What a line is as the headings of a table: declared, known, guessed."""
    exacts = [exact(cell) for cell in cells]
    export: KnownExport | None = None
    declared: Account | None = None
    places: Mapping[str, Sequence[int]] | None = None
    numbered = False
    for each in source.own:
        if each.columns and places is None and (places := placed(each.columns, exacts)) is not None:
            declared, numbered = each, all(heading.startswith("#") for heading in each.columns.values())
    if places is None and (known := known_export(cells, source.headings.exports)) is not None:
        export, places = known
    if places is None:
        places = guessed(cells, source.headings.words)
        if "date" not in places or not set(_MONEY) & set(places) or any(_is_number(cell) for cell in cells):
            return None
    named = [currency_in(cells[places[role][0]]) for role in _MONEY if role in places and places[role][0] < len(cells)]
    currency = next((each for each in named if each), None) if not numbered else None
    preamble = "\n".join(text for _, text in above[:-1])
    iban = next((match[0].replace(" ", "") for match in _IBAN.finditer(preamble)), "")
    account = declared.account if declared else iban
    if declared is None and export is None:  # how its own account writes, where it is clear which one that is
        fitting = [each for each in source.own if not iban or same_account(each.account, iban)]
        declared = fitting[0] if len(fitting) == 1 else None
    elif declared is None and export is not None and export.rail != BANK:  # a provider's account has its name
        account = export.rail
        declared = next((each for each in source.own if each.account == account), None)
    return Table(
        separator=separator,
        places={role: places[role] for role in ROLES if role in places},
        export=export,
        declared=declared,
        currency=(export.currency if export else None) or currency,
        account=account,
        line=0 if numbered else number,
    )


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[-+]?[0-9][0-9.,]*", cell.strip()) is not None
