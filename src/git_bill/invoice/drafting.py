"""Drafting: from entries to a draft that pins what it bills and says of the rest why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from git_bill.contract.agreement import Contract
from git_bill.contract.route import route
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.basis import Basis, billable_minutes, is_late
from git_bill.invoice.billed import Settled, settled
from git_bill.invoice.capping import cap, room
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.invoice.rating import Item, earlier_pieces, line_pieces, net_sum, rate
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total
from git_bill.period import Period
from git_bill.problem import Problem, located
from git_bill.worklog.entry import Worked

# Reasons that git-bill itself gives for not billing. Others are a person's and stay.
CAP, UNPROVEN, ROUNDED_AWAY = "cap", "unproven", "rounds to nothing"
OWN_REASONS = frozenset({CAP, UNPROVEN, ROUNDED_AWAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a person decided in a draft's review: lines that stand as they are, entries that are not billed."""

    lines: tuple[Line, ...] = ()
    not_billed: Mapping[str, NotBilled] = field(default_factory=dict)

    @property
    def entries(self) -> frozenset[str]:
        """Entries that the lines pin."""
        return frozenset(entry for line in self.lines for entry in line.entries)


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
) -> Drafted:
    """The draft of one contract and period, without the kept lines.

    It bills the contract's entries of the period, and late ones of periods that were billed before. Entries that an
    invoice settled, another open draft lists or a person left out are not in its lines. `only`: no other entries.
    """
    kept = kept or Kept()
    done = settled(basis.earlier)
    candidates = [
        w
        for w in _candidates(basis, contract, period, done)
        if w.id not in kept.entries and (only is None or w.id in only)
    ]
    routed = route(candidates, basis.engagement, basis.file)
    mine = routed.entries.get(contract.id, ())
    items = [
        Item(worked=w, minutes=minutes)
        for w in mine
        if w.id not in kept.not_billed and (minutes := done.open(w.id, billable_minutes(w.entry, contract))) > 0
    ]
    lines, left, missing = _lines(basis, contract, period, items, kept)
    unproven = {
        w.id: NotBilled(minutes=w.entry.minutes, because=UNPROVEN)
        for w in mine
        if w.entry.state == "unproven" and w.entry.minutes > 0
    }
    draft = Draft(
        id=draft_id,
        client=basis.client,
        contract=contract.id,
        first=period.first,
        last=period.last,
        currency=contract.currency,
        payment_terms=contract.payment_terms,
        tax=tax,
        partial=only is not None,
        lines=lines,
        not_billed=_by_day(basis, {**unproven, **left, **kept.not_billed}),
    )
    problems = (*_kind(contract, basis), *routed.problems, *missing)
    if not lines and not kept.lines and not problems:
        problems = (_nothing(basis, period),)
    return Drafted(draft=draft, problems=tuple(located(problem, basis.where) for problem in problems))


def update_command(draft: Draft) -> str:
    """What brings an open draft up to date."""
    which = "--tags A..B" if draft.partial else f"--period {Period(draft.first, draft.last)}"
    return f"git bill draft --client {draft.client} {which}"


def _candidates(basis: Basis, contract: Contract, period: Period, done: Settled) -> Iterable[Worked]:
    """The client's entries that are in question: nothing settled, nothing without time, nothing on another draft."""
    for w in basis.worked.values():
        day = w.entry.day
        if (
            w.client == basis.client
            and w.entry.minutes > 0
            and w.id not in done.by
            and w.id not in basis.pins
            and (day in period or (day < period.first and is_late(day, basis.earlier, contract)))
        ):
            yield w


def _lines(
    basis: Basis, contract: Contract, period: Period, items: Sequence[Item], kept: Kept
) -> tuple[tuple[Line, ...], Mapping[str, NotBilled], tuple[Problem, ...]]:
    """Rated lines under the cap, what is left out and why, and rates that are missing."""
    # Kept lines count as billed for the rounding of their groups.
    earlier = (*earlier_pieces(basis, contract), *line_pieces(kept.lines, basis))

    left: dict[str, NotBilled] = {}
    most = room(basis, contract, period)
    if most is not None:
        used = total((net_of(line) for line in kept.lines), contract.currency)
        most = max(most - used, Money.zero(contract.currency))
        capped = cap(items, most, lambda part: net_sum(part, contract, earlier))
        items = capped.kept
        left = {item.worked.id: NotBilled(minutes=item.minutes, because=CAP) for item in capped.over}
    rated = rate(items, contract, basis.names, earlier, basis.titles)
    for item in rated.nothing:
        left.setdefault(item.worked.id, NotBilled(minutes=item.minutes, because=ROUNDED_AWAY, then="waive"))
    place = basis.engagement.place(contract.id)
    problems = tuple(replace(problem, file=basis.file, at=place) for problem in rated.problems)
    return rated.lines, left, problems


def _by_day(basis: Basis, left: Mapping[str, NotBilled]) -> Mapping[str, NotBilled]:
    days = {entry: str(basis.worked[entry].entry.day) if entry in basis.worked else "" for entry in left}
    return {entry: left[entry] for entry in sorted(left, key=lambda entry: (days[entry], entry))}


def _kind(contract: Contract, basis: Basis) -> Iterable[Problem]:
    """Only hours are priced; other kinds follow the same form and are not to be billed as something else."""
    if contract.kind != "hourly":
        yield Problem(
            rule="contract-kind",
            message=f'contract {contract.id} is of kind "{contract.kind}", which this version can\'t price',
            hint='bill it by the hour: kind = "hourly", or with a later version of git-bill',
            file=basis.file,
            at=(*basis.engagement.place(contract.id), "kind"),
        )


def _nothing(basis: Basis, period: Period) -> Problem:
    return Problem(
        rule="nothing-to-bill",
        severity="warning",
        message=f"nothing to bill for {basis.client} in {period}",
        hint=f"see what was worked: git bill log --client {basis.client}",
    )
