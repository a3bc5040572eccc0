"""Field :86: of MT940: what the payer wrote, in the dialects that banks put into 6 × 65 characters.

Structured with ?20 or >20 (German, Austrian, Triodos), with /NAME/ and /REMI/ (Dutch: Rabobank, ABN AMRO, ING),
German SEPA words in the text (EREF+ SVWZ+), Swiss words (AUFTRAGGEBER:), Knab's REK:/NAAM:, Sberbank's :NS:, and
free text.

A payer may write all these words, too. So they count only where the bank puts them: nothing behind REMI or SVWZ tells
money or who paid, and nothing in an end-to-end id, which the payer gives, does.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from git_bill.money import Money
from git_bill.receivable.feeds.feed import clean, currency_of, reference
from git_bill.receivable.feeds.payer_in_text import payer_in
from git_bill.receivable.feeds.values import amount as amount_of

_CODED = re.compile(r"([0-9]{3})([?>@§~&^<|\x1d])(?=[0-9]{2})")
_PURPOSE = (*range(20, 30), *range(60, 64))
_BEHIND_NAMES = 60  # the number with which a long text goes on behind name and account
_FULL = 27  # characters of one ?2x; a shorter one has ended
_SEPA = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|OAMT|COAM|RREF|BREF|RETR|SQTP|ORCR|ORMR|DDAT)\+"
)
_SEPA_TEXT = "SVWZ"
_SEPA_MONEY_OR_WHO = frozenset({"OAMT", "COAM", "ABWA", "ABWE", "IBAN", "BIC"})
_SEPA_BEHIND = frozenset({"PURP", "RETR", "SQTP", "DDAT"})  # the only words that end the payer's text
_SLASHED = re.compile(
    r"/(EREF|IREF|PREF|MARF|CSID|BENM|ORDP|NAME|ADDR|CITY|IBAN|ABIC|BIC|REMI|ISDT|TRTP|CNTP|RTRN|RTYP|SVCL|TRCD|PURP|ULTC|ULTB"
    r"|ULTD|OCMT|EXCH|CHGS|KREF|SWIFT|ID|NRTX|ACCW|OTHR|BUSP)(?=/)"
)
_REMITTANCE, _LAST_EREF = "/REMI/", "/EREF/"
_BEHIND = re.compile(r"/ISDT/[0-9]{4}-[0-9]{2}-[0-9]{2}|/(?:PURP|ULTC|ULTB|ULTD|CSID)/")  # a payer's text ends there
_GIVEN = frozenset({"EREF", "KREF", "PREF", "IREF"})  # what the payer gives, which may have slashes
_NEUTRAL = _GIVEN | {"MARF", "CSID", "RTRN", "RTYP", "TRCD", "ISDT", "PURP", "SVCL", "TRTP", "BUSP"}
_PARTY = frozenset({"ORDP", "BENM", "CNTP"})  # the bank begins with it what it knows of the other side
_POLISH_NUMBER = re.compile(r"[0-9]{26}")
_POLISH_PAYER = re.compile(r"\bOD: *([^;]{1,140})")
_POLISH_ACCOUNT = re.compile(r"\bZ RACH\.?: *([0-9]{26})")
_KNAB = re.compile(r"(.*)REK:\s*([A-Z0-9]+)\s*/\s*NAAM:\s*(.*)", re.DOTALL)  # the last one is the bank's
_LEADING_ACCOUNT = re.compile(
    r"\s*([0-9]{10}|[0-9]{1,2}(?:\.[0-9]{2,3}){2,3}|GIRO +[0-9]+|[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})\s+(.*)"
)
_QR_REFERENCE = re.compile(r"(?<![0-9])[0-9]{27}(?![0-9])")
_CREDITOR_REFERENCE = re.compile(r"\bRF[0-9]{2}[A-Z0-9]{1,21}\b")
_SHORT_LINE = 34  # characters up to which a remainder is a name
_RETURN_CODES = frozenset({"108", "109", "159", "181", "182", "183", "184", "185", "805"})  # business transaction codes
_AMOUNT = re.compile(r"([A-Z]{3})([0-9.,]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the details of an entry say."""

    payer: str = ""
    payer_account: str = ""
    text: str = ""
    reference: str = ""
    end_to_end: str = ""
    mandate: str = ""
    original: Money | None = None
    fee: Money | None = None
    is_return: bool = False


def details(fields: Sequence[tuple[str, Sequence[str]]], supplement: str) -> Details:
    """Of the fields (:86: and :NS:) after an entry and its supplementary line."""
    non_swift = [line for tag, pieces in fields if tag == "NS" for line in pieces]
    pieces = [line for tag, found in fields if tag == "86" for line in found]
    if non_swift and not pieces:
        return _non_swift(non_swift)
    joined = "".join(pieces)
    coded = _CODED.match(joined)
    if coded:
        return _coded(joined[3:], coded[2], coded[1])
    if _SLASHED.match(joined):
        return _slashed(joined)
    return _free(pieces, supplement)


def _coded(text: str, mark: str, code: str) -> Details:
    """`?00…?20…?32…`: pieces by number."""
    purpose, numbered = _subfields(text, mark)
    facts = _sepa(purpose)
    name = clean(_joined(numbered[number] for number in (32, 33) if number in numbered))
    remark = facts.get(_SEPA_TEXT) or facts.get("", "")
    account = numbered.get(10, "") if mark == ">" else numbered.get(38) or numbered.get(31)  # Triodos; Polish; others
    return Details(
        payer=clean(facts.get("ABWA")) or name,
        payer_account=reference(account or facts.get("IBAN")).replace(" ", ""),
        text=clean(remark) or clean(numbered.get(0)),
        reference=_reference_in(remark),
        end_to_end=reference(facts.get("EREF") or facts.get("KREF")),
        mandate=reference(facts.get("MREF")),
        original=_money(facts.get("OAMT")),
        is_return=code in _RETURN_CODES,
    )


def _subfields(text: str, mark: str) -> tuple[list[tuple[bool, str]], Mapping[int, str]]:
    """The payer's text, piece by piece, each with whether the bank began it; and all else by its number.

    Banks number upwards. So what comes again, or behind a higher number, was in the text, and so was what stands
    before more text, or behind the last piece of it.
    """
    purpose: list[tuple[bool, str]] = []
    numbered: dict[int, str] = {}
    highest = last = -1
    for piece in text.split(mark)[1:]:
        number = int(piece[:2]) if re.match(r"[0-9]{2}", piece, re.ASCII) else -1
        if number < 0 and purpose and last == -1:
            purpose.append((False, mark + piece))
        elif number in _PURPOSE:
            if number < _BEHIND_NAMES:
                numbered = {at: said for at, said in numbered.items() if at < _PURPOSE[0]}
            purpose.append((number > highest, piece[2:]))
            highest, last = max(highest, number), -1
        elif number >= 0 and highest < _BEHIND_NAMES:
            if number <= last:
                numbered = {at: said for at, said in numbered.items() if at < _PURPOSE[0]}
            numbered.setdefault(number, piece[2:])
            last = number
    return purpose, numbered


def _joined(pieces: Iterable[str]) -> str:
    """One text; where a piece is not full, its end was a space that banks cut off."""
    return "".join(map(_spaced, pieces))


def _spaced(piece: str) -> str:
    return piece if len(piece) >= _FULL else f"{piece} "


def _says(piece: str) -> bool:
    """Whether it is no filling, and no account number, which Polish banks write into ?29 and ?60."""
    return bool(piece.strip("0 ")) and not _POLISH_NUMBER.fullmatch(piece.strip())


def _sepa(pieces: Iterable[tuple[bool, str]]) -> Mapping[str, str]:
    """`EREF+…`, `SVWZ+…` → by word; "" what stands before. Words begin a piece; the payer's text goes to the end.

    A full piece may go on in the next, and an end-to-end id is the payer's: money and who are not believed there.
    """
    found = {"": ""}
    word, was_full = "", False
    for begins, piece in pieces:
        if not _says(piece):
            was_full = False
            continue
        match = _SEPA.match(piece) if begins else None
        said = _spaced(piece)
        if _SEPA_TEXT in found:
            is_word = match is not None and match[1] in _SEPA_BEHIND
        else:
            is_word = match is not None and not (match[1] in _SEPA_MONEY_OR_WHO and (was_full or found[""]))
        before, text, behind = said.partition(f"{_SEPA_TEXT}+")
        if match is not None and is_word:
            word, said = match[1], said[match.end() :]
        elif text and _SEPA_TEXT not in found:
            found[word] = found.get(word, "") + before
            word, said = _SEPA_TEXT, behind
        found[word] = found.get(word, "") + said
        was_full = len(piece) >= _FULL
    return {word: said.strip() for word, said in found.items()}


def _slashed(text: str) -> Details:
    """`/EREF/…/NAME/…/REMI/…`: by word, as far as the bank writes them; see `_words`."""
    head, _, rest = text.partition(_REMITTANCE)
    found = _words(head)
    if text.startswith("/TRTP/") and _LAST_EREF in rest:  # ABN AMRO ends with it
        rest, _, found["EREF"] = rest.rpartition(_LAST_EREF)
    if behind := _BEHIND.search(rest):
        rest = rest[: behind.start()]
    account, name = found.get("IBAN", ""), found.get("NAME", "")
    if "CNTP" in found:  # ING: account/BIC/name/city
        side = [piece.strip() for piece in found["CNTP"].split("/")]
        account, name = account or side[0], name or (side[2] if len(side) > 2 else "")
    kind, said = _remark(rest)
    return Details(
        payer=clean(name or found.get("ORDP") or found.get("BENM")),
        payer_account=reference(account).replace(" ", ""),
        text=clean(said) or clean(found.get("TRTP")),
        reference=reference(said) if kind == "STRD" else _reference_in(said),
        end_to_end=reference(found.get("EREF")),
        mandate=reference(found.get("MARF")),
        original=_money(found.get("OCMT")),
        fee=_money(found.get("CHGS")),
        is_return="RTRN" in found,
    )


def _words(head: str) -> dict[str, str]:
    """What stands before the remittance by word, the first of a word.

    Behind an id that the payer gives, money and who paid count only from the last word on with which the bank begins a
    party; and not at all if it had told who before.
    """
    found: dict[str, str] = {}
    behind: dict[str, str] = {}  # a given id
    is_given = False
    parts = _SLASHED.split(head)
    for word, raw in zip(parts[1::2], parts[2::2], strict=True):
        said = raw.strip("/ ")
        if word in _NEUTRAL:
            found.setdefault(word, said)
            is_given = is_given or word in _GIVEN
        elif not is_given:
            found.setdefault(word, said)
        elif word in _PARTY:
            behind = {word: said}
        elif behind:
            behind.setdefault(word, said)
    return found if {"NAME", "IBAN", *_PARTY} & found.keys() else behind | found


def _remark(text: str) -> tuple[str, str]:
    """ING's `USTD//text/` and `STRD/CUR/reference/`, else the text."""
    parts = text.strip("/").split("/")
    if parts[0] == "USTD":
        return "USTD", "/".join(parts[1:]).strip("/ ")
    if parts[0] == "STRD" and len(parts) > 2:
        return "STRD", parts[-1].strip()
    return "", text.strip("/ ")


def _non_swift(pieces: Sequence[str]) -> Details:
    """Sberbank's `:NS:` lines: 15, 16 name, 33, 34 account, 02 to 09 text."""
    numbered: dict[int, str] = {}
    for line in pieces:
        if line[:2].isdigit():
            numbered[int(line[:2])] = numbered.get(int(line[:2]), "") + line[2:]
    text = " ".join(numbered[number] for number in range(1, 15) if number in numbered)
    return Details(
        payer=clean(numbered.get(15, "") + numbered.get(16, "")),
        payer_account=clean(numbered.get(33, "") + numbered.get(34, "")).replace(" ", ""),
        text=clean(text),
        reference=_reference_in(text),
    )


def _free(pieces: Sequence[str], supplement: str) -> Details:
    """Free text: who paid only where a bank's way of writing shows it."""
    text = clean("".join(pieces) if _is_wrapped(pieces) else " ".join(pieces))
    account = name = ""
    upper = text.upper().partition("TYT.:")[0]  # what the payer wrote is behind it
    if match := _KNAB.fullmatch(text):
        account, name = match[2], match[3]
        text = clean(match[1])
    elif match := _POLISH_PAYER.search(upper):
        name = text[match.start(1) : match.end(1)]
        account = f"PL{number[1]}" if (number := _POLISH_ACCOUNT.search(upper)) else ""
    elif told := payer_in(text):
        name, account = told
    elif pieces and (match := _LEADING_ACCOUNT.fullmatch(pieces[0].rstrip())):
        account = match[1].removeprefix("GIRO").strip()
        rest = re.split(r"\s{3,}", match[2].strip())[0]
        name = rest if len(rest) <= _SHORT_LINE and (len(pieces) > 1 or "." in account) else ""
    return Details(
        payer=clean(name),
        payer_account=account.replace(".", ""),
        text=text,
        reference=_reference_in(f"{supplement} {text}"),
    )


def _is_wrapped(pieces: Sequence[str]) -> bool:
    """Whether lines were broken at 65 characters wherever that was, not at words."""
    return len(pieces) > 1 and all(len(piece) == 65 for piece in pieces[:-1])


def _reference_in(text: str | None) -> str:
    """A structured reference that stands in a text: 27 digits of a Swiss QR-bill, or ISO 11649."""
    plain = text or ""
    match = _QR_REFERENCE.search(plain) or _CREDITOR_REFERENCE.search(plain)
    return match[0] if match else ""


def _money(text: str | None) -> Money | None:
    """`USD1234,56`; None for what is not."""
    match = _AMOUNT.match((text or "").strip("/ ").replace("/", ""))
    if match is None:
        return None
    try:
        number: Decimal = amount_of(match[2], "," if "," in match[2] else "")
        return Money(number, currency_of(match[1]))
    except ValueError:
        return None
