"""Show one thing: a draft as its reviewer reads it, a number, an entry."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from git_bill.contract.tax.table import VatTable
from git_bill.custody.dispatch import Dispatch
from git_bill.flows import load
from git_bill.flows.bookkeeping import till
from git_bill.flows.dispatched import sent_of
from git_bill.flows.gate import check_draft
from git_bill.flows.lookup import Known, known
from git_bill.flows.open_drafts import read_books
from git_bill.flows.overview import Overview, overview
from git_bill.flows.waiting import Waiting
from git_bill.invoice.document.branding import PLAIN, Look
from git_bill.invoice.document.page import draft_page
from git_bill.invoice.document.review import Review
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.related import related
from git_bill.ports import Books
from git_bill.press import Typesetter
from git_bill.problem import Exit, Stop, errors
from git_bill.receivable.receivable import Receivable, receivables
from git_bill.worklog.entry import Worked, evidence_name
from git_bill.worklog.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDraft:
    """A draft and its review."""

    waiting: Waiting
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNumber:
    """A number: its claim and, once issued, the invoice, its files, and what it has to do with other documents.

    `now`: what was paid of it and what is open.
    """

    numbered: load.Numbered
    files: tuple[str, ...]
    pdf: bytes | None
    related: tuple[str, ...] = ()
    dispatch: Dispatch | None = None
    now: Receivable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    """An entry, what documents say of it, and the facts behind it as far as they are on file."""

    item: Worked
    overview: Overview
    evidence: tuple[Evidence, ...]


Shown = ShownDraft | ShownNumber | ShownEntry


def show(books: Books, vat: VatTable, word: str, today: date) -> Shown:
    """What a name, a number or the beginning of an id means. Stops (exit 1) at nothing, and at unreadable drafts."""
    names = known(books)
    meant = names.find(word)
    if isinstance(meant, Waiting):
        return ShownDraft(waiting=meant, review=_review(books, vat, meant, today))
    if isinstance(meant, load.Numbered):
        pdf = names.tip.read(f"{meant.folder}/invoice.pdf")
        others = tuple(related(meant.invoice, names.issued)) if meant.invoice is not None else ()
        return ShownNumber(
            numbered=meant,
            files=names.tip.paths(meant.folder),
            pdf=pdf,
            related=others,
            dispatch=sent_of(names.tip).get(meant.claim.number),
            now=_standing(names, meant.claim.number),
        )
    if meant is None:
        raise names.nothing(word)
    return ShownEntry(item=meant, overview=overview(books, names.here), evidence=_behind(names, meant))


def _standing(names: Known, number: str) -> Receivable | None:
    found = receivables(names.issued, till(names.tip).paid)
    return next((each for each in found if each.number == number), None)


def preview(draft: ShownDraft, typesetter: Typesetter, wording: Wording, at: datetime, look: Look = PLAIN) -> bytes:
    """The draft as PDF: marked as no invoice, without a number."""
    review = draft.review
    basis = review.basis
    page = draft_page(
        review.draft,
        basis.issuer,
        basis.engagement,
        basis.worked,
        wording,
        look=look,
        today=review.today,
        vat=basis.vat,
    )
    return typesetter.typeset("invoice.typ", page, {}, at=at, beside=look.files)


def _review(books: Books, vat: VatTable, waiting: Waiting, today: date) -> Review:
    state = replace(read_books(books, vat), today=today)
    problems = check_draft(state, books.at(waiting.commit), waiting.name)
    if waiting.draft is None or waiting.draft.client not in state.workspace.engagements:
        raise Stop(Exit.PROBLEMS, errors(problems))
    basis = state.basis(waiting.draft.client, without=waiting.name)
    mail = state.workspace.settings.mail.on_issue
    return Review(
        draft=waiting.draft,
        basis=basis,
        name=waiting.name,
        problems=problems,
        today=today,
        mail_to=basis.engagement.client.invoices_to if mail else None,
    )


def _behind(names: Known, item: Worked) -> tuple[Evidence, ...]:
    facts = {evidence_name(record.source, record.key): record for record in load.evidence(names.here)}
    return tuple(facts[name] for name in item.entry.evidence if name in facts)
