"""Where people speak about a draft, what they ask for there, and which versions of the draft they saw."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from git_bill.contract.party import Client
from git_bill.flows.open_drafts import draft_on
from git_bill.forge import Comment, Forge, PullRequest
from git_bill.invoice.answering import Said, Seen, Standing
from git_bill.invoice.command import Command, commands
from git_bill.layout import draft_branch, draft_file
from git_bill.ports import Arrival, Books
from git_bill.problem import Problem
from git_bill.workspace import Contributor, Workspace

_TRAILER = re.compile(r"^Comment: (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A pull request about a draft. `repository`: "" for that of the books, else where the client reads a copy."""

    forge: Forge
    pull: PullRequest
    repository: str = ""

    def ref(self, comment: Comment) -> str:
        """What the books call a comment."""
        return f"{self.repository}#{comment.id}" if self.repository else comment.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A comment with commands, and who wrote it. `author`: name and address for a commit in that person's name.

    `marker`: of our reply, which a stranger gets only once; `replied`: it is there.
    """

    thread: Thread
    comment: Comment
    said: Said
    person: Contributor | None
    author: tuple[str, str]
    marker: str
    replied: bool


def threads(forge: Forge, name: str, client: Client | None) -> tuple[Thread, ...]:
    """Every pull request of a draft's branch, open first, then newest first; and the newest of the client's copy.

    Closed ones too, and into whatever branch: who closes or turns one has not answered what was said there.
    """
    found = [Thread(forge=forge, pull=pull) for pull in forge.pull_requests(draft_branch(name))]
    if client is not None and client.review == "repository" and client.review_repository:
        there = forge.elsewhere(client.review_repository)
        copies = there.pull_requests(draft_branch(name))[:1]
        found += [Thread(forge=there, pull=pull, repository=client.review_repository) for pull in copies]
    return tuple(found)


def newest(forge: Forge, base: str, name: str) -> PullRequest | None:
    """The pull request of a draft into the books branch: the open one, else the newest."""
    return next((pull for pull in forge.pull_requests(draft_branch(name)) if pull.base == base), None)


def requests(found: Sequence[Thread], workspace: Workspace, client: Client | None) -> tuple[Request, ...]:
    """What is asked for in threads, oldest first; talk, and what this program wrote, is left out."""
    asked = [request for thread in found for request in _in_thread(thread, workspace, client)]
    return tuple(sorted(asked, key=lambda request: request.said.at))


def _in_thread(thread: Thread, workspace: Workspace, client: Client | None) -> Iterator[Request]:
    comments = thread.forge.comments(thread.pull.number)
    ours = [comment.text for comment in comments if comment.ours]
    for comment in comments:
        asked = () if comment.ours else _asked(thread, comment)
        if asked:
            person = workspace.contributor_with(comment.account)
            said = Said(
                ref=thread.ref(comment),
                by=person.name if person else comment.account,
                standing=standing(comment.account, workspace, client, comment.at),
                at=comment.at,
                commands=asked,
            )
            mark = f"no-{comment.account}" if said.standing == "stranger" else f"re-{comment.id}"
            yield Request(
                thread=thread,
                comment=comment,
                said=said,
                person=person,
                author=_author(thread.forge, comment, person),
                marker=mark,
                replied=any(f":{mark} " in text for text in ours),
            )


def _asked(thread: Thread, comment: Comment) -> tuple[Command | Problem, ...]:
    """The commands of a comment. A copy is approved by a review, which says which text was read."""
    found = commands(comment.text)
    if not thread.repository:
        return found
    hint = "press Approve in the review of its changes, or merge it"
    wrong = Problem(rule="approved-unseen", message="this copy is approved by approving the pull request", hint=hint)
    return tuple(wrong if isinstance(one, Command) and one.verb == "approve" else one for one in found)


def standing(account: str, workspace: Workspace, client: Client | None, at: datetime) -> Standing:
    """Whose word an account's was at an instant: the settings of the books branch say it."""
    person = workspace.contributor_with(account)
    if person is not None and person.signer.serves(at):
        return "signer" if person.signs else "contributor"
    spoken = client is not None and account.lower() in (each.lower() for each in client.accounts)
    return "client" if spoken else "stranger"


def history(
    books: Books, name: str, commit: str, since: str | None, said: Mapping[str, datetime]
) -> tuple[tuple[Seen, ...], frozenset[str]]:
    """A draft's versions after `since` up to a commit, oldest first; and the comments that they carried out.

    `said`: instants of comments by their names in the books.
    """
    found = books.landed([draft_file(name)], since, commit)
    carried = frozenset(ref for each in found for ref in _TRAILER.findall(each.message))
    return tuple(_seen(books, name, each, said) for each in found), carried


def _seen(books: Books, name: str, commit: Arrival, said: Mapping[str, datetime]) -> Seen:
    there = books.at(commit.commit)
    instants = [said[ref] for ref in _TRAILER.findall(commit.message) if ref in said]
    return Seen(
        at=commit.at,
        said=min([commit.at, *instants]),
        blob=books.blob_id(there.read(draft_file(name)) or b""),
        draft=draft_on(there, name),
    )


def _author(forge: Forge, comment: Comment, person: Contributor | None) -> tuple[str, str]:
    """A contributor's name and first address; else the account with the forge's no-reply address."""
    if person is not None and person.emails:
        return person.name, person.emails[0]
    joint, host = ("-", "gitlab.com") if forge.name == "GitLab" else ("+", "github.com")
    owner = f"{comment.account_id}{joint}{comment.account}" if comment.account_id else comment.account
    return comment.account, f"{owner}@users.noreply.{host}"
