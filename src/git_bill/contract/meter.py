"""Meters: usage that is billed by how much it was, and the tiers of its price."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from git_bill.contract.bounds import above_nothing, not_negative
from git_bill.contract.terms import ID
from git_bill.money import Money
from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A price up to a quantity of a period; the last one has no end."""

    up_to: Decimal | None = key("most of a period that it is for", example='"1000"', default=None)
    price: Money = key("of one unit, or of one package", example='"0.05 EUR"')

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A tier may be free, and never costs less."""
        yield from not_negative(self, price='"0.05 EUR"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """What is metered. `flat`: one price; `graduated`: each unit at its own tier's; `volume`: all at the tier that the
    whole reaches; `package`: begun packages of `size`.
    """

    id: str = key("name in commands and metering files", example='"requests"', pattern=ID)
    name: str = key("what the client reads", example='"API requests"', default="")
    unit: str = key("what one is called", example='"request"', default="")
    mode: Literal["flat", "graduated", "volume", "package"] = key("how its price is made", default="flat")
    included: Decimal = key("how much of a period costs nothing", default=Decimal(0))
    size: Decimal = key("units of a package", default=Decimal(1))
    minimum: Money | None = key("the least that a period costs", default=None)
    tiers: tuple[Tier, ...] = key("prices", one_line=True, example='[{ price = "0.05 EUR" }]', default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Tiers rise, and only the last has no end; one price is one tier."""
        yield from above_nothing(self, minimum='"20.00 EUR"')
        if not self.tiers:
            yield "tiers", "there is no price", 'write it like tiers = [{ price = "0.05 EUR" }]'
            return
        ends = [tier.up_to for tier in self.tiers]
        if ends[-1] is not None or any(end is None for end in ends[:-1]):
            yield (
                "tiers",
                "the last tier, and only it, has no up_to",
                'like { up_to = "1000", … }, { price = "0.04 EUR" }',
            )
            return
        known = [Decimal(0), *(end for end in ends if end is not None)]
        if any(later <= earlier for earlier, later in itertools.pairwise(known)):
            yield "tiers", "each tier must end above the one before", 'like up_to = "1000", then up_to = "5000"'
        if self.mode in {"flat", "package"} and len(self.tiers) > 1:
            yield "tiers", f"{self.mode} has one price", 'write it like mode = "graduated"'
        if self.size <= 0 or self.included < 0:
            yield "size", "a package holds something, and what is included is not negative", 'like size = "1000"'
        if len({tier.price.currency for tier in self.tiers}) > 1:
            yield "tiers", "prices are in several currencies", "write them all in the contract's"
