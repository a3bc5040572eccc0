"""The part of explain that is about disputes and holds: what is asked for of an invoice, and what rests."""

from collections.abc import Iterable, Iterator
from datetime import date

from git_bill.flows.disputes_at import contested, disputes, holds
from git_bill.flows.load import workspace
from git_bill.flows.load_payments import payments
from git_bill.invoice.issued import Invoice
from git_bill.invoice.reasons import money
from git_bill.ports import Snapshot
from git_bill.receivable.dispute.course import ending, state_of
from git_bill.receivable.dispute.record import Dispute, Step
from git_bill.receivable.pause import held
from git_bill.worklog.reason import Reason, brief

_LAW = (
    "whether late interest runs on the disputed part is decided with it: an objection that is right ends the claim "
    "from its beginning, one that is wrong stops no interest (Directive 2011/7/EU Art. 3(1)(b)); the undisputed part "
    "is due as ever. This is information, not advice"
)


def dispute_reasons(snapshot: Snapshot, number: str, issued: Iterable[Invoice], today: date) -> Iterator[Reason]:
    """Every dispute of an invoice, what it does to what is open, and the hold it is under. `issued`: all documents."""
    own = [each for each in disputes(snapshot).values() if each.invoice == number]
    invoices = {each.number: each for each in issued}
    found = contested(snapshot, workspace(snapshot), invoices, payments(snapshot), today).get(number)
    yield from (_reason(each) for each in own)
    if found is not None and found.part.disputed:
        part = found.part
        text = f"{money(part.undisputed)} of what is open are undisputed, {money(part.disputed)} rest"
        because = (Reason(text=_LAW, kind="dispute-interest"),) if part.live else ()
        yield Reason(text=text, kind="undisputed", ref=number, because=because)
    if hold := held(holds(snapshot), number, today):
        why = f": {brief(hold.because)}" if hold.because else ""
        yield Reason(text=f"on hold until {hold.until}, as {hold.by} said{why}", kind="hold", ref=number)
    if found is not None and found.paused is not None:
        yield Reason(text=f"no reminder is mailed: {found.paused.text}", kind="paused", ref=found.paused.ref or number)


def _reason(dispute: Dispute) -> Reason:
    steps = tuple(Reason(text=_step(step), kind=step.do) for step in dispute.steps)
    end = ending(dispute)
    state = state_of(dispute) if end is None else end.result or "withdrawn"
    since = f"{money(dispute.amount)} disputed since {dispute.on} ({dispute.reason})"
    return Reason(text=f"{dispute.id}, {dispute.what}: {since}, {state}", kind="dispute", ref=dispute.id, because=steps)


def _step(step: Step) -> str:
    said = f', "{brief(" ".join(step.text.split()))}"' if step.text else ""
    return f"{step.on}: {step.do}, recorded by {step.by}{said}"
