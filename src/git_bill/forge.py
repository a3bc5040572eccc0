"""The forge as the flows see it: GitHub or GitLab. Adapters and a twin in tests keep one contract.

Titles, bodies and our comments are renderings and are never read back (design idea 5); what people wrote is read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Refused
from git_bill.period import parse_duration

_ESTIMATE = re.compile(r"(?:estimate|est)\s*[:=/ ]\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull or merge request. `head`: the commit its branch is at now; accounts are login names.

    `merged_as`: the commit that it became on the base branch, however it was merged; None where the forge tells none.
    """

    number: int
    url: str
    branch: str
    base: str
    head: str
    state: Literal["open", "merged", "closed"]
    title: str
    author: str
    labels: tuple[str, ...] = ()
    fork: bool = False  # its branch lies in another repository
    merged_by: str | None = None
    merged_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An account's verdict on a commit. GitLab's approvals are of the head that they were given on.

    `dated`: the forge tells when it was given; else `at` is only the earliest time that it can be of.
    """

    id: str
    account: str
    commit: str
    verdict: Literal["approved", "changes-requested", "commented", "dismissed"]
    text: str
    at: datetime
    dated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody wrote below a pull request, or at a line of it. `ours`: written by this program.

    `account_id`: the forge's number of the account, for its no-reply address. `edited`: changed after it was written.
    """

    id: str
    account: str
    account_id: str
    text: str
    at: datetime
    ours: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """An issue of the tracker. `key`: as people write it, `#12`. `estimate` and `spent` in minutes."""

    key: str
    title: str
    url: str
    state: Literal["open", "closed"]
    labels: tuple[str, ...] = ()
    milestone: str | None = None
    estimate: int | None = None
    spent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedMilestone:
    """A milestone of the tracker that is closed, and since when: of GitLab since it was changed last."""

    title: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Time that an account booked on a ticket (`#12`) or a merge request (`!7`); negative to take back.

    `at`: when it was worked as far as it was said; midnight in UTC where only the day was.
    """

    account: str
    ticket: str
    title: str
    at: datetime
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A pull request of a code repository, as evidence. `commits`: its own, oldest first, also after a squash.

    `merged_as`: the commit that stands for them on the base branch after a squash or merge; None while open.
    """

    number: int
    title: str
    url: str
    branch: str
    author: str
    at: datetime
    commits: tuple[str, ...]
    reviews: tuple[Review, ...] = ()
    merged_as: str | None = None
    merged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the forge lets this token and this repository do; None where it does not tell.

    `rules`: names of what is demanded of pushes to the books branch (`pull_request`, `required_status_checks`, …).
    `writers`: accounts that can push, and so can issue. `scopes`: of the token.
    """

    account: str
    private: bool | None = None
    fork: bool | None = None
    may_push: bool | None = None
    may_open_pull_requests: bool | None = None
    scopes: tuple[str, ...] | None = None
    rules: tuple[str, ...] | None = None
    writers: tuple[str, ...] | None = None


class Tracker(Protocol):
    """What a forge tells of the work in a repository."""

    @property
    def name(self) -> str:
        """`GitHub` or `GitLab`."""

    def tickets(self, since: datetime | None = None) -> Iterator[Ticket]:
        """Tickets changed since an instant."""

    def submissions(self, since: datetime | None = None) -> Iterator[Submission]:
        """Pull requests changed since an instant, with commits and reviews."""

    def bookings(self, since: datetime | None = None) -> tuple[Booking, ...] | None:
        """What was booked of work since an instant; None where the forge does not tell."""

    def closed_milestones(self) -> tuple[ClosedMilestone, ...]:
        """Every milestone that is closed now."""


def estimated(labels: Iterable[str]) -> int | None:
    """Minutes that a label estimates, `estimate: 3h`, for trackers that know no time."""
    for label in labels:
        match = _ESTIMATE.fullmatch(label.strip())
        try:
            minutes = parse_duration(match[1]) if match else 0
        except ValueError:
            continue
        if minutes > 0:
            return minutes
    return None


class Forge(Protocol):
    """One repository of a forge. Reads raise Stop (exit 5) that names what is missing and the setting to change.

    Writes may be repeated at any time and raise nothing: whatever goes wrong there, the forge's being away too, is a
    Refused, for a flow has done other things before that stand.
    """

    @property
    def name(self) -> str:
        """`GitHub` or `GitLab`."""

    @property
    def repository(self) -> str:
        """Its path there: `mira/books`."""

    def elsewhere(self, repository: str) -> "Forge":
        """Another repository of the same forge."""

    def pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        """Those of a branch of this repository, open first, then newest first. None from forks."""

    def pull_request(self, number: int) -> PullRequest | None:
        """One by its number."""

    def brought(self, commit: str) -> tuple[PullRequest, ...]:
        """Merged pull requests that a commit of a base branch came by: as merge, squash or one of a rebase."""

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Oldest first; each account may have given several."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Oldest first: below the pull request and at its lines."""

    def blob(self, commit: str, path: str) -> str | None:
        """The blob id of a file at a commit; None where there is none."""

    def tickets(self, since: datetime | None = None) -> Iterator[Ticket]:
        """Tickets changed since an instant."""

    def submissions(self, since: datetime | None = None) -> Iterator[Submission]:
        """Pull requests changed since an instant, with commits and reviews."""

    def bookings(self, since: datetime | None = None) -> tuple[Booking, ...] | None:
        """What was booked of work since an instant; None where the forge does not tell."""

    def closed_milestones(self) -> tuple[ClosedMilestone, ...]:
        """Every milestone that is closed now."""

    def standing(self, branch: str) -> Standing:
        """What `doctor --ci` tells of token, settings and rules."""

    def ensure_pull_request(self, effect: EnsurePullRequest) -> Done | Refused:
        """Open it, or bring the open one up to date; `ref` is its address. A closed one is not opened again."""

    def ensure_comment(self, effect: EnsureComment) -> Done | Refused:
        """Write or change our one comment with this marker."""

    def post_status(self, effect: PostStatus) -> Done | Refused:
        """Set a commit's status."""
