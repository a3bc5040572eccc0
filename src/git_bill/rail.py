"""The port of payment providers. Adapters implement it; a twin in tests passes the same contract."""

from typing import Protocol

from git_bill.effects import CloseLink, Done, EnsureLink, Refused, Unsure
from git_bill.receivable.rail import Pulled


class Rail(Protocol):
    """A payment provider."""

    @property
    def name(self) -> str:
        """What remittances and settings call it: stripe, paypal."""

    def ensure_link(self, effect: EnsureLink) -> Done | Refused | Unsure:
        """Find the link by its key, else make it; its address is the outcome's `ref`.

        One that is there with another amount or currency is refused: somebody changed it.
        """

    def close_link(self, effect: CloseLink) -> Done | Refused:
        """Close the link of a number; `already` where it is closed, paid or not there."""

    def pull(self, cursor: str) -> Pulled:
        """A page of what was booked after a cursor ("": from the beginning), oldest first.

        Payments with their fees, refunds, chargebacks, payouts, fees. What names an invoice by metadata that only we
        write has its number in `reference`. Raises Stop (exit 6) when the provider can't be asked.
        """
