"""What was booked with one reference of a bank: sums, and the parts that they are made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from git_bill.receivable.feeds.alike import is_unique, payers_differ
from git_bill.receivable.remittance import Remittance

_Reference = tuple[str, object, str, str, bool]  # account, day, reference of the bank, currency, whether received
_Sum = tuple[Remittance | None, Decimal]  # the largest amount of a format, and all of them together


@dataclass(slots=True)
class Sums:
    """By reference and format."""

    _by_reference: dict[_Reference, dict[str, _Sum]] = field(default_factory=dict)

    def add(self, part: Remittance, account: str) -> Callable[[], object]:
        """Remember what was booked with a reference of the bank. Returns what forgets it again."""
        if not is_unique(part.bank_reference):
            return lambda: None
        by_feed = self._by_reference.setdefault(_reference(part, account), {})
        largest, total = before = by_feed.get(part.feed, (None, Decimal(0)))
        amount = part.booked_amount.amount
        is_larger = largest is None or abs(amount) > abs(largest.booked_amount.amount)
        by_feed[part.feed] = (part if is_larger else largest, total + amount)
        return lambda: by_feed.update({part.feed: before})

    def has(self, first: Remittance, account: str) -> bool:
        """Whether the bank's reference says that it is a part of a known sum, or the sum of known parts.

        Not where both name who paid, and it is somebody else.
        """
        amount = first.booked_amount.amount
        known = self._by_reference.get(_reference(first, account), {}) if is_unique(first.bank_reference) else {}
        return any(
            (abs(largest.booked_amount.amount) > abs(amount) or whole == amount) and not payers_differ(largest, first)
            for feed, (largest, whole) in known.items()
            if feed != first.feed and largest is not None
        )


def _reference(remittance: Remittance, account: str) -> _Reference:
    amount = remittance.amount
    return account, remittance.booked, remittance.bank_reference, amount.currency, remittance.is_in
