"""Draft: from unbilled entries to a file on a branch; drafting again updates it and leaves what a person changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from git_bill.contract.agreement import Contract
from git_bill.contract.route import route
from git_bill.contract.tax.table import VatTable
from git_bill.effects import Done, Flow, Moved, Plan, Publish
from git_bill.flows import load
from git_bill.flows.landing import MOST_RACES
from git_bill.flows.open_drafts import AtTip, read_books
from git_bill.flows.record import record
from git_bill.invoice.basis import Basis, billable_minutes, late_for
from git_bill.invoice.billed import settled
from git_bill.invoice.draft import Draft
from git_bill.invoice.drafting import Drafted, build
from git_bill.invoice.part import CAP
from git_bill.invoice.taxing import decided
from git_bill.invoice.updating import redraft
from git_bill.layout import client_file, draft_branch, draft_file
from git_bill.period import Period, format_duration, month
from git_bill.ports import Books, Clock, DraftBranch
from git_bill.problem import Exit, Problem, Stop, errors, located, stop
from git_bill.shape import read, write
from git_bill.worklog.entry import Worked, short_hash
from git_bill.workspace import DRAFTED, unknown_client


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to draft. Without anything: for every client, all that is unbilled up to the end of last month.

    `commits`: only entries with one of these commits behind them (`<source>:<12 characters>`), for tags and milestones.
    `label` then names the draft.
    """

    client: str | None = None
    period: Period | None = None
    commits: frozenset[str] | None = None
    label: str | None = None
    order: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A draft as it stands on its branch; `commit` None where errors kept it from being written."""

    name: str
    draft: Draft
    basis: Basis
    commit: str | None
    state: Literal["new", "updated", "unchanged", "refused"]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """All drafts of one run, files that were recorded before, and problems that belong to none of them."""

    made: tuple[Made, ...]
    recorded: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """One draft that is to be made: a contract's work in a period."""

    client: str
    contract: Contract
    period: Period
    only: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A draft's name, and the branch and content it has already."""

    name: str
    branch: DraftBranch | None = None
    draft: Draft | None = None


def draft(books: Books, clock: Clock, vat: VatTable, wanted: Wanted) -> Flow[Drafts]:
    """Make or update the drafts that are wanted; each is one branch with one file. Nothing is switched or merged."""
    books.settle()
    books.fetch()
    tip = books.tip()
    known = {*load.clients(books.here()), *(load.clients(books.at(tip)) if tip else ())}
    if wanted.client is not None and wanted.client not in known:
        raise Stop(Exit.PROBLEMS, [unknown_client(wanted.client, known)])
    recorded = yield from record(books, clock)
    found = read_books(books, vat)
    clients = [wanted.client] if wanted.client else sorted(found.workspace.engagements)
    today = clock.today(found.workspace.settings.issuer.timezone)
    made: list[Made] = []
    problems: list[Problem] = []
    for client in clients:
        unreadable = [p for name, some in found.unreadable.items() if name.startswith(f"{client}-") for p in some]
        problems.extend(unreadable)
        if unreadable:  # it may list the same entries
            continue
        due, wrong = _due(found, client, wanted, today)
        problems.extend(wrong)
        for one in due:
            try:
                made.append((yield from _make(books, clock, vat, one, wanted)))
            except Stop as wrong_here:  # what is wrong with one client's draft does not hold up the others
                if wrong_here.exit_code != Exit.PROBLEMS:
                    raise
                problems.extend(wrong_here.problems)
    if not made and not problems:
        problems.append(_nothing(wanted, found, today))
    return Drafts(made=tuple(made), recorded=recorded, problems=tuple(problems))


def _due(found: AtTip, client: str, wanted: Wanted, today: date) -> tuple[list[_Due], tuple[Problem, ...]]:
    """A client's contracts with something to bill, or with an open draft of that period; entries that go astray."""
    basis = found.basis(client)
    period = wanted.period
    last = period.last if period else month(today).first - timedelta(days=1)
    done = settled(basis.earlier)
    candidates = [
        w
        for w in found.worked.values()
        if w.client == client
        and (wanted.commits is not None or w.entry.day <= last)
        and (period is None or w.entry.day >= period.first)
        and (wanted.commits is None or not wanted.commits.isdisjoint(w.entry.evidence))
    ]
    routed = route((w for w in candidates if w.id not in done.by), basis.engagement, basis.file)
    due: list[_Due] = []
    for contract in basis.engagement.contracts:
        mine = [
            w for w in routed.entries.get(contract.id, ()) if done.open(w.id, billable_minutes(w.entry, contract)) > 0
        ]
        due += _of_contract(found, contract, mine, wanted, client=client, last=last)
    return due, tuple(located(problem, basis.where) for problem in routed.problems)


def _of_contract(
    found: AtTip, contract: Contract, mine: Sequence[Worked], wanted: Wanted, *, client: str, last: date
) -> Iterator[_Due]:
    """A contract's open drafts of the time in question, each in its own period, and what lies outside of them."""
    if wanted.commits is not None:
        days = [w.entry.day for w in mine]
        if days:
            only = frozenset(w.id for w in mine)
            yield _Due(client=client, contract=contract, period=Period(min(days), max(days)), only=only)
        return
    waiting = [
        Period(draft.first, draft.last)
        for _, draft in found.open.values()
        if (draft.client, draft.contract, draft.partial) == (client, contract.id, False)
    ]
    again = [p for p in waiting if p == wanted.period or (wanted.period is None and p.last <= last)]
    rest = [w.entry.day for w in mine if not any(w.entry.day in p for p in again)]
    earlier = found.basis(client).earlier
    timely = [day for day in rest if wanted.period or not late_for(day, earlier, contract.id)]
    days = timely or ([] if again else rest)  # late work joins another draft; alone it makes one of its own
    periods = [*again, *([wanted.period or _months(min(days), max(days), last)] if days else [])]
    yield from (_Due(client=client, contract=contract, period=period, only=None) for period in periods)


def _months(first: date, last: date, most: date) -> Period:
    """The whole months around two days, up to the last day in question."""
    return Period(month(first).first, min(most, month(last).last))


def _make(books: Books, clock: Clock, vat: VatTable, due: _Due, wanted: Wanted) -> Flow[Made]:
    """Build or update one draft and publish it; again where its branch moved meanwhile."""
    for _ in range(MOST_RACES):
        found = read_books(books, vat)
        at = _place(found, due, wanted)
        name, branch = at.name, at.branch
        drafted = _drafted(books, clock, found, due, at)
        draft = replace(
            drafted.draft, order=wanted.order or drafted.draft.order, note=wanted.note or drafted.draft.note
        )
        made = Made(
            name=name,
            draft=draft,
            basis=found.basis(due.client, without=name),
            commit=branch.commit if branch else None,
            state="unchanged",
            problems=drafted.problems,
        )
        if errors(drafted.problems) or not draft.lines:
            return replace(made, state="refused", problems=(*made.problems, *_used_up(due.contract, draft)))
        if at.draft is not None and _unmarked(draft) == _unmarked(at.draft):
            return made
        content = write(draft).encode()
        outcome = (
            yield Plan(why=f"draft {name} on {draft_branch(name)}", effects=(_publish(clock, found, made, content),))
        )[0]
        if isinstance(outcome, Done):
            return replace(made, commit=outcome.ref, state="updated" if branch else "new")
        if not isinstance(outcome, Moved):
            raise stop(Exit.FORGE, "push-refused", outcome.reason, outcome.remedy)
        books.fetch()
    raise stop(Exit.REPOSITORY, "busy", "the draft's branch kept moving for minutes", "run the command again")


def _used_up(contract: Contract, draft: Draft) -> tuple[Problem, ...]:
    """Why a draft has no lines although there is work: the cap leaves nothing."""
    waiting = sum(left.minutes for left in draft.not_billed.values() if left.because == CAP)
    if draft.lines or not waiting:
        return ()
    return (
        Problem(
            rule="cap-reached",
            severity="warning",
            message=f"the cap of {contract.id} ({contract.cap}) is used up: {format_duration(waiting)} wait",
            hint="they are billed when the cap has room again; or raise `cap` in the contract",
            file=client_file(draft.client),
        ),
    )


def _unmarked(draft: Draft) -> Draft:
    """Without the notes of what a person changed: they alone are no reason to touch a draft that may be signed off."""
    return replace(draft, set=(), lines=tuple(replace(line, set=()) for line in draft.lines))


def _publish(clock: Clock, found: AtTip, made: Made, content: bytes) -> Publish:
    verb = "Update draft" if made.commit else "Draft"
    return Publish(
        branch=draft_branch(made.name),
        expect=made.commit,
        also=() if made.commit else (found.tip,),
        files={draft_file(made.name): content},
        message=f"{verb} invoice {made.name}\n\n{DRAFTED}",
        at=clock.now(),
    )


def _drafted(books: Books, clock: Clock, found: AtTip, due: _Due, at: _Place) -> Drafted:
    basis = found.basis(due.client, without=at.name)
    tax = decided(basis, due.period)
    if isinstance(tax, Problem):
        raise Stop(Exit.PROBLEMS, [located(tax, basis.where)])
    if at.branch is None or at.draft is None:
        facts = (due.client, due.contract.id, at.name, clock.now().isoformat())
        return build(
            basis, due.contract, due.period, tax, draft_id="D-" + short_hash("\x1f".join(facts)), only=due.only
        )
    return redraft(
        basis, due.contract, due.period, tax, base=_base(books, at.branch, at.name), current=at.draft, only=due.only
    )


def _base(books: Books, branch: DraftBranch, name: str) -> Draft | None:
    """The draft as git-bill wrote it last on this branch; None where its commit is gone (a squash, a rebase)."""
    path = draft_file(name)
    for message, content in books.versions(branch.commit, path):
        if DRAFTED in message.splitlines() and content is not None:
            return read(Draft, content.decode("utf-8", "replace"), path).value
    return None


def _place(found: AtTip, due: _Due, wanted: Wanted) -> _Place:
    """The open draft of this contract and period, or tags, else a name that no draft and no invoice has had."""
    many = len(found.workspace.engagements[due.client].contracts) > 1
    stem = "-".join([due.client, *([due.contract.id] if many else []), wanted.label or _slug(due.period)])
    for name, (branch, draft) in found.open.items():
        alike = (draft.client, draft.contract, draft.partial) == (due.client, due.contract.id, due.only is not None)
        same = (draft.first, draft.last) == (due.period.first, due.period.last)
        again = re.fullmatch(rf"{re.escape(stem)}(-\d+)?", name) if draft.partial else same
        if alike and again:
            return _Place(name=name, branch=branch, draft=draft)
    taken = {*found.approved, *found.broken, *found.branches, *(item.claim.name for item in found.numbered)}
    for number in range(1, len(taken) + 2):
        name = stem if number == 1 else f"{stem}-{number}"
        if name not in taken:
            return _Place(name=name)
    raise AssertionError("one of n + 1 names is free among n")


def _slug(period: Period) -> str:
    """A month by its last day's (`2026-10`), another period by both days."""
    whole_months = period.first.day == 1 and period.last == month(period.last).last
    return f"{period.last:%Y-%m}" if whole_months else f"{period.first}_{period.last}"


def _nothing(wanted: Wanted, found: AtTip, today: date) -> Problem:
    what = (
        f"in {wanted.period}" if wanted.period else f"up to the end of {month(today).first - timedelta(days=1):%B %Y}"
    )
    this = any(w.entry.day >= month(today).first for w in found.worked.values())
    hint = (
        "this month's work so far: git bill draft --period this-month"
        if this
        else "read new work first: git bill collect"
    )
    return Problem(rule="nothing-to-bill", severity="warning", message=f"nothing to bill {what}", hint=hint)
