"""What a bank on the way may have kept of a payment: by the way that the money took, not by how little is missing.

Within SEPA the full amount is transferred (Directive (EU) 2015/2366 Art. 81), so there only a small difference is taken
for a fee. A discount that a payer takes is none, whatever it is called.
"""

import re
from decimal import Decimal

from git_bill.invoice.document.epc_qr import SEPA
from git_bill.money import minor_units
from git_bill.receivable.account import normalized
from git_bill.receivable.remittance import Remittance

_EURO = "EUR"
# The most that is taken for a fee: percent of what is open, and an amount in EUR, or about that.
_ABROAD_PERCENT, _ABROAD_LEAST, _ABROAD_MOST = 4, 5, 50
_HOME_PERCENT, _HOME_MOST = 2, 25
_WORTH = {
    "JPY": 150,
    "HUF": 400,
    "CZK": 25,
    "SEK": 11,
    "NOK": 11,
    "DKK": 7,
    "PLN": 4,
    "INR": 90,
    "KRW": 1500,
    "ISK": 150,
}
_ROUND = range(1, 6)  # percents that people take off as a discount
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_DISCOUNT = re.compile(
    r"skont|abzgl|abz[uü]e?gl|abzug|nachlass|nachlaß|rabat|remise|r[eé]duction|discount|escompte|descuento|desconto"
    r"|scont|korting|\bsleva|alennus|kedvezm[eé]ny|pronto pago|early payment"
    r"|(?<![0-9.,])[1-5](?:[.,][0-9]{1,2})? ?(?:%|prozent\b|percent\b)",
    re.IGNORECASE,
)


def fee_bound(open_amount: int, currency: str, *, abroad: bool = True) -> int:
    """The most that a bank on the way may have kept. Amounts in the smallest unit."""
    one = euros_worth(1, currency)
    if not abroad:
        return min(_HOME_MOST * one, open_amount * _HOME_PERCENT // 100)
    return min(_ABROAD_MOST * one, max(_ABROAD_LEAST * one, open_amount * _ABROAD_PERCENT // 100))


def euros_worth(euros: int, currency: str) -> int:
    """So many EUR, or about that, in the smallest unit of a currency."""
    return euros * _WORTH.get(currency, 1) * int(Decimal(1).scaleb(minor_units(currency)))


def is_abroad(remittance: Remittance) -> bool:
    """Whether it crossed a currency, or a border outside SEPA, which is for euros. False where nobody can tell."""
    original = remittance.original
    if original is not None and original.currency != remittance.amount.currency:
        return True
    payer, own = _country(remittance.payer_account), _country(remittance.account)
    if not payer or payer == own:
        return False
    within = payer in SEPA and (not own or own in SEPA)
    return not within or (bool(own) and remittance.amount.currency != _EURO)


def _country(account: str) -> str:
    """Of an IBAN; "" of another account."""
    plain = normalized(account)
    return plain[:2] if _IBAN.fullmatch(plain) else ""


def speaks_of_discount(remittance: Remittance) -> bool:
    """Whether the payer writes that something was taken off."""
    return _DISCOUNT.search(remittance.text) is not None


def round_percent(off: int, whole: int) -> int:
    """The whole percent that a difference is, to the smallest unit; 0 where it is none."""
    return next((percent for percent in _ROUND if abs(off * 100 - whole * percent) < 100), 0)
