"""What is left of what was paid in advance: grants month by month, used first in, first out, until they expire."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.period import Period, month


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a month brought. Months count from year 0: year × 12 + month. `last`: the last one it can be used in."""

    month: int
    amount: Decimal
    last: int

    def usable(self, month: int) -> bool:
        """Whether it can be used for work of a month."""
        return self.month <= month <= self.last


def left(grants: Iterable[Grant], used: Iterable[tuple[int, Decimal]]) -> Mapping[Grant, Decimal]:
    """Of each grant, what use by month has left. Use beyond all grants of its time is not theirs to bear.

    Use of earlier months comes first, and takes the oldest grant first: it is the next to expire.
    """
    rest = {grant: grant.amount for grant in sorted(grants, key=lambda g: (g.last, g.month))}
    for at, amount in sorted(used):
        wanted = amount
        for grant, there in rest.items():
            if grant.usable(at):
                taken = min(there, max(wanted, Decimal(0)))
                rest[grant] = there - taken
                wanted -= taken
    return rest


def available(grants: Iterable[Grant], used: Iterable[tuple[int, Decimal]], month: int) -> Decimal:
    """How much can still be used for work of a month."""
    rest = left(grants, used)
    return sum((amount for grant, amount in rest.items() if grant.usable(month)), Decimal(0))


def month_number(day: date) -> int:
    """A month's number: year × 12 + month."""
    return day.year * 12 + day.month


def month_of(number: int) -> Period:
    """The days of a month by its number."""
    return month(date.fromisoformat(f"{month_name(number)}-01"))


def month_name(number: int) -> str:
    """`2026-11`"""
    return f"{(number - 1) // 12}-{(number - 1) % 12 + 1:02}"
