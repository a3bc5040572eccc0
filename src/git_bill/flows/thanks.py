"""Thanks: one mail with the receipt when an invoice is paid in full, where that is wanted, and never twice (law 8).

Who is to be thanked is a ledger line (`thank-wanted`) in the commit that books the payment; then the mail goes out as
an invoice's does, between `thank-intent` and what became of it. So a run that ends in between is finished by the next.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from git_bill.custody.dispatch import MAIL, Attempt, Errand
from git_bill.effects import Deliver, Flow
from git_bill.flows import load
from git_bill.flows.bookkeeping import Line, Till, till
from git_bill.flows.dispatched import Delivery, sent_of
from git_bill.flows.disputes_at import disputes, holds
from git_bill.flows.landing import at_tip
from git_bill.flows.outbox import Office, hand_over, waits
from git_bill.flows.own_words import worded
from git_bill.flows.parcel import Stationery, mail_settings, message_id, plain_number
from git_bill.flows.receipts import receipt_at, receipt_file
from git_bill.flows.render import Tools
from git_bill.invoice.document.letter import thanks_facts
from git_bill.invoice.issued import Invoice
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Stop
from git_bill.receivable.dispute.course import is_live
from git_bill.receivable.pause import thanks_stopped
from git_bill.receivable.receivable import payer_of, receivables


@dataclass(frozen=True, slots=True, kw_only=True)
class ToThank:
    """Whom to thank for what was booked just now. `not_these`: number → why not."""

    numbers: tuple[str, ...] = ()
    not_these: Mapping[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Line, ...]:
        """For the ledger, with what is booked."""
        return tuple(("thank-wanted", {"number": number}) for number in self.numbers)

    @property
    def then(self) -> str:
        """What follows the booking, in words; "" where nothing does."""
        return f"mail a receipt with thanks for {', '.join(self.numbers)}" if self.numbers else ""


def to_thank(snapshot: Snapshot, before: Till, now: Till, today: date) -> ToThank:
    """Invoices that are paid in full now and were not before; once each, whatever happens to them later."""
    paid_before = {each.number for each in receivables(before.invoices, before.paid) if each.is_paid}
    new = [each.number for each in receivables(now.invoices, now.paid) if each.is_paid]
    new = [number for number in new if number not in paid_before]
    if not new:
        return ToThank()
    thanked = sent_of(snapshot, "thank")
    known = {each.number: each for each in now.invoices}
    again = [number for number in new if (found := thanked.get(number)) and (found.wanted or found.attempts)]
    reasons = {number: _why_not(snapshot, known[number], today) for number in new if number not in again}
    return ToThank(
        numbers=tuple(number for number, why in reasons.items() if not why),
        not_these={number: why for number, why in reasons.items() if why},
    )


def _why_not(snapshot: Snapshot, invoice: Invoice, today: date) -> str:
    """ "" where nothing speaks against thanking."""
    if invoice.reverses is not None:
        return f"{invoice.number} is a credit note"
    if invoice.client.invoices_to is None:
        return f"{invoice.client.name} has no address"
    live = [each.id for each in disputes(snapshot).values() if each.invoice == invoice.number and is_live(each)]
    if live:
        return f"{invoice.number} is disputed: {', '.join(live)}"
    engagement = load.workspace(snapshot).engagements.get(payer_of(invoice))
    insolvent = engagement.insolvent if engagement is not None else None
    stopped = thanks_stopped(invoice.number, as_of=today, holds=holds(snapshot), insolvent=insolvent)
    return stopped.text if stopped is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """The mail with a receipt, to the client's address for invoices as it was approved with the invoice."""

    item: load.Numbered
    invoice: Invoice
    stationery: Stationery
    tools: Tools

    @property
    def errand(self) -> Errand:
        return "thank"

    @property
    def via(self) -> str:
        return MAIL

    @property
    def to(self) -> str:
        return self.invoice.client.invoices_to or ""

    @property
    def mark(self) -> str:
        return ""

    def key(self, copy: int) -> str:
        return message_id(self.invoice, copy, self.errand)

    def effect(self, snapshot: Snapshot, attempt: Attempt, *, again: bool) -> Deliver:
        """Of what the books say when it is handed over."""
        wording = worded(snapshot, self.stationery.wording)
        receipt = receipt_at(snapshot, self.invoice)
        facts = thanks_facts(self.invoice, receipt, wording, signature=mail_settings(snapshot).signature)
        name = f"{plain_number(self.invoice)}-{wording.say('title_receipt', self.invoice.client.language)}.pdf"
        content = receipt_file(snapshot, self.item, self.tools, self.stationery.wording)
        return self.stationery.mail(snapshot, self, attempt, facts, {name: content})


def thank(office: Office, stationery: Stationery, tools: Tools) -> Flow[tuple[Delivery, ...]]:
    """Mail what the ledger says is wanted and did not go, where nothing speaks against it by now.

    What perhaps went stays as it is: thanks that came twice are worse than none.
    """
    _, snapshot = at_tip(office.books)
    found: list[Delivery] = []
    for parcel in tuple(_parcels(office, snapshot, stationery, tools)):
        try:
            one = yield from hand_over(office, parcel, asked=False)
        except Stop as stopped:
            if stopped.exit_code != Exit.PROBLEMS:
                raise
            first = stopped.problems[0]
            one = Delivery(number=parcel.invoice.number, recipient=parcel.to, state="failed", reason=first.message)
            one = replace(one, remedy=first.hint)
        found += [one] if one is not None else []
    return tuple(found)


def _parcels(office: Office, snapshot: Snapshot, stationery: Stationery, tools: Tools) -> Iterator[Thanks]:
    waiting = {number: each for number, each in sent_of(snapshot, "thank").items() if waits(each)}
    if not waiting:
        return
    now = till(snapshot)
    paid = {each.number for each in receivables(now.invoices, now.paid) if each.is_paid}
    for item in load.numbered(snapshot):
        number, invoice = item.claim.number, item.invoice
        if invoice is None or number not in waiting or number not in paid:
            continue
        parcel = Thanks(item=item, invoice=invoice, stationery=stationery, tools=tools)
        newest = waiting[number].newest
        unknown = newest is not None and newest.state == "open" and office.gone(newest, parcel) is None
        if not unknown and not _why_not(snapshot, invoice, office.clock.today(invoice.issuer.timezone)):
            yield parcel
