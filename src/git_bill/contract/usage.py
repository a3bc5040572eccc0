"""Usage: how much of a meter a client used on a day, one record for each reading."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from git_bill.shape import key

FORM = "digits, and at most 8 behind the point"
_QUANTITY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,8})?")


def quantity(word: str) -> Decimal | None:
    """`12500`, `12.5`, `-3`: ASCII digits, at most 15 and 8 behind the point. None for `1e5`, `1_000` and the like."""
    return Decimal(word) if _QUANTITY.fullmatch(word) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was used on a day, or up to it since the last reading. A correction is a reading below nothing."""

    meter: str = key("id of the contract's meter", example='"requests"')
    day: date = key("the day it is of", example="2026-10-05")
    quantity: Decimal = key("how much", example='"12500"')
    at: datetime = key("when it was recorded")
    source: str = key("the file or person it comes from", default="")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Sums of such numbers are exact, and short enough to name what was billed."""
        if quantity(f"{self.quantity:f}") is None:
            yield "quantity", f"{self.quantity:f} is not a quantity: {FORM}", 'write it like quantity = "12500"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """`billing/usage/<client>/<yyyy-mm>.toml`: readings by id, in the order they were recorded."""

    schema: int = key("version of this file's form", default=1)
    readings: Mapping[str, Reading] = key("readings by id", one_line=True, default_factory=dict)
