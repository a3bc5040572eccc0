"""What disputes do to an open invoice: the part that rests, the part that is asked for, and interest on both.

Rule. As of a day the disputed part is the sum of the live disputes' amounts and of what was conceded and is not
credited yet, at most what is open; what is open beyond it is undisputed. Payments count on the undisputed part first:
rather ask for too little. What is undisputed is due as if there were no dispute.

Late interest is the issuer's to claim, not ours to judge. An amount is late unless the debtor is not responsible for
the delay (Directive 2011/7/EU Art. 3(1)(b); BGB § 286(4)): an objection that was right ends the claim from its
beginning, one that was wrong stops no interest. So interest of the disputed part is told apart until it is decided.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.invoice.issued import Invoice
from git_bill.money import Money, total
from git_bill.receivable.dispute.course import ending, is_live
from git_bill.receivable.dispute.record import Dispute, Step

_NEAR = Decimal("0.02")  # the net that comes nearest may be a cent off, and its tax another


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimable:
    """What is open of an invoice as of a day. `undisputed` + `disputed` = open; `live`: ids of what is undecided.

    `conceded`: the part of `disputed` that was given up and waits for its credit note.
    """

    undisputed: Money
    disputed: Money
    conceded: Money
    live: tuple[str, ...]

    @property
    def stops_all(self) -> bool:
        """Whether nothing is left that may be asked for."""
        return bool(self.disputed) and not self.undisputed


def claimable(
    invoice: str, open_amount: Money, disputes: Iterable[Dispute], as_of: date, credited: Collection[str] = ()
) -> Claimable:
    """What may be asked for. `credited`: ids of the drafts that became credit notes by then."""
    own = [each for each in disputes if each.invoice == invoice and each.on <= as_of]
    live = [each for each in own if is_live(each, as_of)]
    currency = open_amount.currency
    zero = Money.zero(currency)
    left = max(open_amount, zero)
    waiting = total((_waiting(each, as_of, credited) for each in own), currency)
    conceded = min(waiting, left)
    disputed = min(waiting + total((each.amount for each in live), currency), left)
    return Claimable(
        undisputed=left - disputed, disputed=disputed, conceded=conceded, live=tuple(each.id for each in live)
    )


def given_drafts(invoices: Iterable[Invoice], disputes: Iterable[Dispute], as_of: date) -> frozenset[str]:
    """Ids of drafts of which a credit note gave by a day what they were to give: their own, or one that a person made
    of the same invoice instead, since then and to the cent that a net can't hit.
    """
    notes = [each for each in invoices if each.reverses is not None and each.issue_date <= as_of]
    issued = {each.draft for each in notes}
    ends = [(each.invoice, end) for each in disputes if (end := ending(each, as_of)) is not None and end.draft]
    free = [each for each in notes if each.draft not in {end.draft for _, end in ends}]
    for number, end in ends:
        made = next((each for each in free if end.draft not in issued and _gives(each, number, end)), None)
        if made is not None:
            free.remove(made)
            issued.add(end.draft)
    return frozenset(issued)


def _gives(note: Invoice, number: str, end: Step) -> bool:
    """Whether a credit note of an invoice is what a resolution gave up."""
    if note.reverses is None or note.reverses.number != number or note.issue_date < end.on or end.amount is None:
        return False
    return abs((end.amount - note.totals.to_transfer).amount) <= _NEAR


def given_up(dispute: Dispute, as_of: date = date.max) -> Money:
    """What was conceded in its resolution."""
    end = ending(dispute, as_of)
    return end.amount if end is not None and end.amount is not None else Money.zero(dispute.amount.currency)


def _waiting(dispute: Dispute, as_of: date, credited: Collection[str]) -> Money:
    end = ending(dispute, as_of)
    if end is None or end.amount is None or not end.draft or end.draft in credited:
        return Money.zero(dispute.amount.currency)
    return end.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a dispute ended, to learn from. `days`: from its first to its last day; `lost`: what was given up."""

    id: str
    invoice: str
    reason: str
    opened_by: str
    disputed: Money
    result: str
    lost: Money
    days: int


def outcomes(disputes: Iterable[Dispute]) -> tuple[Outcome, ...]:
    """Every dispute that ended, by the day on which it did."""
    ended = [(end, each) for each in disputes if (end := ending(each)) is not None]
    return tuple(
        Outcome(
            id=each.id,
            invoice=each.invoice,
            reason=each.reason,
            opened_by=each.opened_by,
            disputed=each.amount,
            result=end.result or "withdrawn",
            lost=given_up(each),
            days=(end.on - each.on).days,
        )
        for end, each in sorted(ended, key=lambda pair: (pair[0].on, pair[1].id))
    )
