"""A reckoning: what is booked, matched and recognised on one state of the books, step by step, before it is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from git_bill.contract.exchange import Quotes
from git_bill.flows.bookkeeping import Till
from git_bill.flows.exchange_rates import own_first
from git_bill.flows.forgoing import unsigned
from git_bill.flows.pulled import AllPulled
from git_bill.flows.said import apart, said
from git_bill.flows.statements import ReadFile
from git_bill.money import Money
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.receivable.doubt import Doubts, told_by, unless_doubtful
from git_bill.receivable.matching.match import Applied, Outcome, Unmatched
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.propose import propose
from git_bill.receivable.matching.score import Weights
from git_bill.receivable.opens import known_habits, opens
from git_bill.receivable.payment import Allocation, Payments, Stamp, WriteOff
from git_bill.receivable.receivable import Receivable, receivables
from git_bill.receivable.recognised import (
    Numbers,
    aside,
    by_name,
    is_back,
    origin,
    paid_out,
    taken_back,
    transfers,
)
from git_bill.receivable.remittance import BANK, Remittance
from git_bill.receivable.replaced import heirs, redirected
from git_bill.receivable.returned import Returnable, is_return, traced
from git_bill.receivable.settling import applied, unless_refused, unless_rejected
from git_bill.receivable.told_before import ToldBefore, same_money
from git_bill.receivable.verdict import Verdict
from git_bill.workspace import Workspace


@dataclass(slots=True, kw_only=True)
class Reckoning:
    """One reckoning on one state of the books: records grow, and the till with them.

    `known`: how many of the remittances that were read were there; `waits`: those that an open proposal asks about;
    `incomplete`: those that a statement told now that does not add up, `complete`: those of the others.
    """

    snapshot: Snapshot
    workspace: Workspace
    start: Till
    now: Till
    stamp: Stamp
    today: date
    known: int = 0
    waits: frozenset[str] = frozenset()
    incomplete: frozenset[str] = frozenset()
    complete: frozenset[str] = frozenset()
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
        return {name: each for name, each in paid.remittances.items() if not paid.is_decided(name)}


def take_in(run: Reckoning, read: Sequence[ReadFile], pulled: AllPulled) -> None:
    """Record what is new."""
    listed = [each for file in read for statement in file.statements for each in statement.remittances]
    fresh: dict[str, Remittance] = {}
    for each in (*listed, *pulled.remittances):
        if each.id not in run.now.paid.remittances:
            fresh.setdefault(each.id, each)
    seen = tuple(each for file in read for each in file.seen)
    run.incomplete, run.complete = told_by(statement for file in read for statement in file.statements)
    run.known = sum(file.known for file in read) + len(listed) + len(pulled.remittances) - len(fresh)
    run.add(Payments(remittances=tuple(fresh.values()), statements=seen))


def as_said(run: Reckoning, verdicts: Iterable[Verdict], quotes: Quotes) -> None:
    """What people decided, in a merged proposal or now; what can't be done is told and left undecided.

    Stops (exit 7) where what a person says now forgoes more than that person may.
    """
    quotes = own_first(run.snapshot, quotes)
    for together in apart(run.now.invoices, verdicts, lambda each: (each.remittance, *each.invoices)):
        opens = run.opens()
        new = Payments()
        for verdict in together:
            answer = said(verdict, run.now, opens, run.stamp.at)
            if isinstance(answer, Payments):
                answer = _signed(run, verdict, answer, opens, quotes)
            if isinstance(answer, Problem):
                run.problems.append(answer)
            else:
                new = new.joined(answer)
        run.add(new)
        run.confirmed += new.allocations


def _signed(
    run: Reckoning, verdict: Verdict, made: Payments, opens: Mapping[str, Open], quotes: Quotes
) -> Payments | Problem:
    """As it is, where it has the word of those who may say so."""
    signed = (verdict.by,) if verdict.where is None else verdict.signed
    known = run.now.paid.remittances
    wrong = unsigned(made.allocations, known, opens, quotes, workspace=run.workspace, signed=signed)
    if wrong is None:
        return made
    if verdict.where is None:
        raise Stop(Exit.SIGN_OFF_MISSING, [replace(wrong, severity="error")])
    return replace(wrong, file=verdict.where)


def written_off(run: Reckoning, lost: Iterable[WriteOff]) -> None:
    """What was signed off, as far as it is still open."""
    for each in lost:
        owed = next((found for found in run.owed() if found.number == each.invoice), None)
        if owed is not None and owed.may_lose(each.amount):
            run.add(Payments(write_offs=(each,)))
            continue
        told = f"{each.amount} of {each.invoice} was not written off: {owed.open if owed else 'nothing'} is open"
        hint = f"write off what is: git bill write-off {each.invoice} --because …"
        run.problems.append(Problem(rule="nothing-open", severity="warning", message=told, hint=hint))


def match(run: Reckoning, weights: Weights, quotes: Quotes) -> tuple[Outcome, ...]:
    """What is sure is applied. Returns what is not decided by that."""
    _went_before(run)
    _backwards(run)
    _returns(run)
    run.add(Payments(aside=transfers(run.undecided.values(), run.now.paid, run.stamp, run.opens().values())))
    paid, known = run.now.paid, run.opens()
    habits, quotes = known_habits(run.now.invoices, paid), own_first(run.snapshot, quotes)
    outcomes = propose(
        [each for name, each in run.undecided.items() if name not in run.waits],
        tuple(known.values()),
        weights=weights,
        quotes=quotes,
        habits=habits,
    )
    same, left = same_money(outcomes, ToldBefore.of(paid, known, habits), run.stamp)
    judged = list(_judged(run, left, known, quotes))
    sure = [each for found in judged if isinstance(found, Applied) for each in applied(found, run.stamp)]
    run.add(Payments(allocations=tuple(sure), aside=same))
    run.matched += sure
    _returns(run)
    rest = tuple(each for each in _gone(run, judged) if not run.now.paid.is_decided(each.remittance))
    return tuple(_without_private(run, rest))


def _judged(
    run: Reckoning, outcomes: Iterable[Outcome], known: Mapping[str, Open], quotes: Quotes
) -> Iterator[Outcome]:
    """What matching can't tell: money that pays out a credit note, what was taken back, replaced, lost; doubts."""
    paid = run.now.paid
    notes = Numbers.of(number for number, each in known.items() if each.open.amount < 0)
    heir, doubts = heirs(run.now.invoices), _doubts(run, quotes)
    for each in outcomes:
        remittance = paid.remittances[each.remittance]
        out = paid_out(remittance, notes, known, paid)
        judged = out or redirected(unless_refused(each, paid.refused), remittance, heir, known, paid)
        yield unless_rejected(unless_doubtful(judged, paid.remittances, doubts), paid)


def _doubts(run: Reckoning, quotes: Quotes) -> Doubts:
    """With what the statements that were read now say, and those of before."""
    paid = run.now.paid
    return Doubts(
        incomplete=tuple(each for each in paid.statements if each.missing),
        read=run.incomplete,
        whole=run.complete,
        quotes=quotes,
    )


def _without_private(run: Reckoning, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Of an account that is private too, what fits nothing is not kept."""
    private = {each.account for each in run.workspace.settings.accounts if each.keep == "matched"}
    fresh = {each.id: each for each in run.records.remittances}
    dropped: set[str] = set()
    for each in outcomes:
        found = fresh.get(each.remittance)
        if isinstance(each, Unmatched) and found is not None and found.account in private:
            dropped.add(found.id)
        else:
            yield each
    kept = tuple(each for each in run.records.remittances if each.id not in dropped)
    run.records = replace(run.records, remittances=kept)


def _backwards(run: Reckoning) -> None:
    """What takes back known money, the oldest first: each may take back the one before it."""
    back = sorted((each for each in run.undecided.values() if is_back(each)), key=lambda each: (each.booked, each.id))
    named = by_name(run.now.paid.remittances.values())
    of = {each.id: found for each in back if (found := origin(each, named.get((each.rail, each.reverses), ())))}

    def about(remittance: Remittance) -> Iterator[str]:
        taken = of[remittance.id].id
        yield from (remittance.id, taken)
        yield from (each.invoice for each in run.now.paid.by_remittance.get(taken, ()) if each.invoice)

    for together in apart(run.now.invoices, (each for each in back if each.id in of), about):
        notes = _notes(run)
        made = [taken_back(each, of[each.id], run.now.paid, notes, run.stamp) for each in together]
        allocations = tuple(each for part in made for each in part)
        run.add(Payments(allocations=allocations))
        run.matched += allocations
    left = [each for each in back if each.id in of and not run.now.paid.is_decided(each.id)]
    if 0 < len(left) < len(of):
        _backwards(run)  # of the same day, nobody tells which came first: what went back later made room for these


def _went_before(run: Reckoning) -> None:
    """Money that went out at the bank, and that a person had recorded."""
    out = [each for each in run.undecided.values() if each.rail == BANK and not each.is_in]
    if not out:
        return
    before = ToldBefore.of(run.now.paid, run.opens(), known_habits(run.now.invoices, run.now.paid))
    met = [(each, before.meet(each)) for each in sorted(out, key=lambda each: (each.booked, each.id))]
    because = "recorded by hand before"
    run.add(Payments(aside=tuple(aside(new, of.sure, "same", because, run.stamp) for new, of in met if of.sure)))


def _returns(run: Reckoning) -> None:
    """What banks took back without the id of the payment."""
    back = [each for each in run.undecided.values() if is_return(each)]
    if not back:
        return
    paid, notes = run.now.paid, _notes(run)
    found = Returnable.of(paid, (each.number for each in run.now.invoices))
    named = by_name(paid.remittances.values())
    unnamed = (each for each in back if origin(each, named.get((each.rail, each.reverses), ())) is None)
    pairs = traced(sorted(unnamed, key=lambda each: (each.booked, each.id)), found)
    allocations = tuple(made for each, of in pairs for made in taken_back(each, of, paid, notes, run.stamp))
    run.add(Payments(allocations=allocations))
    run.matched += allocations


def _gone(run: Reckoning, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Of money that went out, what it may take back of what is paid by now."""
    paid = run.now.paid
    listed = list(outcomes)
    out = {each.remittance for each in listed if isinstance(each, Unmatched)}
    out = {name for name in out if not paid.remittances[name].is_in}
    found = Returnable.of(paid, (each.number for each in run.now.invoices) if out else ())
    notes = _notes(run) if out else {}
    for each in listed:
        asked = found.asked(paid.remittances[each.remittance], notes) if each.remittance in out else None
        yield unless_rejected(asked, paid) if asked is not None else each


def _notes(run: Reckoning) -> Mapping[str, Sequence[tuple[str, Money]]]:
    """Invoice → its credit notes with what is open of them."""
    open_ones = {each.number: each.open for each in run.owed()}
    found: dict[str, list[tuple[str, Money]]] = {}
    for each in run.now.invoices:
        if each.reverses is not None and each.number in open_ones:
            found.setdefault(each.reverses.number, []).append((each.number, open_ones[each.number]))
    return found
