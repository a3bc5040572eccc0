"""A forge in memory: the same contract as GitHub and GitLab, with faults to order. For tests of flows."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from tests.twins.books import MemoryBooks, Method

from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Refused
from git_bill.forge import Booking, ClosedMilestone, Comment, Forge, PullRequest, Review, Standing, Submission, Ticket
from git_bill.problem import Exit, stop

EPOCH = datetime(2026, 11, 2, 9, tzinfo=UTC)
Write = EnsurePullRequest | EnsureComment | PostStatus


@dataclass(slots=True)
class Hosted:
    """What one repository of the forge holds. Tests may look into it and change it."""

    pulls: dict[int, PullRequest] = field(default_factory=dict)
    bodies: dict[int, str] = field(default_factory=dict)
    reviews: dict[int, list[Review]] = field(default_factory=dict)
    comments: dict[int, list[Comment]] = field(default_factory=dict)
    statuses: dict[tuple[str, str], PostStatus] = field(default_factory=dict)
    tickets: dict[str, tuple[datetime, Ticket]] = field(default_factory=dict)
    submissions: dict[int, tuple[datetime, Submission]] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    closed_milestones: dict[str, datetime] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)  # branch → what was laid on it


class MemoryForge:
    """`Forge` without a server.

    Commits and blobs are those of `books`, or what the callables `head(branch)`, `blob(commit, path)` and
    `within(commit, branch)` (whether a branch has a commit) tell. `account`: who this program is there.
    Faults: `away` (nothing answers), `patience` (how many requests are answered before it is away), `refusals` (kind
    of effect → what it is refused with), `missing` (repositories that this token does not see); `written` counts
    writes that changed something.
    """

    def __init__(
        self,
        books: MemoryBooks | None = None,
        *,
        repository: str = "mira/books",
        account: str = "git-bill[bot]",
        name: str = "GitHub",
        head: Callable[[str], str | None] | None = None,
        blob: Callable[[str, str], str | None] | None = None,
        within: Callable[[str, str], bool] | None = None,
    ) -> None:
        self.books = books
        self.account = account
        self.hosted = Hosted()
        self.away = False
        self.patience: int | None = None
        self.refusals: dict[type[Write], Refused] = {}
        self.missing: set[str] = set()
        self.written = 0
        self.facts = Standing(account=account, private=True, fork=False, may_push=True, rules=())
        self._repository = repository
        self._name = name
        self._head = head or self._head_in_books
        self._blob = blob or self._blob_in_books
        self._within = within or self._within_books
        self._others: dict[str, MemoryForge] = {repository: self}
        self._brought: dict[str, int] = {}  # commit of a base branch → the pull request that it came by

    # What persons do there

    def open(
        self, branch: str, *, base: str = "main", title: str = "", author: str = "mira", fork: bool = False
    ) -> PullRequest:
        """Somebody opens a pull request."""
        number = self._next()
        pull = PullRequest(
            number=number,
            url=f"https://forge.example/{self._repository}/pull/{number}",
            branch=branch,
            base=base,
            head=self._head(branch) or "",
            state="open",
            title=title,
            author=author,
            fork=fork,
        )
        self.hosted.pulls[number] = pull
        self.hosted.bodies[number] = ""
        return pull

    def merge(
        self, number: int, *, by: str | None = "mira", how: Method = "merge", merged_as: str | None = None
    ) -> str:
        """Somebody merges; the commit that it became. In `books` the branch is merged really."""
        pull = self._current(self.hosted.pulls[number])
        landed = [merged_as or hashlib.sha1(f"merge {number}".encode(), usedforsecurity=False).hexdigest()]
        if merged_as is None and self.books is not None:
            landed = self.books.merge(pull.branch, how=how)
        self._brought |= dict.fromkeys(landed, number)
        made = landed[-1]
        self.hosted.pulls[number] = replace(pull, state="merged", merged_by=by, merged_as=made)
        return made

    def close(self, number: int) -> None:
        """Somebody closes it without merging."""
        self.hosted.pulls[number] = replace(self._current(self.hosted.pulls[number]), state="closed")

    def reopen(self, number: int) -> None:
        """Somebody opens a closed one again."""
        self.hosted.pulls[number] = replace(self.hosted.pulls[number], state="open")

    def review(
        self,
        number: int,
        account: str,
        verdict: Literal["approved", "changes-requested", "commented", "dismissed"] = "approved",
        *,
        text: str = "",
        commit: str | None = None,
    ) -> Review:
        """An account reviews the head, or another commit."""
        made = Review(
            id=self._id(),
            account=account,
            commit=commit or self._current(self.hosted.pulls[number]).head,
            verdict=verdict,
            text=text,
            at=self._now(),
        )
        self.hosted.reviews.setdefault(number, []).append(made)
        return made

    def comment(self, number: int, account: str, text: str, *, account_id: str = "", edited: bool = False) -> Comment:
        """An account comments."""
        made = Comment(
            id=self._id(),
            account=account,
            account_id=account_id or str(1000 + sum(account.encode())),
            text=text,
            at=self._now(),
            edited=edited,
        )
        self.hosted.comments.setdefault(number, []).append(made)
        return made

    def ticket(self, ticket: Ticket, at: datetime = EPOCH) -> None:
        """A ticket as it is since an instant."""
        self.hosted.tickets[ticket.key] = (at, ticket)

    def submission(self, submission: Submission, at: datetime | None = None) -> None:
        """A pull request of a code repository, changed at an instant (else when it was opened)."""
        self.hosted.submissions[submission.number] = (at or submission.at, submission)

    def ours(self, number: int) -> list[str]:
        """What our comments say, less the hidden marker."""
        return [c.text.partition(" -->\n")[2] for c in self.hosted.comments.get(number, []) if c.ours]

    def status(self, commit: str, context: str) -> PostStatus | None:
        """A commit's status."""
        return self.hosted.statuses.get((commit, context))

    # The contract

    @property
    def name(self) -> str:
        return self._name

    @property
    def repository(self) -> str:
        return self._repository

    def elsewhere(self, repository: str) -> "MemoryForge":
        if repository not in self._others:
            other = MemoryForge(repository=repository, account=self.account, name=self._name)
            other._others, other.missing, other.refusals = self._others, self.missing, self.refusals
            self._others[repository] = other
        return self._others[repository]

    def pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        self._reach()
        found = [self._current(p) for p in self.hosted.pulls.values() if p.branch == branch and not p.fork]
        return tuple(sorted(found, key=lambda p: (p.state != "open", -p.number)))

    def pull_request(self, number: int) -> PullRequest | None:
        self._reach()
        pull = self.hosted.pulls.get(number)
        return pull and self._current(pull)

    def brought(self, commit: str) -> tuple[PullRequest, ...]:
        self._reach()
        number = self._brought.get(commit)
        return () if number is None else (self.hosted.pulls[number],)

    def reviews(self, number: int) -> tuple[Review, ...]:
        self._reach()
        return tuple(sorted(self.hosted.reviews.get(number, ()), key=lambda r: r.at))

    def comments(self, number: int) -> tuple[Comment, ...]:
        self._reach()
        return tuple(sorted(self.hosted.comments.get(number, ()), key=lambda c: c.at))

    def blob(self, commit: str, path: str) -> str | None:
        self._reach()
        return self._blob(commit, path)

    def tickets(self, since: datetime | None = None) -> Iterator[Ticket]:
        self._reach()
        return iter([t for at, t in self.hosted.tickets.values() if since is None or at >= since])

    def submissions(self, since: datetime | None = None) -> Iterator[Submission]:
        self._reach()
        return iter([s for at, s in self.hosted.submissions.values() if since is None or at >= since])

    def bookings(self, since: datetime | None = None) -> tuple[Booking, ...] | None:
        self._reach()
        if self._name != "GitLab":
            return None
        return tuple(booking for booking in self.hosted.bookings if since is None or booking.at >= since)

    def closed_milestones(self) -> tuple[ClosedMilestone, ...]:
        self._reach()
        return tuple(ClosedMilestone(title=title, at=at) for title, at in self.hosted.closed_milestones.items())

    def standing(self, branch: str) -> Standing:
        self._reach()
        return self.facts

    def ensure_pull_request(self, effect: EnsurePullRequest) -> Done | Refused:
        refused = self._refusal(effect)
        if refused is not None:
            return refused
        if not effect.base:
            effect = replace(effect, base="main")
        found = self.pull_requests(effect.branch)
        pull = found[0] if found and found[0].state == "open" else None
        closed = next((p for p in found if p.state == "closed"), None)
        if pull is None and closed is not None and self._within(closed.head, effect.branch):
            return Refused(
                reason=f"pull request #{closed.number} of {effect.branch} was closed",
                remedy=f"open it again if it is wanted after all: {closed.url}",
            )
        laid = self.hosted.files.setdefault(effect.branch, {}) if effect.files else {}
        already = all(laid.get(path) == content for path, content in effect.files.items())
        laid |= effect.files
        if pull is None:
            if self._head(effect.branch) is None and not effect.files:
                return Refused(reason=f"{effect.branch} is not on the forge", remedy=f"git push origin {effect.branch}")
            pull, already = self.open(effect.branch, base=effect.base, author=self.account), False
        labels = tuple(dict.fromkeys((*pull.labels, *effect.labels)))
        new = replace(pull, title=effect.title, base=effect.base, labels=labels)
        already = already and new == pull and self.hosted.bodies[pull.number] == effect.body
        self.hosted.pulls[pull.number], self.hosted.bodies[pull.number] = new, effect.body
        self.written += not already
        return Done(ref=pull.url, already=already)

    def ensure_comment(self, effect: EnsureComment) -> Done | Refused:
        refused = self._refusal(effect)
        if refused is not None:
            return refused
        if effect.number not in self.hosted.pulls:
            return Refused(reason=f"{self._repository} has no pull request #{effect.number}")
        comments = self.hosted.comments.setdefault(effect.number, [])
        url = f"https://forge.example/{self._repository}/pull/{effect.number}#comment"
        marker = f"<!-- git-bill:{effect.marker} -->"
        text = f"{marker}\n{effect.body}"
        place = next((i for i, c in enumerate(comments) if c.ours and c.text.startswith(marker)), None)
        if place is not None and comments[place].text == text:
            return Done(ref=url, already=True)
        if place is None:
            made = self.comment(effect.number, self.account, text)
            comments[-1] = replace(made, ours=True)
        else:
            comments[place] = replace(comments[place], text=text, edited=True)
        self.written += 1
        return Done(ref=url)

    def post_status(self, effect: PostStatus) -> Done | Refused:
        refused = self._refusal(effect)
        if refused is not None:
            return refused
        place = (effect.commit, effect.context)
        already = self.hosted.statuses.get(place) == effect
        self.hosted.statuses[place] = effect
        self.written += not already
        return Done(ref=effect.commit, already=already)

    def _reach(self) -> None:
        if self._others_root._gone():
            raise stop(Exit.FORGE, "forge-down", f"{self._name} answers 502", "nothing was changed; run this again")
        if self._repository in self.missing:
            raise stop(Exit.FORGE, "forge-not-found", f"{self._name} does not show {self._repository} to this token")

    def _refusal(self, effect: Write) -> Refused | None:
        """Writes raise nothing: whatever goes wrong there is a refusal."""
        if self._others_root._gone():
            return Refused(reason=f"{self._name} answers 502", remedy="nothing was changed; run this again")
        if self._repository in self.missing:
            return Refused(reason=f"{self._name} does not show {self._repository} to this token")
        return self.refusals.get(type(effect))

    def _gone(self) -> bool:
        if self.patience is not None:
            self.away = self.away or self.patience == 0
            self.patience -= 1
        return self.away

    @property
    def _others_root(self) -> "MemoryForge":
        return next(iter(self._others.values()))

    def _current(self, pull: PullRequest) -> PullRequest:
        """An open one's head follows its branch."""
        if pull.state != "open" or pull.fork:
            return pull
        return replace(pull, head=self._head(pull.branch) or pull.head)

    def _head_in_books(self, branch: str) -> str | None:
        if branch in self.hosted.files:
            return hashlib.sha1(repr(self.hosted.files[branch]).encode(), usedforsecurity=False).hexdigest()
        return self.books.store.branches.get(branch) if self.books else None

    def _blob_in_books(self, commit: str, path: str) -> str | None:
        laid = next((files for branch, files in self.hosted.files.items() if self._head(branch) == commit), None)
        if laid is not None:
            content = laid.get(path)
        elif self.books is not None and commit in self.books.store.commits:
            content = self.books.store.commits[commit].files.get(path)
        else:
            return None
        return None if content is None else MemoryBooks().blob_id(content)

    def _within_books(self, commit: str, branch: str) -> bool:
        head = self._head(branch)
        return head is not None and (head == commit or (self.books is not None and self._in_history(commit, head)))

    def _in_history(self, commit: str, head: str) -> bool:
        assert self.books is not None
        return head in self.books.store.commits and commit in self.books._ancestors(head)

    def _next(self) -> int:
        return max(self.hosted.pulls, default=0) + 1

    def _id(self) -> str:
        return str(
            1 + sum(len(c) for c in self.hosted.comments.values()) + sum(len(r) for r in self.hosted.reviews.values())
        )

    def _now(self) -> datetime:
        """Each review and comment comes a minute after the one before."""
        return EPOCH + timedelta(minutes=int(self._id()))


_: type[Forge] = MemoryForge
