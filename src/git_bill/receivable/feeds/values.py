"""Amounts and days as banks write them."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from git_bill.receivable.feeds.feed import shown

_SPACE = re.compile(r"[\s\u00a0\u202f'’_]")
_DIGITS = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,8})?|\.[0-9]{1,8}")
_PLAIN = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,8}", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_MARKS = re.compile(r"^[A-Z]{3}|[A-Z]{3}$|[€$£¥]|\bFr\.|\bkr\b|zł")
_NAMES = {
    name: number
    for number, names in enumerate(
        ("jan ene gen sty janv januar january janvier", "feb fév fev lut febr februar february février",
         "mar mär mrz mrt maart märz march mars", "apr abr avr kwi april avril", "may mai mag mei maj",
         "jun giu cze juin juni june", "jul lug lip juil juli july juillet", "aug ago aoû sie août august",
         "sep set wrz sept september septembre", "oct okt ott paź oktober october octobre",
         "nov lis november novembre", "dec dez dic déc gru dezember december décembre"),
        1,
    )
    for name in names.split()
}  # fmt: skip
_NUMERIC = re.compile(r"([0-9]{1,4})\s?[./\- ]\s?([0-9]{1,2})\s?[./\-' ]\s?([0-9]{2,4})")
_WORDED = re.compile(r"([0-9]{1,2})[ .\-/]+([^\W\d_]{3,9})\.?[ ,.\-/]+([0-9]{2,4})")
_WORD_FIRST = re.compile(r"([^\W\d_]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CENTURY = 70  # two digits from here on are of 1900
_LONGEST_DATE = 40
_SORTED_DAYS = 4  # different days from which on an order is more than chance


def comma_amount(text: str) -> Decimal:
    """An amount of MT940: digits and one comma, `380115,`. Raises ValueError."""
    whole, comma, part = text.strip().partition(",")
    if not comma or not (whole + part).isdigit() or len(whole.lstrip("0")) > 15 or len(part) > 8:
        raise ValueError(f"{shown(text)} is not an amount")
    return Decimal(f"{whole or 0}.{part or 0}")


def amount(text: str, decimal: str = "") -> Decimal:
    """A signed amount. `decimal`: what its decimals follow; "" reads `1.234,56` and `1,234.56` alike.

    Signs: `-5`, `5-`, `(5)`, `5 D`, `5 CR`. What could be thousands or decimals (`1,234`) without `decimal` is a
    ValueError, as is all else.
    """
    if decimal == "." and _PLAIN.fullmatch(text):  # what nearly every amount of a machine is
        return Decimal(text)
    plain = _MARKS.sub("", text.strip().replace("\u2212", "-").replace("\u2013", "-")).strip()
    sign = -1 if plain.startswith("-") != (plain.startswith("(") and plain.endswith(")")) else 1
    if re.fullmatch(r".*[0-9.,]\s*-", plain) or re.fullmatch(r".*[0-9]\s*(?:D|DR|S)", plain):
        sign = -1
    plain = _MARKS.sub("", re.sub(r"\s*(?:CR|DR|[CDHS])$", "", plain.strip("+-() ")))
    plain = _SPACE.sub("", plain).strip("+-")
    mark = decimal or _decimal_mark(plain, text)
    other = "." if mark == "," else ","
    whole, _, part = plain.rpartition(mark) if mark in plain else (plain, "", "")
    if other in part or (other in whole and not _GROUPED.fullmatch(whole)) or mark in whole:
        raise ValueError(f"{shown(text)} is not an amount")
    number = whole.replace(other, "") + (f".{part}" if part else "")
    if not _DIGITS.fullmatch(number):
        raise ValueError(f"{shown(text)} is not an amount")
    return sign * Decimal(number)


def _decimal_mark(plain: str, text: str) -> str:
    """The last mark, unless it can as well be one of thousands."""
    marks = [char for char in plain if char in ".,"]
    if not marks:
        return "."
    last = marks[-1]
    behind = len(plain) - plain.rindex(last) - 1
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return "," if last == "." else "."
    if behind == 3 and not plain.startswith(("0.", "0,")):
        raise ValueError(f"{shown(text)} can be thousands or decimals")
    return last


def is_ambiguous(text: str) -> bool:
    """Whether a day can be read day first and month first, and the two differ."""
    match = _NUMERIC.match(text.strip())
    if match is None or len(match[1]) == 4:
        return False
    return int(match[1]) <= 12 and int(match[2]) <= 12 and int(match[1]) != int(match[2]) and "." not in match[0]


def order_of(text: str) -> str:
    """`dmy` or `mdy` where a day can only be read in this way, else ""."""
    match = _NUMERIC.match(text.strip())
    if match is None or len(match[1]) == 4:
        return ""
    if int(match[1]) > 12 or "." in match[0]:
        return "dmy"
    return "mdy" if int(match[2]) > 12 else ""


def decided_order(texts: Iterable[str]) -> str:
    """The order of all days of a file: by one that can only be read in one way, else by which one is sorted; "" where
    neither tells.
    """
    found = list(texts)
    decisive = {order for text in found if (order := order_of(text))}
    if len(decisive) == 1:
        return decisive.pop()
    if decisive or len(set(found)) < _SORTED_DAYS:
        return ""
    sorted_in = []
    for order in ("dmy", "mdy"):
        days = [day(text, order) for text in found]
        if days in (sorted(days), sorted(days, reverse=True)):
            sorted_in.append(order)
    return sorted_in[0] if len(sorted_in) == 1 else ""


def day(text: str, order: str = "") -> date:
    """A day: ISO, `20261120`, `20.11.2026`, `20 Nov 2026`, and `11/20/2026` in the given order (dmy, mdy, ymd).

    A time behind it is not looked at. Raises ValueError.
    """
    plain = text.strip().strip("'\"")[:_LONGEST_DATE]
    try:
        if match := _COMPACT.match(plain):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _NUMERIC.match(plain):
            one, two, three = match.groups()
            if len(one) == 4 or order == "ymd":
                return date(_year(one), int(two), int(three))
            first, second = (two, one) if (order or order_of(plain)) == "mdy" else (one, two)
            return date(_year(three), int(second), int(first))
        if match := _WORDED.match(plain):
            return date(_year(match[3]), _month(match[2]), int(match[1]))
        if match := _WORD_FIRST.match(plain):
            return date(_year(match[3]), _month(match[1]), int(match[2]))
    except (ValueError, KeyError):
        pass
    raise ValueError(f"{shown(text)} is not a day")


def _month(name: str) -> int:
    lower = name.lower()
    return _NAMES[lower] if lower in _NAMES else _NAMES[lower[:3]]


def _year(text: str) -> int:
    number = int(text)
    if len(text) == 3:  # years since 1900, as programs of the nineties count
        return 1900 + number
    if len(text) > 2:
        return number
    return number + (1900 if number >= _CENTURY else 2000)
