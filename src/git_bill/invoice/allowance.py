"""Discounts and surcharges of a line or of a whole document, and what they come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from git_bill.contract.tax.case import PASSED_THROUGH
from git_bill.contract.tax.treatment import Tax
from git_bill.money import Money, split
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
    because: str | None = key("a person's reason for a surcharge that the contract does not give", default=None)

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

    A percentage is of the lines of its treatment; without one it falls apart into one for each treatment of the lines;
    without lines it is of nothing.
    So does an amount, and a base that is stated, in the proportion of what these come to (UStAE 10.3(2)). What is
    passed through is no part of the price (Directive 2006/112/EC Art. 79(c)) and has none in these.
    """
    if not nets:
        return tuple(each for each in allowances if each.percent is None)
    bases: dict[Tax, Money] = {}
    none = Money.zero(nets[0][1].currency)
    for tax, net in nets:
        bases[tax] = bases[tax] + net if tax in bases else net
    price = {tax: net for tax, net in bases.items() if tax.reason_code != PASSED_THROUGH} or bases
    found: list[Allowance] = []
    for allowance in allowances:
        if allowance.tax is None:
            found += (applied(each, bases[each.tax]) if each.tax else each for each in _apart(allowance, price))
        else:
            found.append(applied(allowance, bases.get(allowance.tax, none)))
    return tuple(found)


def _apart(allowance: Allowance, bases: Mapping[Tax, Money]) -> Iterable[Allowance]:
    """One of the whole as one for each treatment. What is taken back (below zero) has no part in a stated sum."""
    whole = allowance.amount if allowance.percent is None else allowance.base
    if whole is None or len(bases) == 1:
        return (replace(allowance, tax=tax) for tax in bases)
    weights = [max(base.amount, Decimal(0)) for base in bases.values()]
    shares = split(whole, weights if any(weights) else [Decimal(1)] * len(weights))
    name = "amount" if allowance.percent is None else "base"
    given: Iterable[dict[str, Any]] = (
        {"tax": tax, name: share, "agreed": None} for tax, share in zip(bases, shares, strict=True) if share
    )
    return (replace(allowance, **each) for each in given)
