"""Attach files to a draft: kept on the books branch, named with their hash in the draft, frozen with the invoice."""

from dataclasses import dataclass, replace
from typing import Literal

from git_bill.custody.ledger import sha256
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows.attributes import with_attribute
from git_bill.flows.client_word import refuse_large
from git_bill.flows.expense import BINARY
from git_bill.flows.landing import MOST_RACES, busy, land, landed
from git_bill.flows.open_drafts import draft_on
from git_bill.invoice.draft import Attached, Draft
from git_bill.layout import draft_branch, draft_file, receipt_file
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Stop, stop
from git_bill.shape import write
from git_bill.workspace import unknown_draft

Kind = Literal["receipt", "timesheet", "order", "other"]
_MOST = 10  # files of one draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file as it was given."""

    name: str
    content: bytes


def attach(books: Books, clock: Clock, name: str, given: Attachment, kind: Kind) -> Flow[Attached]:
    """Add a file to an open draft; the same one twice is there once.

    Stops (exit 1) at a draft that is not open, at a file above 10 MB, and at more than ten files.
    """
    books.settle()
    books.fetch()
    refuse_large(given.name, given.content, hint="make it smaller, for example by scanning at 150 dpi in grey")
    draft = _open(books, name)[1]
    digest = sha256(given.content)
    path = receipt_file(draft.client, digest, given.name)
    found = Attached(kind=kind, name=path.rpartition("/")[2].partition("-")[2], file=path, sha256=digest)

    def kept(tip: str, snapshot: Snapshot) -> Plan | None:
        if snapshot.read(path) == given.content:
            return None
        files = {path: given.content, **with_attribute(snapshot, BINARY)}
        publish = Publish(branch=books.branch, expect=tip, files=files, message=f"Keep {path}", at=clock.now())
        return Plan(why=f"keep {path}", effects=(publish,))

    yield from land(books, kept)
    for _ in range(MOST_RACES):
        commit, draft = _open(books, name)
        if any(each.sha256 == digest for each in draft.attached):
            return found
        if len(draft.attached) >= _MOST:
            raise stop(Exit.PROBLEMS, "too-many-files", f"{name} has {_MOST} files already", "put them into one PDF")
        content = write(replace(draft, attached=(*draft.attached, found))).encode()
        publish = Publish(
            branch=draft_branch(name),
            expect=commit,
            files={draft_file(name): content},
            message=f"Attach {found.name} to {name}",
            at=clock.now(),
        )
        outcome = (yield Plan(why=f"attach {found.name} to {name}", effects=(publish,)))[0]
        if landed(books, outcome):
            return found
    raise busy(draft_branch(name))


def _open(books: Books, name: str) -> tuple[str, Draft]:
    branches = {branch.name: branch.commit for branch in books.drafts()}
    draft = draft_on(books.at(branches[name]), name) if name in branches else None
    if draft is None:
        raise Stop(Exit.PROBLEMS, [unknown_draft(name, branches)])
    tip = books.tip()
    if tip is not None and books.at(tip).read(draft_file(name)) is not None:
        message = f"{name} is approved: what goes with it was approved, too"
        raise stop(Exit.PROBLEMS, "approved-already", message, "attach files before the draft is merged")
    return branches[name], draft
