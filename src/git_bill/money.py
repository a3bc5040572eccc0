"""Money: an exact decimal amount with its ISO 4217 currency. A float never touches an amount."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

# ISO 4217 minor units that are not 2 (list one, 2026). EN 16931 allows amounts at most 2 decimals (BR-DEC).
_NO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())  # noqa: SIM905
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905  a table, not code
DIGITS = 15  # before the point: what a file can hold
_TEXT = re.compile(rf"(-?[0-9]{{1,{DIGITS}}}(?:\.[0-9]{{1,8}})?) ([A-Z]{{3}})")
# Python's 28 digits would round the product of two long numbers, and refuse to round one to cents
_EXACT = Context(prec=200)


def minor_units(currency: str) -> int:
    """Decimals of a currency by ISO 4217: 0, 2 or 3."""
    return 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Commercial rounding, half away from zero (EN 16931 §6.5 leaves the mode open, tax offices use it)."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_EXACT)


def _stated_decimals(currency: str) -> int:
    """What a document may state: the currency's decimals, at most two (BR-DEC-01 to 28)."""
    return min(2, minor_units(currency))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency. Arithmetic between two currencies is a ValueError."""

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, text: str) -> "Money":
        """`"95.00 EUR"` → Money. Raises ValueError with an example."""
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f'{text!r} is not an amount; write it like "95.00 EUR"')
        return cls(Decimal(match[1]), match[2])

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in a currency, with its usual decimals."""
        return cls(round_half_up(Decimal(0), _stated_decimals(currency)), currency)

    def __str__(self) -> str:
        return f"{self.amount:zf} {self.currency}"  # z: a zero has no sign

    def __bool__(self) -> bool:
        return bool(self.amount)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self} and {other} are in different currencies")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(_EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(_EXACT.subtract(self.amount, other.amount), self.currency)

    def __neg__(self) -> "Money":
        return Money(_EXACT.minus(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(_EXACT.multiply(self.amount, factor), self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount <= other.amount

    def short(self) -> "Money":
        """Without zeros that say nothing: `142.500` → `142.50`."""
        least = _stated_decimals(self.currency)
        plain = self.amount.normalize(_EXACT)
        exponent = plain.as_tuple().exponent
        few = isinstance(exponent, int) and -exponent < least
        return Money(round_half_up(plain, least) if few else plain, self.currency)

    def rounded(self) -> "Money":
        """To the decimals that a document may state."""
        return Money(round_half_up(self.amount, _stated_decimals(self.currency)), self.currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero for none. Raises ValueError when one is in another currency."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result


def by_currency(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum for each currency; none of nothing."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return tuple(sums[currency] for currency in sorted(sums) if sums[currency])


def split(amount: Money, weights: Sequence[Decimal | int], decimals: int | None = None) -> tuple[Money, ...]:
    """Share a rounded amount by weights; the parts sum to it exactly (largest remainder, ties to the first).

    The shares of -x are those of x, negated. `decimals`: None for those that a document may state. Raises ValueError
    if a weight is negative or none is positive.
    """
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("weights must not be negative and one must be positive")
    decimals = _stated_decimals(amount.currency) if decimals is None else decimals
    units = int(round_half_up(amount.amount, decimals).scaleb(decimals, context=_EXACT))
    exact = [abs(units) * share / whole for share in shares]
    parts = [int(part) for part in exact]
    left = abs(units) - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))[:left]:
        parts[index] += 1
    sign = -1 if units < 0 else 1
    return tuple(Money(Decimal(sign * part).scaleb(-decimals), amount.currency) for part in parts)
