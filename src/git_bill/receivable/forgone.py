"""What is forgone where less settles more: a difference that a person calls a fee, a discount, tax kept or a bad rate.

Free is what was agreed (a discount for paying in time, tax that the client keeps) and the fee that a payment provider
states. Of the rest, up to 2 % of what is settled, or 25 EUR or about that, is for whoever keeps the accounts to decide;
more is a loss as any other, which only somebody who may sign off gives up.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from git_bill.contract.exchange import Quotes
from git_bill.money import Money, total
from git_bill.problem import Problem
from git_bill.receivable.matching.amount import money, terms
from git_bill.receivable.matching.kept import euros_worth
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Allocation
from git_bill.receivable.remittance import BANK, HAND, Remittance

_PART = Decimal("0.02")
_LEAST = 25  # EUR, or about that


def forgone(
    made: Iterable[Allocation], remittance: Remittance, opens: Mapping[str, Open], quotes: Quotes
) -> Money | None:
    """What one remittance's allocations forgo, where that needs a sign-off. `opens`: as they stood before."""
    parts = [each for each in made if each.invoice]
    if not parts or not remittance.is_in:
        return None
    settled = total((each.settles for each in parts), parts[0].settles.currency)
    lost = settled - _worth(parts, remittance, settled.currency, quotes)
    for each in parts:
        lost = lost - _agreed(each, remittance, opens)
    least = money(euros_worth(_LEAST, settled.currency), settled.currency)
    return lost.rounded() if lost > max(least, settled * _PART) else None


def _worth(parts: Iterable[Allocation], remittance: Remittance, currency: str, quotes: Quotes) -> Money:
    """What they take of the remittance, with the fee that a provider states; nothing where nobody knows a rate."""
    taken = total((each.amount for each in parts), remittance.amount.currency)
    fee, is_whole = remittance.fee, taken == remittance.amount
    if fee is not None and fee.currency == taken.currency and remittance.rail not in {BANK, HAND} and is_whole:
        taken = taken + fee
    if taken.currency == currency:
        return taken
    rate = quotes(taken.currency, currency, remittance.booked)
    if not isinstance(rate, Problem):
        return Money((taken * rate.rate).amount, currency)
    original = remittance.original
    stated = original is not None and original.currency == currency and is_whole
    return max(original, -original) if stated and original is not None else Money.zero(currency)


def _agreed(part: Allocation, remittance: Remittance, opens: Mapping[str, Open]) -> Money:
    """What the invoice's own terms allow of this difference, where it settles all that is open."""
    currency, bill = part.settles.currency, opens[part.invoice]
    if part.settles != bill.open or part.difference not in {"discount", "withholding"}:
        return Money.zero(currency)
    own = terms(bill)
    early = own.open - own.early if own.early is not None and remittance.booked <= own.until else 0
    return money(early + (own.withheld if part.difference == "withholding" else 0), currency)
