"""A journal for hledger (https://hledger.org/hledger.html, version 1.25 and newer), which passes `check --strict`."""

import re
from collections.abc import Iterator

from git_bill.money import minor_units
from git_bill.receivable.export.entry import Entry
from git_bill.receivable.export.plain_text import Book, one_line, stated

_COMMENT = str.maketrans({";": ",", "|": "/"})  # a semicolon starts a comment, a bar parts payee and note


def hledger_journal(book: Book) -> bytes:
    """UTF-8. Every account and currency is declared; a transaction's code is the number of its document."""
    return "".join(f"{line}\n" for line in _lines(book)).encode("utf-8", "replace")


def _lines(book: Book) -> Iterator[str]:
    yield f"; {_text(book.title)}"
    for currency in book.currencies:
        decimals = minor_units(currency)
        yield f"commodity 1000.{'0' * decimals} {currency}"
    names = book.accounts
    for name in sorted(set(names.values())):
        yield f"account {name}"
    for quote in book.quotes:
        yield f"P {quote.on} {quote.base} {quote.rate:f} {quote.currency}"
    for entry in book.entries:
        yield ""
        told = " | ".join(filter(None, (_text(entry.payee), _text(entry.text))))
        yield f"{entry.day} * ({_code(entry.number or entry.id)}) {told}  ; {_tags(entry)}"
        for posting in entry.postings:
            if posting.amount.stated:
                about = posting.document
                tag = f"  ; document:{_tag(about)}" if about and about != entry.number else ""
                yield f"    {names[posting.account]}  {stated(posting.amount.stated)}{tag}"


def _text(text: str) -> str:
    return one_line(text).translate(_COMMENT)


def _code(text: str) -> str:
    return re.sub(r"[();\s]+", "-", one_line(text))


def _tags(entry: Entry) -> str:
    tags = {"id": entry.id, "kind": entry.kind, "client": entry.client}
    return ", ".join(f"{name}:{_tag(value)}" for name, value in tags.items() if value)


def _tag(text: str) -> str:
    return re.sub(r"[,:;\s]+", "-", one_line(text))
