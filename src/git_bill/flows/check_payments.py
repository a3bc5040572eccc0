"""What can be said of payments, and of those to confirm before anybody merges them. Nothing is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from git_bill.contract.exchange import none_known
from git_bill.effects import Flow, Plan, PostStatus, Refused
from git_bill.flows import load
from git_bill.flows.bookkeeping import Till, till
from git_bill.flows.forgoing import Word, unsigned
from git_bill.flows.landing import at_tip
from git_bill.flows.proposals import verdict_of
from git_bill.flows.said import apart, said
from git_bill.flows.write_off import sign_off_note
from git_bill.forge import Forge
from git_bill.invoice.document.standing import CHECK, cut
from git_bill.layout import proposal_branch, proposal_file
from git_bill.ports import Books, DraftBranch, Snapshot
from git_bill.problem import Exit, Problem, Stop, errors, located, nearest
from git_bill.receivable.matching.open import Open
from git_bill.receivable.opens import opens
from git_bill.receivable.payment import Payments
from git_bill.receivable.receivable import excess, receivables
from git_bill.receivable.settling import Proposal, Proposals, told
from git_bill.workspace import Workspace

_LATER = datetime.max.replace(tzinfo=UTC)  # when it will be merged: after all that stands


def payment_problems(books: Books, state: Snapshot) -> Iterator[Problem]:
    """Payments that settle more than came, or than was asked for, and what is wrong with open proposals."""
    found = till(state)
    yield from excess(found.invoices, found.paid)
    yield from proposal_problems(books)


def proposal_problems(books: Books, only: str | None = None) -> Iterator[Problem]:
    """What keeps open proposals from being recorded once they are merged; with `only`, of one of them.

    Stops (exit 1) where there is none of that name.
    """
    branches = {each.name: each for each in books.proposals()}
    if only is not None and only not in branches:
        raise Stop(Exit.PROBLEMS, [_unknown(only, tuple(branches))])
    if not branches:
        return
    _, snapshot = at_tip(books)
    workspace, found = load.workspace(snapshot), till(snapshot)
    for name, branch in branches.items():
        if only in {None, name} and (only is not None or snapshot.read(proposal_file(name)) is None):
            yield from _of_branch(books, branch, workspace, found)


def say_of_proposal(books: Books, forge: Forge, name: str) -> Flow[tuple[Problem, ...]]:
    """Post the status of a proposal's commit; a forge that refuses is a warning."""
    branch = next((each for each in books.proposals() if each.name == name), None)
    if branch is None:
        return ()
    wrong = errors(tuple(proposal_problems(books, name)))
    many = "1 problem" if len(wrong) == 1 else f"{len(wrong)} problems"
    description = cut(f"{many}: {wrong[0].message}" if wrong else "what it says can be recorded")
    effect = PostStatus(
        commit=branch.commit, context=CHECK, state="failure" if wrong else "success", description=description
    )
    outcome = (yield Plan(why=f"where {proposal_branch(name)} stands", effects=(effect,)))[0]
    if not isinstance(outcome, Refused):
        return ()
    message = f"where {proposal_branch(name)} stands is told on the forge by the next run: {outcome.reason}"
    return (Problem(rule="comment-later", severity="warning", message=message, hint=outcome.remedy),)


def _of_branch(books: Books, branch: DraftBranch, workspace: Workspace, now: Till) -> Iterator[Problem]:
    path = proposal_file(branch.name)
    yield from _beside(books, branch, path)
    try:
        read = load.read_file(books.at(branch.commit), Proposals, path)
    except Stop as stopped:
        yield from stopped.problems
        return
    if read is None:
        message = f"{proposal_branch(branch.name)} has no {path}: there is nothing to confirm"
        yield Problem(rule="no-proposal", message=message, hint="give it up: git branch -D, or delete it on the forge")
        return
    yield from read.problems
    if read.value is None:
        return
    found = [*_matches(read.value, now, workspace, path), *_lost(read.value, now, workspace, path)]
    yield from (located(each, {path: read.where}) for each in found)


def _beside(books: Books, branch: DraftBranch, path: str) -> Iterator[Problem]:
    """It adds its one file; with anything else in it a reviewer would approve what no review shows."""
    base = books.fork_point(branch.commit)
    others = [each for each in books.changed(base, branch.commit) if each != path] if base else []
    if base is not None and not others:
        return
    yield Problem(
        rule="more-than-a-proposal",
        message=f"{proposal_branch(branch.name)} changes more than {path}: "
        + (", ".join(others[:5]) or "an unrelated history"),
        hint="a branch of payments to confirm changes this one file; merge the rest by itself",
        file=path,
    )


def _matches(found: Proposals, now: Till, workspace: Workspace, path: str) -> Iterator[Problem]:
    """Each as if those before it were recorded already, as they will be."""
    numbered = enumerate(found.matches)
    for together in apart(now.invoices, numbered, lambda item: (item[1].remittance, *item[1].invoices)):
        known, new = _opens(now, workspace), Payments()
        for number, each in together:
            at = ("matches", number)
            if (untrue := _untrue(each, now)) is not None:
                yield replace(untrue, file=path, at=at)
            answer = said(verdict_of(each, Word(by=""), path), now, known, _LATER)
            if isinstance(answer, Problem):
                yield replace(answer, severity="error", file=path, at=at)
            else:
                yield from (replace(note, file=path, at=at) for note in _forgoing(answer, now, known, workspace))
                new = new.joined(answer)
        try:
            now = now.with_(new)
        except Stop as stopped:
            yield from (replace(problem, file=path) for problem in stopped.problems)


def _forgoing(made: Payments, now: Till, known: Mapping[str, Open], workspace: Workspace) -> Iterator[Problem]:
    """Who signs off by merging it what is given up; of money in another currency, that depends on the day's rate."""
    plain = [each for each in made.allocations if each.amount.currency == each.settles.currency]
    found = unsigned(plain, now.paid.remittances, known, none_known, workspace=workspace, signed=())
    if found is not None:
        who = ", ".join(each.id for each in workspace.settings.contributors if each.signs) or "nobody"
        message = f"{found.message}: {who} by merging or approving it"
        yield Problem(rule="sign-off", severity="info", message=message)


def _untrue(each: Proposal, now: Till) -> Problem | None:
    """What is there to be read must be what the books say."""
    remittance = now.paid.remittances.get(each.remittance)
    if remittance is None or not each.money or each.money == told(remittance):
        return None
    return Problem(
        rule="not-as-booked",
        message=f"{each.remittance} is described as {each.money!r}, but is {told(remittance)}",
        hint="money is only there to be read: put back what it was, or take the line out",
    )


def _lost(found: Proposals, now: Till, workspace: Workspace, path: str) -> Iterator[Problem]:
    """Write-offs: of what is open, and by people who may."""
    for number, each in enumerate(found.write_offs):
        at = ("write_offs", number)
        owed = next((one for one in receivables(now.invoices, now.paid) if one.number == each.invoice), None)
        if owed is None or not owed.may_lose(each.amount):
            left = owed.open if owed is not None else "nothing"
            message = f"{each.amount} of {each.invoice} can't be written off: {left} is open"
            hint = f"propose it again: git bill write-off {each.invoice} --because …"
            yield Problem(rule="nothing-open", message=message, hint=hint, file=path, at=at)
            continue
        yield replace(sign_off_note(each, workspace), file=path, at=at)
        now = now.with_(Payments(write_offs=(each,)))


def _opens(now: Till, workspace: Workspace) -> dict[str, Open]:
    owed = receivables(now.invoices, now.paid)
    return {each.number: each for each in opens(now.invoices, owed, workspace.engagements)}


def _unknown(name: str, known: tuple[str, ...]) -> Problem:
    near = nearest(name, known)
    hint = f"did you mean {proposal_branch(near)}?" if near else "see them with: git branch --all --list '*pay/*'"
    return Problem(rule="no-proposal", message=f"there is no branch {proposal_branch(name)}", hint=hint)
