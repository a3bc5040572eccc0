"""Status: what is unbilled, what waits, what is owed and overdue, and the one next step."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from git_bill.contract.route import route
from git_bill.contract.tax.table import VatTable
from git_bill.custody.dispatch import Dispatch
from git_bill.flows import load, told
from git_bill.flows.bookkeeping import till
from git_bill.flows.dispatched import sent_of
from git_bill.flows.pending import Pending, pending
from git_bill.flows.receivables import Owed, owed
from git_bill.flows.tax_files import tax_table
from git_bill.flows.undelivered import sending_step
from git_bill.flows.waiting import Waiting, waiting
from git_bill.invoice.basis import Basis, billable_minutes, held_by, pins_of
from git_bill.invoice.drafting import time_of
from git_bill.invoice.due import days_beside, expenses_worth, usage_worth
from git_bill.invoice.fixed import late_deposits
from git_bill.invoice.grouping import Item
from git_bill.invoice.issued import Invoice
from git_bill.invoice.outlook import Outlook, outlook
from git_bill.invoice.part import Kept, Scope
from git_bill.invoice.totals import net_of
from git_bill.layout import draft_branch, draft_file
from git_bill.money import Money, by_currency
from git_bill.period import Period, month
from git_bill.ports import Books
from git_bill.problem import Problem
from git_bill.worklog.entry import Worked
from git_bill.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbilled:
    """A client's work that no invoice has. `net`: by the contracts' rates, one amount per currency, caps aside.

    `expenses` and `usage`: what they come to beside it. `agents`: minutes with AI agents. `drafted`: minutes that
    drafts hold. `due`: minutes of past months that none holds; `unsure`: those of them that nobody confirmed.
    `outlooks`: what is left of each contract; `beside`: a fee, milestone or the like of past months is due.
    """

    client: str
    name: str
    minutes: int
    confirmed: int
    agents: int
    net: tuple[Money, ...]
    expenses: tuple[Money, ...]
    usage: tuple[Money, ...]
    drafted: int
    due: int
    unsure: int
    outlooks: tuple[Outlook, ...] = ()
    beside: bool = False

    @property
    def is_open(self) -> bool:
        """Whether anything is unbilled."""
        return bool(self.minutes or self.expenses or self.usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The one most useful command now, and why."""

    command: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`clients`: all; `unbilled`: those with something that no invoice has. `owed`: what is open, late ones first.

    `claimed`: numbers that wait for their invoice. `worked`: by id. `sent`: by number. `pending`: what of the money
    waits for somebody.
    """

    clients: tuple[Unbilled, ...]
    unbilled: tuple[Unbilled, ...]
    drafts: tuple[Waiting, ...]
    owed: Owed
    claimed: tuple[str, ...]
    worked: Mapping[str, Worked]
    problems: tuple[Problem, ...]
    step: Step
    sent: Mapping[str, Dispatch]
    pending: Pending = Pending()


def status(books: Books, vat: VatTable, today: date) -> Status:
    """Read from what is here, and the books remote as it was fetched last. Stops (exit 3) at unreadable files."""
    here, tip = books.here(), books.tip()
    workspace = load.workspace(here)
    table = tax_table(here, vat)
    worked = {item.id: item for item in load.worked(here)}
    numbered = load.numbered(books.at(tip) if tip else here)
    invoices = tuple(item.invoice for item in numbered if item.invoice is not None)
    drafts = waiting(books)
    spent, read, done = load.expenses(here), load.readings(here), told.happened(here, workspace)
    tickets = told.tickets(here, workspace)
    bases = [
        replace(
            _basis(workspace, client, vat=table, worked=worked, invoices=invoices, drafts=drafts),
            expenses=spent.get(client, {}),
            readings=read.get(client, {}),
            happened=done.get(client, {}),
            labels=tickets.labels,
            milestones=tickets.milestones,
        )
        for client in workspace.engagements
    ]
    late = tuple(_late(bases, drafts))
    state = books.at(tip) if tip else here
    open_ones = owed(till(state), workspace, table, today)
    money = pending(books, state, {each.number: each for each in invoices}, open_ones.unknown, today)
    found = [_unbilled(basis, today) for basis in bases]
    clients = tuple(client for client, _ in found)
    unbilled = tuple(client for client in clients if client.is_open)
    sent = sent_of(books.at(tip)) if tip else {}
    claimed = tuple(n.claim.number for n in numbered if n.invoice is None and n.claim.void is None)
    return Status(
        clients=clients,
        unbilled=unbilled,
        drafts=drafts,
        owed=open_ones,
        claimed=claimed,
        worked=worked,
        problems=(
            *(replace(problem, severity="warning") for _, problems in found for problem in problems),
            *(problem for draft in drafts for problem in draft.problems),
            *late,
            *open_ones.problems,
            *_not_pushed(books, drafts),
        ),
        step=_in_hand(money.step(today) or sending_step(invoices, sent), claimed, drafts)
        or _step(workspace, clients, _without(drafts, late), claimed, here.paths("billing/evidence")),
        sent=sent,
        pending=money,
    )


def _basis(
    workspace: Workspace,
    client: str,
    *,
    vat: VatTable,
    worked: Mapping[str, Worked],
    invoices: tuple[Invoice, ...],
    drafts: Iterable[Waiting],
) -> Basis:
    settings, opened = workspace.settings, {d.name: d.draft for d in drafts if d.draft is not None}
    return Basis(
        issuer=settings.issuer,
        client=client,
        engagement=workspace.engagements[client],
        vat=vat,
        worked=worked,
        invoices=invoices,
        pins=pins_of(opened),
        held=held_by(opened),
        names={person.id: person.name for person in settings.contributors},
        zones=settings.zones,
    )


def _unbilled(basis: Basis, today: date) -> tuple[Unbilled, tuple[Problem, ...]]:
    """A client's open minutes and what they are worth; entries and rates that fit nothing as problems."""
    done = basis.settled
    mine = [w for w in basis.worked.values() if w.client == basis.client and w.entry.minutes and w.id not in done.by]
    proven = [w for w in mine if w.entry.state not in {"unproven", "dropped"}]
    routed = route(proven, basis.engagement, basis.file)
    problems = list(routed.problems)
    minutes = {w.id: done.open(w.id, w.entry.minutes) for w in proven}
    net: dict[str, Money] = {}
    outlooks: list[Outlook] = []
    beside = False
    for contract in basis.engagement.contracts:
        entries = routed.entries.get(contract.id, ())
        minutes |= {w.id: done.open(w.id, billable_minutes(w.entry, contract)) for w in entries}
        items = tuple(Item(worked=w, minutes=minutes[w.id]) for w in entries if minutes[w.id])
        outlooks.append(outlook(basis, contract, items, today))
        beside = beside or bool(days_beside(basis, contract, None, month(today).first - timedelta(days=1)))
        if not items:
            continue
        days = [item.worked.entry.day for item in items]
        scope = Scope(basis=basis, contract=contract, period=Period(min(days), max(days)), items=items, kept=Kept())
        priced = time_of(scope)
        problems += (replace(problem, file=basis.file) for problem in priced.problems)
        for line in priced.lines:
            net[contract.currency] = net.get(contract.currency, Money.zero(contract.currency)) + net_of(line)
    due = [w for w in proven if w.entry.day < month(today).first and w.id not in basis.pins]
    return Unbilled(
        client=basis.client,
        name=basis.engagement.client.name,
        minutes=sum(minutes.values()),
        confirmed=sum(minutes[w.id] for w in proven if w.entry.state == "confirmed"),
        agents=sum(minutes[w.id] for w in proven if w.entry.agent),
        net=tuple(net[currency] for currency in sorted(net)),
        expenses=by_currency(expenses_worth(basis, contract) for contract in basis.engagement.contracts),
        usage=by_currency(usage_worth(basis, contract) for contract in basis.engagement.contracts),
        drafted=sum(minutes[w.id] for w in proven if w.id in basis.pins),
        due=sum(minutes[w.id] for w in due),
        unsure=sum(minutes[w.id] for w in due if w.entry.state == "estimated"),
        outlooks=tuple(outlooks),
        beside=beside,
    ), tuple(problems)


def _late(bases: Iterable[Basis], drafts: Iterable[Waiting]) -> Iterator[Problem]:
    """Drafts with a deposit of a contract that is fully billed: they can't be issued any more."""
    by_client = {basis.client: basis for basis in bases}
    for waits in drafts:
        draft = waits.draft
        basis = by_client.get(draft.client) if draft else None
        contract = basis.contract(draft.contract) if draft and basis else None
        if draft and basis and contract and late_deposits(draft, basis, contract):
            yield Problem(
                rule="deposit-too-late",
                severity="warning",
                message=f"{waits.name} bills a deposit of {contract.id}, which is fully billed",
                hint=f"delete the draft: git branch -D {draft_branch(waits.name)}",
                file=draft_file(waits.name),
            )


def _without(drafts: Iterable[Waiting], late: Iterable[Problem]) -> list[Waiting]:
    """The drafts that can still be issued."""
    files = {problem.file for problem in late}
    return [draft for draft in drafts if draft_file(draft.name) not in files]


def _not_pushed(books: Books, drafts: Iterable[Waiting]) -> Iterator[Problem]:
    """Drafts that were merged here alone: what is approved is what the books remote has."""
    tip, local = books.tip(), books.local()
    if books.remote is None or local is None or local == tip:
        return
    there = set(books.at(tip).paths("billing/drafts")) if tip else set()
    known = {draft.draft.id for draft in drafts if draft.draft is not None and draft.state == "open"}
    merged, _ = load.drafts(books.at(local))
    for name, draft in merged.items():
        if draft.id in known and draft_file(name) not in there:
            yield Problem(
                rule="not-pushed",
                severity="warning",
                message=f"{name} is merged here, but not on {books.remote}: it is not approved yet",
                hint=f"push it: git push {books.remote} {books.branch}",
                file=draft_file(name),
            )


def _in_hand(found: tuple[str, str] | None, claimed: tuple[str, ...], drafts: Iterable[Waiting]) -> Step | None:
    """What came in, or what its client does not have, unless something is to be issued before."""
    if found is None or claimed or any(draft.state != "open" for draft in drafts):
        return None
    return Step(command=found[0], why=found[1])


def _step(
    workspace: Workspace,
    clients: Iterable[Unbilled],
    drafts: Iterable[Waiting],
    claimed: tuple[str, ...],
    evidence: tuple[str, ...],
) -> Step:
    """What is nearest to the money comes first."""
    approved = [draft.name for draft in drafts if draft.state != "open"]
    if claimed or approved:
        why = f"{claimed[0]} was claimed and is not finished" if claimed else f"{approved[0]} is approved"
        return Step(command="git bill issue", why=why)
    opened = [draft.name for draft in drafts]
    if opened:
        return Step(command=f"git bill show {opened[0]}", why="read it; merging its branch approves it")
    return _work(workspace, clients, evidence)


def _work(workspace: Workspace, clients: Iterable[Unbilled], evidence: tuple[str, ...]) -> Step:
    """What is nearest to a draft."""
    due = [client for client in clients if client.due]
    if any(client.unsure for client in due):
        return Step(command="git bill confirm", why="say that the hours of past months are right")
    if due or any(client.beside for client in clients):
        return Step(command="git bill draft", why="make the invoice to be reviewed")
    if any(client.confirmed < client.minutes for client in clients):
        return Step(command="git bill confirm", why="go through what nobody has confirmed")
    if not workspace.settings.sources and not evidence:
        return Step(command="git bill source add PATH --client ID", why="say where the work is done")
    return Step(command="git bill collect", why="read new commits" if evidence else "read commits into work entries")
