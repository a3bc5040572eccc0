"""Chargebacks: what a payment provider took back becomes a dispute, and what it gave back is for a person to end."""

from collections.abc import Iterable
from dataclasses import dataclass

from git_bill.flows.dispute import Objection, Opening, opening
from git_bill.flows.disputes_at import disputes
from git_bill.flows.reckoning import Reckoning
from git_bill.invoice.document.text import printable
from git_bill.money import Money
from git_bill.receivable.dispute.course import is_live
from git_bill.receivable.dispute.why import reason_of
from git_bill.receivable.payment import Allocation
from git_bill.receivable.recognised import by_name, origin, whole
from git_bill.receivable.remittance import Remittance

_LONGEST = 200  # characters of a provider's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Chargeback:
    """Money that a provider took back from an invoice. `amount`: above zero, in the invoice's currency."""

    remittance: Remittance
    number: str
    amount: Money

    @property
    def objection(self) -> Objection:
        """As it is recorded: once for a remittance, whatever else is disputed."""
        taken = self.remittance
        return Objection(
            number=self.number,
            reason=reason_of(taken.reason),
            amount=self.amount,
            said=printable(taken.text)[:_LONGEST],
            opened_by="chargeback",
            on=taken.booked,
            channel="provider",
            remittance=taken.id,
            provider_reason=printable(taken.reason)[:_LONGEST],
            evidence_due=taken.answer_by,
        )


def disputed(run: Reckoning) -> tuple[Opening, ...]:
    """A dispute for each chargeback for which the provider tells a reason, for the commit that books it."""
    known = disputes(run.snapshot)
    taken = {each.remittance for each in known.values()}
    found: list[Opening] = []
    for each in (*run.matched, *run.confirmed):
        back = _charged_back(run, each)
        if back is not None and back.remittance.id not in taken:
            others = {**known, **{made.dispute.id: made.dispute for made in found}}
            found.append(opening(run.snapshot, others, back.objection, by=run.stamp.by, at=run.stamp.at))
    return tuple(found)


def won(run: Reckoning, opened: Iterable[Opening]) -> tuple[str, ...]:
    """Ids of undecided disputes whose chargeback the provider has given back. `opened`: in this run."""
    remittances = run.now.paid.remittances.values()
    named = by_name(remittances)
    came = [each for each in remittances if each.kind == "chargeback" and each.is_in]
    back = {of.id for each in came if (of := origin(each, named.get((each.rail, each.reverses), ()))) is not None}
    known = (*disputes(run.snapshot).values(), *(each.dispute for each in opened))
    return tuple(each.id for each in known if each.remittance in back and is_live(each))


def _charged_back(run: Reckoning, allocation: Allocation) -> Chargeback | None:
    """What was taken back of an invoice, or of a payment for one that came and went before anybody looked."""
    paid = run.now.paid
    remittance = paid.remittances[allocation.remittance]
    if not (remittance.kind == "chargeback" and remittance.reason and allocation.settles.amount < 0):
        return None
    if allocation.invoice:
        return Chargeback(remittance=remittance, number=allocation.invoice, amount=-allocation.settles)
    number, amount = paid.remittances[allocation.returns].reference, -whole(remittance)
    is_ours = any((each.number, each.currency) == (number, amount.currency) for each in run.now.invoices)
    return Chargeback(remittance=remittance, number=number, amount=amount) if is_ours else None
