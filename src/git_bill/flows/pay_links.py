"""Payment links: what becomes of a document that gets none, and of a link that asks for what is not open any more.

Closing is a sweep: any number of runs close each link once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from git_bill.custody.ledger import read
from git_bill.effects import CloseLink, Done, Flow, Outcome, Plan, Publish, Refused
from git_bill.flows import load, load_payments
from git_bill.flows.approved import RefusedDraft, Work, refuse
from git_bill.flows.landing import at_tip, land, newest_ledger_file, with_lines
from git_bill.layout import ledger_file
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.receivable.pay_link import links_to_close
from git_bill.receivable.receivable import receivables

CLOSED = "pay-link-closed"  # the ledger's kind of line


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLinks:
    """What a sweep did: numbers whose links are closed now, and why others are not."""

    closed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def close_links(books: Books, clock: Clock, *, by: str) -> Flow[ClosedLinks]:
    """Close at the rail, then record it. Killed between the two, the next run finds it closed and records it."""
    _, snapshot = at_tip(books)
    due = _due(snapshot)
    if not due:
        return ClosedLinks()
    closed: list[str] = []
    problems: list[Problem] = []
    for effect in due:  # one by one: what is refused holds no other up
        outcome = (yield Plan(why=f"close the payment link of {effect.number}", effects=(effect,)))[0]
        if isinstance(outcome, Done):
            closed.append(effect.number)
        else:
            problems.append(_still_open(effect, outcome))

    def plan(tip: str, now: Snapshot) -> Plan | None:
        numbers = [each for each in closed if each not in _recorded(now)]
        if not numbers:
            return None
        at = clock.now()
        lines: Iterable[tuple[str, Mapping[str, object]]] = [(CLOSED, {"number": number}) for number in numbers]
        files = newest_ledger_file(with_lines(load.ledger(now), lines, at=at, by=by))
        message = f"Close the payment link of {', '.join(numbers)}"
        publish = Publish(branch=books.branch, expect=tip, files=files, message=message, at=at)
        return Plan(why="record which payment links are closed", effects=(publish,))

    yield from land(books, plan)
    return ClosedLinks(closed=tuple(closed), problems=tuple(problems))


def without_link(refused: dict[str, RefusedDraft], work: Work, outcome: Outcome) -> Outcome:
    """A link that can't be had holds its own document up; a rail that can't be asked stops everything (exit 6)."""
    reason, remedy = getattr(outcome, "reason", "something moved meanwhile"), getattr(outcome, "remedy", "")
    message = f"{work.claim.number} is claimed and waits for its payment link: {reason}"
    problem = Problem(rule="no-payment-link", message=message, hint=remedy or "run git bill issue again")
    if not (isinstance(outcome, Refused) and outcome.lasting):
        raise Stop(Exit.PAYMENT_OR_MAIL, [problem])
    refuse(refused, work.name, work.draft.id, [problem])
    return Done()


def _due(snapshot: Snapshot) -> tuple[CloseLink, ...]:
    invoices = [item.invoice for item in load.numbered(snapshot) if item.invoice is not None]
    if not any(each.payment_link for each in invoices):
        return ()
    return links_to_close(invoices, receivables(invoices, load_payments.payments(snapshot)), _recorded(snapshot))


def _recorded(snapshot: Snapshot) -> frozenset[str]:
    """Numbers whose links were closed before."""
    files = load.ledger(snapshot)
    records, _ = read(files, {year: ledger_file(year) for year in files})
    return frozenset(str(each.facts.get("number")) for each in records if each.kind == CLOSED)


def _still_open(effect: CloseLink, outcome: Outcome) -> Problem:
    reason = getattr(outcome, "reason", "something moved meanwhile")
    hint = getattr(outcome, "remedy", "") or "switch it off at the provider, or run the command again"
    message = f"the payment link of {effect.number} still asks for what is not open any more: {reason}"
    return Problem(rule="pay-link-open", severity="warning", message=message, hint=hint)
