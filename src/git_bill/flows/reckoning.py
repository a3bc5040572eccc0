"""A reckoning: what is booked, matched and recognised on one state of the books, step by step, before it is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from git_bill.contract.exchange import Quotes
from git_bill.flows.bookkeeping import Till
from git_bill.flows.dispute import Opening
from git_bill.flows.dispute_from import Chargeback, opening_of_chargeback
from git_bill.flows.exchange_rates import own_first
from git_bill.flows.proposals import said
from git_bill.flows.pulled import AllPulled
from git_bill.flows.statements import ReadFile
from git_bill.money import Money
from git_bill.ports import Snapshot
from git_bill.problem import Problem
from git_bill.receivable.matching.match import Applied, Outcome
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.propose import propose
from git_bill.receivable.matching.score import Weights
from git_bill.receivable.opens import known_habits, opens
from git_bill.receivable.payment import Allocation, Payments, Stamp, WriteOff
from git_bill.receivable.receivable import Receivable, receivables
from git_bill.receivable.recognised import is_back, origin, paid_out, same_money, taken_back, transfers
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.settling import applied, unless_refused
from git_bill.receivable.verdict import Verdict
from git_bill.workspace import Workspace


@dataclass(slots=True, kw_only=True)
class Reckoning:
    """One reckoning on one state of the books: records grow, and the till with them.

    `known`: how many of the remittances that were read were there; `waits`: those that an open proposal asks about.
    """

    snapshot: Snapshot
    workspace: Workspace
    start: Till
    now: Till
    stamp: Stamp
    today: date
    known: int = 0
    waits: frozenset[str] = frozenset()
    records: Payments = Payments()
    matched: list[Allocation] = field(default_factory=list)
    confirmed: list[Allocation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, new: Payments) -> None:
        """Take records in; the next step sees them."""
        if not new.is_empty:
            self.now = self.now.with_(new)
            self.records = self.records.joined(new)

    def owed(self) -> tuple[Receivable, ...]:
        """Every document as it stands."""
        return receivables(self.now.invoices, self.now.paid)

    def opens(self) -> dict[str, Open]:
        """What may be paid, by number."""
        return {each.number: each for each in opens(self.now.invoices, self.owed(), self.workspace.engagements)}

    @property
    def undecided(self) -> dict[str, Remittance]:
        """By id, those that nobody has decided on."""
        paid = self.now.paid
        return {name: each for name, each in paid.remittances.items() if name not in paid.decided}


def take_in(run: Reckoning, read: Sequence[ReadFile], pulled: AllPulled) -> None:
    """Record what is new."""
    listed = [each for file in read for statement in file.statements for each in statement.remittances]
    fresh: dict[str, Remittance] = {}
    for each in (*listed, *pulled.remittances):
        if each.id not in run.now.paid.remittances:
            fresh.setdefault(each.id, each)
    seen = tuple(each for file in read for each in file.seen)
    run.known = sum(file.known for file in read) + len(listed) + len(pulled.remittances) - len(fresh)
    run.add(Payments(remittances=tuple(fresh.values()), statements=seen))


def as_said(run: Reckoning, verdicts: Iterable[Verdict]) -> None:
    """What people decided, in a merged proposal or now; what can't be done is told and left undecided."""
    for verdict in verdicts:
        answer = said(verdict, run.now, run.opens(), run.stamp.at)
        if isinstance(answer, Problem):
            run.problems.append(answer)
        else:
            run.add(answer)
            run.confirmed += answer.allocations


def written_off(run: Reckoning, lost: Iterable[WriteOff]) -> None:
    """What was signed off, as far as it is still open."""
    for each in lost:
        owed = next((found for found in run.owed() if found.number == each.invoice), None)
        if owed is not None and each.amount <= owed.open:
            run.add(Payments(write_offs=(each,)))
            continue
        told = f"{each.amount} of {each.invoice} was not written off: {owed.open if owed else 'nothing'} is open"
        hint = f"write off what is: git bill write-off {each.invoice}"
        run.problems.append(Problem(rule="nothing-open", severity="warning", message=told, hint=hint))


def match(run: Reckoning, weights: Weights, quotes: Quotes) -> tuple[Outcome, ...]:
    """What is sure is applied. Returns what is not decided by that."""
    _backwards(run)
    run.add(Payments(aside=transfers(run.undecided.values(), run.now.paid, run.stamp)))
    paid = run.now.paid
    outcomes = propose(
        [each for name, each in run.undecided.items() if name not in run.waits],
        tuple(run.opens().values()),
        weights=weights,
        quotes=own_first(run.snapshot, quotes),
        habits=known_habits(run.now.invoices, paid),
    )
    known = run.opens()
    outcomes = tuple(
        paid_out(paid.remittances[each.remittance], known, paid) or unless_refused(each, paid.refused)
        for each in outcomes
    )
    sure = [each for found in outcomes if isinstance(found, Applied) for each in applied(found, run.stamp)]
    run.add(Payments(allocations=tuple(sure), aside=same_money(outcomes, paid, run.stamp)))
    run.matched += sure
    return tuple(each for each in outcomes if each.remittance not in run.now.paid.decided)


def _backwards(run: Reckoning) -> None:
    """What takes back known money, the oldest first: each may take back the one before it."""
    back = [each for each in run.undecided.values() if is_back(each)]
    for remittance in sorted(back, key=lambda each: (each.booked, each.id)):
        of = origin(remittance, run.now.paid.remittances.values())
        made = taken_back(remittance, of, run.now.paid, _notes(run), run.stamp) if of is not None else ()
        run.add(Payments(allocations=made))
        run.matched += made


def disputed(run: Reckoning) -> tuple[Opening, ...]:
    """A dispute for each chargeback for which the provider tells a reason."""
    found: list[Opening] = []
    for each in run.matched:
        remittance = run.now.paid.remittances[each.remittance]
        if not (remittance.kind == "chargeback" and remittance.reason and each.invoice and each.settles.amount < 0):
            continue
        chargeback = Chargeback(remittance=remittance, number=each.invoice, amount=-each.settles)
        made = opening_of_chargeback(run.snapshot, chargeback, by=run.stamp.by, at=run.stamp.at)
        found += [made] if made is not None else []
    return tuple(found)


def _notes(run: Reckoning) -> Mapping[str, Sequence[tuple[str, Money]]]:
    """Invoice → its credit notes with what is open of them."""
    open_ones = {each.number: each.open for each in run.owed()}
    found: dict[str, list[tuple[str, Money]]] = {}
    for each in run.now.invoices:
        if each.reverses is not None and each.number in open_ones:
            found.setdefault(each.reverses.number, []).append((each.number, open_ones[each.number]))
    return found
