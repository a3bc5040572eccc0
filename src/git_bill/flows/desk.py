"""The desk: the newest state as a person's word on money meets it, and how the word is recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from git_bill.contract.exchange import Quotes, none_known
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.audit import tampered
from git_bill.flows.bookkeeping import Till, recorded, till
from git_bill.flows.exchange_rates import own_first
from git_bill.flows.forgoing import unsigned
from git_bill.flows.landing import land
from git_bill.flows.thanks import ToThank, to_thank
from git_bill.money import Money
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Stop, nearest, stop
from git_bill.receivable.exchange_gain import gain
from git_bill.receivable.matching.open import Open
from git_bill.receivable.opens import opens
from git_bill.receivable.payment import Payments, Stamp
from git_bill.receivable.receivable import Receivable, receivables
from git_bill.receivable.remittance import Remittance


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded, and how its invoices stand now. Nothing where all of it was there.

    `unthanked`: paid in full now, and why no thanks go out. `gains`: allocation → what the rate of exchange brought.
    """

    records: Payments
    now: tuple[Receivable, ...]
    till: Till
    unthanked: Mapping[str, str] = field(default_factory=dict)
    gains: Mapping[str, Money] = field(default_factory=dict)

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
    """The newest state as a person's word meets it. `quotes`: rates of exchange, the books' own first."""

    till: Till
    opens: Mapping[str, Open]
    stamp: Stamp
    today: date
    quotes: Quotes = none_known

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


def record_said(
    books: Books,
    clock: Clock,
    by: str,
    make: Callable[[Desk], Payments],
    why: str,
    *,
    thanks: bool = False,
    quotes: Quotes = none_known,
) -> Flow[Recorded]:
    """Land what `make` says of the newest state; nothing where that is nothing. Stops where `make` does.

    `thanks`: are to go out for what is paid in full by that. `quotes`: rates of exchange that are published.
    """
    books.settle()
    books.fetch()
    if wrong := tampered(books):
        raise Stop(Exit.PROBLEMS, wrong)
    made: list[tuple[Payments, Till, ToThank, Mapping[str, Money]]] = []

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        desk = desk_at(snapshot, clock, by, quotes)
        new = make(desk)
        _check_signed(snapshot, desk, new)
        now = desk.till if new.is_empty else desk.till.with_(new)
        whom = to_thank(snapshot, desk.till, now, desk.today) if thanks else ToThank()
        made[:] = [(new, now, whom, _gains(now, new, desk.quotes))]
        if new.is_empty:
            return None
        files = recorded(snapshot, desk.till.paid, new, at=desk.stamp.at, by=by, lines=whom.lines)
        publish = Publish(branch=books.branch, expect=tip, files=files, message=why, at=desk.stamp.at)
        return Plan(why=why[0].lower() + why[1:], effects=(publish,), then=whom.then)

    yield from land(books, plan)
    new, now, whom, gains = made[0]
    standing = receivables(now.invoices, now.paid)
    return Recorded(records=new, now=standing, till=now, unthanked=whom.not_these, gains=gains)


def _check_signed(snapshot: Snapshot, desk: Desk, new: Payments) -> None:
    """Stops (exit 7) where it forgoes more than this person may."""
    if not any(each.difference for each in new.allocations):
        return
    known = {**desk.till.paid.remittances, **{each.id: each for each in new.remittances}}
    workspace, by = load.workspace(snapshot), (desk.stamp.by,)
    wrong = unsigned(new.allocations, known, desk.opens, desk.quotes, workspace=workspace, signed=by)
    if wrong is not None:
        raise Stop(Exit.SIGN_OFF_MISSING, [replace(wrong, severity="error")])


def _gains(now: Till, new: Payments, quotes: Quotes) -> Mapping[str, Money]:
    """Of what was paid in another currency, where the rates are known."""
    invoices = {each.number: each for each in now.invoices}
    found = {
        each.id: gain(
            invoices[each.invoice], each.settles, each.amount, now.paid.remittances[each.remittance].booked, quotes
        )
        for each in new.allocations
        if each.invoice in invoices and each.amount.currency != each.settles.currency
    }
    return {name: each for name, each in found.items() if isinstance(each, Money)}


def desk_at(snapshot: Snapshot, clock: Clock, by: str, quotes: Quotes = none_known) -> Desk:
    """Read from a state of the books."""
    workspace, found = load.workspace(snapshot), till(snapshot)
    owed = receivables(found.invoices, found.paid)
    return Desk(
        till=found,
        opens={each.number: each for each in opens(found.invoices, owed, workspace.engagements)},
        stamp=Stamp(at=clock.now(), by=by),
        today=clock.today(workspace.settings.issuer.timezone),
        quotes=own_first(snapshot, quotes),
    )
