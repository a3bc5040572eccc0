"""How the values of business terms are text and attributes of XML, in both syntaxes."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from git_bill.invoice.en16931.binding import Codec, Currencies
from git_bill.invoice.en16931.model import Embedded, Note
from git_bill.invoice.en16931.parties import Identifier

Attributes = Mapping[str, str]
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_SUBJECT = re.compile(r"#([A-Z]{3})#(.+)", re.DOTALL)


def _decimal(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a number; write it like 1234.50")
    return Decimal(text)


def _plain(value: Decimal) -> str:
    return f"{value:zf}"


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueError(f"{text[:40]!r} is not a day; write it like 2026-11-02")
    return date.fromisoformat(found[1])


def _compact_day(text: str, attributes: Attributes) -> date:
    if attributes.get("format", "102") != "102" or not re.fullmatch(r"[0-9]{8}", text):
        raise ValueError(f"{text[:40]!r} is not a day; write it like 20261102, with format 102")
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a day has no zone


def _amount(text: str, attributes: Attributes, currency: str) -> Decimal:
    said = attributes.get("currencyID", currency)
    if said != currency:
        raise ValueError(f"{text} is in {said[:3]}, the document is in {currency}")
    return _decimal(text)


def _identifier(text: str, attributes: Attributes, scheme: str) -> Identifier:
    return Identifier(id=text, scheme=attributes.get(scheme) or None, version=attributes.get("listVersionID") or None)


def _identified(scheme: str) -> Codec:
    def write(value: Identifier, _: Currencies) -> tuple[str, Attributes]:
        said = ((scheme, value.scheme), ("listVersionID", value.version))
        return value.id, {name: text for name, text in said if text is not None}

    return Codec(write=write, read=lambda text, attributes, _: _identifier(text, attributes, scheme))


def _embedded(text: str, attributes: Attributes, _: Currencies) -> Embedded:
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None
    return Embedded(content=content, mime=attributes.get("mimeCode", ""), name=attributes.get("filename", ""))


def _coded_note(text: str, _attributes: Attributes, _: Currencies) -> Note:
    found = _SUBJECT.fullmatch(text)
    return Note(text=found[2].strip(), subject=found[1]) if found else Note(text=text)


def _has_scheme(attributes: Attributes, _: Currencies) -> bool:
    return bool(attributes.get("schemeID"))


def _in_document_currency(attributes: Attributes, money: Currencies) -> bool:
    return attributes.get("currencyID", money.document) == money.document or money.tax is None


def _in_tax_currency(attributes: Attributes, money: Currencies) -> bool:
    return money.tax is not None and money.tax != money.document and attributes.get("currencyID") == money.tax


def _text(value: Any, _: Currencies) -> tuple[str, Attributes]:
    return str(value), {}


def _terms(text: str, _: Currencies) -> tuple[str, Attributes]:
    """A line of a discount in XRechnung's form ends with a line's end (BR-DE-18)."""
    return (f"{text}\n" if text.endswith("#") else text), {}


TEXT = Codec(write=_text, read=lambda text, _attributes, _: text)
NUMBER = Codec(write=lambda value, _: (_plain(value), {}), read=lambda text, _attributes, _: _decimal(text))
TERMS = Codec(write=_terms, read=TEXT.read)
IDENTIFIER = _identified("schemeID")
CLASS = _identified("listID")
EMBEDDED = Codec(
    write=lambda value, _: (
        base64.b64encode(value.content).decode("ascii"),
        {"mimeCode": value.mime, "filename": value.name},
    ),
    read=_embedded,
)

# UBL
DAY = Codec(write=lambda value, _: (value.isoformat(), {}), read=lambda text, _attributes, _: _day(text))
AMOUNT = Codec(
    write=lambda value, money: (_plain(value), {"currencyID": money.document}),
    read=lambda text, attributes, money: _amount(text, attributes, money.document),
)
TAX_AMOUNT = Codec(write=AMOUNT.write, read=AMOUNT.read, takes=_in_document_currency)
EXCHANGED_AMOUNT = Codec(
    write=lambda value, money: (_plain(value), {"currencyID": money.tax or money.document}),
    read=lambda text, attributes, money: _amount(text, attributes, money.tax or money.document),
    takes=_in_tax_currency,
)
CODED_NOTE = Codec(
    write=lambda note, _: (f"#{note.subject}#{note.text}" if note.subject else note.text, {}), read=_coded_note
)

# CII
COMPACT_DAY = Codec(
    write=lambda value, _: (f"{value:%Y%m%d}", {"format": "102"}),
    read=lambda text, attributes, _: _compact_day(text, attributes),
)
LOCAL_IDENTIFIER = Codec(
    write=IDENTIFIER.write,
    read=IDENTIFIER.read,
    holds=lambda value: value.scheme is None,
    takes=lambda attributes, money: not _has_scheme(attributes, money),
)
GLOBAL_IDENTIFIER = Codec(
    write=IDENTIFIER.write,
    read=IDENTIFIER.read,
    holds=lambda value: value.scheme is not None,
    takes=_has_scheme,
)
PLAIN_AMOUNT = Codec(
    write=lambda value, _: (_plain(value), {}),
    read=lambda text, attributes, money: _amount(text, attributes, money.document),
)
_EVENTS = {"3": "5", "35": "29", "432": "72"}  # UNTDID 2005 of UBL → 2475 of CII
EVENT = Codec(
    write=lambda value, _: (_EVENTS.get(value, value), {}),
    read=lambda text, _attributes, _: next((code for code, cii in _EVENTS.items() if cii == text), text),
)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}")
IBAN = Codec(write=_text, read=TEXT.read, holds=lambda value: bool(_IBAN.fullmatch(value)))
OTHER_ACCOUNT = Codec(write=_text, read=TEXT.read, holds=lambda value: not _IBAN.fullmatch(value))
