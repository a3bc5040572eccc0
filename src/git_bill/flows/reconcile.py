"""Reconcile: money that banks and providers tell of, against what is open. Sure matches are applied, others proposed.

Any number of runs over the same files give the same books: what is known comes once, by its id. Order on the newest
tip: read → what is new → merged proposals and a person's words → money that goes back → own transfers → matching → what
was recorded by hand before → one commit with payments, ledger and cursors → proposals on a branch of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from git_bill.contract.exchange import Quotes
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.audit import tampered
from git_bill.flows.bookkeeping import recorded, till
from git_bill.flows.charged_back import disputed, won
from git_bill.flows.landing import MOST_RACES, at_tip, busy, landed
from git_bill.flows.pending import open_remittances
from git_bill.flows.proposals import merged_files, write_proposals
from git_bill.flows.pulled import cursors, pull
from git_bill.flows.reckoning import Reckoning, as_said, match, take_in, written_off
from git_bill.flows.statements import ReadFile, Statements, file_problems, own_accounts, read_files
from git_bill.flows.thanks import ToThank, to_thank
from git_bill.forge import Forge, PullRequest
from git_bill.money import Money
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop, errors
from git_bill.rail import Rail
from git_bill.receivable.credit import Use, credits, uses
from git_bill.receivable.matching.match import Outcome, Proposed, Unmatched
from git_bill.receivable.matching.score import Weights
from git_bill.receivable.payment import Allocation, Aside, Stamp, WriteOff
from git_bill.receivable.receivable import receivables
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.settling import Proposal, proposal, told
from git_bill.receivable.verdict import Verdict

_BESIDE = frozenset({"fee", "payout"})  # kinds that are nobody's payment


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciling:
    """What reconciling needs from outside. `forge`: None where proposals are not put on a branch; `witness`: tells who
    merged them.
    """

    books: Books
    clock: Clock
    by: str
    weights: Weights
    quotes: Quotes
    statements: Statements
    thank: bool = False
    rails: Mapping[str, Rail] = field(default_factory=dict)
    forge: Forge | None = None
    witness: Forge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What a run did, and what is left. `new`: remittances that nobody knew; `known`: those of them that were.

    `matched`: allocations by themselves; `confirmed`: as a person said. `unmatched`: id → why. `paid`: numbers that
    are settled in full now and were not before. `waiting`: those that an open proposal asks about. `disputes`: ids of
    those that chargebacks opened; `won`: of those whose money came back. `uses`: credit that clients have for what is
    open; `open`: invoices that wait for money, what is due first first. `unthanked`: paid now, and why without thanks.
    `unasked`: a rail could not be asked.
    """

    read: tuple[ReadFile, ...] = ()
    new: tuple[Remittance, ...] = ()
    known: int = 0
    matched: tuple[Allocation, ...] = ()
    confirmed: tuple[Allocation, ...] = ()
    aside: tuple[Aside, ...] = ()
    written_off: tuple[WriteOff, ...] = ()
    proposed: tuple[Proposal, ...] = ()
    unmatched: Mapping[str, str] = field(default_factory=dict)
    remittances: Mapping[str, Remittance] = field(default_factory=dict)
    paid: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    won: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()
    unthanked: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, Money] = field(default_factory=dict)
    pull: PullRequest | None = None
    unasked: bool = False
    problems: tuple[Problem, ...] = ()


def reconcile(need: Reconciling, words: Sequence[Verdict] = (), *, again: bool = False) -> Flow[Reconciled]:
    """Stops before anything is written: (exit 1) at a file that can't be read whole, or books that were tampered with.

    A rail that can't be asked keeps nothing else from being done; its problem is in the result. `words`: what a person
    says now of remittances. `again`: ask about those, too, that an open proposal asks about.
    """
    need.books.settle()
    need.books.fetch()
    if wrong := tampered(need.books):
        raise Stop(Exit.PROBLEMS, wrong)
    pulled = pull(need.rails, at_tip(need.books)[1])
    for _ in range(MOST_RACES):
        tip, snapshot = at_tip(need.books)
        run = _begin(need, snapshot)
        read = read_files(need.statements, run.now, own_accounts(run.workspace.settings, run.now.paid), run.today)
        if errors(file_problems(read)):
            raise Stop(Exit.PROBLEMS, sorted(file_problems(read), key=lambda each: each.severity != "error"))
        merged = merged_files(need.books, need.witness, snapshot, run.workspace)
        take_in(run, read, pulled)
        as_said(run, (*merged.verdicts, *words), need.quotes)
        written_off(run, merged.write_offs)
        run.waits = frozenset() if again else open_remittances(need.books, merged.files)
        outcomes = match(run, need.weights, need.quotes)
        raised = disputed(run)
        thanks = to_thank(snapshot, run.start, run.now, run.today) if need.thank else ToThank()
        lines = [*(("dispute-opened", each.facts) for each in raised), *thanks.lines]
        files = recorded(snapshot, run.start.paid, run.records, at=run.stamp.at, by=need.by, lines=lines)
        for each in raised:
            files |= each.files
        files |= cursors(snapshot, pulled) | dict.fromkeys(merged.files)
        if files:
            outcome = (yield _publication(need, tip, run, files, thanks.then))[0]
            if not landed(need.books, outcome):
                continue
        done = _result(run, read, outcomes)
        asked, problems = yield from write_proposals(
            need.books, need.clock, need.forge, done.proposed, swept=merged.files
        )
        problems = (*file_problems(read), *pulled.problems, *merged.problems, *run.problems, *problems)
        return replace(
            done,
            disputes=tuple(each.dispute.id for each in raised),
            won=won(run, raised),
            unthanked=thanks.not_these,
            pull=asked,
            unasked=bool(pulled.problems),
            problems=problems,
        )
    raise busy(need.books.branch)


def _begin(need: Reconciling, snapshot: Snapshot) -> Reckoning:
    workspace, found = load.workspace(snapshot), till(snapshot)
    today = need.clock.today(workspace.settings.issuer.timezone)
    stamp = Stamp(at=need.clock.now(), by=need.by)
    return Reckoning(snapshot=snapshot, workspace=workspace, start=found, now=found, stamp=stamp, today=today)


def _publication(need: Reconciling, tip: str, run: Reckoning, files: Mapping[str, bytes | None], later: str) -> Plan:
    new, count = len(run.records.remittances), len(run.records.allocations)
    came = f"{new} {'remittance' if new == 1 else 'remittances'}"
    why = f"record {came}, {count} {'match' if count == 1 else 'matches'}"
    publish = Publish(branch=need.books.branch, expect=tip, files=files, message=f"Reconcile: {why}", at=run.stamp.at)
    then = "; ".join(filter(None, ("what is not sure is proposed", later)))
    return Plan(why=why, effects=(publish,), details=tuple(_details(run)), then=then)


def _details(run: Reckoning) -> Iterator[str]:
    """What is decided, for who looks first."""
    remittances = run.now.paid.remittances
    for each in run.records.allocations:
        of = f"of {each.invoice}" if each.invoice else f"returned of {each.returns}"
        yield f"{each.settles} {of} by {told(remittances[each.remittance])}"
    for apart in run.records.aside:
        yield f"aside as {apart.as_}: {told(remittances[apart.remittance])}"


def _result(run: Reckoning, read: tuple[ReadFile, ...], outcomes: Sequence[Outcome]) -> Reconciled:
    remittances, owed = run.now.paid.remittances, run.owed()
    before = {each.number for each in receivables(run.start.invoices, run.start.paid) if each.is_paid}
    asked = [proposal(each, remittances[each.remittance]) for each in outcomes if isinstance(each, Proposed)]
    left = {
        each.remittance: each.because
        for each in outcomes
        if isinstance(each, Unmatched) and remittances[each.remittance].kind not in _BESIDE
    }
    return Reconciled(
        read=read,
        new=run.records.remittances,
        known=run.known,
        matched=tuple(run.matched),
        confirmed=tuple(run.confirmed),
        aside=run.records.aside,
        written_off=run.records.write_offs,
        proposed=tuple(asked),
        unmatched=left,
        remittances=remittances,
        paid=tuple(each.number for each in owed if each.is_paid and each.number not in before),
        uses=tuple(uses(credits(run.now.invoices, run.now.paid), owed)),
        open={each.number: each.open for each in sorted(owed, key=lambda each: each.due) if each.open.amount > 0},
        waiting=tuple(sorted(name for name in run.waits if not run.now.paid.is_decided(name))),
    )
