"""Said: a person's verdict on a remittance becomes records, or is told why it can't."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from git_bill.flows.bookkeeping import Till
from git_bill.invoice.issued import Invoice
from git_bill.money import total
from git_bill.problem import Problem
from git_bill.receivable.credit import may_use
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Allocation, Apart, Aside, Payments, Rejected, Stamp
from git_bill.receivable.receivable import payer_of
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.settling import settle
from git_bill.receivable.verdict import Verdict

T = TypeVar("T")


def apart(
    invoices: Iterable[Invoice], items: Iterable[T], about: Callable[[T], Iterable[str]]
) -> Iterator[tuple[T, ...]]:
    """In their order, in groups that are reckoned at once: in each, no two are about the same money or invoice.

    `about`: ids of remittances and numbers of documents, as of what stands when the group begins.
    """
    root = {each.number: each.reverses.number if each.reverses else each.number for each in invoices}
    group: list[T] = []
    touched: set[str] = set()
    for item in items:
        own = {root.get(name, name) for name in about(item)}
        if own & touched:
            yield tuple(group)
            group, touched = [], set()
            own = {root.get(name, name) for name in about(item)}
        group.append(item)
        touched |= own
    if group:
        yield tuple(group)


def said(verdict: Verdict, now: Till, opens: Mapping[str, Open], at: datetime) -> Payments | Problem:
    """The records of a person's word, or why it can't be done: of a merged file a warning, as the rest goes on."""
    known, name = now.paid.remittances, verdict.remittance
    meant = [name] if name in known else [each for each in known if each.startswith(name)]
    if len(meant) == 1:
        answer = _answer(verdict, known[meant[0]], now, opens, at)
    else:
        message = f"{'several remittances begin with' if meant else 'there is no remittance'} {name}"
        answer = Problem(rule="unknown-remittance", message=message, hint="see them with: git bill reconcile")
    if isinstance(answer, Payments) or verdict.where is None:
        return answer
    return replace(answer, severity="warning", file=verdict.where)


def _answer(
    verdict: Verdict, remittance: Remittance, now: Till, opens: Mapping[str, Open], at: datetime
) -> Payments | Problem:
    aside_now = now.paid.aside.get(remittance.id)
    parted = verdict.aside is not None or verdict.rejects is not None
    if now.paid.is_decided(remittance.id) and (parted or aside_now is None or aside_now.as_ != "credit"):
        hint = f"take that back first: git bill paid --undo {remittance.id}"
        return Problem(rule="decided", message=f"{remittance.id} is decided on already", hint=hint)
    if parted:
        return _parted(verdict, remittance, now, at)
    if aside_now is not None and (not_theirs := _anothers(aside_now.of, verdict, now)) is not None:
        return not_theirs
    made = settle(
        remittance,
        now.paid.rest(remittance.id),
        verdict.invoices,
        opens,
        how="by-hand" if verdict.score is None else "confirmed",
        stamp=Stamp(at=at, by=verdict.by),
        difference=verdict.difference,
        given=verdict.score,
        because=verdict.because,
        reasons=verdict.reasons,
    )
    if isinstance(made, Problem):
        return made
    return _never_paid(made, opens, now) or Payments(allocations=made)


def _parted(verdict: Verdict, remittance: Remittance, now: Till, at: datetime) -> Payments | Problem:
    """It pays none of what was proposed, or nothing at all."""
    because, by = verdict.because, verdict.by
    if verdict.rejects is not None:
        if now.paid.is_rejected(remittance.id, verdict.rejects):
            return Payments()
        no = Rejected(remittance=remittance.id, invoices=verdict.rejects, because=because, by=by, at=at)
        return Payments(rejected=(no,))
    if verdict.aside == "credit" and not remittance.is_in:
        message = f"{remittance.id} of {remittance.amount} went out: it is no credit of a client"
        hint = f"git bill reconcile --aside {remittance.id} --as other"
        return Problem(rule="wrong-direction", message=message, hint=hint)
    as_: Apart = verdict.aside or "other"
    return Payments(aside=(Aside(remittance=remittance.id, as_=as_, of=verdict.of, because=because, by=by, at=at),))


def _anothers(client: str, verdict: Verdict, now: Till) -> Problem | None:
    """One client's credit pays no invoice of another."""
    for each in now.invoices:
        if each.number in verdict.invoices and not may_use(client, each):
            message = f"{verdict.remittance} is the credit of {client}; {each.number} is for {payer_of(each)}"
            hint = f"take that back first: git bill paid --undo {verdict.remittance}"
            return Problem(rule="no-credit", message=message, hint=hint)
    return None


def _never_paid(made: Iterable[Allocation], opens: Mapping[str, Open], now: Till) -> Problem | None:
    """Money that goes back opens an invoice again by no more than had been paid for it."""
    for each in made:
        if each.settles.amount >= 0 or opens[each.invoice].open.amount < 0:
            continue
        settled = total((one.settles for one in now.paid.by_invoice.get(each.invoice, ())), each.settles.currency)
        if (settled + each.settles).amount < 0:
            message = f"{-each.settles} of {each.invoice} can't be taken back: {settled} was paid for it"
            hint = "see what money that went out is: git bill reconcile --aside R-… --as other"
            return Problem(rule="over-allocated", message=message, hint=hint)
    return None
