"""The gate: everything that `check` says of a draft, and what else must hold before `issue` takes a number for it."""

from dataclasses import replace

from git_bill.custody.signoff import SignOff, signers
from git_bill.flows import load
from git_bill.flows.open_drafts import AtTip
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft
from git_bill.invoice.unusual import SIGN_OFF_RULES
from git_bill.ports import Arrival, Books, DraftBranch, Snapshot
from git_bill.problem import Problem, errors, located
from git_bill.workspace import SETTINGS, draft_branch, draft_file, unknown_client, unknown_draft


def issue_problems(books: Books, state: AtTip, name: str, arrival: Arrival) -> tuple[Problem, ...]:
    """What `check` says of an approved draft, and the sign-offs that its guardrails ask for.

    Rules, roles and contracts are those of the books branch, which the draft's branch can't have changed.
    """
    found = check_draft(state, state.snapshot, name)
    if errors(found):
        return found
    came_along = _came_along(books, state, name, arrival)
    needed = came_along or any(problem.rule in SIGN_OFF_RULES for problem in found)
    return (*found, *came_along, *_sign_off(books, state, name, arrival)) if needed else found


def branch_problems(books: Books, branch: DraftBranch) -> tuple[Problem, ...]:
    """A draft's branch adds its one file; with anything else in it a reviewer would approve what no review shows."""
    path = draft_file(branch.name)
    base = books.fork_point(branch.commit)
    others = [p for p in books.changed(base, branch.commit) if p != path] if base else []
    if base is not None and not others:
        return ()
    what = ", ".join(others[:5]) or "an unrelated history"
    return (
        Problem(
            rule="more-than-a-draft",
            message=f"the branch {draft_branch(branch.name)} changes more than its draft: {what}",
            hint=f"a draft branch changes {path} alone; merge the rest by itself first",
            file=path,
        ),
    )


def _came_along(books: Books, state: AtTip, name: str, arrival: Arrival) -> tuple[Problem, ...]:
    """Settings that the approving commit changed together with the draft, unless somebody signed the draft off since.

    A new account or rate must not ride on the approval of an invoice.
    """
    changed = books.changed(arrival.parent, arrival.commit) if arrival.parent else ()
    settings = [path for path in changed if path == SETTINGS or path.startswith("billing/clients/")]
    blob = books.blob_id(state.snapshot.read(draft_file(name)) or b"")
    if not settings or signers(blob, _given(state.snapshot, state.approved[name].id), None, _able(state)):
        return ()
    return (
        Problem(
            rule="settings-came-along",
            message=f"{settings[0]} changed in the commit that approved {name} ({arrival.commit[:12]})",
            hint=f"look at it: git show {arrival.commit[:12]} -- billing; if it is right: git bill approve {name}",
            file=settings[0],
        ),
    )


def _able(state: AtTip) -> frozenset[str]:
    """Who may sign off."""
    people = state.workspace.settings.contributors
    return frozenset(person.id for person in people if {"owner", "approver"} & set(person.roles))


def check_draft(state: AtTip, snapshot: Snapshot, name: str) -> tuple[Problem, ...]:
    """All findings about a draft as a snapshot has it, with file and line."""
    path = draft_file(name)
    found = load.read_file(snapshot, Draft, path)
    if found is None:
        return (unknown_draft(name, (), file=path),)
    if found.value is None:
        return found.problems
    draft = found.value
    if draft.client not in state.workspace.engagements:
        unknown = unknown_client(draft.client, state.workspace.engagements, path)
        return (located(replace(unknown, at=("client",)), {path: found.where}),)
    basis = state.basis(draft.client, without=name)
    problems = draft_problems(draft, basis, name=name, file=path, where=found.where, final=True)
    return (*found.problems, *problems)


def draft_findings(books: Books, basis: Basis, name: str, commit: str) -> tuple[Problem, ...]:
    """Findings about a draft as a commit of its branch has it."""
    path = draft_file(name)
    found = load.read_file(books.at(commit), Draft, path)
    if found is None or found.value is None:
        return () if found is None else found.problems
    return draft_problems(found.value, basis, name=name, file=path, where=found.where)


def _sign_off(books: Books, state: AtTip, name: str, arrival: Arrival) -> tuple[Problem, ...]:
    """So many people must have signed off, whose role allows it; the merge counts as one's word."""
    guardrails, workspace = state.workspace.settings.guardrails, state.workspace
    draft = state.approved[name]
    able = _able(state)
    blob = books.blob_id(state.snapshot.read(draft_file(name)) or b"")
    merged_by = workspace.contributor_of(arrival.email)
    given = _given(state.snapshot, draft.id)
    signed = signers(blob, given, merged_by.id if merged_by else None, able)
    missing = guardrails.sign_offs - len(signed)
    if missing <= 0:
        return ()
    who = ", ".join(sorted(able - signed)) or "nobody else"
    return (
        Problem(
            rule="sign-off-missing",
            message=f"{name} needs a sign-off and has {len(signed)} of {guardrails.sign_offs}",
            hint=f"{who} may give it: git bill approve {name}",
            file=draft_file(name),
        ),
    )


def _given(snapshot: Snapshot, draft_id: str) -> tuple[SignOff, ...]:
    found = (load.read_file(snapshot, SignOff, path) for path in snapshot.paths(f"billing/signoffs/{draft_id}"))
    return tuple(item.value for item in found if item is not None and item.value is not None)
