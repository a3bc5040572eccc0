"""The desk: the newest state as a person's word on money meets it, and how the word is recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.audit import tampered
from git_bill.flows.bookkeeping import Till, recorded, till
from git_bill.flows.landing import land
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Stop, nearest, stop
from git_bill.receivable.matching.open import Open
from git_bill.receivable.opens import opens
from git_bill.receivable.payment import Payments, Stamp
from git_bill.receivable.receivable import Receivable, receivables
from git_bill.receivable.remittance import Remittance


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded, and how its invoices stand now. Nothing where all of it was there."""

    records: Payments
    now: tuple[Receivable, ...]
    till: Till

    @property
    def about(self) -> tuple[Receivable, ...]:
        """The documents that the records are about, or that what they take back was."""
        gone = {each.names for each in self.records.undone}
        meant: set[str] = set()
        for month in (self.records, *self.till.months):
            own = month is self.records
            meant |= {each.invoice for each in month.allocations if own or each.id in gone}
            meant |= {each.invoice for each in month.write_offs if own or each.id in gone}
            for off in month.set_offs:
                meant |= {off.invoice, off.credit} if own or off.id in gone else set()
        return tuple(each for each in self.now if each.number in meant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The newest state as a person's word meets it."""

    till: Till
    opens: Mapping[str, Open]
    stamp: Stamp
    today: date

    def document(self, number: str) -> Open:
        """An issued document. Stops (exit 1) at another number."""
        found = self.opens.get(number) or self.opens.get(number.upper())
        if found is None:
            near = nearest(number, self.opens)
            hint = f"did you mean {near}?" if near else "see what is open with: git bill status --receivables"
            raise stop(Exit.PROBLEMS, "unknown-number", f"{number} was not issued", hint)
        return found

    def remittance(self, name: str) -> Remittance:
        """A recorded one, by its id or the beginning of it. Stops (exit 1) at none and at several."""
        found = [each for key, each in self.till.paid.remittances.items() if key == name or key.startswith(name)]
        exact = [each for each in found if each.id == name]
        if len(exact or found) != 1:
            what = "there is no remittance" if not found else "several remittances begin with"
            raise stop(Exit.PROBLEMS, "unknown-remittance", f"{what} {name}", "see them with: git bill reconcile")
        return (exact or found)[0]


def record_said(books: Books, clock: Clock, by: str, make: Callable[[Desk], Payments], why: str) -> Flow[Recorded]:
    """Land what `make` says of the newest state; nothing where that is nothing. Stops where `make` does."""
    books.settle()
    books.fetch()
    if wrong := tampered(books):
        raise Stop(Exit.PROBLEMS, wrong)
    made: list[tuple[Payments, Till]] = []

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        desk = desk_at(snapshot, clock, by)
        new = make(desk)
        made[:] = [(new, desk.till if new.is_empty else desk.till.with_(new))]
        if new.is_empty:
            return None
        files = recorded(snapshot, desk.till.paid, new, at=desk.stamp.at, by=by)
        publish = Publish(branch=books.branch, expect=tip, files=files, message=why, at=desk.stamp.at)
        return Plan(why=why[0].lower() + why[1:], effects=(publish,))

    yield from land(books, plan)
    new, now = made[0]
    return Recorded(records=new, now=receivables(now.invoices, now.paid), till=now)


def desk_at(snapshot: Snapshot, clock: Clock, by: str) -> Desk:
    """Read from a state of the books."""
    workspace, found = load.workspace(snapshot), till(snapshot)
    owed = receivables(found.invoices, found.paid)
    return Desk(
        till=found,
        opens={each.number: each for each in opens(found.invoices, owed, workspace.engagements)},
        stamp=Stamp(at=clock.now(), by=by),
        today=clock.today(workspace.settings.issuer.timezone),
    )
