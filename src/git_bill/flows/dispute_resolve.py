"""The end of a dispute: what is given up becomes the draft of a credit note, then the outcome is recorded."""

from dataclasses import dataclass, replace
from datetime import date

from git_bill.contract.tax.table import VatTable
from git_bill.effects import Flow
from git_bill.flows.credit import credit_note
from git_bill.flows.dispute import Recorded, step
from git_bill.flows.disputes_at import disputes, issued_in, named
from git_bill.flows.draft import Drafts
from git_bill.flows.landing import at_tip
from git_bill.invoice.crediting import Wish
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Entries
from git_bill.money import Money
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.receivable.dispute.amount import wish_for
from git_bill.receivable.dispute.course import ending, moved
from git_bill.receivable.dispute.record import Dispute, Result, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """How it ends. `amount`: of `partly`, with tax. `because`: in words for the client.

    `credit`: whether what is given up becomes a credit note; `entries`: what becomes of the work behind it.
    """

    result: Result
    on: date
    because: str
    amount: Money | None = None
    credit: bool = True
    entries: Entries = "waive"

    def given_up(self, dispute: Dispute) -> Money | None:
        """With tax; None where the client was wrong."""
        return {"upheld": dispute.amount, "partly": self.amount, "rejected": None}[self.result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The dispute as it ended, and what the credit flow made; None where nothing is given up."""

    recorded: Recorded
    drafts: Drafts | None = None


def resolve(
    books: Books, clock: Clock, word: str, ruling: Ruling, *, vat: VatTable, words: Wording, by: str
) -> Flow[Resolved]:
    """End a dispute. The draft is made first: a run that is killed between is finished by the same command.

    Stops (exit 1) where that is not possible as it stands, or less is left to be credited.
    """
    books.settle()
    books.fetch()
    _, snapshot = at_tip(books)
    dispute = named(disputes(snapshot), word)
    given, end = ruling.given_up(dispute), ending(dispute)
    if end is not None and (end.result, end.amount) == (ruling.result, given):
        return Resolved(recorded=Recorded(dispute=dispute, already=True))
    told = Step(
        do="resolve", on=ruling.on, text=ruling.because, result=ruling.result, amount=given, by=by, at=clock.now()
    )
    possible = moved(dispute, told)
    if isinstance(possible, Problem):
        raise Stop(Exit.PROBLEMS, [possible])
    drafts = None
    if given is not None and ruling.credit:
        wish = _wish(snapshot, dispute, ruling, given)
        drafts = yield from credit_note(books, clock, vat, dispute.invoice, wish, words=words)
        made = drafts.made[0]
        told = replace(told, credit=made.name, draft=made.draft.id)
    recorded = yield from step(books, clock, dispute.id, told, by=by)
    return Resolved(recorded=recorded, drafts=drafts)


def _wish(snapshot: Snapshot, dispute: Dispute, ruling: Ruling, given: Money) -> Wish:
    """The credit note that gives it up."""
    invoices = issued_in(snapshot)
    notes = [each for each in invoices.values() if each.reverses and each.reverses.number == dispute.invoice]
    invoice, because = invoices[dispute.invoice], ruling.because or None
    found = wish_for(invoice, notes, dispute.lines, given, entries=ruling.entries, because=because)
    if isinstance(found, Problem):
        raise Stop(Exit.PROBLEMS, [found])
    return found
