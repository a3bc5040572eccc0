"""References that a bank carries unchanged from the invoice to the statement, made of the invoice's number."""

import re

_DIGIT = {character: str(value) for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
_MOST_CREDITOR, _MOST_QR = 21, 26  # characters before the check digits are added


def creditor_reference(number: str) -> str | None:
    """The structured creditor reference of a number (ISO 11649): `INV-2026-0032` → `RF45INV20260032`.

    None where the number has more than 21 letters and digits, or none.
    """
    plain = _plain(number)
    if not 0 < len(plain) <= _MOST_CREDITOR:
        return None
    rest = int("".join(_DIGIT[character] for character in f"{plain}RF00")) % 97
    return f"RF{98 - rest:02}{plain}"


def qr_reference(number: str) -> str | None:
    """The QR reference of a number: 26 digits and one that checks them (SIX, QR-bill 2.3, annex B).

    A letter is two digits, A = 10 to Z = 35, so that two series never share one. None where it has too many.
    """
    digits = "".join(_DIGIT[character] for character in _plain(number))
    if not 0 < len(digits) <= _MOST_QR:
        return None
    padded = digits.rjust(_MOST_QR, "0")
    return padded + str(check_digit(padded))


def check_digit(digits: str) -> int:
    """Modulo 10 recursive: `21000000000313947143000901` → 7."""
    carried = 0
    for digit in digits:
        carried = _CARRY[(carried + int(digit)) % 10]
    return (10 - carried) % 10


def _plain(number: str) -> str:
    """Its letters and digits, upper case; a letter beyond ASCII has no place in a reference."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())
