"""What a payer wrote, taken apart: letters and digits in order, without dates, amounts and account numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from git_bill.receivable.matching.spelling import plain

# Words before an invoice's number, in plain capitals; a full stop or colon after them is no token.
CUES = frozenset(
    "RECHNUNG RECHNUNGEN RECHNUNGSNR RECHNUNGSNUMMER RECHN RECHNR RG RGNR RE RENR RNR RN INVOICE INVOICES INV INVNO"  # noqa: SIM905  a table, not code
    " BILL FACTURE FACTURES FACT FACTUUR FACTUURNR FACTUURNUMMER FACTURA FACTURAS FATTURA FATTURE FATT FT FRA"
    " FAKTURA FAKTURY FAKTUR FAKTURANR FAKT FA FAC FV LASKU SZAMLA BELEG BELEGNR".split()
)
# Between a cue and its number: "Rechnung Nr. 7", "invoice no 7".
FILLERS = frozenset("NR NO N NUM NUMMER NUMBER NUMERO VOM MY YOUR IHRE V".split())  # noqa: SIM905
# Words before a number that is not an invoice's.
STRANGERS = frozenset(
    "KD KDNR KUNDE KUNDENNR KUNDENNUMMER CUSTOMER CLIENT KLANT KLANTNR ORDER PO POS BESTELLUNG BESTELLNR BEST AUFTRAG"  # noqa: SIM905  a table, not code
    " AUFTRAGSNR MANDAT MREF CRED TEL FAX ANGEBOT ANGEBOTSNR AN LS LIEFERSCHEIN CN GS GUTSCHRIFT"
    " CREDIT VERTRAG CONTRACT PROJEKT PROJECT STEUERNR USTID VAT PLZ TAN QUOTE OFFER DEVIS KV EREF".split()
)
LISTED = frozenset("U UND AND ET Y E EN OG I A PLUS UN".split())  # noqa: SIM905
RANGED = frozenset("BIS TO THRU AU TM AL DO TILL".split())  # noqa: SIM905

_DATE = re.compile(
    r"\b([0-3]?[0-9])[./-]([01]?[0-9])[./-](20[0-9]{2}|[23][0-9])\b|\b(20[0-9]{2})-([01][0-9])-([0-3][0-9])\b"
)
_RF = re.compile(r"RF ?[0-9]{2} ?[0-9A-Z]")
_MASKED = re.compile(
    # account numbers, then dates, then amounts
    r"\b(?!RF)[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
    r"|\b[0-3]?[0-9][./-][01]?[0-9][./-](?:20[0-9]{2}|[23][0-9])\b|\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b"
    r"|(?:EUR|CHF|USD|GBP|PLN|€|\$|£) ?[0-9][0-9.,']*"
    r"|(?<![-/.A-Z0-9])[0-9][0-9.,']* ?(?:EUR|CHF|USD|GBP|PLN|€|\$|£)(?! ?[0-9])"
    r"|(?<![0-9.,/-])(?:[0-9]{1,3}(?:[.,' ][0-9]{3})*|[0-9]+)[.,][0-9]{2}(?![0-9.,/-])"
)
_TOKEN = re.compile(r"[A-Z]+|[0-9]+")
_DIGIT = re.compile("[0-9]")
_MARKS = str.maketrans("", "", "._/#:-")
_LONGEST = 30  # characters of a word that may be a reference
_WORD = re.compile(r"[A-Z0-9][A-Z0-9._/#:-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """`tokens`: runs of letters or digits. `gaps[i]`: what stands before token i. `text`: in plain capitals; `masked`:
    without days, amounts and accounts, as the tokens are.
    """

    text: str
    masked: str
    tokens: tuple[str, ...]
    gaps: tuple[str, ...]

    def words(self) -> tuple[str, ...]:
        """What looks like a reference: letters and digits of words, and of two neighbours, with four digits or more."""
        found = [word.translate(_MARKS) for word in _WORD.findall(self.masked)]
        joined = [one + other for one, other in pairwise(found) if len(one) + len(other) <= _LONGEST]
        return tuple(
            word for word in (*found, *joined) if 4 <= len(word) <= _LONGEST and len(_DIGIT.findall(word)) >= 4
        )


def remark(*texts: str) -> Remark:
    """Of what the payer wrote and of the ids that it gave the payment."""
    text = plain(" | ".join(text for text in texts if text))
    masked = _MASKED.sub(" | ", text) if any(c.isdigit() for c in text) else text
    tokens, gaps, at = [], [], 0
    for found in _TOKEN.finditer(masked):
        tokens.append(found[0])
        gaps.append(masked[at : found.start()])
        at = found.end()
    return Remark(text=text, masked=masked, tokens=tuple(tokens), gaps=tuple(gaps))


def dates(text: str) -> Iterator[date]:
    """Days in a text, day before month as in Europe, or year first."""
    for found in _DATE.finditer(text):
        day, month, year, *iso = found.groups()
        parts = (int(iso[0]), int(iso[1]), int(iso[2])) if iso[0] else (int(year), int(month), int(day))
        try:
            yield date(parts[0] + 2000 if parts[0] < 100 else parts[0], parts[1], parts[2])
        except ValueError:
            continue


def creditor_references(text: str) -> list[str]:
    """Where `RF` and two digits stand: up to 25 letters and digits from there, without spaces."""
    return [re.sub(r"[^A-Z0-9]", "", text[found.start() : found.start() + 40])[:25] for found in _RF.finditer(text)]
