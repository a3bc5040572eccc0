"""What journals of hledger and beancount share: account names that both take, texts that stay texts.

Names of clients, payers and transfers are what strangers wrote: in a journal they are one line without a character
that the program would read as anything but text.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from git_bill.contract.exchange import Quote
from git_bill.invoice.document.text import printable
from git_bill.money import Money
from git_bill.receivable.export.entry import Account, Entry
from git_bill.receivable.export.settings import chosen

_MOST = 120  # characters of a text
_NAMES: Mapping[str, str] = {
    "receivable": "Assets:Receivable",
    "bank": "Assets:Bank",
    "cash": "Assets:Cash",
    "provider": "Assets:Provider",
    "transfer": "Assets:Transfer",
    "private": "Equity:Private",
    "unassigned": "Liabilities:Unassigned",
    "credit": "Liabilities:Client-Credits",
    "withheld": "Assets:Withheld-Tax",
    "vat": "Liabilities:VAT",
    "vat-pending": "Liabilities:VAT-Not-Due",
    "revenue": "Income:Revenue",
    "discount": "Income:Discounts",
    "difference": "Income:Differences",
    "fees": "Expenses:Fees",
    "bad-debts": "Expenses:Bad-Debts",
    "exchange": "Income:Exchange",
    "conversion": "Equity:Conversion",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What a journal is written from. `names`: own names of accounts by role."""

    title: str
    currency: str
    entries: tuple[Entry, ...]
    quotes: tuple[Quote, ...] = ()
    names: Mapping[str, str]

    @property
    def accounts(self) -> Mapping[Account, str]:
        """Every account that is posted to, with its name, by name."""
        used = {posting.account for entry in self.entries for posting in entry.postings if posting.amount.stated}
        return dict(sorted(((each, name_of(each, self.names)) for each in used), key=lambda item: item[1]))

    @property
    def currencies(self) -> tuple[str, ...]:
        """Every currency that is posted."""
        used = {posting.amount.stated.currency for entry in self.entries for posting in entry.postings}
        return tuple(sorted({self.currency, *used, *(quote.base for quote in self.quotes)}))

    @property
    def since(self) -> date:
        """Day of the first entry or rate."""
        days = [entry.day for entry in self.entries] + [quote.on for quote in self.quotes]
        return min(days, default=date(1970, 1, 1))


def name_of(account: Account, own: Mapping[str, str]) -> str:
    """Own name of it where the settings have one; else by its role and what it is of: `Income:Revenue:S-19:DE`."""
    keys = account.keys
    found = chosen(own, keys)
    if found is not None:
        return found
    parts = account.of
    if account.role in {"vat", "vat-pending", "revenue", "discount", "difference", "bad-debts"} and len(parts) > 1:
        parts = (f"{parts[0]}-{parts[1].replace('.', '-')}", *parts[2:])
    return ":".join((_NAMES[account.role], *(_part(each) for each in parts)))


def one_line(text: str) -> str:
    """Text in one line, without what hides or reorders; shortened."""
    plain = printable(text)
    return plain if len(plain) <= _MOST else plain[: _MOST - 1].rstrip() + "…"


def stated(money: Money) -> str:
    """`1190.00 EUR`, always with its decimals."""
    return str(money.short())


def _part(text: str) -> str:
    """A part of an account's name: what plain letters and digits can't tell has a digest behind it."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", ascii_).strip("-")
    lossy = plain.lower() != text.lower()
    if lossy:
        plain = f"{plain or 'X'}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:4]}"
    return plain[:1].upper() + plain[1:]
