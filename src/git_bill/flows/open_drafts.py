"""The books at the tip, with every draft: what drafting, checking and issuing start from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from git_bill.contract.agreement import Engagement
from git_bill.contract.exchange import Quotes, none_known
from git_bill.contract.expense import Expense
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.table import VatTable
from git_bill.contract.usage import Reading
from git_bill.flows import load, told
from git_bill.flows.exchange_rates import own_first
from git_bill.flows.landing import at_tip
from git_bill.flows.own_words import worded
from git_bill.flows.tax_files import tax_table
from git_bill.invoice.basis import Basis, held_by, pins_of
from git_bill.invoice.billed import credit_notes
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.replacing import corrected
from git_bill.layout import draft_file
from git_bill.ports import Books, Clock, DraftBranch, Snapshot
from git_bill.problem import Problem, Stop
from git_bill.worklog.entry import Worked
from git_bill.worklog.told import Tickets
from git_bill.workspace import Workspace

NO_WORDS = Wording()


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTip:
    """One state of the books. `approved`: drafts in `billing/drafts/` by name; `broken`: those that can't be read.

    `open`: drafts on branches of their own that are neither approved nor issued; `unreadable`: those that can't be
    read. `branches`: the names of all draft branches. `expenses` and `readings`: by client and id. `today`: in the
    issuer's zone, the day of a document that is issued now.
    """

    tip: str
    snapshot: Snapshot
    workspace: Workspace
    worked: Mapping[str, Worked]
    numbered: tuple[load.Numbered, ...]
    approved: Mapping[str, Draft]
    broken: Mapping[str, tuple[Problem, ...]]
    open: Mapping[str, tuple[DraftBranch, Draft]]
    unreadable: Mapping[str, tuple[Problem, ...]]
    branches: frozenset[str]
    vat: VatTable
    tickets: Tickets = Tickets()
    happened: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    expenses: Mapping[str, Mapping[str, Expense]] = field(default_factory=dict)
    readings: Mapping[str, Mapping[str, Reading]] = field(default_factory=dict)
    words: Wording = NO_WORDS
    quotes: Quotes = none_known
    today: date | None = None

    @property
    def waiting(self) -> tuple[str, ...]:
        """Names of all drafts that are approved or open, readable or not."""
        return tuple(sorted({*self.open, *self.unreadable, *self.approved}))

    def draft(self, name: str) -> Draft | None:
        """One that is approved, else open."""
        return self.approved.get(name) or (self.open[name][1] if name in self.open else None)

    def client(self, name: str) -> Client | None:
        """Whom a draft is for."""
        draft = self.draft(name)
        known = draft is not None and draft.client in self.workspace.engagements
        return self.parties(draft.client, draft)[1].client if draft and known else None

    def parties(self, client: str, draft: Draft | None = None) -> tuple[Issuer, Engagement]:
        """Who bills and who pays: a credit note names those of its invoice, a correction perhaps others."""
        issuer, engagement = self.workspace.settings.issuer, self.workspace.engagements[client]
        if draft is None:
            return issuer, engagement
        if draft.reverses is not None:
            invoice = self.invoice(draft.reverses.number)
            if invoice is None:
                return issuer, engagement
            return invoice.issuer, replace(engagement, client=invoice.client)
        payer = self.workspace.engagements.get(draft.bill_to or client, engagement)
        return issuer, replace(engagement, client=corrected(payer.client, draft.corrects), tax=payer.tax)

    @property
    def invoices(self) -> tuple[Invoice, ...]:
        """All documents that are issued."""
        return tuple(item.invoice for item in self.numbered if item.invoice is not None)

    def invoice(self, number: str) -> Invoice | None:
        """The issued document of a number."""
        return next((invoice for invoice in self.invoices if invoice.number == number), None)

    def credit_notes(self, number: str) -> tuple[Invoice, ...]:
        """The issued credit notes of an invoice."""
        return tuple(credit_notes(self.invoices).get(number, ()))

    def issued(self, name: str) -> load.Numbered | None:
        """What a draft of this name was issued as."""
        same = (item for item in reversed(self.numbered) if item.claim.name == name and item.claim.cancels is None)
        return next((item for item in same if item.invoice is not None), None)

    def basis(self, client: str, without: str | None = None) -> Basis:
        """What a draft of a client is made from; `without`: the draft that does not hold its own entries back."""
        drafts = {**self.approved, **{name: draft for name, (_, draft) in self.open.items()}}
        own = drafts.pop(without or "", None)
        settings = self.workspace.settings
        issuer, engagement = self.parties(client, own)
        replaced = own.corrects.number if own and own.corrects else None
        every = self.invoices
        return Basis(
            issuer=issuer,
            client=client,
            engagement=engagement,
            vat=self.vat,
            worked=self.worked,
            invoices=tuple(invoice for invoice in every if invoice.number != replaced),
            pins=pins_of(drafts),
            names={person.id: person.name for person in settings.contributors},
            zones=settings.zones,
            guardrails=settings.guardrails,
            where=self.workspace.where,
            titles=self.tickets.titles,
            labels=self.tickets.labels,
            milestones=self.tickets.milestones,
            words=self.words,
            quotes=self.quotes,
            expenses=self.expenses.get(client, {}),
            readings=self.readings.get(client, {}),
            held=held_by(drafts),
            happened=self.happened.get(client, {}),
            today=self.today,
            credits={name: draft for name, draft in drafts.items() if draft.reverses is not None},
            corrected=next((invoice for invoice in every if invoice.number == replaced), None),
            links=engagement.client.pays_online
            and any(rail is not None and rail.links for rail in (settings.stripe, settings.paypal)),
        )


def read_books(
    books: Books,
    vat: VatTable,
    words: Wording = NO_WORDS,
    quotes: Quotes = none_known,
    *,
    clock: Clock | None = None,
) -> AtTip:
    """Everything that drafting reads, at the tip of the books branch.

    `words` and `quotes` are for making drafts; the books' own rates of exchange go before the latter. `clock`: tells
    the day of a document that is issued now.
    """
    found = _read_state(books, *at_tip(books), vat=vat, words=words, quotes=quotes)
    return found if clock is None else replace(found, today=clock.today(found.workspace.settings.issuer.timezone))


def read_here(books: Books, vat: VatTable, words: Wording = NO_WORDS, quotes: Quotes = none_known) -> AtTip:
    """As `read_books`, with what lies here uncommitted: for looking, not for drafting. Numbers are the tip's."""
    found = _read_state(books, "", books.here(), vat=vat, words=words, quotes=quotes)
    tip = books.tip()
    return replace(found, tip=tip, numbered=load.numbered(books.at(tip))) if tip else found


def _read_state(books: Books, tip: str, snapshot: Snapshot, *, vat: VatTable, words: Wording, quotes: Quotes) -> AtTip:
    workspace = load.workspace(snapshot)
    numbered = load.numbered(snapshot)
    approved, broken = load.drafts(snapshot)
    branches = {branch.name: branch for branch in books.drafts()}
    finished = [item for item in numbered if item.invoice is not None and item.claim.cancels is None]
    done = {*approved, *broken, *(item.claim.name for item in finished)}
    read = {name: _read(books.at(branch.commit), name) for name, branch in branches.items()}
    issued = {item.claim.draft for item in finished}
    return AtTip(
        tip=tip,
        snapshot=snapshot,
        workspace=workspace,
        worked={item.id: item for item in load.worked(snapshot)},
        numbered=numbered,
        approved=approved,
        broken=broken,
        open={
            name: (branches[name], found)
            for name, found in read.items()
            if isinstance(found, Draft) and found.id not in issued and name not in approved
        },
        unreadable={name: found for name, found in read.items() if isinstance(found, tuple) and name not in done},
        branches=frozenset(branches),
        vat=tax_table(snapshot, vat),
        tickets=told.tickets(snapshot, workspace),
        happened=told.happened(snapshot, workspace),
        words=worded(snapshot, words),
        quotes=own_first(snapshot, quotes),
        expenses=load.expenses(snapshot),
        readings=load.readings(snapshot),
    )


def draft_on(snapshot: Snapshot, name: str) -> Draft | None:
    """The draft on a branch; None where it is gone or can't be read."""
    found = _read(snapshot, name)
    return found if isinstance(found, Draft) else None


def _read(snapshot: Snapshot, name: str) -> Draft | tuple[Problem, ...] | None:
    """The draft of a branch, or why it can't be read; None where it is gone."""
    try:
        found = load.read_file(snapshot, Draft, draft_file(name))
    except Stop as stopped:
        return stopped.problems
    return None if found is None else found.value or found.problems
