"""MT940 (statement) and MT942 (report of the day) of SWIFT, with what banks make of them.

Our own reader: the field's library (mt-940) holds a whole file, tells no lines and skips what it does not understand.
Sources: SWIFT category 9; Deutsche Kreditwirtschaft, DFÜ-Abkommen annex 3; handbooks of ING, Rabobank, ABN AMRO.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from git_bill.receivable.feeds.feed import (
    Chunks,
    Item,
    Source,
    Tally,
    clean,
    currency_of,
    fee_of,
    money,
    reference,
    shown,
)
from git_bill.receivable.feeds.mt940_details import details
from git_bill.receivable.feeds.text import lines
from git_bill.receivable.feeds.values import comma_amount
from git_bill.receivable.remittance import BANK, Kind, Remittance

_TAG = re.compile(r":([0-9]{2}[A-Z]?|NS):(.*)", re.DOTALL)
_END = re.compile(r"-(?:\}.*|XXX)?\s*")
_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9,.]{1,20})\s*")
_ENTRY = re.compile(
    r"(?P<value>[0-9]{6})(?P<booked>[0-9]{4})?(?P<mark>E[CD]|R?[CD])(?P<funds>[A-Z])?\n?(?P<amount>[0-9][0-9,.]{0,19})"
    r"(?P<type>[A-Z][A-Z0-9 ]{3})?(?P<references>[^\n]*)(?:\n(?P<more>.*))?",
    re.DOTALL,
)
_OWN_REFERENCE = 16  # characters of a customer's reference; Rabobank writes a name behind them
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_MANY_LINES = 200  # of one field; a statement's own limit is six
_EXAMPLE = ":61:2611201120C1190,00NTRFNONREF//2611201234"
_CHARGES, _RETURNS = frozenset({"NCHG", "NCOM", "FCHG", "NBRF"}), frozenset({"NRTI", "NRTN", "FRTI"})


@dataclass(slots=True, kw_only=True)
class _Field:
    """A tag, the line it is on, and its lines."""

    tag: str
    line: int
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.pieces)


def stream(chunks: Chunks, source: Source) -> Iterator[Item]:
    """Entries, then their statement, for each message of a file."""
    encoding = next((each.encoding for each in source.own if each.encoding), "")
    statement: _Statement | None = None
    seen = False
    for found in _fields(lines(chunks, source, encoding), source):
        if found.tag == "20" or (statement is not None and found.tag == "-"):
            yield from statement.end() if statement is not None else ()
            statement = None
        if found.tag != "-":
            seen = True
            statement = statement or _Statement(Tally(source=source, feed="mt940", line=found.line))
            yield from statement.take(found)
    yield from statement.end() if statement is not None else ()
    if not seen:
        hint = f"an MT940 has fields like {_EXAMPLE}"
        raise source.unreadable("not-a-statement", "there is no field of MT940 in it", hint, 1)


def _fields(numbered: Iterable[tuple[int, str]], source: Source) -> Iterator[_Field]:
    """Fields with their lines; `-` for the end of a message. What stands before the first field is a header."""
    current: _Field | None = None
    for number, line in numbered:
        match = _TAG.match(line)
        if match or _END.fullmatch(line):
            if current is not None:
                yield current
            current = _Field(tag=match[1], line=number, pieces=[match[2]]) if match else None
            if match is None:
                yield _Field(tag="-", line=number)
        elif current is not None:
            current.pieces.append(line)
            if len(current.pieces) > _MANY_LINES:
                hint = f"an entry is like {_EXAMPLE}"
                message = f"field :{current.tag}: has more than {_MANY_LINES} lines"
                raise source.unreadable("not-a-statement", message, hint, current.line)
    if current is not None:
        yield current


class _Statement:
    """One message: its balances, and the entry whose details are still to come."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.entry: _Field | None = None
        self.told: list[_Field] = []

    def take(self, found: _Field) -> Iterator[Item]:
        """A field: an entry is whole when the next one begins."""
        tally, tag = self.tally, found.tag
        if tag in {"86", "NS"}:
            if self.entry is not None:
                self.told.append(found)
            return
        if tag == "25" and self.entry is None and not tally.account:
            stated = clean(found.text)
            tally.account = tally.source.account(stated)
            tally.currency = tally.currency or _trailing_currency(stated)
        elif tag in {"28", "28C"}:
            tally.number = clean(found.text)
        elif tag in {"34F", "13", "13D", "90D", "90C"}:
            tally.feed = "mt942"
            tally.currency = tally.currency or (found.text[:3] if tag == "34F" else "")
        elif tag in {"60F", "60M", "60", "62F", "62M", "62"}:
            yield from self.flushed()
            yield from self.balance(found)
        elif tag == "61":
            yield from self.flushed()
            self.entry, self.told = found, []

    def balance(self, found: _Field) -> Iterator[Item]:
        """An opening or closing balance; a second opening is another page of the statement, which has its own."""
        match = _BALANCE.match(found.text)
        try:
            if match is None:
                raise ValueError(f"{shown(found.text)} is not a balance")
            amount = money(_amount(match[4]) * (-1 if match[1] == "D" else 1), currency_of(match[3]))
        except ValueError as error:
            yield self.tally.source.problem("wrong-amount", str(error), "like :60F:C261120EUR1234,56", found.line)
            return
        self.tally.one_currency(amount, found.line)
        if found.tag.startswith("62"):
            self.tally.closing = amount
        elif self.tally.opening is None:
            self.tally.opening = amount

    def end(self) -> Iterator[Item]:
        """The last entry, and the statement."""
        yield from self.flushed()
        yield self.tally.statement()

    def flushed(self) -> Iterator[Item]:
        """The entry that has all its details now."""
        entry, self.entry = self.entry, None
        if entry is None:
            return
        try:
            made = _remittance(entry, self.told, self.tally)
        except ValueError as error:
            message = f"this entry can't be read: {error}"
            yield self.tally.source.problem("wrong-entry", message, f"like {_EXAMPLE}", entry.line)
            return
        if made is None:
            self.tally.pending += 1
        elif made.amount:
            yield self.tally.add([made], entry.line)


def _remittance(entry: _Field, told: list[_Field], tally: Tally) -> Remittance | None:
    """An entry with its details; None for one that is only expected. Raises ValueError."""
    match = _ENTRY.fullmatch(entry.text.rstrip())
    if match is None:
        raise ValueError(shown(entry.text))
    mark, amount = match["mark"], _amount(match["amount"])
    if mark.startswith("E"):
        return None
    tally.currency = tally.currency or _declared(tally)
    if not tally.currency:
        hint = 'declare it: [[accounts]] account = "DE02…", currency = "EUR"'
        raise tally.source.unreadable("unknown-currency", "the file does not say its currency", hint, entry.line)
    value = _day(match["value"])
    booked = _entry_day(match["booked"], value) if match["booked"] else value
    sign = 1 if mark in {"C", "RD"} else -1  # RC takes back what was received
    own, name, bank_reference, more = _references(match)
    facts = details([(each.tag, each.pieces) for each in told], more)
    made = money(amount * sign, currency_of(tally.currency))
    is_reversal = mark.startswith("R") or (match["type"] or "").strip() in _RETURNS or facts.is_return
    return Remittance(
        id="R-" + "a" * 12,  # until it is identified
        rail=BANK,
        feed=tally.feed,
        booked=booked,
        value_date=value,
        amount=made,
        kind=_kind(sign, (match["type"] or "").strip(), is_reversal=is_reversal),
        payer=facts.payer or name,
        payer_account=facts.payer_account or _account_in(more) or (own if name else ""),
        text=facts.text or more,
        reference=facts.reference,
        end_to_end=facts.end_to_end or own,
        mandate=facts.mandate,
        bank_reference=bank_reference,
        reverses=(facts.end_to_end or own or bank_reference) if is_reversal else "",
        original=facts.original,
        fee=fee_of(facts.fee, made),
    )


def _kind(sign: int, code: str, *, is_reversal: bool) -> Kind:
    if code in _CHARGES:
        return "fee"
    if sign > 0:
        return "other" if is_reversal else "payment"
    return "chargeback" if is_reversal else "other"


def _references(match: re.Match[str]) -> tuple[str, str, str, str]:
    """The customer's reference, a name behind it, the bank's reference, and the supplementary line."""
    own, slashes, bank = match["references"].partition("//")
    name = "" if slashes else own[_OWN_REFERENCE:]
    more = clean((match["more"] or "").replace("\n", " "))
    return reference(own[:_OWN_REFERENCE]), clean(name), reference(bank), more


def _account_in(text: str) -> str:
    return text if _IBAN.fullmatch(text) else ""


def _amount(text: str) -> Decimal:
    """`380115,12`, `9,`, and what some banks write: `500`, `12.50`."""
    plain = text.replace(".", ",") if text.count(".") == 1 and "," not in text else text
    return comma_amount(plain if "," in plain else f"{plain},")


def _day(text: str) -> date:
    year = int(text[:2])
    try:
        return date(year + (1900 if year >= 80 else 2000), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise ValueError(f"{shown(text)} is not a day (YYMMDD)") from None


def _entry_day(text: str, value: date) -> date:
    """The entry's day in the year that brings it nearest to the value date: New Year may lie between the two."""
    found = []
    for year in (value.year - 1, value.year, value.year + 1):
        try:
            found.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:  # a 29 February, or no day at all
            continue
    if not found:
        raise ValueError(f"{shown(text)} is not a day (MMDD)")
    return min(found, key=lambda each: abs(each - value))


def _trailing_currency(account: str) -> str:
    """`1291.99.348EUR` → EUR."""
    try:
        return currency_of(account[-3:]) if re.search(r"[0-9][A-Z]{3}$", account) else ""
    except ValueError:
        return ""


def _declared(tally: Tally) -> str:
    """The currency of the account, or of all accounts where the file names none."""
    own = [each for each in tally.source.own if each.account == tally.account or not tally.account]
    return own[0].currency or "" if len({each.currency for each in own}) == 1 else ""
