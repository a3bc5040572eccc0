"""Draft: from unbilled entries to a file on a branch; drafting again updates it and leaves what a person changed."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Literal

from git_bill.contract.agreement import Contract
from git_bill.contract.exchange import Quotes, none_known
from git_bill.contract.route import route
from git_bill.contract.tax.table import VatTable
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.asked_draft import asked_for, unknown_item
from git_bill.flows.landing import MOST_RACES, busy, landed
from git_bill.flows.made_draft import Due, Place, drafted
from git_bill.flows.open_drafts import NO_WORDS, AtTip, read_books
from git_bill.flows.record import record
from git_bill.invoice.basis import Basis, billable_minutes, late_for
from git_bill.invoice.capping import rooms
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.due import days_beside
from git_bill.invoice.part import CAP
from git_bill.layout import client_file, draft_branch, draft_file
from git_bill.period import Period, format_duration, month
from git_bill.ports import Books, Clock
from git_bill.problem import Exit, Problem, Stop, errors, located
from git_bill.shape import write
from git_bill.worklog.entry import Worked
from git_bill.workspace import DRAFTED, unknown_client


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to draft. Without anything: for every client, all that is unbilled up to the end of last month.

    `commits`: only entries with one of these commits behind them (`<source>:<12 characters>`), for tags and milestones.
    `label` then names the draft. `asked`: only these items of contracts (`milestone:beta`, `retainer:2026-12`).
    """

    client: str | None = None
    period: Period | None = None
    commits: frozenset[str] | None = None
    asked: frozenset[str] | None = None
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


def draft(
    books: Books,
    clock: Clock,
    vat: VatTable,
    wanted: Wanted,
    *,
    words: Wording = NO_WORDS,
    quotes: Quotes = none_known,
) -> Flow[Drafts]:
    """Make or update the drafts that are wanted; each is one branch with one file. Nothing is switched or merged.

    `words`: of lines, in the clients' languages; `quotes`: rates of exchange, below the books' own.
    """
    reading = partial(read_books, books, vat, words, quotes, clock=clock)
    books.settle()
    books.fetch()
    tip = books.tip()
    known = {*load.clients(books.here()), *(load.clients(books.at(tip)) if tip else ())}
    if wanted.client is not None and wanted.client not in known:
        raise Stop(Exit.PROBLEMS, [unknown_client(wanted.client, known)])
    recorded = yield from record(books, clock)
    found = reading()
    clients = [wanted.client] if wanted.client else sorted(found.workspace.engagements)
    today = clock.today(found.workspace.settings.issuer.timezone)
    made: list[Made] = []
    problems: list[Problem] = []
    for client in clients:
        unreadable = [p for name, some in found.unreadable.items() if name.startswith(f"{client}-") for p in some]
        problems.extend(unreadable)
        if unreadable:  # it may list the same entries
            continue
        if wanted.asked is not None:
            due, wrong = asked_for(found, client, wanted.asked, wanted.period, today)
        else:
            due, wrong = _due(found, client, wanted, today)
        problems.extend(wrong)
        for one in due:
            each = yield from _made_or_wrong(books, clock, reading, one, wanted)
            if isinstance(each, Made):
                made.append(each)
            else:
                problems.extend(each)
    if not made and not problems:
        unknown = (unknown_item(found, clients, item) for item in sorted(wanted.asked or ()))
        problems.extend(unknown if wanted.asked else [_nothing(wanted, found, today)])
    return Drafts(made=tuple(made), recorded=recorded, problems=tuple(problems))


def _due(found: AtTip, client: str, wanted: Wanted, today: date) -> tuple[list[Due], tuple[Problem, ...]]:
    """A client's contracts with something to bill, or with an open draft of that period; entries that go astray."""
    basis = found.basis(client)
    period = wanted.period
    last = period.last if period else month(today).first - timedelta(days=1)
    done = basis.settled
    candidates = [
        w
        for w in found.worked.values()
        if w.client == client
        and (wanted.commits is not None or w.entry.day <= last)
        and (period is None or w.entry.day >= period.first)
        and (wanted.commits is None or not wanted.commits.isdisjoint(w.entry.evidence))
    ]
    routed = route((w for w in candidates if w.id not in done.by), basis.engagement, basis.file)
    due: list[Due] = []
    for contract in basis.engagement.contracts:
        mine = [
            w for w in routed.entries.get(contract.id, ()) if done.open(w.id, billable_minutes(w.entry, contract)) > 0
        ]
        due += _of_contract(found, contract, mine, wanted, client=client, last=last)
    return due, tuple(located(problem, basis.where) for problem in routed.problems)


def _of_contract(
    found: AtTip, contract: Contract, mine: Sequence[Worked], wanted: Wanted, *, client: str, last: date
) -> Iterator[Due]:
    """A contract's open drafts of the time in question, each in its own period, and what lies outside of them."""
    if wanted.commits is not None:
        if days := [w.entry.day for w in mine]:
            whole, only = Period(min(days), max(days)), frozenset(w.id for w in mine)
            yield Due(client=client, contract=contract, period=whole, only=only, asked=frozenset())
        return
    waiting = [
        Period(draft.first, draft.last)
        for _, draft in found.open.values()
        if (draft.client, draft.contract, draft.partial) == (client, contract.id, False)
    ]
    again = [p for p in waiting if p == wanted.period or (wanted.period is None and p.last <= last)]
    basis = found.basis(client)
    due = [*(w.entry.day for w in mine), *days_beside(basis, contract, wanted.period, last)]
    rest = [day for day in due if not any(day in p for p in again)]
    timely = [day for day in rest if wanted.period or not late_for(day, basis.earlier, contract.id)]
    days = timely or ([] if again else rest)  # late work joins another draft; alone it makes one of its own
    periods = [*again, *([wanted.period or _months(min(days), max(days), last)] if days else [])]
    yield from (Due(client=client, contract=contract, period=period) for period in periods)


def _months(first: date, last: date, most: date) -> Period:
    """The whole months around two days, up to the last day in question."""
    return Period(month(first).first, min(most, month(last).last))


def _made_or_wrong(
    books: Books, clock: Clock, reading: Callable[[], AtTip], due: Due, wanted: Wanted
) -> Flow[Made | tuple[Problem, ...]]:
    """A draft; or what is wrong with it, which does not hold up the others."""
    try:
        return (yield from _make(books, clock, reading, due, wanted))
    except Stop as wrong:
        if wrong.exit_code != Exit.PROBLEMS:
            raise
        return tuple(wrong.problems)


def _make(books: Books, clock: Clock, reading: Callable[[], AtTip], due: Due, wanted: Wanted) -> Flow[Made]:
    """Build or update one draft and publish it; again where its branch moved meanwhile."""
    for _ in range(MOST_RACES):
        found = reading()
        at = _place(found, due, wanted)
        name, branch = at.name, at.branch
        content = drafted(books, clock, found, due, at)
        order, note = wanted.order or content.draft.order, wanted.note or content.draft.note
        draft = replace(content.draft, order=order, note=note)
        made = Made(
            name=name,
            draft=draft,
            basis=found.basis(due.client, without=name),
            commit=branch.commit if branch else None,
            state="unchanged",
            problems=content.problems,
        )
        if errors(content.problems) or not draft.lines:
            return replace(made, state="refused", problems=(*made.problems, *_used_up(made.basis, due.contract, draft)))
        if at.draft is not None and _unmarked(draft) == _unmarked(at.draft):
            return made
        effect = _publish(clock, found, made, write(draft).encode())
        outcome = (yield Plan(why=f"draft {name} on {draft_branch(name)}", effects=(effect,)))[0]
        if done := landed(books, outcome):
            return replace(made, commit=done.ref, state="updated" if branch else "new")
    raise busy(f"the draft branch of {due.client}")


def _used_up(basis: Basis, contract: Contract, draft: Draft) -> tuple[Problem, ...]:
    """Why a draft has no lines although there is work: caps that leave nothing."""
    over = {entry: left for entry, left in draft.not_billed.items() if left.because == CAP}
    if draft.lines or not over:
        return ()
    entries = [basis.worked[entry].entry for entry in over if entry in basis.worked]
    found = rooms(basis, contract, Period(draft.first, draft.last), entries, draft.order)
    problems = []
    for then in dict.fromkeys(left.then for left in over.values()):
        caps = [room for room in found if room.limit.cap.then == then]
        names = " and ".join(room.name for room in [room for room in caps if not room.left] or caps)
        minutes = format_duration(sum(left.minutes for left in over.values() if left.then == then))
        rest, hint = f"{minutes} wait", "they are billed when the cap has room again; or raise it in the contract"
        if then == "waive":
            rest, hint = f"{minutes} are never billed", "raise the cap in the contract, if they are to be"
        problems.append(
            Problem(
                rule="cap-reached",
                severity="warning",
                message=f"the cap of {names} is used up: {rest}",
                hint=hint,
                file=client_file(draft.client),
            )
        )
    return tuple(problems)


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


def _place(found: AtTip, due: Due, wanted: Wanted) -> Place:
    """The open draft of this contract and period, or tags, else a name that no draft and no invoice has had."""
    many = len(found.workspace.engagements[due.client].contracts) > 1
    label = wanted.label or "-".join(item.replace(":", "-") for item in sorted(due.asked or ())) or _slug(due.period)
    stem = "-".join([due.client, *([due.contract.id] if many else []), label])
    for name, (branch, draft) in found.open.items():
        alike = (draft.client, draft.contract, draft.partial) == (due.client, due.contract.id, due.partial)
        same = (draft.first, draft.last) == (due.period.first, due.period.last)
        again = re.fullmatch(rf"{re.escape(stem)}(-\d+)?", name) if draft.partial else same
        if alike and again:
            return Place(name=name, branch=branch, draft=draft)
    taken = {*found.approved, *found.broken, *found.branches, *(item.claim.name for item in found.numbered)}
    for number in range(1, len(taken) + 2):
        name = stem if number == 1 else f"{stem}-{number}"
        if name not in taken:
            return Place(name=name)
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
