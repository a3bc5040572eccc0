"""Booked: what stands of all payments files, and what is left of each remittance. A fold; nothing of it is stored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from git_bill.money import Money
from git_bill.receivable.payment import Allocation, Aside, Payments, Seen, SetOff, WriteOff
from git_bill.receivable.remittance import Remittance


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What stands. `remittances` and `aside` by id of the remittance; the rest in the order of recording.

    `refused`: remittances with an invoice that a person took them back from: no match brings the two together again.
    """

    remittances: Mapping[str, Remittance] = field(default_factory=dict)
    allocations: tuple[Allocation, ...] = ()
    aside: Mapping[str, Aside] = field(default_factory=dict)
    write_offs: tuple[WriteOff, ...] = ()
    set_offs: tuple[SetOff, ...] = ()
    statements: tuple[Seen, ...] = ()
    by_remittance: Mapping[str, tuple[Allocation, ...]] = field(default_factory=dict)
    by_invoice: Mapping[str, tuple[Allocation, ...]] = field(default_factory=dict)
    refused: frozenset[tuple[str, str]] = frozenset()

    @property
    def decided(self) -> frozenset[str]:
        """Remittances that somebody or an earlier run decided on, or that went back whole: nothing matches them."""
        returned = (each.returns for each in self.allocations if each.returns in self.remittances)
        return frozenset({*self.by_remittance, *self.aside, *(name for name in returned if not self.rest(name))})

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
        for each in self.allocations:
            if each.returns == remittance and self.day(each) <= as_of:
                left = left + each.settles
        return left


def booked(files: Iterable[Payments]) -> Booked:
    """The fold over all months, oldest first. A remittance that two months have is taken once, the first."""
    months = tuple(files)
    undone = {undo.names: undo.at for month in months for undo in month.undone}
    remittances: dict[str, Remittance] = {}
    for month in months:
        for remittance in month.remittances:
            remittances.setdefault(remittance.id, remittance)
    allocations = tuple(
        each
        for month in months
        for each in month.allocations
        if each.id not in undone and each.remittance in remittances
    )
    by_remittance: dict[str, list[Allocation]] = defaultdict(list)
    by_invoice: dict[str, list[Allocation]] = defaultdict(list)
    for each in allocations:
        by_remittance[each.remittance].append(each)
        if each.invoice:
            by_invoice[each.invoice].append(each)
    return Booked(
        remittances=remittances,
        allocations=allocations,
        aside={
            each.remittance: each
            for month in months
            for each in month.aside
            if each.remittance not in undone or undone[each.remittance] < each.at
        },
        write_offs=tuple(each for month in months for each in month.write_offs if each.id not in undone),
        set_offs=tuple(each for month in months for each in month.set_offs if each.id not in undone),
        statements=tuple(each for month in months for each in month.statements),
        by_remittance={name: tuple(found) for name, found in by_remittance.items()},
        by_invoice={name: tuple(found) for name, found in by_invoice.items()},
        refused=frozenset(
            (each.remittance, each.invoice) for month in months for each in month.allocations if each.id in undone
        ),
    )


NOTHING_BOOKED = Booked()
