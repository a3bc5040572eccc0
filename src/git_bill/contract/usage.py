"""Usage: how much of a meter a client used on a day, one record for each reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was used on a day, or up to it since the last reading. A correction is a reading below nothing."""

    meter: str = key("id of the contract's meter", example='"requests"')
    day: date = key("the day it is of", example="2026-10-05")
    quantity: Decimal = key("how much", example='"12500"')
    at: datetime = key("when it was recorded")
    source: str = key("the file or person it comes from", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """`billing/usage/<client>/<yyyy-mm>.toml`: readings by id, in the order they were recorded."""

    schema: int = key("version of this file's form", default=1)
    readings: Mapping[str, Reading] = key("readings by id", one_line=True, default_factory=dict)
