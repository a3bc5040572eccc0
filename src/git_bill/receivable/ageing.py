"""Ageing: open amounts by how late they are, as of a day. The buckets partition what is open (law 10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from git_bill.money import Money, total
from git_bill.receivable.credit import Credit
from git_bill.receivable.receivable import Receivable

CREDIT = "credit"
NOT_DUE = "not due"
_LAST = (30, 60, 90)  # days late with which a bucket ends, as accounting packages split them
BUCKETS = (CREDIT, NOT_DUE, "1-30", "31-60", "61-90", "over 90")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """Of one client in one currency: bucket → amount, all of `BUCKETS`; `credit` is below zero. They sum to `open`."""

    client: str
    currency: str
    amounts: Mapping[str, Money]

    @property
    def open(self) -> Money:
        """All of it, less what is owed to the client."""
        return total(self.amounts.values(), self.currency)


def bucket(days_late: int) -> str:
    """0 → not due, 30 → 1-30, 31 → 31-60, 91 → over 90."""
    if days_late <= 0:
        return NOT_DUE
    return BUCKETS[2 + sum(days_late > last for last in _LAST)]


def ageing(owed: Iterable[Receivable], credits: Iterable[Credit], as_of: date) -> tuple[Aged, ...]:
    """By client and currency; none where everything is zero. `owed` and `credits`: as of the same day."""
    sums: dict[tuple[str, str], dict[str, Money]] = {}
    rows = [(r.client, r.open, CREDIT if r.open.amount < 0 else bucket(r.days_late(as_of))) for r in owed if r.open]
    rows += [(each.client, -each.amount, CREDIT) for each in credits]
    for client, amount, name in rows:
        found = sums.setdefault((client, amount.currency), dict.fromkeys(BUCKETS, Money.zero(amount.currency)))
        found[name] = found[name] + amount
    return tuple(
        Aged(client=client, currency=currency, amounts=amounts) for (client, currency), amounts in sorted(sums.items())
    )
