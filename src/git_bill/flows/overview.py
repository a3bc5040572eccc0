"""What was worked and what documents say of it: where listing and correcting start from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from git_bill.flows import load
from git_bill.flows.open_drafts import draft_on
from git_bill.invoice.basis import pins_of
from git_bill.invoice.billed import Settled, settled, standing
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.period import Period
from git_bill.ports import Books, Snapshot
from git_bill.worklog.entry import Worked
from git_bill.worklog.flags import LATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`worked`: every entry by id, dropped ones too. `invoiced`: entry → number of the last invoice that lists it.

    `drafted`: entry → name of a draft, open or merged, that lists it. `late`: entry that an invoice of its days came
    without → that invoice's period.
    """

    worked: Mapping[str, Worked]
    settled: Settled
    invoiced: Mapping[str, str]
    drafted: Mapping[str, str]
    late: Mapping[str, Period]

    def unbilled(self, item: Worked) -> int:
        """Minutes that no invoice has billed or settled; none of unproven time, which is not billed."""
        return 0 if item.entry.state == "unproven" else self.settled.open(item.id, item.entry.minutes)


def overview(books: Books, state: Snapshot) -> Overview:
    """Entries and documents of a state. Stops (exit 3) at files that can't be read; a broken draft holds nothing."""
    numbered = load.numbered(state)
    invoices = tuple(item.invoice for item in numbered if item.invoice is not None)
    issued = {invoice.draft for invoice in invoices}
    drafts = {name: draft for name, draft in drafts_here(books, state).items() if draft.id not in issued}
    worked = {item.id: item for item in load.worked(state)}
    earlier = standing(invoices)
    return Overview(
        worked=worked,
        settled=settled(invoices),
        invoiced={entry: invoice.number for invoice in standing(invoices) for entry in _listed(invoice)},
        drafted=pins_of(drafts),
        late={item.id: period for item in worked.values() if (period := _late(item, earlier))},
    )


def _late(item: Worked, earlier: Iterable[Invoice]) -> Period | None:
    """The period of the first invoice to its client that has its day, where that one came without it."""
    if LATE not in item.entry.flags:
        return None
    own = (one for one in earlier if one.client_id == item.client and one.first <= item.entry.day <= one.last)
    first = next(own, None)
    return Period(first.first, first.last) if first and item.id not in _listed(first) else None


def _listed(invoice: Invoice) -> set[str]:
    """Entries that an invoice bills or waives, in whole or in part."""
    waived = {entry for entry, left in invoice.not_billed.items() if left.then == "waive"}
    return waived.union(*(line.entries for line in invoice.lines))


def drafts_here(books: Books, state: Snapshot) -> Mapping[str, Draft]:
    """Drafts by name: those on branches of their own, and those that are merged."""
    branches = {branch.name: draft_on(books.at(branch.commit), branch.name) for branch in books.drafts()}
    return {**{name: draft for name, draft in branches.items() if draft is not None}, **load.drafts(state)[0]}
