"""Paid: money that came, or went out for a credit note, as a person says it without a statement at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from git_bill.contract.exchange import none_known
from git_bill.flows.desk import Desk
from git_bill.money import Money, total
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.receivable.matching.amount import fit, received, terms
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Payments
from git_bill.receivable.recognised import HAND
from git_bill.receivable.remittance import Remittance, identify, plain_amount
from git_bill.receivable.settling import settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A payment as a person says it. `amount`: what reached the account, None for all that is open less the fee.

    `difference`: why less than the open amount settles all of it. `over`: what is too much stays the client's credit.
    `again`: one more that looks like one which is recorded.
    """

    on: date
    amount: Money | None = None
    fee: Money | None = None
    method: str = ""
    difference: Difference | None = None
    over: bool = False
    again: bool = False
    because: str = ""


def by_hand(desk: Desk, numbers: Sequence[str], said: Said) -> Payments:
    """A payment that came (or, of credit notes, went out), as a remittance of the rail `hand` with its allocations.

    Stops (exit 1) at what can't be; nothing where exactly this is recorded already, or nothing is open any more.
    """
    documents = [desk.document(number) for number in dict.fromkeys(numbers)]
    if len({each.open.currency for each in documents}) > 1:
        raise stop(Exit.PROBLEMS, "two-currencies", "these are in several currencies", "record one payment for each")
    if said.on < min(each.issued for each in documents) and not said.because:
        first = min(documents, key=lambda each: each.issued)
        message = f"{first.number} was issued on {first.issued}, after {said.on}"
        raise stop(Exit.PROBLEMS, "before-issue", message, 'if it was paid in advance, say so: --because "in advance"')
    remittance = _remittance(desk, documents, said)
    if remittance is None:
        return Payments()
    whole = remittance.amount + said.fee if said.fee is not None else remittance.amount
    invoices = _shared_out(remittance, whole, documents, said)
    difference = said.difference or ("fee" if said.fee is not None else _explained(remittance, documents))
    made = settle(
        remittance,
        remittance.amount,
        invoices,
        {each.number: each for each in documents},
        how="by-hand",
        stamp=desk.stamp,
        difference=difference,
        because=said.because,
    )
    if isinstance(made, Problem):
        raise Stop(Exit.PROBLEMS, [made])
    return Payments(remittances=(remittance,), allocations=made)


def _remittance(desk: Desk, documents: Sequence[Open], said: Said) -> Remittance | None:
    """What was moved; None where it is recorded already."""
    open_amount = total((each.open for each in documents), documents[0].open.currency)
    amount = said.amount
    if amount is None:
        if not open_amount:
            return None
        amount = open_amount if said.fee is None else open_amount - said.fee
    names = {each.names[0] if each.names else each.client for each in documents}
    count = 0
    while True:
        facts = (*sorted(each.number for each in documents), said.on, plain_amount(amount), said.method, count)
        own_id = identify(HAND, said.method, *facts)
        if own_id not in desk.till.paid.by_remittance:
            break
        if not said.again:
            return None
        count += 1
    return Remittance(
        id=own_id,
        rail=HAND,
        account=said.method,
        booked=said.on,
        amount=amount,
        kind="payment" if amount.amount > 0 else "refund",
        payer=", ".join(sorted(names)),
        text=", ".join(each.number for each in documents),
        fee=said.fee,
    )


def _explained(remittance: Remittance, documents: Sequence[Open]) -> Difference | None:
    """Why less settles all: only what the invoices' own terms say, such as a discount for paying in time."""
    if not remittance.is_in:
        return None
    found = fit(received(remittance), [terms(each) for each in documents], none_known)
    return found.kind if found is not None and found.sure and found.kind in {"discount", "withholding"} else None


def _shared_out(remittance: Remittance, whole: Money, documents: Sequence[Open], said: Said) -> Mapping[str, Money]:
    """What it takes off each: all, where it is enough or the difference is explained; else the first ones first."""
    all_open = {each.number: each.open for each in documents if each.open}
    if not all_open:
        message = f"{', '.join(each.number for each in documents)}: nothing is open"
        hint = "too much stays the client's credit: git bill reconcile --aside R-… --as credit"
        raise stop(Exit.PROBLEMS, "nothing-open", message, hint)
    currency = documents[0].open.currency
    open_amount = total(all_open.values(), currency)
    if whole.currency != currency or said.difference or _explained(remittance, documents):
        return all_open
    if abs(whole.amount) > abs(open_amount.amount) or whole.amount * open_amount.amount < 0:
        if not said.over:
            message = f"{whole} is more than is open: {open_amount}"
            raise stop(Exit.PROBLEMS, "over-paid", message, "if it is right, say so: --over; the rest is their credit")
        return all_open
    left, found = whole, {}
    for number, amount in all_open.items():
        taken = amount if abs(amount.amount) <= abs(left.amount) else left
        if taken:
            found[number] = taken
            left = left - taken
    return found


def from_remittance(desk: Desk, numbers: Sequence[str], name: str, said: Said) -> Payments:
    """What is left of a recorded remittance, for these documents. Stops (exit 1) at what can't be."""
    remittance = desk.remittance(name)
    aside = desk.till.paid.aside.get(remittance.id)
    if aside is not None and aside.as_ != "credit":
        message = f"{remittance.id} was put aside as {aside.as_}"
        hint = f"take that back first: git bill paid --undo {remittance.id}"
        raise stop(Exit.PROBLEMS, "decided", message, hint)
    documents = [desk.document(number) for number in dict.fromkeys(numbers)]
    rest = desk.till.paid.rest(remittance.id)
    free = replace(remittance, amount=rest)
    whole = rest if remittance.fee is None or rest != remittance.amount else rest + remittance.fee
    taken = said.amount if said.amount is not None else whole
    invoices = _shared_out(free, taken, documents, replace(said, over=True))
    made = settle(
        remittance,
        rest,
        invoices,
        {each.number: each for each in documents},
        how="by-hand",
        stamp=desk.stamp,
        difference=said.difference or _explained(free, documents),
        because=said.because,
    )
    if isinstance(made, Problem):
        raise Stop(Exit.PROBLEMS, [made])
    return Payments(allocations=made)
