"""What of the money waits for somebody: proposals on branches, merged ones, remittances, disputes with a last day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from git_bill.flows import load
from git_bill.flows.disputes_at import Row, rows_at
from git_bill.invoice.issued import Invoice
from git_bill.layout import PROPOSALS, proposal_branch, proposal_file
from git_bill.ports import Books, DraftBranch, Snapshot
from git_bill.problem import Stop
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.settling import Proposals

_SOON = timedelta(days=7)


def read_branch(books: Books, branch: DraftBranch) -> Proposals | None:
    """What a branch proposes. One that can't be read proposes nothing."""
    try:
        read = load.read_file(books.at(branch.commit), Proposals, proposal_file(branch.name))
    except Stop:
        return None
    return read.value if read is not None else None


def open_proposals(books: Books, swept: Collection[str] = ()) -> Mapping[str, Proposals]:
    """Name → what a branch proposes; local ones before those of the remote. `swept`: files of some that were merged."""
    found: dict[str, Proposals] = {}
    for branch in books.proposals():
        if branch.name in found or is_swept(books, branch, swept):
            continue
        if (proposals := read_branch(books, branch)) is not None:
            found[branch.name] = proposals
    return found


def is_swept(books: Books, branch: DraftBranch, swept: Collection[str] = ()) -> bool:
    """Whether it was merged and what it said is booked or told: it asks about nothing more, and may go."""
    path, tip = proposal_file(branch.name), books.tip()
    if path in swept:
        return True
    return tip is not None and books.fork_point(branch.commit) == branch.commit and books.at(tip).read(path) is None


def open_remittances(books: Books, swept: Collection[str] = ()) -> frozenset[str]:
    """Those that an open proposal asks about."""
    asking = open_proposals(books, swept).values()
    return frozenset(each.remittance for proposals in asking for each in proposals.matches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """`proposals`: branch → how many payments and write-offs it asks about; `merged`: files that are not booked yet.

    `undecided`: money that came and that nobody is asked about; `disputes`: undecided ones, what is due first first.
    """

    proposals: Mapping[str, int] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    undecided: tuple[Remittance, ...] = ()
    disputes: tuple[Row, ...] = ()

    def step(self, today: date) -> tuple[str, str] | None:
        """The most useful command and why; None where nothing waits. A last day that is near goes before the rest."""
        for each in self.disputes:
            if each.due is not None and today <= each.due <= today + _SOON:
                return f"git bill dispute pack {each.id}", f"evidence is taken until {each.due}"
        if self.merged:
            return "git bill reconcile", "book what was merged"
        if self.undecided:
            count = len(self.undecided)
            what = "a payment came" if count == 1 else f"{count} payments came"
            return "git bill reconcile", f"{what} that nobody has decided on"
        if self.proposals:
            branch = next(iter(self.proposals))
            return f"git show {branch}", "read the proposal; merging it confirms the payments"
        return None


def pending(
    books: Books, tip: Snapshot, invoices: Mapping[str, Invoice], unknown: tuple[Remittance, ...], today: date
) -> Pending:
    """`invoices`: issued ones by number. `unknown`: money that came and that nobody has decided on."""
    merged = tuple(path for path in tip.paths(PROPOSALS) if path.endswith(".toml"))
    there = {name: each for name, each in open_proposals(books).items() if proposal_file(name) not in merged}
    asked = {match.remittance for each in there.values() for match in each.matches}
    return Pending(
        proposals={proposal_branch(name): len(each.matches) + len(each.write_offs) for name, each in there.items()},
        merged=merged,
        undecided=tuple(each for each in unknown if each.id not in asked),
        disputes=rows_at(tip, invoices, today),
    )
