"""CSV statements of banks, and the reports of PayPal and Stripe: columns as declared, as known, or as guessed."""

import csv
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from git_bill.money import Money
from git_bill.receivable.feeds.csv_habits import Habits, Row, decide
from git_bill.receivable.feeds.csv_table import Table, find
from git_bill.receivable.feeds.feed import Chunks, Item, Source, Tally, clean, currency_of, money, reference, shown
from git_bill.receivable.feeds.mapping import Headings, folded
from git_bill.receivable.feeds.text import lines
from git_bill.receivable.feeds.values import amount, day
from git_bill.receivable.remittance import BANK, Kind, Remittance

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
    habits, problems = decide(table, showing, source)
    if problems:
        yield from problems
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

    def row(self, line: int, cells: Sequence[str]) -> Iterator[Item]:
        """What a row says."""
        table = self.table
        day_cell = table.cell(cells, "date")
        try:
            if not any(char.isdigit() for char in day_cell) and not _is_entry(table, cells):
                return  # a sum or a remark below the table
            made = _remittance(cells, table, self.habits, self.source)
            currency = made.amount.currency if made else _currency(cells, table, self.source)
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

    def account(self, stated: str, currency: str, line: int) -> _Account:
        """The account of a row. Raises ValueError where there are too many to be accounts."""
        account = self.source.account(_account(stated, currency, self.table, self.source))
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
        for each in self.accounts.values():
            bounds = each.balances.bounds()
            if bounds is not None:
                each.tally.opening, each.tally.closing = (Money(bound, each.tally.currency) for bound in bounds)
            yield each.tally.statement()
        if not self.accounts:
            currency = self.table.currency or ""
            account = self.source.account(_account("", currency, self.table, self.source))
            yield self.tally(account, currency, self.table.line or 1).statement()


def _is_entry(table: Table, cells: Sequence[str]) -> bool:
    """Whether a row without a day says more than a sum does."""
    return bool(table.cell(cells, "payer") or table.cell(cells, "payer_account"))


def _example(table: Table) -> str:
    words = {"date": "2026-11-20", "amount": "1190.00", "debit": "", "credit": "1190.00", "currency": "EUR"}
    known = [words.get(role, "…") for role in table.places]
    return f"a row is like {table.separator.join(known)} (columns: {', '.join(table.places)})"


def _currency(cells: Sequence[str], table: Table, source: Source) -> str:
    stated = table.cell(cells, "currency") or table.currency or (table.declared.currency if table.declared else None)
    if not stated:
        declared = {each.currency for each in source.own if each.currency}
        stated = declared.pop() if len(declared) == 1 else ""
    if not stated:
        hint = f'declare it: [[accounts]] account = "{table.account or "DE02…"}", currency = "EUR"'
        raise source.unreadable("unknown-currency", "the file does not say its currency", hint, table.line or 1)
    return currency_of(stated)


def _account(stated: str, currency: str, table: Table, source: Source) -> str:
    """The row's own account, the file's, one that is declared for this bank, the only declared one of the currency."""
    if stated or table.account:
        return stated or table.account
    if table.rail != BANK:
        return table.rail
    bank = folded(table.export.bank) if table.export else ""
    named = [each.account for each in source.own if bank and folded(each.account).startswith(bank.split(" ")[0])]
    fitting = [each.account for each in source.own if not each.currency or not currency or each.currency == currency]
    if named:
        return named[0]
    return fitting[0] if len(fitting) == 1 else bank


def _remittance(cells: Sequence[str], table: Table, habits: Habits, source: Source) -> Remittance | None:
    """A row; None for one that is not booked. Raises ValueError."""
    headings = source.headings
    state = table.cell(cells, "state")
    if state and not _is_booked(state, table, headings):
        return None
    currency = _currency(cells, table, source)
    number = _amount(cells, table, habits, headings)
    fee = _fee(cells, table, habits)
    if fee and table.export is not None and table.export.fee_apart:
        number -= fee
    booked = day(table.cell(cells, "date"), habits.order)
    value = table.cell(cells, "value_date")
    is_in = number > 0
    original, rate = table.cell(cells, "original"), table.cell(cells, "rate")
    code = table.cell(cells, "original_currency").upper()
    return Remittance(
        id="R-" + "a" * 12,  # until it is identified
        rail=table.rail,
        feed=table.name,
        booked=booked,
        value_date=day(value, habits.order) if value else None,
        amount=money(number, currency),
        kind=_kind(table.cell(cells, "type"), table, headings, is_in=is_in),
        payer=clean(table.cell(cells, "payer" if is_in or "payee" not in table.places else "payee")),
        payer_account=clean(table.cell(cells, "payer_account")).replace(" ", ""),
        text=table.cell(cells, "text"),
        reference=reference(table.cell(cells, "reference")),
        end_to_end=reference(table.cell(cells, "end_to_end")),
        mandate=reference(table.cell(cells, "mandate")),
        bank_reference=reference(table.cell(cells, "bank_reference")),
        fee=money(fee, currency) if fee else None,
        original=Money(abs(amount(original, habits.decimal)), currency_of(code))
        if original and code and code != currency
        else None,
        rate=_rate(rate, habits),
        reverses=reference(table.cell(cells, "reverses")),
    )


def _is_booked(state: str, table: Table, headings: Headings) -> bool:
    if table.export is not None and table.export.booked:
        return state.casefold() in {each.casefold() for each in table.export.booked}
    return state.casefold() not in headings.pending


def _amount(cells: Sequence[str], table: Table, habits: Habits, headings: Headings) -> Decimal:
    debit, credit = table.cell(cells, "debit"), table.cell(cells, "credit")
    if debit or credit:
        paid = abs(amount(debit, habits.decimal)) if debit else Decimal(0)
        got = abs(amount(credit, habits.decimal)) if credit else Decimal(0)
        return got - paid
    number = amount(table.cell(cells, "amount"), habits.decimal) * habits.sign
    sign = table.cell(cells, "sign").casefold()
    if sign:
        known = table.export.outgoing if table.export else ()
        if sign in {each.casefold() for each in known} or sign in headings.outgoing:
            return -abs(number)
        if not known and sign not in headings.incoming:
            raise ValueError(f"{shown(sign)} is neither debit nor credit")
    return number


def _fee(cells: Sequence[str], table: Table, habits: Habits) -> Decimal:
    text = table.cell(cells, "fee")
    return abs(amount(text, habits.decimal)) if text else Decimal(0)


def _rate(text: str, habits: Habits) -> Decimal | None:
    try:
        return amount(text, habits.decimal) or None if text else None
    except ValueError:
        return None  # a bank's remark; it decides nothing


def _kind(stated: str, table: Table, headings: Headings, *, is_in: bool) -> Kind:
    """By the words of its type, where the export has one; else what came in is a payment."""
    lower = stated.casefold()
    if lower and table.rail != BANK:
        for kind, words in headings.kinds.items():
            if any(word in lower for word in words):
                return kind if kind != "payment" or is_in else "other"  # type: ignore[return-value]
    return "payment" if is_in else "other"
