"""What clients paid too much or in advance, and what of theirs may be taken off for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from git_bill.invoice.issued import Invoice
from git_bill.money import Money, total
from git_bill.receivable.booked import Booked
from git_bill.receivable.receivable import Receivable, payer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Of one remittance: what it has left over, above zero. `since`: the day it was booked."""

    remittance: str
    client: str
    amount: Money
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Credit that may be taken off an invoice. `credit`: a remittance with something left, or a credit note."""

    credit: str
    invoice: str
    client: str
    amount: Money


def credits(invoices: Iterable[Invoice], paid: Booked, as_of: date = date.max) -> tuple[Credit, ...]:
    """By day and id. It is the client's whose invoice the remittance settles first, or whom a person named.

    What pays an invoice that was issued later is credit until then. Money of which nobody knows the client is not among
    them.
    """
    known = {each.number: each for each in invoices}
    found: list[Credit] = []
    for name, remittance in paid.remittances.items():
        own = [each for each in paid.by_remittance.get(name, ()) if each.invoice in known]
        client = payer_of(known[own[0].invoice]) if own else ""
        aside = paid.aside.get(name)
        if aside is not None:
            client = aside.of if aside.as_ == "credit" else ""
        later = (each.amount for each in own if known[each.invoice].issue_date > as_of >= remittance.booked)
        left = paid.rest(name, as_of) + total(later, remittance.amount.currency)
        if client and left.amount > 0:
            found.append(Credit(remittance=name, client=client, amount=left, since=remittance.booked))
    return tuple(sorted(found, key=lambda each: (each.since, each.remittance)))


def may_use(client: str, invoice: Invoice) -> bool:
    """Whether it is for this client: who the work was for, or who pays for them."""
    return client in {invoice.client_id, payer_of(invoice)}


def uses(credits: Iterable[Credit], owed: Iterable[Receivable]) -> Iterator[Use]:
    """What each client has to its credit, for its invoices that are due first. Only ever offered."""
    listed = tuple(owed)
    wanted = {each.number: each.open for each in listed if each.open.amount > 0}
    free = [(each.remittance, each.client, each.amount) for each in credits]
    free += [(each.number, each.client, -each.open) for each in listed if each.open.amount < 0]
    for name, client, amount in free:
        left = amount
        for each in sorted(listed, key=lambda each: (each.due, each.number)):
            open_now = wanted.get(each.number)
            if open_now is None or each.client != client or open_now.currency != left.currency:
                continue
            taken = min(left, open_now)
            if taken:
                yield Use(credit=name, invoice=each.number, client=client, amount=taken)
                wanted[each.number] = open_now - taken
                left = left - taken
