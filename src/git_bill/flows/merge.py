"""Merge a draft's branch where no forge does: the caller's approval. On a forge the pull request is merged there."""

from git_bill.contract.tax.table import VatTable
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.approved import RefusedDraft, date_of_issue
from git_bill.flows.assent import NOBODY, Witnesses
from git_bill.flows.audit import tampered
from git_bill.flows.check import electronic_problems
from git_bill.flows.electronic import Electronics
from git_bill.flows.gate import branch_problems, check_draft, said_problems
from git_bill.flows.landing import land
from git_bill.flows.open_drafts import NO_WORDS, AtTip, draft_on, read_books
from git_bill.flows.threads import newest
from git_bill.forge import Forge
from git_bill.invoice.document.wording import Wording
from git_bill.layout import draft_branch, draft_file
from git_bill.ports import Books, Clock, DraftBranch, Snapshot
from git_bill.problem import Exit, Problem, Stop, errors
from git_bill.workspace import unknown_draft


def merge(
    books: Books,
    clock: Clock,
    vat: VatTable,
    name: str,
    *,
    by: str,
    witnesses: Witnesses = NOBODY,
    wording: Wording = NO_WORDS,
    electronics: Electronics | None = None,
) -> Flow[RefusedDraft | None]:
    """Bring the draft onto the books branch by a merge commit; nothing where it is there or issued already.

    One that can't be issued as it is, or that needs more words than this merge, stays on its branch: it is returned
    with the reasons; so does one that a forge has a pull request for. `electronics`: judges the e-invoices that its
    client wants. Stops (exit 1) where there is no such draft, or its branch changes anything but its one file.
    """
    path = draft_file(name)
    refused: list[RefusedDraft] = []

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        own = (item.claim for item in load.numbered(snapshot) if item.claim.cancels is None)  # not its cancellation
        if snapshot.read(path) is not None or any(claim.name == name for claim in own):
            return None
        branch = _branch(books, name)
        if more := branch_problems(books, branch):
            raise Stop(Exit.PROBLEMS, more)
        state = read_books(books, vat, wording, clock=clock)
        refused[:] = _refused(books, state, branch, clock, by=by, witnesses=witnesses, electronics=electronics)
        if refused:
            return None
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files={path: books.at(branch.commit).read(path)},
            message=f"Merge draft invoice {name}\n\nApproved by {by}.",
            at=clock.now(),
            also=(branch.commit,),
        )
        return Plan(why=f"approve {name}: merge {draft_branch(name)}", effects=(publish,), then="issue it")

    books.settle()
    books.fetch()
    if wrong := tampered(books):
        raise Stop(Exit.PROBLEMS, wrong)
    yield from land(books, plan)
    return refused[0] if refused else None


def _refused(
    books: Books,
    state: AtTip,
    branch: DraftBranch,
    clock: Clock,
    *,
    by: str,
    witnesses: Witnesses,
    electronics: Electronics | None,
) -> list[RefusedDraft]:
    """The draft, where `check`, the date, or a word that this merge does not give forbid it."""
    name, snapshot = branch.name, books.at(branch.commit)
    date = date_of_issue(state, clock)
    problems = (*check_draft(state, snapshot, name), *([date] if isinstance(date, Problem) else []))
    if not errors(problems) and electronics is not None:
        problems = (*problems, *electronic_problems(state, [name], electronics))
    if not errors(problems):
        elsewhere = _on_forge(books, state, branch, witnesses.forge)
        problems = elsewhere or (*problems, *said_problems(books, state, [name], witnesses, by=by))
    if not errors(problems):
        return []
    draft = draft_on(snapshot, name)
    return [RefusedDraft(name=name, draft=draft.id if draft else "", problems=problems, branch=draft_branch(name))]


def _on_forge(books: Books, state: AtTip, branch: DraftBranch, forge: Forge | None) -> tuple[Problem, ...]:
    """That people merge it on the forge: a client whose drafts nobody reviews has no pull request."""
    found = state.open.get(branch.name)
    if forge is None or found is None or state.workspace.engagements[found[1].client].client.review == "none":
        return ()
    pull = newest(forge, books.branch, branch.name)
    problem = Problem(
        rule="not-merged",
        message=f"{branch.name} is reviewed on {forge.name}: merging its pull request there approves it",
        hint=f"merge it: {pull.url}"
        if pull and pull.state == "open"
        else "open its pull request: git bill draft; then merge that",
        file=draft_file(branch.name),
    )
    return (problem,)


def _branch(books: Books, name: str) -> DraftBranch:
    branches = {branch.name: branch for branch in reversed(books.drafts())}
    if name in branches:
        return branches[name]
    raise Stop(Exit.PROBLEMS, [unknown_draft(name, branches)])
