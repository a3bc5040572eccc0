"""Doubts: what a file or a payer states and nothing confirms, so that a match by it is asked about, however sure it is.

1. A fee that takes more of the payment than banks and providers do: what a payer writes may be read as one.
2. An original amount in the invoice's currency that the day's rate does not bear out.
3. A statement whose entries do not lead from its opening to its closing balance: one of them may be made up.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from git_bill.contract.exchange import Quotes, none_known
from git_bill.money import Money, minor_units
from git_bill.problem import Problem
from git_bill.receivable.account import Statement
from git_bill.receivable.matching.amount import units
from git_bill.receivable.matching.kept import euros_worth
from git_bill.receivable.matching.match import Applied, Outcome, Proposed
from git_bill.receivable.payment import Seen
from git_bill.receivable.recognised import whole
from git_bill.receivable.remittance import BANK, HAND, Remittance

_BANKS_PART, _PROVIDERS_PART = Decimal("0.05"), Decimal("0.10")  # of what was paid
_KEPT = 50  # EUR, or about that: a smaller fee is none to doubt, unless it is most of the payment
_OFF = Decimal("0.05")  # of the day's rate
_WILDLY = 3  # times what currencies are worth about, where no rate is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What is known beside the remittances. `incomplete`: statements that do not add up; `read`: ids of what such ones
    told just now, `whole`: of what the others did.
    """

    incomplete: Collection[Seen] = ()
    read: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    quotes: Quotes = field(default=none_known)

    def of(self, found: Applied, remittance: Remittance) -> str:
        """Why a match is asked about; "" where nothing is doubtful."""
        return self._statement(remittance) or _fee(found, remittance) or _original(found, remittance, self.quotes)

    def _statement(self, remittance: Remittance) -> str:
        missing = remittance.id in self.read or (
            remittance.id not in self.whole and any(_is_in(remittance, each) for each in self.incomplete)
        )
        return "the entries of its statement do not lead to the closing balance" if missing else ""


def told_by(statements: Iterable[Statement]) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of what statements that do not add up told, and of what the others did."""
    listed = [(bool(each.difference), remittance.id) for each in statements for remittance in each.remittances]
    doubtful = frozenset(name for wrong, name in listed if wrong)
    return doubtful, frozenset(name for wrong, name in listed if not wrong) - doubtful


def unless_doubtful(found: Outcome, remittances: Mapping[str, Remittance], doubts: Doubts) -> Outcome:
    """A sure match by what nothing confirms is asked about."""
    if isinstance(found, Applied) and (because := doubts.of(found, remittances[found.remittance])):
        return Proposed(match=found.match, because=because)
    return found


def _is_in(remittance: Remittance, seen: Seen) -> bool:
    same = (remittance.rail, remittance.feed, remittance.account) == (BANK, seen.feed, seen.account)
    return same and seen.first is not None and seen.last is not None and seen.first <= remittance.booked <= seen.last


def _fee(found: Applied, remittance: Remittance) -> str:
    """More than a twentieth (of a provider a tenth) and 50 EUR, or most of what a bank's customer paid."""
    fee = remittance.fee
    if fee is None or fee.currency != remittance.amount.currency or remittance.rail == HAND:
        return ""
    if all(share.amount == share.settles for share in found.match.shares):
        return ""
    gross, by_bank = whole(remittance), remittance.rail == BANK
    much = fee > gross * (_BANKS_PART if by_bank else _PROVIDERS_PART)
    if (much and units(fee) > euros_worth(_KEPT, fee.currency)) or (by_bank and fee > gross * Decimal("0.5")):
        return f"the stated fee of {fee} is much of {gross}"
    return ""


def _original(found: Applied, remittance: Remittance, quotes: Quotes) -> str:
    """What was sent as the file says, against what came."""
    sent, came = remittance.original, whole(remittance)
    if sent is None or not found.match.shares or sent.currency != found.match.shares[0].settles.currency:
        return ""
    sent = max(sent, -sent)
    if came.currency == sent.currency:
        worth, told = came, "came"
    elif isinstance(rate := quotes(came.currency, sent.currency, remittance.booked), Problem):
        return _unlike(sent, came)
    else:
        worth = Money((came * rate.rate).amount, sent.currency).rounded()
        told = f"is what {came} was worth at the rate of {rate.on}"
    if abs((worth - sent).amount) <= abs(sent.amount) * _OFF:
        return ""
    return f"{sent} was sent as the file says, but {worth} {told}"


def _unlike(sent: Money, came: Money) -> str:
    """By what the two currencies are worth about."""
    one, other = (
        each.amount.scaleb(minor_units(each.currency)) / euros_worth(1, each.currency) for each in (sent, came)
    )
    if other > 0 and other / _WILDLY <= one <= other * _WILDLY:
        return ""
    return f"{sent} was sent as the file says, and {came} came: no rate is known that tells whether that is right"
