"""Drafting: from entries to a draft that pins what it bills and says of the rest why not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from git_bill.contract.agreement import Contract, Kind
from git_bill.contract.route import route
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.basis import Basis, billable_minutes, late_for
from git_bill.invoice.call_out import call_outs, least
from git_bill.invoice.conversion import Pricing, priced
from git_bill.invoice.daily import daily
from git_bill.invoice.discounting import on_invoice, on_lines
from git_bill.invoice.draft import Conversion, Draft, Line, NotBilled
from git_bill.invoice.fixed import deductions, fixed, milestones
from git_bill.invoice.grouping import Item
from git_bill.invoice.hourly import hourly
from git_bill.invoice.metered import metered
from git_bill.invoice.ordering import order_for
from git_bill.invoice.part import AGENT, UNPROVEN, Kept, Part, Scope, joined
from git_bill.invoice.recurring import included, recurring
from git_bill.invoice.reimbursed import reimbursed
from git_bill.invoice.retaining import advance, retained
from git_bill.invoice.tax_point import at_tax_points
from git_bill.invoice.totals import net_of
from git_bill.money import total
from git_bill.period import Period
from git_bill.problem import Problem, located
from git_bill.worklog.entry import Entry, Worked

# How the time of a kind of contract is priced, and what is billed beside it.
_TIME: Mapping[Kind, Callable[[Scope], Part]] = {
    "hourly": hourly,
    "daily": daily,
    "fixed": fixed,
    "retainer": retained,
    "usage": hourly,
    "subscription": included,
}
_BESIDE: tuple[Callable[[Scope], Part], ...] = (milestones, advance, recurring, metered, reimbursed)
_AFTER: tuple[Callable[[Scope, tuple[Line, ...]], tuple[Line, ...]], ...] = (call_outs, least, deductions)
_ASKED = ("milestone:", "deposit:", "retainer:")  # what somebody may ask for by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A draft, and what was found on the way: errors that a person must mend first, and what is worth saying."""

    draft: Draft
    problems: tuple[Problem, ...]


def build(
    basis: Basis,
    contract: Contract,
    period: Period,
    tax: Tax,
    *,
    draft_id: str,
    kept: Kept | None = None,
    only: frozenset[str] | None = None,
    asked: frozenset[str] | None = None,
    conversion: Conversion | None = None,
) -> Drafted:
    """The draft of one contract and period, without the kept lines.

    It bills the contract's entries of the period, and late ones of periods that were billed before. Entries that an
    invoice settled, another open draft lists or a person left out are not in its lines. `only`: no other entries;
    `asked`: nothing else beside them (`milestone:beta`, `retainer:2026-12`). `kept` is at agreed prices; `conversion`:
    what the draft's are converted with.
    """
    kept = kept or Kept()
    candidates = _candidates(basis, contract, period)
    open_ones = (w for w in candidates if w.id not in kept.entries and (only is None or w.id in only))
    routed = route(open_ones, basis.engagement, basis.file)
    mine = routed.entries.get(contract.id, ())
    items = tuple(_items((w for w in mine if w.id not in kept.not_billed), basis, contract, period))
    scope = Scope(basis=basis, contract=contract, period=period, items=items, kept=kept, asked=asked, tax=tax)
    part = _priced(replace(scope, conversion=conversion))
    order = order_for(basis, contract, period)
    outside = {w.id: out for w in mine if (out := _outside(w.entry, contract))}
    draft = Draft(
        id=draft_id,
        client=basis.client,
        contract=contract.id,
        first=period.first,
        last=period.last,
        currency=contract.currency,
        payment_terms=contract.payment_terms,
        tax=tax,
        partial=only is not None or asked is not None,
        order=order.number if order else None,
        early_payment=contract.early_payment,
        allowances=part.allowances,
        lines=part.lines,
        annex=part.annex,
        not_billed=_by_day(basis, {**outside, **part.left, **kept.not_billed}),
    )
    draft = priced(draft, Pricing(contract=contract, tax=tax, conversion=conversion), basis.issued)
    problems = (*routed.problems, *part.problems)
    if not part.lines and not kept.lines and not problems:
        problems = (_nothing(basis, period),)
    return Drafted(draft=draft, problems=tuple(located(problem, basis.where) for problem in problems))


def update_command(draft: Draft) -> str:
    """What brings an open draft up to date; one about an issued invoice is closed and made again."""
    if draft.reverses is not None:
        return f"git bill credit {draft.reverses.number} --{draft.reverses.entries}"
    if draft.corrects is not None:
        return f"git bill correct {draft.corrects.number} --because …"
    which = f"--period {Period(draft.first, draft.last)}"
    if draft.partial:
        kind, _, name = next(iter(sorted(asked_of(draft) or ())), "").partition(":")
        which = f"--{kind} {name}" if kind else "--tags A..B"
    return f"git bill draft --client {draft.client} {which}"


def asked_of(draft: Draft) -> frozenset[str] | None:
    """What a draft was asked for, as its lines tell; None for one that bills all that is due."""
    return frozenset(i for line in draft.lines for i in line.bills if i.startswith(_ASKED)) if draft.partial else None


def _items(mine: Iterable[Worked], basis: Basis, contract: Contract, period: Period) -> Iterator[Item]:
    """What is open of entries, and for which period each comes late."""
    for w in mine:
        minutes = basis.settled.open(w.id, billable_minutes(w.entry, contract))
        if minutes > 0:
            yield Item(worked=w, minutes=minutes, late=late_of(basis, contract, period, w.entry.day))


def _candidates(basis: Basis, contract: Contract, period: Period) -> Iterator[Worked]:
    """The client's entries that are in question: nothing settled, nothing without time, nothing on another draft."""
    settled = basis.settled.by
    for w in basis.worked.values():
        day = w.entry.day
        if (
            w.client == basis.client
            and w.entry.minutes > 0
            and w.id not in settled
            and w.id not in basis.pins
            and (day in period or late_of(basis, contract, period, day))
        ):
            yield w


def late_of(basis: Basis, contract: Contract, period: Period, day: date) -> Period | None:
    """The period that was billed before, which a day before this one lies in."""
    return late_for(day, basis.earlier, contract.id) if day < period.first else None


def time_of(scope: Scope) -> Part:
    """What the work comes to by itself, as the contract's kind has it."""
    return _TIME[scope.contract.kind](scope)


def beside(scope: Scope) -> Part:
    """What is billed beside the work, less what a person decided about in this draft and what nobody asks for."""
    part = joined(bill(scope) for bill in _BESIDE)
    return replace(part, lines=tuple(line for line in part.lines if _is_wanted(scope, line)))


def _is_wanted(scope: Scope, line: Line) -> bool:
    asked = scope.asked is None or any(item in scope.asked for item in line.bills)
    return asked and scope.kept.bills.isdisjoint(line.bills)


def _priced(scope: Scope) -> Part:
    """Time, then what is billed beside it, then what depends on the lines so far."""
    more = beside(scope)
    reserved = (*more.lines, *deductions(scope, more.lines))
    time = time_of(replace(scope, reserved=total(map(net_of, reserved), scope.contract.currency)))
    part = joined((replace(time, lines=on_lines(scope, time.lines)), more))
    part = replace(part, lines=at_days((*part.lines, *after(scope, part.lines)), scope))
    return replace(part, allowances=on_invoice(scope, part.lines))


def at_days(lines: tuple[Line, ...], scope: Scope) -> tuple[Line, ...]:
    """The lines, each with the tax of its day where that is not the draft's."""
    return at_tax_points(lines, scope.basis, scope.contract, scope.period, scope.tax)


def after(scope: Scope, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What depends on the lines so far."""
    found = lines
    for add in _AFTER:
        found = (*found, *add(scope, found))
    return found[len(lines) :]


def _outside(entry: Entry, contract: Contract) -> NotBilled | None:
    """Why nothing of an entry is billed, whatever else the draft holds; None where that is not so."""
    if entry.state == "unproven":
        return NotBilled(minutes=entry.minutes, because=UNPROVEN)
    if entry.agent and contract.agents == "none":
        return NotBilled(minutes=entry.minutes, because=AGENT, then="waive")
    return None


def _by_day(basis: Basis, left: Mapping[str, NotBilled]) -> Mapping[str, NotBilled]:
    days = {entry: str(basis.worked[entry].entry.day) if entry in basis.worked else "" for entry in left}
    return {entry: left[entry] for entry in sorted(left, key=lambda entry: (days[entry], entry))}


def _nothing(basis: Basis, period: Period) -> Problem:
    return Problem(
        rule="nothing-to-bill",
        severity="warning",
        message=f"nothing to bill for {basis.client} in {period}",
        hint=f"see what was worked: git bill log --client {basis.client}",
    )
