"""A ledger for beancount (version 3, https://beancount.github.io/docs/beancount_language_syntax.html)."""

import re
from collections.abc import Iterator

from git_bill.receivable.export.entry import Entry
from git_bill.receivable.export.plain_text import Book, one_line, stated


def beancount_ledger(book: Book) -> bytes:
    """UTF-8. Every account is opened; a transaction's link is the number of its document."""
    return "".join(f"{line}\n" for line in _lines(book)).encode("utf-8", "replace")


def _lines(book: Book) -> Iterator[str]:
    yield f'option "title" {_quoted(book.title)}'
    yield f'option "operating_currency" "{book.currency}"'
    for currency in book.currencies:
        yield f"{book.since} commodity {currency}"
    names = book.accounts
    for name in sorted(set(names.values())):
        yield f"{book.since} open {name}"
    for quote in book.quotes:
        yield f"{quote.on} price {quote.base} {quote.rate:f} {quote.currency}"
    for entry in book.entries:
        yield ""
        yield f"{entry.day} * {_quoted(entry.payee)} {_quoted(entry.text)} {' '.join(_links(entry))}"
        for name, value in (("id", entry.id), ("kind", entry.kind), ("client", entry.client)):
            if value:
                yield f"  {name}: {_quoted(value)}"
        for posting in entry.postings:
            if posting.amount.stated:
                yield f"  {names[posting.account]}  {stated(posting.amount.stated)}"


def _links(entry: Entry) -> list[str]:
    numbers = dict.fromkeys([entry.number or entry.id, *(each.document for each in entry.postings if each.document)])
    return [f"^{re.sub(r'[^A-Za-z0-9_/.-]+', '-', number)}" for number in numbers]


def _quoted(text: str) -> str:
    plain = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
