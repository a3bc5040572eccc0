"""The books at the tip, with every draft: what drafting, checking and issuing start from."""

from collections.abc import Mapping
from dataclasses import dataclass

from git_bill.contract.tax.table import VatTable
from git_bill.flows import load
from git_bill.flows.landing import at_tip
from git_bill.invoice.basis import Basis, pins_of
from git_bill.invoice.draft import Draft
from git_bill.ports import Books, DraftBranch, Snapshot
from git_bill.problem import Problem
from git_bill.shape import read
from git_bill.worklog.entry import Worked
from git_bill.workspace import Workspace, draft_file


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTip:
    """One state of the books. `approved`: drafts in `billing/drafts/` by name; `broken`: those that can't be read.

    `open`: drafts on branches of their own that are neither approved nor issued.
    """

    tip: str
    snapshot: Snapshot
    workspace: Workspace
    worked: Mapping[str, Worked]
    numbered: tuple[load.Numbered, ...]
    approved: Mapping[str, Draft]
    broken: Mapping[str, tuple[Problem, ...]]
    open: Mapping[str, tuple[DraftBranch, Draft]]
    vat: VatTable

    def basis(self, client: str, without: str | None = None) -> Basis:
        """What a draft of a client is made from; `without`: the draft that does not hold its own entries back."""
        drafts = {**self.approved, **{name: draft for name, (_, draft) in self.open.items()}}
        drafts.pop(without or "", None)
        settings = self.workspace.settings
        return Basis(
            issuer=settings.issuer,
            client=client,
            engagement=self.workspace.engagements[client],
            vat=self.vat,
            worked=self.worked,
            invoices=tuple(item.invoice for item in self.numbered if item.invoice is not None),
            pins=pins_of(drafts),
            names={person.id: person.name for person in settings.contributors},
            guardrails=settings.guardrails,
        )


def read_books(books: Books, vat: VatTable) -> AtTip:
    """Everything that drafting reads, at the tip of the books branch."""
    tip, snapshot = at_tip(books)
    numbered = load.numbered(snapshot)
    issued = {item.claim.draft for item in numbered if item.invoice is not None}
    approved, broken = load.drafts(snapshot)
    return AtTip(
        tip=tip,
        snapshot=snapshot,
        workspace=load.workspace(snapshot),
        worked={item.id: item for item in load.worked(snapshot)},
        numbered=numbered,
        approved=approved,
        broken=broken,
        open={
            branch.name: (branch, found)
            for branch in books.drafts()
            if (found := draft_on(books.at(branch.commit), branch.name)) is not None
            and found.id not in issued
            and branch.name not in approved
        },
        vat=vat,
    )


def draft_on(snapshot: Snapshot, name: str) -> Draft | None:
    """The draft on a branch; None where it is gone or can't be read."""
    text = load.text_of(snapshot, draft_file(name))
    return None if text is None else read(Draft, text, draft_file(name)).value
