"""The outbox: something leaves the house between two pushed ledger lines, an intent and what became of it.

An intent without an end is looked up at the carrier. What it did is recorded, what it did not do is done now; where it
can't tell, or another carrier was at work, it perhaps left and only a person repeats it (law 8).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from git_bill.custody.dispatch import MAIL, Attempt, Dispatch
from git_bill.effects import Done, Flow, Moved, Outcome, Plan, Publish, Refused, Unsure
from git_bill.flows import load
from git_bill.flows.dispatched import Delivery, sent_of
from git_bill.flows.disputes_at import paused_at
from git_bill.flows.landing import MOST_RACES, at_tip, busy, landed, ledger_line
from git_bill.flows.parcel import Letter, Parcel, Stationery, refuse_changed
from git_bill.ports import Books, Clock, Snapshot
from git_bill.post import Carrier, Mailer
from git_bill.problem import Exit, Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """What became of a copy, to be recorded: done, deferred or refused."""

    kind: str
    copy: int
    because: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What handing over needs. `carrier`: a mailer or a network."""

    books: Books
    clock: Clock
    carrier: Carrier
    by: str

    def line(self, tip: str, step: str, parcel: Parcel, copy: int, now: datetime, **told: str) -> Publish:
        """One ledger line, pushed. `step`: intent, or what became of it."""
        number, kind = parcel.invoice.number, f"{parcel.errand}-{step}"
        via = {"via": parcel.via} if parcel.via != MAIL else {}
        to = {"to": parcel.mark} if parcel.mark and step == "intent" else {}
        more = {name: text for name, text in told.items() if text}
        facts = {"number": number, "copy": copy, "place": self.carrier.place, **via, **to, **more}
        return Publish(
            branch=self.books.branch,
            expect=tip,
            files=ledger_line(self.books.at(tip), at=now, kind=kind, by=self.by, facts=facts),
            message=f"Record {kind} of {number}",
            at=now,
        )

    def gone(self, attempt: Attempt | None, parcel: Parcel) -> bool | None:
        """Whether the newest copy was handed over; None where that can't be told."""
        if attempt is None or attempt.place != self.carrier.place:
            return None
        return self.carrier.delivered(parcel.key(attempt.copy))


def deliver(
    books: Books, clock: Clock, mailer: Mailer | None, stationery: Stationery, *, by: str
) -> Flow[tuple[Delivery, ...]]:
    """Mail what the ledger says is to be mailed and was not, to the addresses that were approved with it."""
    tip = books.tip()
    if tip is None:
        return ()
    waiting = [number for number, dispatch in sent_of(books.at(tip)).items() if waits(dispatch)]
    letters = _letters(books.at(tip), stationery) if waiting else {}
    found: list[Delivery] = []
    for number in waiting:
        letter = letters.get(number)
        if letter is None:
            continue
        told = Delivery(number=number, recipient=letter.to, state="failed")
        today = clock.today(letter.invoice.issuer.timezone)
        if paused := paused_at(books.at(tip), letter.invoice, today):
            found += [replace(told, reason=paused.text, remedy=f"record how it gets there: git bill sent {number}")]
            continue
        one: Delivery | None = replace(told, reason="no way to send mail is set up")
        if mailer is not None:
            office = Office(books=books, clock=clock, carrier=mailer, by=by)
            try:
                one = yield from hand_over(office, letter, asked=False)
            except Stop as stopped:
                if stopped.exit_code != Exit.PROBLEMS:
                    raise
                one = replace(told, reason=stopped.problems[0].message, remedy=stopped.problems[0].hint)
        found += [one] if one else []
    return tuple(found)


def hand_over(office: Office, parcel: Parcel, *, asked: bool) -> Flow[Delivery | None]:
    """Bring a parcel to its end, each step on the newest state; None where there is nothing to do.

    `asked`: a person wants it, whatever the ledger says. Stops (exit 1) where a frozen file was changed.
    """
    number, books = parcel.invoice.number, office.books
    told = Delivery(number=number, recipient=parcel.to, state="sent")
    for _ in range(MOST_RACES):
        tip, snapshot = at_tip(books)
        dispatch = sent_of(snapshot, parcel.errand)[number]
        newest = dispatch.newest
        step = _next(dispatch, office.gone(newest, parcel), asked)
        if step == "rest":
            return None
        if step == "unsure":
            return replace(told, state="perhaps-sent", reason="a run ended before it could tell")
        if step == "record" and newest is not None:
            return (yield from _recorded(office, parcel, told, _End(kind="done", copy=newest.copy)))
        refuse_changed(snapshot, parcel.item, dispatch)
        attempt = newest if step == "send" and newest else _begun(dispatch, parcel, office.clock.now())
        begun = () if attempt is newest else (office.line(tip, "intent", parcel, attempt.copy, attempt.at),)
        effect = parcel.effect(snapshot, attempt, again=_had(dispatch, attempt))
        what = number if parcel.errand == "send" else f"thanks for {number}"
        outcomes = yield Plan(why=f"send {what} to {parcel.to}", effects=(*begun, effect))
        if isinstance(outcomes[0], Moved):
            books.fetch()
            continue
        told, end = _became(told, attempt, outcomes)
        if end is None or (told.state == "failed" and office.carrier.delivered(parcel.key(attempt.copy)) is not None):
            return told
        return (yield from _recorded(office, parcel, told, end))
    raise busy(books.branch)


def _recorded(office: Office, parcel: Parcel, told: Delivery, end: _End) -> Flow[Delivery]:
    """Write down what became of a copy, unless another run has."""
    number, books = parcel.invoice.number, office.books
    for _ in range(MOST_RACES):
        tip, snapshot = at_tip(books)
        newest = sent_of(snapshot, parcel.errand)[number].newest
        if newest is None or newest.copy != end.copy or newest.state != "open":
            return told
        line = office.line(tip, end.kind, parcel, end.copy, office.clock.now(), because=end.because, ref=end.ref)
        outcome = (yield Plan(why=f"record what became of {number}", effects=(line,)))[0]
        if landed(books, outcome):
            return told
    raise busy(books.branch)


def _next(dispatch: Dispatch, gone: bool | None, asked: bool) -> Literal["begin", "send", "record", "unsure", "rest"]:
    """`gone`: whether the newest copy was handed over, None where that can't be told."""
    newest = dispatch.newest
    if newest is not None and newest.state == "open":
        if gone is None:
            return "begin" if asked else "unsure"
        return "record" if gone else "send"
    return "begin" if asked or waits(dispatch) else "rest"


def waits(dispatch: Dispatch) -> bool:
    """Whether the next run goes on by itself: to the usual address, and after what was only put off."""
    newest = dispatch.newest
    if newest is None:
        return dispatch.wanted
    return newest.via == MAIL and (newest.state == "open" or (newest.state == "deferred" and not newest.to))


def _begun(dispatch: Dispatch, parcel: Parcel, now: datetime) -> Attempt:
    """A copy that was put off keeps its number, and with it its Message-ID."""
    newest = dispatch.newest
    same = newest is not None and (newest.state, newest.via, newest.to) == ("deferred", parcel.via, parcel.mark)
    copy = newest.copy if newest is not None and same else dispatch.next_copy
    return Attempt(copy=copy, via=parcel.via, to=parcel.mark, at=now, on=now.date())


def _had(dispatch: Dispatch, attempt: Attempt) -> bool:
    """Whether another copy perhaps arrived."""
    return any(each.copy != attempt.copy and each.state in {"open", "done"} for each in dispatch.attempts)


def _became(told: Delivery, attempt: Attempt, outcomes: tuple[Outcome, ...]) -> tuple[Delivery, _End | None]:
    """What to tell, and what to record; nothing where nothing was begun, or nobody knows."""
    match next((each for each in outcomes if not isinstance(each, Done)), outcomes[-1]):
        case Done(ref=ref, without=without):
            kept = ref if attempt.via != MAIL else ""
            return replace(told, ref=ref, without=without), _End(kind="done", copy=attempt.copy, ref=kept)
        case Unsure(reason=reason, remedy=remedy):
            return replace(told, state="perhaps-sent", reason=reason, remedy=remedy), None
        case Refused(reason=reason, remedy=remedy, lasting=lasting, code=code):
            told = replace(told, state="refused" if lasting else "failed", reason=reason, remedy=remedy)
            kind = "refused" if lasting else "deferred"
            begun = isinstance(outcomes[0], Done) or len(outcomes) == 1
            return told, _End(kind=kind, copy=attempt.copy, because=code) if begun else None
        case _:
            return replace(told, state="failed", reason="the books moved meanwhile"), None


def _letters(snapshot: Snapshot, stationery: Stationery) -> Mapping[str, Letter]:
    """Issued documents whose client has an address, by number."""
    return {
        item.claim.number: Letter(item=item, invoice=item.invoice, stationery=stationery)
        for item in load.numbered(snapshot)
        if item.invoice is not None and item.invoice.client.invoices_to is not None
    }
