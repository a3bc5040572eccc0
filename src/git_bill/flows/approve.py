"""Approve a draft, or changed settings: the caller's sign-off of a content, kept on the books branch.

Who lists SSH keys signs; of everybody else it is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from git_bill.contract.tax.table import VatTable
from git_bill.custody.signoff import SETTINGS as SETTINGS_SUBJECT
from git_bill.custody.signoff import SignOff, settings_subject, signed_text, signoff_file
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.assent import NOBODY, Witnesses
from git_bill.flows.filed import filed
from git_bill.flows.landing import land, ledger_line
from git_bill.flows.open_drafts import read_books
from git_bill.flows.safeguard import Change, unsanctioned
from git_bill.invoice.draft import Draft
from git_bill.layout import draft_file
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Stop, errors, stop
from git_bill.shape import write
from git_bill.workspace import unknown_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Whose word for which content; `already`: the same person had given it before."""

    name: str
    draft: str
    blob: str
    by: str
    already: bool
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Approver:
    """Who approves. `keys`: that it is signed with; none where it is recorded."""

    by: str
    note: str | None
    witnesses: Witnesses
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What is signed off: the draft's id or what stands for it, in a path and in words, and the content's blob id."""

    draft: str
    folder: str
    blob: str
    title: str


def approve(
    books: Books,
    clock: Clock,
    name: str,
    *,
    by: str,
    note: str | None = None,
    blob: str | None = None,
    witnesses: Witnesses = NOBODY,
) -> Flow[Approved]:
    """Sign off a draft as it stands on its branch, or on the books branch once merged.

    `blob`: the content that was read. With nobody who signs it is recorded, whatever keys the person lists. Stops (exit
    1) for no draft or another content, (exit 3) where the person lists keys and none of them can sign here.
    """
    books.settle()
    books.fetch()
    draft, now = standing_draft(books, name)
    if blob not in {None, now}:
        raise stop(Exit.PROBLEMS, "approved-unseen", f"{name} changed since", "look at it again, then approve it")
    who, blob = _approver(books, by, note, witnesses), now
    subject = _Subject(draft=draft.id, folder=draft.id, blob=blob, title=f"{name}\n\nDraft {draft.id}, blob {blob}.")
    return (yield from _sign_off(books, clock, name, [subject], who))


def waiting_settings(books: Books, vat: VatTable, witnesses: Witnesses) -> tuple[Change, ...]:
    """What changed in the settings without an owner's word, to be looked at before it is signed off."""
    books.fetch()
    return unsanctioned(books, read_books(books, vat), witnesses)


def approve_settings(
    books: Books,
    clock: Clock,
    vat: VatTable,
    seen: Sequence[Change],
    *,
    by: str,
    note: str | None = None,
    witnesses: Witnesses,
) -> Flow[Approved]:
    """Sign off what changed in the settings without an owner's word, file by file as it is now.

    `seen`: what was looked at, not empty. Stops (exit 1) where it is not all, or another change by now, and (exit 7)
    where the caller was no owner before it.
    """
    books.settle()
    books.fetch()
    state = read_books(books, vat)
    if tuple(seen) != unsanctioned(books, state, witnesses):
        raise stop(
            Exit.PROBLEMS, "approved-unseen", "the settings changed since", "look again: git bill approve settings"
        )
    able = [owner.id for owner in seen[0].owners]
    if by not in able:
        message = f"{by} was no owner before this change: {' or '.join(able)} may sign it off"
        raise stop(Exit.SIGN_OFF_MISSING, "no-owner", message, "ask for it: git bill approve settings")
    files = sorted({change.guarded.file for change in seen})
    blobs = {file: books.blob_id(state.snapshot.read(file) or b"") for file in files}
    subjects = [
        _Subject(draft=SETTINGS_SUBJECT, folder=settings_subject(blob), blob=blob, title=f"{file}\n\nBlob {blob}.")
        for file, blob in blobs.items()
    ]
    who = _approver(books, by, note, witnesses)
    return (yield from _sign_off(books, clock, SETTINGS_SUBJECT, subjects, who))


def _sign_off(books: Books, clock: Clock, name: str, subjects: Sequence[_Subject], who: _Approver) -> Flow[Approved]:
    """One commit for each content that the person has not signed off yet."""
    new = False
    for subject in subjects:
        new |= yield from _land(books, clock, subject, who)
    first = subjects[0]
    return Approved(name=name, draft=first.draft, blob=first.blob, by=who.by, already=not new, signed=bool(who.keys))


def _land(books: Books, clock: Clock, subject: _Subject, who: _Approver) -> Flow[bool]:
    """The sign-off as a commit; False where the same person gave it before."""
    path = signoff_file(subject.folder, who.by, "sig" if who.keys else "toml")

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        now = clock.now()
        content = (
            _signature(snapshot, path, who, signed_text(subject.blob))
            if who.keys
            else _record(books, snapshot, subject, who, now)
        )
        if content is None:
            return None
        facts = {"draft": subject.draft, "blob": subject.blob}
        line = ledger_line(snapshot, at=now, kind="sign-off", by=who.by, facts=facts)
        publish = Publish(
            branch=books.branch, expect=tip, files={path: content, **line}, message=f"Sign off {subject.title}", at=now
        )
        return Plan(why=f"sign off {subject.title.splitlines()[0]}", effects=(publish,))

    return (yield from land(books, plan))


def _signature(snapshot: Snapshot, path: str, who: _Approver, text: bytes) -> bytes | None:
    """A new signature over the content; None where a valid one is there."""
    signatures = who.witnesses.signatures
    assert signatures is not None, "keys are known only to sign with"
    before = snapshot.read(path)
    if before is not None and signatures.valid(text, before, who.keys):
        return None
    return signatures.sign(text, who.keys)


def _record(books: Books, snapshot: Snapshot, subject: _Subject, who: _Approver, now: datetime) -> bytes | None:
    """A record of the sign-off; None where one of this content is there and counts."""
    before = filed(books, snapshot, subject.folder, who.witnesses.forge).records
    if any((record.by, record.blob) == (who.by, subject.blob) for record in before):
        return None
    return write(SignOff(draft=subject.draft, blob=subject.blob, by=who.by, at=now, note=who.note)).encode()


def _approver(books: Books, by: str, note: str | None, witnesses: Witnesses) -> _Approver:
    """With the keys that the books branch lists: one that was added here and not published is none yet."""
    tip = books.tip() if witnesses.signatures else None
    people = load.workspace(books.at(tip)).settings.contributors if tip else ()
    keys = next((person.keys for person in people if person.id == by), ())
    return _Approver(by=by, note=note, witnesses=witnesses, keys=keys)


def standing_draft(books: Books, name: str) -> tuple[Draft, str]:
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
