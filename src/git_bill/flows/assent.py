"""What people have said about a draft: who has signed its content off, what holds it, whose amounts it has.

Rules, roles and keys are those of the books branch, never of the branch under review.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from git_bill.contract.party import Client
from git_bill.custody.client_word import ClientWord
from git_bill.custody.signoff import Assent, Merger, Signatures, Signer, Verdict, assents
from git_bill.flows.bringing import Brought
from git_bill.flows.filed import Filed, filed
from git_bill.flows.open_drafts import AtTip, draft_on
from git_bill.flows.threads import Thread, standing, threads
from git_bill.forge import Comment, Forge, PullRequest, Review
from git_bill.invoice.command import Command, commands
from git_bill.invoice.draft import Draft
from git_bill.invoice.hold import Hold, Remark, Version, holds, proposed_by
from git_bill.layout import draft_file
from git_bill.ports import Arrival, Books
from git_bill.workspace import DRAFTED, Contributor, Workspace

SIGNING = frozenset({"owner", "approver"})  # roles that may sign off
MERGING = frozenset({"owner", "approver", "accountant"})  # roles whose merge stands
ROBOT = "git-bill@localhost"  # who commits where git knows nobody
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
    """What was heard about one content of a draft. `pull`: its pull request; `client_word`: on file for any content.

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
    client_word: ClientWord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    """What was said in a thread."""

    thread: Thread
    reviews: tuple[Review, ...]
    comments: tuple[Comment, ...]


def hear(
    books: Books,
    state: AtTip,
    name: str,
    *,
    draft: Draft,
    content: bytes,
    witnesses: Witnesses,
    came: Brought | None = None,
) -> Heard:
    """Everything that counts for a draft with this content. `came`: how it came onto the books branch, if it did.

    Stops (exit 5) where the forge can't be asked.
    """
    workspace, people, forge = state.workspace, able(state.workspace), witnesses.forge
    blob, client = books.blob_id(content), state.client(name)
    found = filed(books, state.snapshot, draft.id, forge)
    talks = [_talk(thread) for thread in threads(forge, name, client)] if forge else []
    own = [talk for talk in talks if not talk.thread.repository]
    pulls = [talk.thread.pull for talk in own]
    into = [pull for pull in pulls if pull.base == books.branch]
    merged = _merged(forge, came, into, name, blob) if forge and came else None
    pushed = came is not None and came.pull is None and _blob(books, came.arrival.commit, name) == blob
    merger = _merger(workspace, came, merged, pushed=pushed) if came else None
    account = merger.account if merger else None
    person = workspace.contributor_with(account) if account else _by_mail(workspace, merger)
    may = person is not None and MERGING & set(person.roles) and merger and person.signer.serves(merger.at)
    return Heard(
        blob=blob,
        given=assents(
            blob,
            people,
            recorded=found.records,
            signed=found.signed(blob, people, witnesses.signatures),
            verdicts=[verdict for talk in own for verdict in _verdicts(talk, name, found, people)],
            merger=merger,
        ),
        holds=holds(draft, [remark for talk in talks for remark in _remarks(talk, workspace, client, draft)]),
        client_word=found.client,
        merged_by=person.id if person else "",
        stranger=account if account and not may else None,
        proposal=proposed_by(_versions(books, state, name, came)),
        pull=next((p for p in pulls if p.state == "open"), merged or next(iter(pulls), None)),
    )


def able(workspace: Workspace, roles: frozenset[str] = SIGNING) -> tuple[Signer, ...]:
    """Who may sign off."""
    return tuple(person.signer for person in workspace.settings.contributors if roles & set(person.roles))


def tells(workspace: Workspace, account: str | None) -> bool:
    """Whether the settings tell whose an account is, or that it is none of ours: then its word counts, and no e-mail.

    While no contributor lists an account, one that is not a client's may be anybody's.
    """
    clients = [each for engagement in workspace.engagements.values() for each in engagement.client.accounts]
    listed = any(person.accounts for person in workspace.settings.contributors)
    return listed or (account is not None and account.lower() in map(str.lower, clients))


def account_of(email: str) -> str | None:
    """The account that a forge's no-reply address names."""
    match = _NO_REPLY.fullmatch(email)
    return match["account"] if match else None


def comment_note(ref: str) -> str:
    """What the record of a sign-off by comment notes."""
    return f"comment {ref}"


def _talk(thread: Thread) -> _Talk:
    number = thread.pull.number
    return _Talk(thread=thread, reviews=thread.forge.reviews(number), comments=thread.forge.comments(number))


def _merged(forge: Forge, came: Brought, pulls: Sequence[PullRequest], name: str, blob: str) -> PullRequest | None:
    """The pull request that brought this very content; by the forge's word, where it tells, whatever its branch was."""
    told = [came.pull] if came.pull else pulls
    became = ((pull, pull.merged_as) for pull in told if pull.state == "merged" and pull.merged_as)
    return next((pull for pull, commit in became if forge.blob(commit, draft_file(name)) == blob), None)


def _merger(workspace: Workspace, came: Brought, merged: PullRequest | None, *, pushed: bool) -> Merger | None:
    """Who merged this content, or pushed it; nobody where it was changed since."""
    if merged is None and not pushed:
        return None
    return replace(came, pull=merged).merger(listed=tells(workspace, merged.merged_by if merged else None))


def _blob(books: Books, commit: str, name: str) -> str | None:
    content = books.at(commit).read(draft_file(name))
    return None if content is None else books.blob_id(content)


def _by_mail(workspace: Workspace, merger: Merger | None) -> Contributor | None:
    return workspace.contributor_of(merger.email) if merger else None


def _verdicts(talk: _Talk, name: str, found: Filed, people: Sequence[Signer]) -> Iterator[Verdict]:
    """Reviews by those whose role allows a sign-off, and their `/bill approve`."""
    for review in talk.reviews:
        if any(person.has_account(review.account) for person in people):
            read = review.commit if review.verdict == "approved" else ""  # a commit may be gone
            blob = talk.thread.forge.blob(read, draft_file(name)) if read else None
            yield Verdict(account=review.account, verdict=review.verdict, blob=blob, at=review.at)
    blobs = {(record.by, record.note): record.blob for record in found.records}
    for said in talk.comments:
        person = next((person for person in people if person.has_account(said.account)), None)
        blob = blobs.get((person.id, comment_note(said.id))) if person else None
        # The record tells which content was read; that the person said it, the forge tells.
        if blob is not None and not said.edited and APPROVE in commands(said.text):
            yield Verdict(account=said.account, verdict="approved", blob=blob, at=said.at)


def _remarks(talk: _Talk, workspace: Workspace, client: Client | None, draft: Draft) -> Iterator[Remark]:
    """What was said in a pull request."""
    url = talk.thread.pull.url
    for review in talk.reviews:
        yield Remark(
            account=review.account,
            voice=standing(review.account, workspace, client, review.at),
            kind="comment" if review.verdict == "commented" else review.verdict,
            text=review.text,
            at=review.at,
            url=url,
        )
    for said in talk.comments:
        yield Remark(
            account=said.account,
            voice="ours" if said.ours else standing(said.account, workspace, client, said.at),
            kind="comment",
            text=said.text,
            at=said.at,
            done=talk.thread.ref(said) in draft.answered,
            edited=said.edited,
            url=url,
        )


def _versions(books: Books, state: AtTip, name: str, came: Brought | None) -> Iterator[Version]:
    """The draft as the commits of its branch have it, oldest first; none where the branch is gone."""
    branch = next((branch for branch in books.drafts() if branch.name == name), None)
    if branch is None:
        return
    # Once merged, the fork point is the branch's own tip: what the books had before is where it began.
    since = came.start if came else books.fork_point(branch.commit)
    for each in books.landed([draft_file(name)], since, branch.commit):
        draft = draft_on(books.at(each.commit), name)
        if draft is not None:
            trusted = _trusted(state.workspace, state.client(name), each)
            yield Version(draft=draft, author=each.name or each.email, trusted=trusted)


def _trusted(workspace: Workspace, client: Client | None, commit: Arrival) -> bool:
    """Whether a commit on a draft's branch is by a contributor or by this program."""
    account = account_of(commit.email)
    whose = standing(account, workspace, client, commit.at) if account is not None else "stranger"
    if whose == "client":
        return False
    known = workspace.contributor_of(commit.email) or whose != "stranger"
    return bool(known) or commit.email == ROBOT or DRAFTED in commit.message.splitlines()
