"""Booked: what stands of all payments files, and what is left of each remittance. A fold; nothing of it is stored."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from git_bill.money import Money
from git_bill.receivable.payment import Allocation, Aside, Payments, Seen, SetOff, WriteOff
from git_bill.receivable.remittance import HAND, Remittance, standing

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What stands. `remittances` and `aside` by id of the remittance; the rest in the order of recording.

    `by_…`: allocations of a remittance, for a document, that return what a remittance had left over. `takers`: what
    takes something back, by rail and the name of that. `given_up` and `offset`: write-offs and set-offs of a document,
    of a credit note too. `lost`: ids of remittances that allocations name and no file has. `refused`: remittances with
    an invoice that a person took them back from: no match brings the two together again. `rejected`: remittances with
    the invoices of a match that a person said no to.
    """

    remittances: Mapping[str, Remittance] = field(default_factory=dict)
    allocations: tuple[Allocation, ...] = ()
    aside: Mapping[str, Aside] = field(default_factory=dict)
    write_offs: tuple[WriteOff, ...] = ()
    set_offs: tuple[SetOff, ...] = ()
    statements: tuple[Seen, ...] = ()
    by_remittance: Mapping[str, tuple[Allocation, ...]] = field(default_factory=dict)
    by_invoice: Mapping[str, tuple[Allocation, ...]] = field(default_factory=dict)
    by_returned: Mapping[str, tuple[Allocation, ...]] = field(default_factory=dict)
    takers: Mapping[tuple[str, str], tuple[Remittance, ...]] = field(default_factory=dict)
    given_up: Mapping[str, tuple[WriteOff, ...]] = field(default_factory=dict)
    offset: Mapping[str, tuple[SetOff, ...]] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()
    rejected: frozenset[tuple[str, frozenset[str]]] = frozenset()

    def is_decided(self, remittance: str) -> bool:
        """Whether somebody or an earlier run decided on it, or it went back whole: nothing matches it any more."""
        if remittance in self.by_remittance or remittance in self.aside:
            return True
        return remittance in self.by_returned and not self.rest(remittance)

    def is_rejected(self, remittance: str, invoices: Iterable[str]) -> bool:
        """Whether a person said that it is not for just these."""
        return (remittance, frozenset(invoices)) in self.rejected

    def day(self, allocation: Allocation) -> date:
        """The day from which an allocation counts: its money's booked day."""
        return self.remittances[allocation.remittance].booked

    def rest(self, remittance: str, as_of: date = date.max) -> Money:
        """What a remittance has left to allocate: with its own sign, zero where all of it is used.

        Of money received: less what was allocated or returned to the payer. Of money paid out: less what was allocated.
        """
        found = self.remittances[remittance]
        left = found.amount if found.booked <= as_of else Money.zero(found.amount.currency)
        for each in self.by_remittance.get(remittance, ()):
            left = left - each.amount if self.day(each) <= as_of else left
        for each in self.by_returned.get(remittance, ()):
            left = left + each.settles if self.day(each) <= as_of else left
        return left


def booked(files: Iterable[Payments]) -> Booked:
    """The fold over all months, oldest first. A remittance that two months have is taken once, the first.

    What a person recorded by hand is money by that word alone: once all of it is taken back, it is none.
    """
    months = tuple(files)
    undone = {undo.names: undo.at for month in months for undo in month.undone}
    told: dict[str, Remittance] = {}
    for month in months:
        for remittance in month.remittances:
            told.setdefault(remittance.id, remittance)
    written = [each for month in months for each in month.allocations]
    stands = [each for each in written if each.id not in undone]
    allocations = tuple(each for each in stands if each.remittance in told)
    paying = {each.remittance for each in allocations}
    aside = {
        each.remittance: each
        for month in months
        for each in month.aside
        if (each.remittance not in undone or undone[each.remittance] < each.at)
        and (each.as_ != "same" or each.of in paying)  # the same money as none is money
    }
    decided = {*aside, *paying, *(each.returns for each in allocations)}
    real = (each for name, each in told.items() if each.rail != HAND or name in decided)
    remittances = {each.id: each for each in standing(real, decided)}
    write_offs = tuple(each for month in months for each in month.write_offs if each.id not in undone)
    set_offs = tuple(each for month in months for each in month.set_offs if each.id not in undone)
    return Booked(
        remittances=remittances,
        allocations=allocations,
        aside=aside,
        write_offs=write_offs,
        set_offs=set_offs,
        statements=tuple(each for month in months for each in month.statements),
        by_remittance=_by(allocations, lambda each: (each.remittance,)),
        by_invoice=_by(allocations, lambda each: (each.invoice,)),
        by_returned=_by(allocations, lambda each: (each.returns,)),
        takers=_takers(remittances.values()),
        given_up=_by(write_offs, lambda each: (each.invoice,)),
        offset=_by(set_offs, lambda each: (each.invoice, each.credit)),
        lost=frozenset(each.remittance for each in stands) - told.keys(),
        refused=frozenset((each.remittance, each.invoice) for each in written if each.id in undone),
        rejected=frozenset((no.remittance, frozenset(no.invoices)) for month in months for no in month.rejected),
    )


def _takers(remittances: Iterable[Remittance]) -> Mapping[tuple[str, str], tuple[Remittance, ...]]:
    found: dict[tuple[str, str], list[Remittance]] = defaultdict(list)
    for each in remittances:
        if each.reverses:
            found[each.rail, each.reverses].append(each)
    return {name: tuple(listed) for name, listed in found.items()}


def _by(records: Iterable[T], names: Callable[[T], tuple[str, ...]]) -> Mapping[str, tuple[T, ...]]:
    """Records under their names; "" is none."""
    found: dict[str, list[T]] = defaultdict(list)
    for each in records:
        for of in filter(None, names(each)):
            found[of].append(each)
    return {of: tuple(listed) for of, listed in found.items()}
