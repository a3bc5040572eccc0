"""Proposals: matches that a person is to confirm, one file on a branch `pay/<name>`. Merging it confirms them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from git_bill.effects import Done, DropBranch, EnsurePullRequest, Flow, Plan, Publish, Refused
from git_bill.flows import load
from git_bill.flows.bookkeeping import Till
from git_bill.flows.landing import MOST_RACES, at_tip, busy, landed
from git_bill.flows.write_off import merged, signed_by
from git_bill.forge import Forge, PullRequest
from git_bill.invoice.document.markdown import markdown
from git_bill.layout import PROPOSALS, proposal_branch, proposal_file
from git_bill.ports import Books, Clock, DraftBranch, Snapshot
from git_bill.problem import Problem, Stop
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Aside, Payments, Stamp, WriteOff
from git_bill.receivable.settling import Proposal, Proposals, settle
from git_bill.receivable.verdict import Verdict
from git_bill.shape import write
from git_bill.workspace import Workspace

_LABELS = ("payment",)
_NOT_THESE = "not for these invoices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What merged proposals say. `files`: to be taken out, as their content goes where payments are."""

    verdicts: tuple[Verdict, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def merged_files(books: Books, forge: Forge | None, snapshot: Snapshot, workspace: Workspace) -> Merged:
    """Proposals on the books branch. A file that can't be read stays there and is told.

    `forge`: tells whose word a write-off has. Stops (exit 5) where it must be asked and can't be.
    """
    paths = [path for path in snapshot.paths(PROPOSALS) if path.endswith(".toml")]
    if not paths:
        return Merged()
    arrivals = books.arrivals(PROPOSALS)
    verdicts: list[Verdict] = []
    lost: list[WriteOff] = []
    files: list[str] = []
    problems: list[Problem] = []
    for path in paths:
        found = load.read_file(snapshot, Proposals, path)
        if found is None or found.value is None:
            problems += found.problems if found else ()
            continue
        person = workspace.contributor_of(arrivals[path].email) if path in arrivals else None
        files.append(path)
        verdicts += (verdict_of(each, person.id if person else "unknown", path) for each in found.value.matches)
        wanted = found.value.write_offs
        who = signed_by(books, forge, arrivals[path], path, workspace) if wanted and path in arrivals else frozenset()
        signed = [merged(each, who, workspace, path) for each in wanted]
        lost += (each for each in signed if isinstance(each, WriteOff))
        problems += (each for each in signed if isinstance(each, Problem))
    return Merged(verdicts=tuple(verdicts), write_offs=tuple(lost), files=tuple(files), problems=tuple(problems))


def verdict_of(found: Proposal, by: str, path: str) -> Verdict:
    """What a proposal in a file says, once it is merged."""
    return Verdict(
        remittance=found.remittance,
        invoices=found.invoices if found.take else {},
        by=by,
        aside=None if found.take else "other",
        difference=found.difference,
        score=found.score,
        because="" if found.take else _NOT_THESE,
        reasons=found.reasons,
        where=path,
    )


def open_remittances(books: Books) -> frozenset[str]:
    """Those that an open proposal asks about."""
    found = filter(None, (_read(books, branch) for branch in books.proposals()))
    return frozenset(each.remittance for proposals in found for each in proposals.matches)


def _read(books: Books, branch: DraftBranch) -> Proposals | None:
    """What a branch proposes. One that can't be read proposes nothing."""
    try:
        read = load.read_file(books.at(branch.commit), Proposals, proposal_file(branch.name))
    except Stop:
        return None
    return read.value if read is not None else None


def said(verdict: Verdict, now: Till, opens: Mapping[str, Open], at: datetime) -> Payments | Problem:
    """The records of a person's word, or why it can't be done."""
    remittance = now.paid.remittances.get(verdict.remittance)
    if remittance is None:
        return Problem(
            rule="unknown-remittance",
            message=f"there is no remittance {verdict.remittance}",
            hint="see them with: git bill reconcile",
            file=verdict.where,
        )
    if verdict.aside is not None:
        if remittance.id in now.paid.decided:
            return _decided(verdict)
        aside = Aside(
            remittance=remittance.id, as_=verdict.aside, of=verdict.of, because=verdict.because, by=verdict.by, at=at
        )
        return Payments(aside=(aside,))
    if remittance.id in now.paid.aside and now.paid.aside[remittance.id].as_ != "credit":
        return _decided(verdict)
    made = settle(
        remittance,
        now.paid.rest(remittance.id),
        verdict.invoices,
        opens,
        how="by-hand" if verdict.score is None else "confirmed",
        stamp=Stamp(at=at, by=verdict.by),
        difference=verdict.difference,
        given=verdict.score,
        because=verdict.because,
        reasons=verdict.reasons,
    )
    if isinstance(made, Problem):
        return made if verdict.where is None else _in(made, verdict.where)
    return Payments(allocations=made)


def _in(problem: Problem, file: str) -> Problem:
    return Problem(
        rule=problem.rule, severity="warning", message=problem.message, hint=problem.hint, file=problem.file or file
    )


def _decided(verdict: Verdict) -> Problem:
    return Problem(
        rule="decided",
        severity="warning" if verdict.where else "error",
        message=f"{verdict.remittance} is decided on already",
        hint=f"take that back first: git bill paid --undo {verdict.remittance}",
        file=verdict.where,
    )


def write_proposals(
    books: Books, clock: Clock, forge: Forge | None, proposed: Sequence[Proposal], workspace: Workspace
) -> Flow[tuple[PullRequest | None, tuple[Problem, ...]]]:
    """One branch and pull request for what is new; branches of which nothing is left to decide are taken away.

    Nothing without a forge: there a person confirms on the terminal. What names no invoice a merge can't confirm.
    """
    yield from _drop_decided(books)
    proposed = [each for each in proposed if each.invoices]
    if forge is None or not proposed:
        return None, ()
    why = f"Propose {len(proposed)} {'match' if len(proposed) == 1 else 'matches'} of payments"
    name = yield from _publish(books, clock, Proposals(matches=tuple(proposed)), f"{clock.now():%Y-%m-%d}", why)
    return (yield from _opened(books, forge, name, f"Payments to confirm: {len(proposed)}", _body(proposed)))


def propose_write_off(
    books: Books, clock: Clock, forge: Forge | None, lost: WriteOff
) -> Flow[tuple[str, PullRequest | None, tuple[Problem, ...]]]:
    """A write-off on a branch of its own, for another person to merge. Its branch comes first."""
    books.settle()
    books.fetch()
    why = f"Propose to write off {lost.amount} of {lost.invoice}"
    stem = f"write-off-{lost.invoice.replace('/', '-')}"
    name = yield from _publish(books, clock, Proposals(write_offs=(lost,)), stem, why)
    if forge is None:
        return proposal_branch(name), None, ()
    body = f"{markdown(lost.because)}\n\n**Merging it signs it off**: {lost.amount} of {markdown(lost.invoice)}."
    pull, problems = yield from _opened(books, forge, name, f"Write off {lost.amount} of {lost.invoice}", body)
    return proposal_branch(name), pull, problems


def _opened(
    books: Books, forge: Forge, name: str, title: str, body: str
) -> Flow[tuple[PullRequest | None, tuple[Problem, ...]]]:
    effect = EnsurePullRequest(
        branch=proposal_branch(name), base=books.branch, title=title, body=body, labels=_LABELS, draft=False
    )
    outcome = (yield Plan(why=f"the pull request of {proposal_branch(name)}", effects=(effect,)))[0]
    if not isinstance(outcome, Done):
        reason = outcome.reason if isinstance(outcome, Refused) else "it is not known why"
        told = f"the pull request of {proposal_branch(name)} was not opened: {reason}"
        return None, (Problem(rule="pull-request-later", severity="warning", message=told, hint="open it by hand"),)
    pulls = forge.pull_requests(proposal_branch(name))
    return next((each for each in pulls if each.state == "open"), None), ()


def _publish(books: Books, clock: Clock, proposed: Proposals, stem: str, why: str) -> Flow[str]:
    """A new branch with one file; its name. Stops (exit 5) where it can't be pushed."""
    content = write(proposed).encode()
    for _ in range(MOST_RACES):
        tip, _ = at_tip(books)
        taken = {branch.name for branch in books.proposals()}
        name = next(each for n in range(1, MOST_RACES) if (each := stem if n == 1 else f"{stem}-{n}") not in taken)
        publish = Publish(
            branch=proposal_branch(name),
            expect=None,
            also=(tip,),
            files={proposal_file(name): content},
            message=why,
            at=clock.now(),
        )
        outcome = (yield Plan(why=f"{why[0].lower()}{why[1:]}, on {proposal_branch(name)}", effects=(publish,)))[0]
        if landed(books, outcome):
            return name
    raise busy(proposal_branch(stem))


def _drop_decided(books: Books) -> Flow[None]:
    """Branches whose remittances are all decided: merged and swept, or said otherwise meanwhile."""
    _, snapshot = at_tip(books)
    paid = load.payments(snapshot)
    lost = {each.id for each in paid.write_offs}
    for branch in books.proposals():
        found = _read(books, branch)
        if found is None or snapshot.read(proposal_file(branch.name)) is not None:
            continue
        asked = {each.remittance for each in found.matches}
        if paid.decided.issuperset(asked) and lost.issuperset(each.id for each in found.write_offs):
            drop = DropBranch(branch=proposal_branch(branch.name), expect=branch.commit)
            yield Plan(why=f"{branch.name} is decided: its branch is no longer needed", effects=(drop,))


def _body(proposed: Sequence[Proposal]) -> str:
    """What a reviewer reads; the file is what counts."""
    rows = [
        f"| {markdown(each.money)} | {markdown(', '.join(each.invoices) or '–')} |"
        f" {f'{each.score:.0%}' if each.score is not None else ''} | {markdown(each.because)} |"
        for each in proposed
    ]
    return "\n".join(
        [
            "These payments came in, and it is not sure what they are for. **Merging confirms what the file says.**",
            "",
            "| Payment | For | Probability | Why it is asked |",
            "| --- | --- | ---: | --- |",
            *rows,
            "",
            "To change one, edit its `invoices` in the file; to say that it is for none of them, write `take = false`;",
            "to leave it undecided, take it out.",
        ]
    )
