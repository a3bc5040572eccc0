"""Approve a draft: the caller's sign-off of its content, recorded on the books branch."""

from dataclasses import dataclass

from git_bill.custody.signoff import SignOff, signoff_file
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.landing import land, ledger_line
from git_bill.invoice.draft import Draft
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Stop, errors
from git_bill.shape import write
from git_bill.workspace import draft_file, unknown_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Whose word for which content; `already`: the same person had given it before."""

    name: str
    draft: str
    blob: str
    by: str
    already: bool


def approve(books: Books, clock: Clock, name: str, *, by: str, note: str | None = None) -> Flow[Approved]:
    """Sign off a draft as it stands on its branch, or on the books branch once merged. Stops (exit 1) for no draft."""
    books.settle()
    books.fetch()
    draft, blob = _draft(books, name)
    path = signoff_file(draft.id, by)

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        existing = load.read_file(snapshot, SignOff, path)
        if existing is not None and existing.value is not None and existing.value.blob == blob:
            return None
        now = clock.now()
        signoff = SignOff(draft=draft.id, blob=blob, by=by, at=now, note=note)
        line = ledger_line(snapshot, at=now, kind="sign-off", by=by, facts={"draft": draft.id, "blob": blob})
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files={path: write(signoff).encode(), **line},
            message=f"Sign off {name}\n\nDraft {draft.id}, blob {blob}.",
            at=now,
        )
        return Plan(why=f"sign off {name}", effects=(publish,))

    landed = yield from land(books, plan)
    return Approved(name=name, draft=draft.id, blob=blob, by=by, already=not landed)


def _draft(books: Books, name: str) -> tuple[Draft, str]:
    """The draft as it stands: merged, else on its branch; with its blob id."""
    tip = books.tip()
    commits = ([tip] if tip else []) + [branch.commit for branch in books.drafts() if branch.name == name]
    for commit in commits:
        snapshot = books.at(commit)
        content = snapshot.read(draft_file(name))
        found = load.read_file(snapshot, Draft, draft_file(name))
        if content is not None and found is not None:
            if found.value is None:
                raise Stop(Exit.PROBLEMS, errors(found.problems))
            return found.value, books.blob_id(content)
    raise Stop(Exit.PROBLEMS, [unknown_draft(name, (branch.name for branch in books.drafts()))])
