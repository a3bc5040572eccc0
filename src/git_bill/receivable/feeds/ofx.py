"""OFX 1 (SGML), OFX 2 (XML) and QFX: bank and card statements, and the cash side of investment accounts.

Our own reader, for both: the field's library (ofxtools) builds the whole tree, tells no lines and refuses a file for
what we never look at. Source: OFX 2.2, sections 3 and 11; 1.6 for SGML, where a value's end tag may be left out.
"""

import html
import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from git_bill.money import Money, minor_units, round_half_up
from git_bill.receivable.feeds.feed import Chunks, Item, Source, Tally, clean, currency_of, money, reference, shown
from git_bill.receivable.feeds.payer_in_text import payer_in
from git_bill.receivable.feeds.text import decode
from git_bill.receivable.feeds.values import amount
from git_bill.receivable.remittance import BANK, Kind, Remittance

_TAG = re.compile(rb"\s*(/?)([A-Za-z][A-Za-z0-9_.]*)\s*(/?)>(.*)", re.DOTALL)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_CDATA = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_LARGEST = 1_000_000  # bytes of one value
_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS", "LOANSTMTRS"})
_OWN_ACCOUNT = frozenset({"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LOANACCTFROM"})
_ENTRY = "STMTTRN"
_DEEPEST = 40
_GERMAN_BANK = 8  # digits of a Bankleitzahl
_HINT = "download it again as OFX, QFX or camt.053"
_EXAMPLE = "<DTPOSTED>20261120 <TRNAMT>1190.00 <FITID>2611201"


def stream(chunks: Chunks, source: Source) -> Iterator[Item]:
    """Entries, then their statement, for each statement response of a file."""
    reading = _Reading(source)
    for line, closing, tag, value in _tokens(chunks, source):
        reading.begun = reading.begun or tag == "OFX"
        if not reading.begun:
            continue
        if closing:
            yield from reading.closed(tag, line)
        else:
            reading.opened(tag, value, line)
    reading.whole()


class _Reading:
    """The tags that are open, and the statement among them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tags: list[str] = []
        self.statement: _Statement | None = None
        self.begun = self.found = False

    def opened(self, tag: str, value: str, line: int) -> None:
        """A tag: with a value it is over, without one it stays open."""
        if tag in _STATEMENTS:
            self.statement = _Statement(Tally(source=self.source, feed="ofx", line=line))
            self.found = True
        if value:
            if self.statement is not None:
                self.statement.value(tag, value, self.tags)
            return
        self.tags.append(tag)
        if len(self.tags) > _DEEPEST:
            raise self.source.unreadable("broken-ofx", "tags are nested too deep", _HINT, line)
        if self.statement is not None and tag == _ENTRY:
            self.statement.begin(line)

    def closed(self, tag: str, line: int) -> Iterator[Item]:
        """An end tag; values without text, which SGML does not close, are over with what they are in."""
        if tag not in self.tags:
            raise self.source.unreadable("broken-ofx", f"</{tag}> closes nothing that is open", _HINT, line)
        while self.tags.pop() != tag:
            pass
        if self.statement is None:
            return
        yield from self.statement.closed(tag)
        if tag in _STATEMENTS:
            if not self.statement.tally.account:
                raise self.source.unreadable("broken-ofx", "a statement names no account (ACCTID)", _HINT, line)
            yield self.statement.tally.statement()
            self.statement = None

    def whole(self) -> None:
        """Raises Unreadable where the file was cut off or has no statement."""
        if self.found and "OFX" in self.tags:
            raise self.source.unreadable("broken-ofx", "the file ends before </OFX>: it was cut off", _HINT)
        if not self.found:
            raise self.source.unreadable("not-a-statement", "there is no statement of an account in it", _HINT, 1)


def _tokens(chunks: Chunks, source: Source) -> Iterator[tuple[int, bool, str, str]]:
    """Line, whether it closes, tag and value of each tag. A value's own end tag is left out."""
    encoding = next((each.encoding for each in source.own if each.encoding), "")
    value_of = ""
    for line, raw in _pieces(chunks, source):
        if raw.startswith((b"?", b"!")):
            if raw[:8].upper() == b"!DOCTYPE":
                raise source.unreadable("broken-ofx", "the file has a document type, which is never read", _HINT, line)
            continue
        match = _TAG.match(raw)
        if match is None:
            raise source.unreadable("broken-ofx", f"{shown(decode(raw[:60]))} is no tag", _HINT, line)
        tag = match[2].decode().upper()
        text = html.unescape(decode(match[4].strip(), encoding)) if match[4].strip() else ""
        if match[1]:
            if tag != value_of:
                yield line, True, tag, ""
            value_of = ""
        else:
            if not match[3]:
                yield line, False, tag, text
            value_of = tag if text or match[3] else ""


def _pieces(chunks: Chunks, source: Source) -> Iterator[tuple[int, bytes]]:
    """What stands between one `<` and the next, with the line of its tag. Comments and what is above are left out."""
    buffer, line = b"", 1
    for chunk in itertools.chain(chunks, (None,)):
        buffer = _plain(buffer + (chunk or b""))
        if b"\0" in buffer:
            at = line + buffer.count(b"\n", 0, buffer.index(b"\0"))
            raise source.unreadable("not-text", "this is no plain text: it holds zero bytes", "save it as UTF-8", at)
        cut = len(buffer) if chunk is None else max(buffer.rfind(b"<"), 0)
        still_open = [at for mark in (b"<!--", b"<![") if (at := buffer.find(mark)) >= 0]
        cut = min([cut, *still_open])
        whole, buffer = buffer[:cut], buffer[cut:]
        if len(buffer) > _LARGEST:
            raise source.unreadable("broken-ofx", f"a value of more than {_LARGEST:,} bytes", _HINT, line)
        head, *pieces = whole.split(b"<")
        line += head.count(b"\n")
        for piece in pieces:
            yield line, piece
            line += piece.count(b"\n")


def _plain(text: bytes) -> bytes:
    """Without comments and marked sections; their line ends stay."""
    if b"<!" not in text:
        return text
    text = _COMMENT.sub(lambda match: b"\n" * match[0].count(b"\n"), text)
    return _CDATA.sub(lambda match: match[1].replace(b"<", b"&lt;"), text)


class _Statement:
    """One statement response: its account, and the entry that is open."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.line = 0
        self.facts: dict[str, str] | None = None
        self.bank = self.balance = ""

    def begin(self, line: int) -> None:
        """An entry opens."""
        self.facts, self.line = {}, line

    def value(self, tag: str, value: str, inside: list[str]) -> None:
        """A value, of the entry that is open or of the statement."""
        around = inside[-1] if inside else ""
        if self.facts is not None:
            nested = around in {"CURRENCY", "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO", "PAYEE"}
            self.facts.setdefault(f"{around}/{tag}" if nested else tag, value)
        elif tag == "CURDEF":
            self.tally.currency = value.upper()
        elif around in _OWN_ACCOUNT and tag in {"BANKID", "BROKERID"}:
            self.bank = value
        elif around in _OWN_ACCOUNT and tag == "ACCTID":
            bank = self.bank if len(self.bank) == _GERMAN_BANK and value.isdigit() else ""
            self.tally.account = self.tally.source.account(f"{bank}/{value}" if bank else value)
        elif around == "LEDGERBAL" and tag == "BALAMT":
            self.balance = value

    def closed(self, tag: str) -> Iterator[Item]:
        """The end of an entry, or of the closing balance."""
        if tag == _ENTRY and self.facts is not None:
            facts, self.facts = self.facts, None
            try:
                made = _remittance(facts, self.tally)
            except ValueError as error:
                message = f"this entry can't be read: {error}"
                yield self.tally.source.problem("wrong-entry", message, f"like {_EXAMPLE}", self.line)
                return
            if made.amount:
                yield self.tally.add([made], self.line)
        elif tag == "LEDGERBAL" and self.balance:
            try:
                closing = money(amount(self.balance), currency_of(self.tally.currency))
            except ValueError as error:
                hint = "like <BALAMT>1190.00"
                yield self.tally.source.problem("wrong-amount", f"LEDGERBAL: {error}", hint, self.line)
                return
            self.tally.closing = closing


def _remittance(facts: Mapping[str, str], tally: Tally) -> Remittance:
    """Raises ValueError."""
    currency = currency_of(tally.currency)
    stated = facts.get("CURRENCY/CURSYM", currency).upper()
    number = amount(facts.get("TRNAMT", ""))
    rate = _rate(facts)
    original = None
    if stated != currency:  # the amount is in another currency, which the rate converts
        if not rate:
            raise ValueError(f"it is in {stated}, the account in {currency}")
        original = Money(abs(number), currency_of(stated))
        number = round_half_up(number * rate, minor_units(currency))
    name = facts.get("NAME") or facts.get("PAYEE/NAME") or facts.get("EXTDNAME", "")
    kind = facts.get("TRNTYPE", "").upper()
    return Remittance(
        id="R-" + "a" * 12,  # until it is identified
        rail=BANK,
        feed="ofx",
        booked=_day(facts.get("DTPOSTED", "")),
        value_date=_day(facts["DTAVAIL"]) if "DTAVAIL" in facts else None,
        amount=money(number, currency),
        kind=_kind(kind, is_in=number > 0),
        payer=told[0] if (told := payer_in(clean(name))) else clean(name),
        payer_account=clean(facts.get("BANKACCTTO/ACCTID") or facts.get("CCACCTTO/ACCTID")).replace(" ", ""),
        text=clean(facts.get("MEMO")),
        reference=reference(facts.get("REFNUM")),
        bank_reference=_own_id(facts.get("FITID")),
        original=original,
        rate=rate,
        reverses=reference(facts.get("CORRECTFITID")),
    )


def _own_id(text: str | None) -> str:
    """The bank's id of an entry; zeros are none."""
    plain = reference(text)
    return plain if plain.strip("0") else ""


def _rate(facts: Mapping[str, str]) -> Decimal | None:
    text = facts.get("CURRENCY/CURRATE") or facts.get("ORIGCURRENCY/CURRATE")
    return amount(text, "." if "." in text else ",") if text else None


def _kind(stated: str, *, is_in: bool) -> Kind:
    if stated in {"FEE", "SRVCHG"} and not is_in:
        return "fee"
    return "payment" if is_in else "other"


def _day(text: str) -> date:
    """`20261120`, `20261120120000.000[-5:EST]`: the day as written, which is the bank's."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise ValueError(f"{shown(text)} is not a day") from None
