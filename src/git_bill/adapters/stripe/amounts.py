"""Amounts as Stripe counts them: whole numbers of the smallest unit that its API knows of a currency.

https://docs.stripe.com/currencies#minor-units, read 2026-11.
"""

import re
from decimal import Decimal

from git_bill.money import Money, minor_units

_MOST = 10**14  # of the smallest unit; Stripe's own amounts have twelve digits
_NO_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())  # noqa: SIM905
# Counted in hundredths, of which no part may be asked for.
_WHOLE = frozenset({"ISK", "UGX"})


def decimals(currency: str) -> int:
    """How many decimals an amount of the API stands for: 0, 2 or 3. Where ISO 4217 differs, Stripe's word counts."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if minor_units(currency) == 3 else 2


def minor(amount: Money) -> int:
    """What the API is told. Raises ValueError with the reason where the amount can't be asked for exactly."""
    places = decimals(amount.currency)
    exact = amount.amount.scaleb(places)
    if exact != exact.to_integral_value():
        raise ValueError(f"Stripe counts {amount.currency} with {places} decimals, so it can't ask for {amount}")
    if amount.currency in _WHOLE and exact % 100:
        raise ValueError(f"Stripe asks for whole {amount.currency} alone, not for {amount}")
    if places == 3 and exact % 10:
        raise ValueError(f"Stripe asks for {amount.currency} with two decimals at most, not for {amount}")
    return int(exact)


def money(number: int, currency: str) -> Money:
    """What the API told. The currency is in lower case there. Raises ValueError at what is no amount."""
    code = currency.upper()
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) > _MOST:
        raise ValueError(f"{number!r} is no amount of Stripe's")
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"{currency!r} is no currency")
    amount = Decimal(number).scaleb(-decimals(code))
    usual = Decimal(1).scaleb(-minor_units(code))
    return Money(amount.quantize(usual) if amount == amount.quantize(usual) else amount, code)
