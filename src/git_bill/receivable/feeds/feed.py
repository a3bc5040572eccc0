"""What every feed shares: the options it is read with, what it hands out, and how it says what is wrong."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from git_bill.contract.currency import unknown
from git_bill.money import Money, minor_units
from git_bill.problem import Problem
from git_bill.receivable.account import Statement, canonical
from git_bill.receivable.feeds.mapping import NO_HEADINGS, Account, Headings
from git_bill.receivable.remittance import BANK, Remittance, identify, plain_amount, provider_id

Chunks: TypeAlias = Iterable[bytes]
LONGEST_TEXT = 2000  # characters of what a payer wrote that are kept
_LONGEST_SHOWN = 60
_MOST_EQUALS = 200_000  # entries that are remembered to tell equal ones apart
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SPACES = re.compile(r"\s+")
_NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "NOTAVAILABLE", "KREF+", "EREF", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the account: one remittance, or those that a batch is made of. They sum to what was booked."""

    remittances: tuple[Remittance, ...]
    line: int


Item: TypeAlias = Entry | Statement | Problem  # entries come before the statement that they are of


class Unreadable(Exception):  # noqa: N818  it carries a problem, it is not an error itself
    """A file can't be read any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to be read. `own`: the accounts that the settings declare; `headings`: what is known of CSV files."""

    file: str
    own: tuple[Account, ...] = ()
    headings: Headings = NO_HEADINGS

    def account(self, stated: str) -> str:
        """The declared account that the file means, else what it says."""
        return canonical(stated, (each.account for each in self.own))

    def problem(self, rule: str, message: str, hint: str, line: int | None = None) -> Problem:
        """Something wrong in the file, which keeps it from being imported."""
        return Problem(rule=rule, message=message, hint=hint, file=self.file, line=line)

    def unreadable(self, rule: str, message: str, hint: str, line: int | None = None) -> Unreadable:
        """Something that ends the reading, to be raised."""
        return Unreadable(self.problem(rule, message, hint, line))


@dataclass(slots=True)
class _Equals:
    """How many entries were equal so far, by day. Of days that are long passed by it is forgotten."""

    days: dict[date, dict[str, int]] = field(default_factory=dict)
    held: int = 0

    def add(self, day: date, own_id: str) -> int:
        """How many there were before this one."""
        of_day = self.days.pop(day, {})
        self.days[day] = of_day  # the last one that was added to
        before = of_day.get(own_id, 0)
        of_day[own_id] = before + 1
        self.held += not before
        while self.held > _MOST_EQUALS and len(self.days) > 1:
            self.held -= len(self.days.pop(next(iter(self.days))))
        return before


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a statement adds up to while its entries pass by."""

    source: Source
    feed: str
    account: str = ""
    currency: str = ""
    number: str = ""
    line: int | None = None
    opening: Money | None = None
    closing: Money | None = None
    rail: str = BANK
    entries: int = 0
    pending: int = 0
    first: date | None = None
    last: date | None = None
    _moved: Money | None = None
    _equals: _Equals = field(default_factory=_Equals)

    def add(self, parts: Iterable[Remittance], line: int, balance: Money | None = None) -> Entry:
        """An entry, identified: see `overlap` for the rule. `balance`: after it, where the file says it."""
        found = tuple(parts)
        booked, amount = found[0].booked, found[0].booked_amount
        self.one_currency(amount, line)
        self.entries += 1
        self._moved = amount if self._moved is None else self._moved + amount
        self.first = min(self.first or booked, booked)
        self.last = max(self.last or booked, booked)
        if balance is None and self.opening is not None and self.opening.currency == amount.currency:
            balance = self.opening + self._moved
        place = "" if balance is None else identify(self.rail, self.account, plain_amount(balance))[2:]
        first_id = identity(self.rail, self.account, found[0], 0)
        ordinal = self._equals.add(booked, first_id)
        own_id = identity(self.rail, self.account, found[0], ordinal) if ordinal else first_id
        return Entry(remittances=named(found, own_id, self.account, place), line=line)

    def one_currency(self, amount: Money | None, line: int | None) -> None:
        """Raises Unreadable where a statement has amounts in two currencies."""
        self.currency = self.currency or (amount.currency if amount is not None else "")
        if amount is not None and amount.currency != self.currency:
            message = f"{amount} stands in a statement of an account in {self.currency}"
            hint = "an account has one currency: download each of its currencies by itself"
            raise self.source.unreadable("two-currencies", message, hint, line)

    def statement(self) -> Statement:
        """All of it. Raises Unreadable where its balances are in two currencies."""
        self.one_currency(self.opening, self.line)
        self.one_currency(self.closing, self.line)
        currency = self.currency
        return Statement(
            file=self.source.file,
            feed=self.feed,
            account=self.account,
            currency=currency,
            number=self.number,
            opening=self.opening,
            closing=self.closing,
            moved=self._moved or Money.zero(currency),
            entries=self.entries,
            pending=self.pending,
            first=self.first,
            last=self.last,
            line=self.line,
        )


def identity(rail: str, account: str, remittance: Remittance, ordinal: int) -> str:
    """The id of the `ordinal`-th entry of its amount on its day; of a provider's movement by its own id."""
    if rail != BANK and remittance.bank_reference:
        return provider_id(rail, remittance.bank_reference)
    return identify(rail, account, remittance.booked, plain_amount(remittance.booked_amount), ordinal)


def named(parts: tuple[Remittance, ...], own_id: str, account: str, place: str) -> tuple[Remittance, ...]:
    """The parts of an entry under its id, numbered where there are several."""
    if len(parts) == 1:
        return (replace(parts[0], id=own_id, account=account, place=place),)
    numbered = enumerate(parts, 1)
    return tuple(replace(each, id=f"{own_id}-{n}", account=account, place=place) for n, each in numbered)


def clean(text: str | None) -> str:
    """One line, without what can't be seen, not endlessly long."""
    plain = _SPACES.sub(" ", _INVISIBLE.sub(" ", text or "")).strip()
    return plain[:LONGEST_TEXT]


def reference(text: str | None) -> str:
    """A reference, or nothing where the bank writes that there is none."""
    plain = clean(text)
    return "" if plain.upper() in _NO_REFERENCE or len(plain) < 2 else plain


def shown(text: str) -> str:
    """A wrong value for a message."""
    plain = clean(text)
    return repr(plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…")


def money(number: Decimal, currency: str) -> Money:
    """With its currency's decimals: `9,` and `9.000` are written alike. Raises ValueError where it has more."""
    most = minor_units(currency)
    exponent = number.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > most:
        example = Money(Decimal(1190).quantize(Decimal(1).scaleb(-most)), currency)
        raise ValueError(f"{number:f} {currency} has more decimals than {currency} has: it would be like {example}")
    return Money(number.quantize(Decimal(1).scaleb(-most)), currency)


def fee_of(fee: Money | None, amount: Money) -> Money | None:
    """What a bank can have kept of an amount: less than that, in its currency. All else is no fee of it."""
    fits = fee is not None and fee.currency == amount.currency and abs(fee.amount) < abs(amount.amount)
    return fee if fits else None


def currency_of(text: str) -> str:
    """A known currency. Raises ValueError."""
    code = text.strip().upper()
    if not code or unknown(code):
        raise ValueError(f"{shown(text)} is not a currency")
    return code


def watched(items: Iterator[Item]) -> Iterator[Item]:
    """All items up to what can't be read, which is the last one then."""
    try:
        yield from items
    except Unreadable as end:
        yield end.problem
