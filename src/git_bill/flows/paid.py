"""Paid: money that came, or went out for a credit note, as a person says it without a statement at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from git_bill.contract.exchange import none_known
from git_bill.flows.desk import Desk
from git_bill.money import Money, total
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.receivable.credit import credits, may_use
from git_bill.receivable.matching.amount import fit, received, terms
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Payments
from git_bill.receivable.receivable import payer_of
from git_bill.receivable.remittance import HAND, Remittance, identify, plain_amount
from git_bill.receivable.returned import Reopened, reopened
from git_bill.receivable.settling import settle

_NEAR = Decimal("0.05")  # of what is open: how far money in another currency may be off by its bank's rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A payment as a person says it. `amount`: what reached the account, None for all that is open less the fee.

    `settles`: what an amount in another currency takes off. `difference`: why less than the open amount settles all of
    it. `over`: what is too much stays the client's credit. `again`: one more that looks like one which is recorded.
    """

    on: date
    amount: Money | None = None
    settles: Money | None = None
    fee: Money | None = None
    method: str = ""
    difference: Difference | None = None
    over: bool = False
    again: bool = False
    because: str = ""


def by_hand(desk: Desk, numbers: Sequence[str], said: Said) -> Payments:
    """A payment that came (or, of credit notes, went out), as a remittance of the rail `hand` with its allocations.

    Stops (exit 1) at what can't be; nothing where exactly this is recorded already.
    """
    documents = [desk.document(number) for number in dict.fromkeys(numbers)]
    _check(documents, said)
    if said.amount is not None and _open(documents).amount < 0:  # a credit note: what is said went out
        said = replace(said, amount=-said.amount)
    remittance = _remittance(desk, documents, said)
    if remittance is None:
        return Payments()
    whole = remittance.amount + said.fee if said.fee is not None else remittance.amount
    invoices = _shared_out(desk, remittance, whole, documents, said)
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


def _check(documents: Sequence[Open], said: Said) -> None:
    """Stops (exit 1) at what no payment is."""
    if len({each.open.currency for each in documents}) > 1:
        raise stop(Exit.PROBLEMS, "two-currencies", "these are in several currencies", "record one payment for each")
    last = max(documents, key=lambda each: each.issued)
    if said.on < last.issued and not said.because:
        message = f"{last.number} was issued on {last.issued}, after {said.on}"
        raise stop(Exit.PROBLEMS, "before-issue", message, 'if it was paid in advance, say so: --because "in advance"')
    currency = said.amount.currency if said.amount is not None else documents[0].open.currency
    if said.fee is not None and said.fee.currency != currency:
        message = f"the fee of {said.fee} was not kept of money in {currency}"
        raise stop(Exit.PROBLEMS, "two-currencies", message, f'write it in {currency}: --fee "1.00 {currency}"')
    if said.settles is not None and currency == documents[0].open.currency:
        hint = f'--settles is for money in another currency; here it is: --amount "{said.settles}"'
        raise stop(Exit.PROBLEMS, "wrong-currency", f"{said.settles} would settle what is in {currency}, too", hint)


def _open(documents: Sequence[Open]) -> Money:
    """Of all of them."""
    return total((each.open for each in documents), documents[0].open.currency)


def _remittance(desk: Desk, documents: Sequence[Open], said: Said) -> Remittance | None:
    """What was moved; None where it is recorded already."""
    open_amount = _open(documents)
    amount = said.amount
    if amount is None:
        if not open_amount:
            if _is_told(desk, documents, said):
                return None
            raise _nothing_open(desk, documents, f"see what did it: git bill explain {documents[0].number}")
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


def _is_told(desk: Desk, documents: Sequence[Open], said: Said) -> bool:
    """Whether just these were recorded as paid in full on that day, in that way."""
    numbers, paid = {each.number for each in documents}, desk.till.paid
    told = [each for each in paid.remittances.values() if (each.rail, each.booked) == (HAND, said.on)]
    return not said.again and any(
        each.account == said.method and {part.invoice for part in paid.by_remittance.get(each.id, ())} == numbers
        for each in told
    )


def _explained(remittance: Remittance, documents: Sequence[Open]) -> Difference | None:
    """Why less settles all: only what the invoices' own terms say, such as a discount for paying in time."""
    if not remittance.is_in:
        return None
    found = fit(received(remittance), [terms(each) for each in documents], none_known)
    return found.kind if found is not None and found.sure and found.kind in {"discount", "withholding"} else None


def _shared_out(
    desk: Desk, remittance: Remittance, whole: Money, documents: Sequence[Open], said: Said
) -> Mapping[str, Money]:
    """What it takes off each: all, where it is enough or the difference is explained; else the first ones first."""
    all_open = {each.number: each.open for each in documents if each.open}
    if not all_open:
        hint = "too much stays the client's credit: git bill reconcile --aside R-… --as credit"
        raise _nothing_open(desk, documents, hint)
    open_amount = _open(documents)
    if whole.currency != open_amount.currency:
        if said.settles is None and said.difference != "exchange":
            _check_worth(desk, whole, open_amount, remittance.booked)
        whole = said.settles or open_amount
    if (
        whole.currency != open_amount.currency
        or whole.amount * open_amount.amount < 0
        or (abs(whole.amount) > abs(open_amount.amount) and not said.over)
    ):
        message = f"{whole} is more than is open: {open_amount}"
        raise stop(Exit.PROBLEMS, "over-paid", message, "if it is right, say so: --over; the rest is their credit")
    if said.difference or abs(whole.amount) >= abs(open_amount.amount) or _explained(remittance, documents):
        return all_open
    left, found = whole, {}
    for number, amount in all_open.items():
        taken = amount if abs(amount.amount) <= abs(left.amount) else left
        if taken:
            found[number] = taken
            left = left - taken
    return found


def _check_worth(desk: Desk, whole: Money, open_amount: Money, on: date) -> None:
    """Stops (exit 1) where money in another currency was not worth about what is open, or nobody knows its worth."""
    rate = desk.quotes(whole.currency, open_amount.currency, on)
    if isinstance(rate, Problem):
        message = f"{whole} may settle all of {open_amount} or a part: that can't be told without a rate"
        part = f"1.00 {open_amount.currency}"
    else:
        worth = Money((whole * rate.rate).amount, open_amount.currency).rounded()
        if abs((worth - open_amount).amount) <= abs(open_amount.amount) * _NEAR:
            return
        message = f"{whole} was worth {worth} on {on}, of {open_amount} that is open: {rate}"
        part = str(worth) if worth.amount > 0 else str(-worth)
    hint = f'if it is all: --full exchange; if a part: --settles "{part}"'
    raise stop(Exit.PROBLEMS, "wrong-currency", message, hint)


def _nothing_open(desk: Desk, documents: Sequence[Open], hint: str) -> Stop:
    """With what settled it, and the way to book it all the same."""
    why = {each.number: _settled_by(desk, each.number) for each in documents}
    message = "; ".join(f"nothing is open of {number}: {by}" for number, by in why.items())
    lost = [lost.id for each in documents for lost in desk.till.paid.given_up.get(each.number, ())]
    if lost:
        return stop(Exit.PROBLEMS, "nothing-open", message, f"it was written off: git bill paid --undo {lost[0]} first")
    return stop(Exit.PROBLEMS, "nothing-open", message, hint)


def _settled_by(desk: Desk, number: str) -> str:
    """What took the last of it away, in words."""
    paid = desk.till.paid
    days = [paid.day(each) for each in paid.by_invoice.get(number, ())]
    notes = [each.number for each in desk.till.invoices if each.reverses and each.reverses.number == number]
    credited = [*notes, *(each.credit for each in paid.offset.get(number, ()) if each.credit != number)]
    ways = [f"paid on {max(days)}"] if days else []
    ways += [f"credited by {', '.join(dict.fromkeys(credited))}"] if credited else []
    ways += ["written off"] if paid.given_up.get(number) else []
    return ", ".join(ways) or "it is taken up by the invoice that it is for"


def check_owner(desk: Desk, name: str, numbers: Sequence[str], because: str = "") -> None:
    """Stops (exit 1) where a client's credit would pay what is another's; what is left over may, for a reason."""
    whose = {each.remittance: each.client for each in credits(desk.till.invoices, desk.till.paid)}.get(name)
    named = name in desk.till.paid.aside
    if whose is None or (because and not named):
        return
    for invoice in (each for each in desk.till.invoices if each.number in numbers):
        if not may_use(whose, invoice):
            message = f"{name} is the credit of {whose}; {invoice.number} is for {payer_of(invoice)}"
            way = f'git bill paid {invoice.number} --from {name} --because "{whose} pays for them"'
            hint = f"take that back first: git bill paid --undo {name}" if named else f"if it is right, say why: {way}"
            raise stop(Exit.PROBLEMS, "no-credit", message, hint)


def from_remittance(desk: Desk, numbers: Sequence[str], name: str, said: Said) -> Payments:
    """What is left of a recorded remittance, for these documents. Stops (exit 1) at what can't be."""
    remittance = desk.remittance(name)
    aside = desk.till.paid.aside.get(remittance.id)
    if aside is not None and aside.as_ != "credit":
        message = f"{remittance.id} was put aside as {aside.as_}"
        hint = f"take that back first: git bill paid --undo {remittance.id}"
        raise stop(Exit.PROBLEMS, "decided", message, hint)
    documents = [desk.document(number) for number in dict.fromkeys(numbers)]
    check_owner(desk, remittance.id, [each.number for each in documents], said.because)
    rest = desk.till.paid.rest(remittance.id)
    free = replace(remittance, amount=rest)
    whole = rest if remittance.fee is None or rest != remittance.amount else rest + remittance.fee
    taken = whole if said.amount is None else said.amount if rest.amount > 0 else -said.amount
    opened = _opened_again(desk, free, taken, documents)
    invoices = opened.invoices or _shared_out(desk, free, taken, documents, replace(said, over=True))
    made = settle(
        remittance,
        rest,
        invoices,
        {each.number: each for each in documents},
        how="by-hand",
        stamp=desk.stamp,
        difference=said.difference or opened.difference or _explained(free, documents),
        because=said.because,
    )
    if isinstance(made, Problem):
        raise Stop(Exit.PROBLEMS, [made])
    return Payments(allocations=made)


def _opened_again(desk: Desk, free: Remittance, taken: Money, documents: Sequence[Open]) -> Reopened:
    """What money that went out takes back of invoices that were paid; nothing of money that came, or for credit notes.

    Stops (exit 1) where nothing was paid for them.
    """
    if free.is_in or any(each.open.amount < 0 for each in documents):
        return Reopened(invoices={})
    found = reopened(-taken, [each.number for each in documents], desk.till.paid)
    if not found.invoices:
        numbers = ", ".join(each.number for each in documents)
        message = f"{free.id} is money that went out, and nothing in {taken.currency} was paid for {numbers}"
        hint = "name what it takes back, or say what it is: git bill reconcile --aside R-… --as other"
        raise stop(Exit.PROBLEMS, "wrong-direction", message, hint)
    return found
