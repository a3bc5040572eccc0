"""CSV statements of banks, and the reports of PayPal and Stripe: columns as declared, as known, or as guessed."""

import csv
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from git_bill.money import Money
from git_bill.problem import errors
from git_bill.receivable.feeds.csv_entry import currency_in_row, remittance_in_row
from git_bill.receivable.feeds.csv_habits import Habits, Row, decide
from git_bill.receivable.feeds.csv_table import DECLARE, Table, find, settled
from git_bill.receivable.feeds.feed import Chunks, Item, Source, Tally, money, shown
from git_bill.receivable.feeds.own_account import own_account
from git_bill.receivable.feeds.text import lines
from git_bill.receivable.feeds.values import amount
from git_bill.receivable.remittance import BANK

_SHOWING = 20_000  # rows that decide how the file writes
_MOST_ACCOUNTS = 200  # of one file; more are not accounts


@dataclass(slots=True)
class _Balances:
    """The balance after the first and the last row, and which of the two is older."""

    first: tuple[date, Decimal, Decimal] | None = None  # day, amount, balance
    last: tuple[date, Decimal, Decimal] | None = None
    rising: bool | None = None

    def add(self, row: tuple[date, Decimal, Decimal]) -> None:
        """The next row of the account."""
        if self.last is not None and self.rising is None:
            up, down = row[2] == self.last[2] + row[1], self.last[2] == row[2] + self.last[1]
            self.rising = up if up != down else None
        self.first = self.first or row
        self.last = row

    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """Opening and closing balance."""
        if self.first is None or self.last is None:
            return None
        rising = self.first[0] <= self.last[0] if self.first[0] != self.last[0] else self.rising is not False
        oldest, newest = (self.first, self.last) if rising else (self.last, self.first)
        return oldest[2] - oldest[1], newest[2]


@dataclass(slots=True)
class _Account:
    tally: Tally
    balances: _Balances = field(default_factory=_Balances)


def stream(chunks: Chunks, source: Source) -> Iterator[Item]:
    """Entries in the order of the file, then a statement for each account and currency."""
    encoding = next((each.encoding for each in source.own if each.encoding), "")
    numbered = lines(chunks, source, encoding)
    table, ahead = find(numbered, source)
    rows = _rows(itertools.chain(ahead, numbered), table, source)
    showing = list(itertools.islice(rows, _SHOWING))
    table = settled(table, showing)
    habits, problems = decide(table, showing, source)
    yield from problems
    if errors(problems):
        return
    reading = _Reading(table=table, habits=habits, source=source)
    for line, cells in itertools.chain(showing, rows):
        yield from reading.row(line, cells)
    yield from reading.statements()


def _rows(numbered: Iterable[tuple[int, str]], table: Table, source: Source) -> Iterator[Row]:
    """Rows with an amount, and the line that each begins on: a cell may go over several."""
    last = table.line

    def texts() -> Iterator[str]:
        nonlocal last
        for number, text in numbered:
            last = number
            yield text + "\n"

    reader = csv.reader(texts(), delimiter=table.separator)
    begin = last + 1
    try:
        for cells in reader:
            if any(table.cell(cells, role) for role in ("amount", "debit", "credit")):
                yield begin, cells
            begin = last + 1
    except csv.Error as error:
        hint = "a quote is not closed: download the file again"
        raise source.unreadable("broken-csv", f"no table from here on: {error}", hint, begin) from None


@dataclass(slots=True, kw_only=True)
class _Reading:
    """A table while its rows pass by."""

    table: Table
    habits: Habits
    source: Source
    accounts: dict[tuple[str, str], _Account] = field(default_factory=dict)
    nothing: int = 0  # rows that moved nothing

    def row(self, line: int, cells: Sequence[str]) -> Iterator[Item]:
        """What a row says."""
        table = self.table
        day_cell = table.cell(cells, "date")
        try:
            if not any(char.isdigit() for char in day_cell) and not _is_entry(table, cells):
                return  # a sum or a remark below the table
            made = remittance_in_row(cells, table, self.habits, self.source)
            currency = made.amount.currency if made else currency_in_row(cells, table, self.source)
            known = self.account(table.cell(cells, "account"), currency, line)
            if made is None:
                known.tally.pending += 1
                return
            balance = table.cell(cells, "balance") if table.rail == BANK else ""
            after = money(amount(balance, self.habits.decimal), currency) if balance else None
        except ValueError as error:
            yield self.source.problem("wrong-entry", f"this row can't be read: {error}", _example(table), line)
            return
        if after is not None:
            known.balances.add((made.booked, made.amount.amount, after.amount))
        if made.amount:
            yield known.tally.add([made], line, after)
        else:
            self.nothing += 1

    def account(self, stated: str, currency: str, line: int) -> _Account:
        """The account of a row. Raises ValueError where there are too many to be accounts."""
        account = _account(stated, currency, self.table, self.source)
        known = self.accounts.get((account, currency))
        if known is None:
            if len(self.accounts) >= _MOST_ACCOUNTS:
                raise ValueError(f"more than {_MOST_ACCOUNTS} accounts: {shown(stated)} can't be one")
            known = self.accounts[account, currency] = _Account(self.tally(account, currency, line))
        return known

    def tally(self, account: str, currency: str, line: int) -> Tally:
        """An account's, from its first row on."""
        table = self.table
        return Tally(
            source=self.source, feed=table.name, account=account, currency=currency, rail=table.rail, line=line
        )

    def statements(self) -> Iterator[Item]:
        """One for each account and currency; of a table without rows one, too."""
        if self.nothing and self.table.is_guessed and not any(each.tally.entries for each in self.accounts.values()):
            message = "all amounts are zero: the column of the amounts is another one"
            raise self.source.unreadable("unknown-columns", message, DECLARE, self.table.line)
        for each in self.accounts.values():
            bounds = each.balances.bounds()
            if bounds is not None:
                each.tally.opening, each.tally.closing = (Money(bound, each.tally.currency) for bound in bounds)
            yield each.tally.statement()
        if not self.accounts:
            currency = self.table.currency or ""
            account = _account("", currency, self.table, self.source)
            yield self.tally(account, currency, self.table.line or 1).statement()


def _is_entry(table: Table, cells: Sequence[str]) -> bool:
    """Whether a row without a day says more than a sum does."""
    return bool(table.cell(cells, "payer") or table.cell(cells, "payer_account"))


def _example(table: Table) -> str:
    words = {"date": "2026-11-20", "amount": "1190.00", "debit": "", "credit": "1190.00", "currency": "EUR"}
    known = [words.get(role, "…") for role in table.places]
    return f"a row is like {table.separator.join(known)} (columns: {', '.join(table.places)})"


def _account(stated: str, currency: str, table: Table, source: Source) -> str:
    """The row's own account, the file's, or the one that it is of without saying so."""
    if stated or table.account or table.rail != BANK:
        return source.account(stated or table.account or table.rail)
    return own_account(table.export, currency, source.own)
