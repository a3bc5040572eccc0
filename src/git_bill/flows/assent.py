"""What people have said about a draft: who has signed its content off, what holds it, whose amounts it has.

Rules, roles and keys are those of the books branch, never of the branch under review.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from git_bill.contract.party import Client
from git_bill.custody.signoff import (
    Assent,
    Merger,
    Signatures,
    Signer,
    SignOff,
    Verdict,
    assents,
    signed_text,
    signoff_file,
)
from git_bill.flows import load
from git_bill.flows.open_drafts import AtTip, draft_on
from git_bill.forge import Forge, PullRequest, Review
from git_bill.invoice.command import Command, commands
from git_bill.invoice.draft import Draft
from git_bill.invoice.hold import Hold, Remark, Version, Voice, holds, proposed_by
from git_bill.ports import Arrival, Books, Snapshot
from git_bill.workspace import Contributor, Workspace, draft_branch, draft_file

SIGNING = frozenset({"owner", "approver"})  # roles that may sign off
MERGING = frozenset({"owner", "approver", "accountant"})  # roles whose merge stands
ROBOT = "git-bill@localhost"  # who commits where git knows nobody
MARK = "Drafted-by: git-bill"  # in commits that `draft` makes
_NO_REPLY = re.compile(r"(?:\d+[+-])?(?P<account>[^@+]+)@(?:users\.)?noreply\..+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Who can tell what people said: the forge, and the program that verifies signatures; None where there is none."""

    forge: Forge | None = None
    signatures: Signatures | None = None


NOBODY = Witnesses()
APPROVE = Command(verb="approve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard about one content of a draft. `pull`: its pull request.

    `merged_by`: id of the contributor who merged it, "" where that can't be told; `stranger`: the account that merged
    and is known not to be permitted to; `proposal`: whose amounts it has, where that person may not set them.
    """

    blob: str
    given: tuple[Assent, ...] = ()
    holds: tuple[Hold, ...] = ()
    merged_by: str = ""
    stranger: str | None = None
    proposal: str | None = None
    pull: PullRequest | None = None


def hear(
    books: Books,
    state: AtTip,
    name: str,
    *,
    draft: Draft,
    content: bytes,
    witnesses: Witnesses,
    arrival: Arrival | None,
) -> Heard:
    """Everything that counts for a draft with this content. `arrival`: how it came onto the books branch, if it did.

    Stops (exit 5) where the forge can't be asked.
    """
    path, workspace, people = draft_file(name), state.workspace, able(state.workspace)
    blob, records = books.blob_id(content), recorded(state.snapshot, draft.id)
    engagement = workspace.engagements.get(draft.client)
    clients = engagement.client.accounts if engagement else ()
    pulls: tuple[PullRequest, ...] = ()
    verdicts: list[Verdict] = []
    remarks: list[Remark] = []
    merged = None
    if (forge := witnesses.forge) is not None:
        pulls = _pulls(forge, books.branch, name, blob)
        merged = next((pull for pull in pulls if pull.state == "merged" and _has(forge, pull, path, blob)), None)
        own = [review for pull in pulls for review in forge.reviews(pull.number)]
        verdicts = list(_verdicts(forge, pulls, own, path, records=records, people=people))
        talks = [(forge, pull) for pull in pulls] + _copies(forge, name, engagement.client if engagement else None)
        reviews = [review for place, pull in talks for review in place.reviews(pull.number)]
        remarks = list(_remarks(talks, reviews, lambda account: _voice(account, workspace, clients), draft.answered))
    here = arrival is not None and books.at(arrival.commit).read(path) == content
    merger = _merger(workspace, arrival, merged) if arrival and (merged or here) else None
    account = merger.account if merger else None
    person = workspace.contributor_with(account) if account else _by_mail(workspace, merger)
    return Heard(
        blob=blob,
        given=assents(
            blob,
            people,
            recorded=records,
            signed=signed(state.snapshot, draft.id, blob, people, witnesses.signatures),
            verdicts=verdicts,
            merger=merger,
        ),
        holds=holds(draft, remarks),
        merged_by=person.id if person else "",
        stranger=account if account and not (person and MERGING & set(person.roles)) else None,
        proposal=proposed_by(_versions(books, state, name, arrival, clients)),
        pull=next((p for p in pulls if p.state == "open"), merged or next(iter(pulls), None)),
    )


def able(workspace: Workspace, roles: frozenset[str] = SIGNING) -> tuple[Signer, ...]:
    """Who may sign off."""
    return tuple(signer(person) for person in workspace.settings.contributors if roles & set(person.roles))


def signer(person: Contributor) -> Signer:
    """A contributor as far as sign-offs ask."""
    return Signer(id=person.id, emails=person.emails, accounts=person.accounts, keys=person.keys)


def tells(workspace: Workspace, account: str | None) -> bool:
    """Whether the settings tell whose an account is, or that it is none of ours: then its word counts, and no e-mail.

    While no contributor lists an account, one that is not a client's may be anybody's.
    """
    if account is None:
        return False
    clients = [each for engagement in workspace.engagements.values() for each in engagement.client.accounts]
    listed = any(person.accounts for person in workspace.settings.contributors)
    return listed or account.lower() in map(str.lower, clients)


def recorded(snapshot: Snapshot, subject: str) -> tuple[SignOff, ...]:
    """Sign-offs on file for a draft's id, or what stands for one."""
    paths = (path for path in snapshot.paths(f"billing/signoffs/{subject}") if path.endswith(".toml"))
    found = (load.read_file(snapshot, SignOff, path) for path in paths)
    return tuple(item.value for item in found if item is not None and item.value is not None)


def signed(
    snapshot: Snapshot, subject: str, blob: str, people: Sequence[Signer], signatures: Signatures | None
) -> frozenset[str]:
    """Ids of those whose signature on file is valid for this content."""
    found = {person.id: snapshot.read(signoff_file(subject, person.id, "sig")) for person in people if person.keys}
    return frozenset(
        person.id
        for person in people
        if signatures and (given := found.get(person.id)) and signatures.valid(signed_text(blob), given, person.keys)
    )


def account_of(email: str) -> str | None:
    """The account that a forge's no-reply address names."""
    match = _NO_REPLY.fullmatch(email)
    return match["account"] if match else None


def comment_note(ref: str) -> str:
    """What the record of a sign-off by comment notes."""
    return f"comment {ref}"


def _pulls(forge: Forge, base: str, name: str, blob: str) -> tuple[PullRequest, ...]:
    """Pull requests of the draft into the books branch; a closed one only if it is about this very content."""
    found = [pull for pull in forge.pull_requests(draft_branch(name)) if pull.base == base and not pull.fork]
    return tuple(pull for pull in found if pull.state == "open" or _has(forge, pull, draft_file(name), blob))


def _copies(forge: Forge, name: str, client: Client | None) -> list[tuple[Forge, PullRequest]]:
    """The copy of the draft that a client reads in a repository of its own; what is said there counts as said here."""
    if client is None or client.review != "repository" or not client.review_repository:
        return []
    there = forge.elsewhere(client.review_repository)
    return [(there, pull) for pull in there.pull_requests(draft_branch(name))[:1] if not pull.fork]


def _has(forge: Forge, pull: PullRequest, path: str, blob: str) -> bool:
    """Whether it brought, or would bring, this content."""
    return forge.blob(pull.merged_as or pull.head, path) == blob


def _merger(workspace: Workspace, arrival: Arrival, merged: PullRequest | None) -> Merger:
    """Who merged this content: as the forge says, else the author of the first-parent commit that brought it."""
    account = merged.merged_by if merged is not None else None
    return Merger(email=arrival.email, account=account if tells(workspace, account) else None)


def _by_mail(workspace: Workspace, merger: Merger | None) -> Contributor | None:
    return workspace.contributor_of(merger.email) if merger else None


def _verdicts(
    forge: Forge,
    pulls: Sequence[PullRequest],
    reviews: Sequence[Review],
    path: str,
    *,
    records: Sequence[SignOff],
    people: Sequence[Signer],
) -> Iterator[Verdict]:
    """Reviews by those whose role allows a sign-off, and their `/bill approve`, oldest first."""
    found: list[tuple[datetime, Verdict]] = []
    for review in reviews:
        if any(person.has_account(review.account) for person in people):
            blob = forge.blob(review.commit, path) if review.verdict == "approved" else None
            found.append((review.at, Verdict(account=review.account, verdict=review.verdict, blob=blob)))
    blobs = {f"{record.by} {record.note}": record.blob for record in records}
    for said in (comment for pull in pulls for comment in forge.comments(pull.number)):
        person = next((person for person in people if person.has_account(said.account)), None)
        blob = blobs.get(f"{person.id} {comment_note(said.id)}") if person else None
        # The record tells which content was read; that the person said it, the forge tells.
        if blob is not None and not said.edited and APPROVE in commands(said.text):
            found.append((said.at, Verdict(account=said.account, verdict="approved", blob=blob)))
    yield from (verdict for _, verdict in sorted(found, key=lambda each: each[0]))


def _remarks(
    talks: Sequence[tuple[Forge, PullRequest]],
    reviews: Sequence[Review],
    voice: Callable[[str], Voice],
    answered: Sequence[str],
) -> Iterator[Remark]:
    """What was said; `answered`: comments that the draft says were carried out."""
    for review in reviews:
        kind = "comment" if review.verdict == "commented" else review.verdict
        yield Remark(account=review.account, voice=voice(review.account), kind=kind, text=review.text, at=review.at)
    for forge, pull in talks:
        for said in forge.comments(pull.number):
            by: Voice = "ours" if said.ours else voice(said.account)
            done = said.id in answered or f"{forge.repository}#{said.id}" in answered
            yield Remark(account=said.account, voice=by, kind="comment", text=said.text, at=said.at, done=done)


def _voice(account: str, workspace: Workspace, clients: Sequence[str]) -> Voice:
    person = workspace.contributor_with(account)
    if person is not None:
        return "signer" if SIGNING & set(person.roles) else "contributor"
    return "client" if account.lower() in (each.lower() for each in clients) else "stranger"


def _versions(
    books: Books, state: AtTip, name: str, arrival: Arrival | None, clients: Sequence[str]
) -> Iterator[Version]:
    """The draft as the commits of its branch have it, oldest first; none where the branch is gone."""
    branch = next((branch for branch in books.drafts() if branch.name == name), None)
    if branch is None:
        return
    # Once merged, the fork point is the branch's own tip: what the books had before is where it began.
    since = arrival.parent if arrival else books.fork_point(branch.commit)
    for each in books.landed([draft_file(name)], since, branch.commit):
        draft = draft_on(books.at(each.commit), name)
        if draft is not None:
            yield Version(draft=draft, author=each.name or each.email, trusted=_trusted(state.workspace, each, clients))


def _trusted(workspace: Workspace, commit: Arrival, clients: Sequence[str]) -> bool:
    """Whether a commit on a draft's branch is by a contributor or by this program."""
    account = account_of(commit.email)
    if account is not None and account.lower() in (each.lower() for each in clients):
        return False
    known = workspace.contributor_of(commit.email) or (account and workspace.contributor_with(account))
    return bool(known) or commit.email == ROBOT or MARK in commit.message.splitlines()
