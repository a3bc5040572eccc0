"""Bookkeeping: records of payments into the months' files and the ledger, in one commit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from git_bill.flows import load, load_payments
from git_bill.flows.landing import newest_ledger_file, with_lines
from git_bill.invoice.issued import Invoice
from git_bill.layout import payments_file
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Stop
from git_bill.receivable.booked import Booked, booked
from git_bill.receivable.payment import Payments, by_month
from git_bill.receivable.receivable import excess, misfits
from git_bill.shape import write

Line = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """What stands at a tip: issued documents and what is booked."""

    invoices: tuple[Invoice, ...]
    paid: Booked
    months: tuple[Payments, ...]

    def with_(self, new: Payments) -> "Till":
        """As it will be with more records. Stops (exit 1) where that would break law 9."""
        months = (*self.months, new)
        paid = booked(months)
        if wrong := tuple(excess(self.invoices, paid)):
            raise Stop(Exit.PROBLEMS, wrong)
        return replace(self, paid=paid, months=months)


def till(snapshot: Snapshot) -> Till:
    """Read from a state of the books. Stops (exit 3) at records of payments that can't be added up."""
    months = load_payments.payment_months(snapshot)
    invoices = tuple(each.invoice for each in load.numbered(snapshot) if each.invoice is not None)
    paid = booked(months)
    if wrong := tuple(misfits(invoices, paid)):
        raise Stop(Exit.SETTINGS, wrong)
    return Till(invoices=invoices, paid=paid, months=months)


def recorded(
    snapshot: Snapshot, before: Booked, new: Payments, *, at: datetime, by: str, lines: Iterable[Line] = ()
) -> dict[str, bytes | None]:
    """The files that change: months, and the ledger where anything was decided. `lines`: more for the ledger."""
    known = (*before.remittances.values(), *new.remittances)
    files: dict[str, bytes | None] = {}
    for month, part in by_month(new, {each.id: each.booked for each in known}, at).items():
        files[payments_file(month)] = write(load_payments.payment_month(snapshot, month).joined(part)).encode()
    told = (*ledger_lines(new), *lines)
    if told:
        files |= newest_ledger_file(with_lines(load.ledger(snapshot), told, at=at, by=by))
    return files


def ledger_lines(new: Payments) -> Iterator[Line]:
    """What the ledger says of records, in their order in the file: ids and amounts, no names and no texts."""
    for paid in new.allocations:
        target = {"number": paid.invoice} if paid.invoice else {"returns": paid.returns}
        amounts = {"amount": str(paid.amount), "settles": str(paid.settles)}
        yield "payment", {"allocation": paid.id, "remittance": paid.remittance, "how": paid.how, **amounts, **target}
    for aside in new.aside:
        of = {"of": aside.of} if aside.of else {}
        yield "aside", {"remittance": aside.remittance, "as": aside.as_, **of}
    for no in new.rejected:
        yield "rejected", {"remittance": no.remittance, "numbers": list(no.invoices)}
    for lost in new.write_offs:
        facts = {"write_off": lost.id, "number": lost.invoice, "amount": str(lost.amount), "as": lost.as_}
        yield "write-off", facts
    for off in new.set_offs:
        facts = {"set_off": off.id, "credit": off.credit, "number": off.invoice, "amount": str(off.amount)}
        yield "set-off", facts
    for undo in new.undone:
        yield "payment-undone", {"names": undo.names}
