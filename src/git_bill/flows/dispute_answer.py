"""What is answered to an objection: a person's own words, or a ready wording with the facts of the invoice."""

from dataclasses import dataclass
from datetime import date

from git_bill.effects import Flow
from git_bill.flows import load_payments
from git_bill.flows.attach import Attachment
from git_bill.flows.dispute import Recorded, step
from git_bill.flows.disputes_at import disputes, issued_in, named
from git_bill.flows.landing import at_tip
from git_bill.flows.own_words import worded
from git_bill.invoice.document.wording import Wording
from git_bill.money import Money
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, stop
from git_bill.receivable.dispute.record import Dispute, Step
from git_bill.receivable.dispute.reply import OWN_OFFER, Tone, reply_text
from git_bill.receivable.dispute.standing import claimable, given_drafts
from git_bill.receivable.receivable import receivables


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`text`, or a `template` in a tone; `offer`: what is given up in it, with tax. No third party sees an offer."""

    on: date
    text: str = ""
    template: str | None = None
    tone: Tone = "neutral"
    language: str | None = None
    offer: Money | None = None
    files: tuple[Attachment, ...] = ()


def answered(books: Books, clock: Clock, word: str, wanted: Answer, *, words: Wording, by: str) -> Flow[Recorded]:
    """Record it. Stops (exit 1) at a wording that does not fit: nothing undisputed, an offer above what is disputed."""
    books.settle()
    books.fetch()
    _, snapshot = at_tip(books)
    dispute = named(disputes(snapshot), word)
    if wanted.offer is not None:
        _refuse_offer(dispute, wanted.offer)
    text = wanted.text or _worded(snapshot, dispute, wanted, worded(books.here(), words))
    own = OWN_OFFER if wanted.offer is not None else ""
    template = f"{wanted.template}-{wanted.tone}" if wanted.template else own
    told = Step(do="answer", on=wanted.on, text=text, template=template, by=by, at=clock.now())
    return (yield from step(books, clock, dispute.id, told, by=by, files=wanted.files))


def _worded(snapshot: Snapshot, dispute: Dispute, wanted: Answer, words: Wording) -> str:
    assert wanted.template is not None  # there is a text or a template
    invoices = issued_in(snapshot)
    standing = {
        each.number: each for each in receivables(invoices.values(), load_payments.payments(snapshot), wanted.on)
    }
    part = claimable(
        dispute.invoice,
        standing[dispute.invoice].open,
        disputes(snapshot).values(),
        wanted.on,
        given_drafts(invoices.values(), disputes(snapshot).values(), wanted.on),
    )
    if wanted.template == "undisputed" and not part.undisputed:
        message = f"nothing of {dispute.invoice} is open and undisputed"
        raise stop(Exit.PROBLEMS, "nothing-undisputed", message, "take another wording: --template received")
    if wanted.template == "offer" and wanted.offer is None:
        raise stop(Exit.USAGE, "usage", "say what you offer", f'--offer "{(dispute.amount).short()}", with tax')
    return reply_text(
        dispute,
        invoices[dispute.invoice],
        words,
        template=wanted.template,
        tone=wanted.tone,
        undisputed=part.undisputed,
        offer=wanted.offer,
        language=wanted.language,
    )


def _refuse_offer(dispute: Dispute, offer: Money) -> None:
    most = dispute.amount
    if offer.currency != most.currency or not 0 < offer.amount <= most.amount or offer != offer.rounded():
        message = f"{offer} is no part of the {most} that are disputed"
        raise stop(Exit.PROBLEMS, "wrong-amount", message, f'at most: --offer "{most}"')
