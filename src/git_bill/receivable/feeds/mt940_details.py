"""Field :86: of MT940: what the payer wrote, in the dialects that banks put into 6 × 65 characters.

Structured with ?20 or >20 (German, Austrian, Triodos), with /NAME/ and /REMI/ (Dutch: Rabobank, ABN AMRO, ING),
German SEPA words in the text (EREF+ SVWZ+), Swiss words (AUFTRAGGEBER:), Knab's REK:/NAAM:, Sberbank's :NS:, and
free text.
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
_FULL = 27  # characters of one ?2x; a shorter one has ended
_SEPA = re.compile(
    r"(?<![A-Z])(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|OAMT|COAM|RREF|BREF|RETR|SQTP|ORCR|ORMR|DDAT)\+"
)
_SLASHED = re.compile(
    r"/(EREF|IREF|PREF|MARF|CSID|BENM|ORDP|NAME|ADDR|CITY|IBAN|ABIC|BIC|REMI|ISDT|TRTP|CNTP|RTRN|RTYP|SVCL|TRCD|PURP|ULTC|ULTB"
    r"|ULTD|OCMT|EXCH|CHGS|KREF|SWIFT|ID|NRTX|ACCW|OTHR)(?=/)"
)
_POLISH_NUMBER = re.compile(r"[0-9]{26}")
_POLISH_PAYER = re.compile(r"\bOD: *([^;]{1,140})")
_POLISH_ACCOUNT = re.compile(r"\bZ RACH\.?: *([0-9]{26})")
_KNAB = re.compile(r"REK:\s*([A-Z0-9]+)\s*/\s*NAAM:\s*(.*)$", re.DOTALL)
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
    if len(_SLASHED.findall(joined)) >= 2 or joined.startswith(("/REMI/", "/EREF/", "/TRTP/")):
        return _slashed(joined)
    return _free(pieces, supplement)


def _coded(text: str, mark: str, code: str) -> Details:
    """`?00…?20…?32…`: pieces by number."""
    numbered: dict[int, str] = {}
    for piece in text.split(mark)[1:]:
        if piece[:2].isdigit():
            number = int(piece[:2])
            numbered[number] = numbered.get(number, "") + piece[2:]
    facts = _sepa(_joined(numbered[number] for number in _PURPOSE if _says(numbered.get(number, ""))))
    name = clean(_joined(numbered[number] for number in (32, 33) if number in numbered))
    remark = facts.get("SVWZ") or facts.get("", "")
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


def _joined(pieces: Iterable[str]) -> str:
    """One text; where a piece is not full, its end was a space that banks cut off."""
    return "".join(piece if len(piece) >= _FULL else f"{piece} " for piece in pieces)


def _says(piece: str) -> bool:
    """Whether it is no filling, and no account number, which Polish banks write into ?29 and ?60."""
    return bool(piece.strip("0 ")) and not _POLISH_NUMBER.fullmatch(piece.strip())


def _sepa(text: str) -> Mapping[str, str]:
    """`EREF+…SVWZ+…` → by word; "" what stands before."""
    parts = _SEPA.split(text)
    found = {"": parts[0].strip()}
    for word, said in zip(parts[1::2], parts[2::2], strict=True):
        found[word] = (found.get(word, "") + said).strip()
    return found


def _slashed(text: str) -> Details:
    """`/EREF/…/NAME/…/REMI/…`: by word; the first of a word counts."""
    parts = _SLASHED.split(text)
    found: dict[str, str] = {}
    for word, said in zip(parts[1::2], parts[2::2], strict=True):
        found.setdefault(word, said.strip("/ ") if word != "REMI" else said.strip())
    account, name = found.get("IBAN", ""), found.get("NAME", "")
    if "CNTP" in found:  # ING: account/BIC/name/city
        side = [piece.strip() for piece in found["CNTP"].split("/")]
        account, name = account or side[0], name or (side[2] if len(side) > 2 else "")
    kind, said = _remark(found.get("REMI", ""))
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
    if match := _KNAB.search(text):
        account, name = match[1], match[2]
        text = clean(text[: match.start()])
    elif match := _POLISH_PAYER.search(text.upper()):
        name = text[match.start(1) : match.end(1)]
        account = f"PL{number[1]}" if (number := _POLISH_ACCOUNT.search(text.upper())) else ""
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
