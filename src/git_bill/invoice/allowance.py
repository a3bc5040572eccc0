"""Discounts and surcharges of a line or of a whole document, and what they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from git_bill.contract.tax.treatment import Tax
from git_bill.money import Money
from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A discount, or a surcharge: of a line (BG-27, BG-28) or of the document (BG-20, BG-21).

    In a draft either `percent` or `amount` is given; an issued document has the amount, and for a percentage its base.
    """

    charge: bool = key("a surcharge, not a discount", default=False)
    percent: Decimal | None = key("percent of its base (BT-94, BT-101, BT-138, BT-143)", example='"10"', default=None)
    amount: Money | None = key("how much (BT-92, BT-99, BT-136, BT-141)", example='"50.00 EUR"', default=None)
    base: Money | None = key("what the percentage is of (BT-93, BT-100, BT-137, BT-142)", default=None)
    reason: str = key("why, in words for the client (BT-97, BT-104, BT-139, BT-144)", example='"Loyalty discount"')
    code: str | None = key("UNTDID 5189 of a discount, 7161 of a surcharge (BT-98, BT-105)", default=None)
    agreed: Money | None = key("amount as agreed, where that is with tax or in another currency", default=None)
    tax: Tax | None = key("the tax treatment that it belongs to, of a document's only", one_line=True, default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Something tells how much."""
        if self.percent is None and self.amount is None:
            yield "percent", "is missing, and so is amount", 'write it like percent = "10"'


def applied(allowance: Allowance, base: Money) -> Allowance:
    """With its amount: round(base × percent ÷ 100) (Peppol BIS R040). A stated base and amount stay as they are."""
    if allowance.percent is None:
        return allowance
    base = allowance.base or base
    return replace(allowance, base=base, amount=(base * (allowance.percent / 100)).rounded())


def signed(allowance: Allowance) -> Money:
    """What it adds: less than nothing for a discount."""
    assert allowance.amount is not None  # `applied` said so
    return allowance.amount if allowance.charge else -allowance.amount


def of_line(allowances: Iterable[Allowance], gross: Money) -> tuple[Allowance, ...]:
    """A line's discounts and surcharges; percentages are of its quantity × price, each for itself."""
    return tuple(applied(allowance, gross) for allowance in allowances)


def of_document(allowances: Iterable[Allowance], nets: Sequence[tuple[Tax, Money]]) -> tuple[Allowance, ...]:
    """A document's discounts and surcharges, each under one tax treatment.

    A percentage is of the lines of its treatment; without one it falls apart into one for each treatment of the lines.
    An amount without one belongs to the first line's.
    """
    bases: dict[Tax, Money] = {}
    for tax, net in nets:
        bases[tax] = bases[tax] + net if tax in bases else net
    found: list[Allowance] = []
    for allowance in allowances:
        if allowance.percent is None:
            found.append(allowance if allowance.tax or not nets else replace(allowance, tax=nets[0][0]))
        elif allowance.tax is not None:
            zero = Money.zero(nets[0][1].currency) if nets else Money.zero("XXX")
            found.append(applied(allowance, bases.get(allowance.tax, zero)))
        else:
            found += (applied(replace(allowance, tax=tax), base) for tax, base in bases.items())
    return tuple(found)
