"""Whether two formats tell of one payment, or contradict each other: in payer, text, account, bank's reference.

Formats cut names and texts, write them in capitals and without umlauts. So only what has nothing in common is unlike.
"""

import functools
import re
import unicodedata

from git_bill.contract.identifier import is_iban
from git_bill.receivable.account import normalized, same_account
from git_bill.receivable.remittance import Remittance

SHORTEST_REFERENCE = 5
_TOLD = 3  # letters of a word that tells a name from another
_FORMS = frozenset(
    "GMBH MBH KGAA OHG GBR SARL SAS EURL BV NV LTD LIMITED LLC LLP INC CORP"  # noqa: SIM905  a table, not code
    " CORPORATION PLC SPA SRL SRO OOO KFT ZRT"
    " HERR FRAU MRS MISTER THE AND UND CO COMPANY ASA OYJ APS UAB".split()
)
_NUMBER = re.compile(r"[A-Z]{0,8}[-/]?[0-9][0-9A-Z]*(?:[-/][0-9A-Z]+)*")
_DIGITS = 4  # of a document's number
_UMLAUT = re.compile(r"([AOU])E")
_FAMILIES = ("camt", "mt94", "csv", "ofx", "qif")
_BANK_MADE = frozenset({"camt", "mt94"})  # the same reference in every file of one family


def is_unique(reference: str) -> bool:
    """Whether a reference is long enough to be of one entry alone."""
    return len(reference) >= SHORTEST_REFERENCE


def surely_two(one: Remittance, other: Remittance) -> bool:
    """Whether accounts of the other side, or the bank's own references, are of two payments."""
    payers = normalized(one.payer_account), normalized(other.payer_account)
    if payers[0] != payers[1] and all(map(is_iban, payers)):
        return True
    family = _family(one)
    return family == _family(other) and family in _BANK_MADE and _references_differ(one, other)


def contradict(one: Remittance, other: Remittance) -> bool:
    """Whether two entries of one day and amount can't be one: payers, documents, or references that differ."""
    if surely_two(one, other):
        return True
    if one.part_of_batch or other.part_of_batch:
        return False
    same_side = _same_side(one, other)
    if payers_differ(one, other) and not same_side:
        return True
    if _documents_differ(one, other):
        return True
    return _references_differ(one, other) and likeness(one, other) == 0


def payers_differ(one: Remittance, other: Remittance) -> bool:
    """Whether both name who paid, and the names have nothing in common."""
    names = _words(one.payer), _words(other.payer)
    if not all(names) or names[0] & names[1]:
        return False
    plain = _plain(one.payer), _plain(other.payer)
    return not (plain[0].startswith(plain[1]) or plain[1].startswith(plain[0]))


def likeness(one: Remittance, other: Remittance) -> int:
    """How much two entries have in common; 0: nothing."""
    texts = _plain(one.text), _plain(other.text)
    words = _words(one.payer), _words(other.payer)
    return (
        8 * _same_side(one, other)
        + 4 * bool(one.end_to_end and one.end_to_end == other.end_to_end)
        + 4 * bool(all(texts) and (texts[0] in texts[1] or texts[1] in texts[0]))
        + 4 * bool(_shared_documents(one, other))
        + 2 * bool(words[0] & words[1])
        + (_plain(one.payer) == _plain(other.payer) != "")
        + (texts[0] == texts[1] != "")
    )


def _same_side(one: Remittance, other: Remittance) -> bool:
    return bool(one.payer_account and other.payer_account) and same_account(one.payer_account, other.payer_account)


def _family(each: Remittance) -> str:
    return next((family for family in _FAMILIES if each.feed.startswith(family)), each.feed)


def _references_differ(one: Remittance, other: Remittance) -> bool:
    """Both unique, and neither the other cut off."""
    both = one.bank_reference, other.bank_reference
    cut = both[0].startswith(both[1]) or both[1].startswith(both[0])
    whole = one.part_of_batch or other.part_of_batch  # parts have references of their own
    return not whole and all(map(is_unique, both)) and not cut


def _documents_differ(one: Remittance, other: Remittance) -> bool:
    """Whether both name numbers of documents, and have none in common."""
    return bool(_documents(one.text) and _documents(other.text)) and not _shared_documents(one, other)


def _shared_documents(one: Remittance, other: Remittance) -> bool:
    return any(number in _all(two) for a, two in ((one, other), (other, one)) for number in _documents(a.text))


def _all(each: Remittance) -> str:
    return _plain(f"{each.text} {each.reference} {each.end_to_end} {each.bank_reference}")


@functools.lru_cache(maxsize=10_000)
def _documents(text: str) -> frozenset[str]:
    """Numbers of documents, without what stands between letters and digits."""
    found = (re.sub(r"[^A-Z0-9]", "", each) for each in _NUMBER.findall(text.upper()))
    return frozenset(each for each in found if sum(map(str.isdigit, each)) >= _DIGITS)


@functools.lru_cache(maxsize=10_000)
def _words(name: str) -> frozenset[str]:
    words = re.split(r"[^A-Z0-9]+", _folded(name))
    return frozenset(each for each in words if len(each) >= _TOLD and each not in _FORMS)


@functools.lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "", _folded(text))


def _folded(text: str) -> str:
    """Capitals without accents; Ä, AE and A are one."""
    upper = unicodedata.normalize("NFKD", text.upper())
    return _UMLAUT.sub(r"\1", "".join(char for char in upper if not unicodedata.combining(char)))
