"""What a treatment consists of beside category and rate: several taxes on one supply, surcharges, withholding.

The arithmetic follows the laws named in the tables: each tax, surcharge and withholding is rounded by itself, half up.
Surcharges enter the tax base (IT: L. 662/1996 art. 1(212), DPR 633/1972 art. 13); what a client withholds never does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

from git_bill.money import Money, round_half_up, total
from git_bill.shape import key

_EXACT = 120  # digits: more than any product of two amounts that a file can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One of the taxes on a supply, such as CGST beside SGST. `taxed`: percent of the price that it is on."""

    name: str = key("its name on the document", example='"CGST"')
    rate: Decimal = key("rate in percent", example='"9"')
    taxed: Decimal = key("percent of the price that is taxed", example='"80"', default=Decimal(100))

    @property
    def effective(self) -> Decimal:
        """The rate on the whole price, in percent."""
        return self.rate * self.taxed / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Surcharge:
    """What the law adds to the price: a percentage of the net, or an amount above a threshold, such as a stamp."""

    name: str = key("its name on the document", example='"Rivalsa INPS 4%"')
    rate: Decimal = key("percent of the net", example='"4"', default=Decimal(0))
    amount: Money | None = key("instead of a percentage", example='"2.00 EUR"', default=None)
    above: Decimal = key("only if the net is more than this", example='"77.47"', default=Decimal(0))
    withheld: bool = key("part of what withholding is of", default=False)
    law: str = key("the provision", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """What the client keeps and pays to the tax office: `rate` ÷ `over` of the net, of the tax, or of the labour."""

    name: str = key("its name on the document", example='"IRPF"')
    rate: Decimal = key("rate", example='"15"')
    over: Decimal = key("what the rate is a part of; 100 for percent", default=Decimal(100))
    of: Literal["net", "tax", "labour"] = key("what it is part of", default="net")
    above: Decimal = key("only if the net is more than this", default=Decimal(0))
    law: str = key("the provision", example='"LIRPF art. 101.5"', default="")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A part of something, and not more than the whole."""
        if not 0 < self.rate <= self.over:
            yield "rate", f"{self.rate} of {self.over} is no part of an amount", 'write it like rate = "15"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Levied:
    """One tax, surcharge or withholding in figures. `rate` in percent of `base`, None for a fixed amount."""

    name: str
    base: Money
    rate: Decimal | None
    amount: Money


def surcharged(net: Money, surcharges: Iterable[Surcharge]) -> tuple[Levied, ...]:
    """What surcharges add to a net. A fixed amount in another currency is not passed on: the issuer bears it."""
    found = []
    for each in surcharges:
        fixed = each.amount
        if abs(net.amount) > each.above and (fixed is None or fixed.currency == net.currency):
            amount = _part(net, each.rate) if fixed is None else fixed if net.amount > 0 else -fixed
            found.append(Levied(name=each.name, base=net, rate=each.rate if fixed is None else None, amount=amount))
    return tuple(found)


def taxed(base: Money, components: Sequence[Component]) -> tuple[Levied, ...]:
    """Each tax on a base, rounded by itself: CGST 9 % and SGST 9 % of 100.05 are 9.00 each, not 18.01 together."""
    return tuple(
        Levied(
            name=each.name,
            base=(base * (each.taxed / 100)).rounded(),
            rate=each.rate,
            amount=_part(base, each.rate * each.taxed, Decimal(10_000)),
        )
        for each in components
    )


def withheld(
    net: Money, tax: Money, withholding: Iterable[Withholding], *, labour: Money | None = None
) -> tuple[Levied, ...]:
    """What the client keeps. `net`: with the surcharges that are `withheld`; `labour`: without materials."""
    found = []
    for each in withholding:
        base = {"net": net, "tax": tax, "labour": net if labour is None else labour}[each.of]
        if abs(net.amount) > each.above and base:
            rate = round_half_up(each.rate * 100 / each.over, 4).normalize()
            found.append(Levied(name=each.name, base=base, rate=rate, amount=_part(base, each.rate, each.over)))
    return tuple(found)


def withheld_net(net: Money, surcharges: Sequence[Surcharge]) -> Money:
    """The net that withholding is of: with the surcharges that count as fees (INPS), without the others (cassa)."""
    fees = surcharged(net, [each for each in surcharges if each.withheld])
    return total((net, *(each.amount for each in fees)), net.currency)


def _part(base: Money, rate: Decimal, over: Decimal = Decimal(100)) -> Money:
    with localcontext(prec=_EXACT):
        return Money(base.amount * rate / over, base.currency).rounded()
