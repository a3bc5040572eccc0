"""The gate: everything that `check` says of a draft, and what else must hold before `issue` takes a number for it."""

from dataclasses import replace

from git_bill.custody.ledger import read
from git_bill.custody.signoff import SignOff, signers
from git_bill.flows import load
from git_bill.flows.open_drafts import AtTip
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft
from git_bill.invoice.unusual import SIGN_OFF_RULES
from git_bill.ports import Arrival, Books, Snapshot
from git_bill.problem import Problem, errors, located
from git_bill.workspace import draft_file, ledger_file, unknown_client


def issue_problems(books: Books, state: AtTip, name: str, arrival: Arrival) -> tuple[Problem, ...]:
    """What `check` says of an approved draft, and the sign-offs that its guardrails ask for.

    Rules, roles and contracts are those of the books branch, which the draft's branch can't have changed.
    """
    found = check_draft(state, state.snapshot, name)
    needed = not errors(found) and any(problem.rule in SIGN_OFF_RULES for problem in found)
    return (*found, *_sign_off(books, state, name, arrival)) if needed else found


def ledger_problems(state: AtTip) -> tuple[Problem, ...]:
    """What forbids to write on in the ledger: a broken chain, or documents that it does not know (it was cut)."""
    files = load.ledger(state.snapshot)
    records, problems = read(files, {year: ledger_file(year) for year in files})
    known = {record.facts.get("number") for record in records if record.kind == "issue"}
    missing = [item for item in state.numbered if item.invoice is not None and item.claim.number not in known]
    return (*problems, *(_unrecorded(item) for item in missing))


def _unrecorded(item: load.Numbered) -> Problem:
    return Problem(
        rule="issue-not-recorded",
        message=f"the ledger does not record that {item.claim.number} was issued: it was cut, or this was put here",
        hint="see what happened to the books: git bill ledger verify",
        file=f"{item.folder}/invoice.toml",
    )


def check_draft(state: AtTip, snapshot: Snapshot, name: str) -> tuple[Problem, ...]:
    """All findings about a draft as a snapshot has it, with file and line."""
    path = draft_file(name)
    found = load.read_file(snapshot, Draft, path)
    if found is None:
        return (Problem(rule="no-draft", message=f"there is no draft {name!r}", file=path),)
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
    able = frozenset(
        person.id for person in workspace.settings.contributors if {"owner", "approver"} & set(person.roles)
    )
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
