"""What matching says of a remittance: what it pays, how surely, why, and what the difference is."""

from dataclasses import dataclass
from typing import Literal

from git_bill.money import Money

Difference = Literal["fee", "discount", "late-discount", "withholding", "exchange", "part", "over", "slip", "twice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a remittance for one invoice.

    `amount` is of what was received, in its currency; `settles` is what that takes off the open amount, in the
    invoice's currency: more than `amount` where a discount, fee or withholding explains the rest.
    """

    invoice: str
    amount: Money
    settles: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why the amount is not the open amount. `amount`: open − received, or received − open where it is `over`."""

    kind: Difference
    amount: Money
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that speaks for a match or against it. `kind`: reference, amount, payer, date, rival."""

    kind: Literal["reference", "amount", "payer", "date", "rival"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A remittance pays these invoices, with the probability that exactly this is right."""

    remittance: str
    shares: tuple[Share, ...]
    probability: float
    reasons: tuple[Reason, ...]
    difference: Explained | None = None

    @property
    def invoices(self) -> tuple[str, ...]:
        """Numbers of the invoices."""
        return tuple(share.invoice for share in self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Sure enough to be booked: above the threshold, without a rival and within all limits."""

    match: Match

    @property
    def remittance(self) -> str:
        """Id of the remittance."""
        return self.match.remittance


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The likeliest match, for a person to say yes or no. `because`: why it is not applied. `others`: rivals."""

    match: Match
    because: str
    others: tuple[Match, ...] = ()

    @property
    def remittance(self) -> str:
        """Id of the remittance."""
        return self.match.remittance


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """Nothing that it could pay is known."""

    remittance: str
    because: str


Outcome = Applied | Proposed | Unmatched
