"""A person's verdict on a remittance: in a merged proposal, on a terminal, or as arguments of a command."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from git_bill.money import Money
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.payment import Apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`invoices`: what it takes off each; empty with `aside`: it pays none, and with `rejects`: it is not for these,
    of which there may be none. `by`: id of who said so.

    `of`: the client whose credit it is, with aside = "credit". `where`: the file that says it, for messages, and
    `signed`: ids of those who agreed to that by merging or approving it.
    """

    remittance: str
    invoices: Mapping[str, Money]
    by: str
    aside: Apart | None = None
    rejects: tuple[str, ...] | None = None
    of: str = ""
    difference: Difference | None = None
    score: Decimal | None = None
    because: str = ""
    reasons: tuple[str, ...] = ()
    where: str | None = None
    signed: tuple[str, ...] = ()
