"""Sent: what a person says became of a document: it arrived, by mail, post or a portal, or it came back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from git_bill.custody.dispatch import MAIL, Dispatch
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.dispatched import sent_of
from git_bill.flows.landing import at_tip, land, ledger_line
from git_bill.flows.parcel import message_id
from git_bill.flows.send import going
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, stop

Via = Literal["portal", "post", "mail"]
_MOST = 100  # characters of a reference or a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a person says. `on`: the day, never after today. `ref`: what the other side calls it."""

    via: Via
    on: date
    ref: str = ""


def arrived(books: Books, clock: Clock, number: str, word: Word, *, by: str) -> Flow[bool]:
    """Record that a document was delivered; False where the books say so already. It ends an attempt that was unsure.

    Stops (exit 1) at a number that was not issued, (exit 2) at a day before it was.
    """
    books.settle()
    books.fetch()
    found = going(books, number)
    if not found.invoice.issue_date <= word.on:
        message = f"{found.invoice.number} was issued on {found.invoice.issue_date}, after {word.on}"
        raise stop(Exit.USAGE, "usage", message, f"--on {found.invoice.issue_date} or later")

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        dispatch = sent_of(snapshot)[found.invoice.number]
        said = ("done", word.via, word.on, _short(word.ref))
        if any((each.state, each.via, each.on, each.ref) == said for each in dispatch.attempts):
            return None
        facts = {"copy": _copy(dispatch, word), "via": word.via, "on": word.on.isoformat(), "ref": _short(word.ref)}
        return _plan(books, clock, tip, snapshot, kind="sent", number=found.invoice.number, facts=facts, by=by)

    return (yield from land(books, plan))


def bounced(books: Books, clock: Clock, number: str, *, because: str, by: str, copy: int | None = None) -> Flow[bool]:
    """Record that a mail came back, and why; False where the books say so. No reminder counts it as delivered.

    `copy`: which one, where a message tells; else the newest. Stops (exit 1) where no mail of it left.
    """
    books.settle()
    books.fetch()
    found = going(books, number)

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        mails = [each for each in sent_of(snapshot)[found.invoice.number].attempts if each.via == MAIL]
        meant = next((each for each in reversed(mails) if copy in {None, each.copy}), None)
        if meant is None or meant.state in {"deferred", "refused"}:
            message = f"no mail of {found.invoice.number} left{f' as copy {copy}' if copy else ''}, so none came back"
            raise stop(Exit.PROBLEMS, "not-mailed", message, "see how it was sent: git bill show " + number)
        if meant.state == "bounced":
            return None
        facts = {"copy": meant.copy, "because": _short(because)}
        return _plan(books, clock, tip, snapshot, kind="send-bounced", number=found.invoice.number, facts=facts, by=by)

    return (yield from land(books, plan))


def of_message(books: Books, key: str) -> tuple[str, int] | None:
    """The number and the copy that a Message-ID names; None where it is of no issued document."""
    _, snapshot = at_tip(books)
    for item in load.numbered(snapshot):
        first = message_id(item.invoice, 1).partition("@") if item.invoice is not None else ("", "", "")
        stem, at, host = key.partition("@")
        if item.invoice is None or (at, host) != first[1:] or not stem.startswith(first[0]):
            continue
        copy = stem.removeprefix(first[0]).removeprefix(".")
        if copy == "" or copy.isdecimal():
            return item.claim.number, int(copy or 1)
    return None


def _plan(
    books: Books,
    clock: Clock,
    tip: str,
    snapshot: Snapshot,
    *,
    kind: str,
    number: str,
    facts: Mapping[str, object],
    by: str,
) -> Plan:
    now = clock.now()
    told = {"number": number, **{name: value for name, value in facts.items() if value != ""}}
    publish = Publish(
        branch=books.branch,
        expect=tip,
        files=ledger_line(snapshot, at=now, kind=kind, by=by, facts=told),
        message=f"Record {kind} of {number}",
        at=now,
    )
    return Plan(why=f"record what became of {number}", effects=(publish,))


def _copy(dispatch: Dispatch, word: Word) -> int:
    """The attempt that was unsure, where the word is about it; else one more."""
    newest = dispatch.newest
    if newest is not None and newest.state == "open" and newest.via == word.via:
        return newest.copy
    return dispatch.next_copy


def _short(text: str) -> str:
    return " ".join(text.split())[:_MOST]
