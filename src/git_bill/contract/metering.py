"""What usage costs: flat, graduated, volume and package prices of a period's quantity, part by part."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from git_bill.contract.meter import Meter, Tier
from git_bill.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """So many units, or packages, at one price. `from_` and `up_to`: the tier's reach in units, None without end."""

    quantity: Decimal
    price: Money
    from_: Decimal = Decimal(0)
    up_to: Decimal | None = None


def charges(meter: Meter, used: Decimal) -> tuple[Charge, ...]:
    """The charges of a period's use, what is included taken off first; none for nothing.

    flat: every unit at one price. graduated: each unit at its own tier's, so the total has no jumps. volume: every unit
    at the price of the tier that the whole reaches. package: begun packages at one price each.
    """
    billable = max(used - meter.included, Decimal(0))
    if not billable:
        return ()
    if meter.mode == "package":
        packages = (billable / meter.size).to_integral_value(rounding=ROUND_CEILING)
        return (Charge(quantity=packages, price=meter.tiers[0].price),)
    if meter.mode == "graduated":
        return tuple(_graduated(meter.tiers, billable))
    return (Charge(quantity=billable, price=_reached(meter.tiers, billable).price),)


def _graduated(tiers: tuple[Tier, ...], billable: Decimal) -> Iterator[Charge]:
    start = Decimal(0)
    for tier in tiers:
        end = billable if tier.up_to is None else min(billable, tier.up_to)
        if end > start:
            yield Charge(quantity=end - start, price=tier.price, from_=start, up_to=tier.up_to)
        start = max(start, end)


def _reached(tiers: tuple[Tier, ...], billable: Decimal) -> Tier:
    return next(tier for tier in tiers if tier.up_to is None or billable <= tier.up_to)
