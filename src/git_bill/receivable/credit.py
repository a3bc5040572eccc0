"""What clients paid too much or in advance: the rest of remittances that are somebody's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.receivable.booked import Booked
from git_bill.receivable.receivable import payer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Of one remittance: what it has left over, above zero. `since`: the day it was booked."""

    remittance: str
    client: str
    amount: Money
    since: date


def credits(invoices: Iterable[Invoice], paid: Booked, as_of: date = date.max) -> tuple[Credit, ...]:
    """By day and id. It is the client's whose invoice the remittance settles first, or whom a person named.

    Money of which nobody knows the client is not among them.
    """
    payers = {each.number: payer_of(each) for each in invoices}
    found: list[Credit] = []
    for name, remittance in paid.remittances.items():
        client = next((payers[each.invoice] for each in paid.by_remittance.get(name, ()) if each.invoice in payers), "")
        aside = paid.aside.get(name)
        if aside is not None:
            client = aside.of if aside.as_ == "credit" else ""
        left = paid.rest(name, as_of)
        if client and left.amount > 0:
            found.append(Credit(remittance=name, client=client, amount=left, since=remittance.booked))
    return tuple(sorted(found, key=lambda each: (each.since, each.remittance)))
