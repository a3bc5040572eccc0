"""GitLab as a forge, through python-gitlab. Thin: what is asked, and where the answer goes."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from gitlab.exceptions import GitlabError

from git_bill.adapters.gitlab import records, reviews, standing, timelogs, writing
from git_bill.adapters.gitlab.client import Client, asking, said
from git_bill.adapters.mishaps import refusing
from git_bill.adapters.rendering import HIDDEN
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Refused
from git_bill.forge import Booking, ClosedMilestone, Comment, PullRequest, Review, Standing, Submission, Ticket

if TYPE_CHECKING:
    from gitlab.v4.objects import Project, ProjectMergeRequest


class GitLab:
    """One project. `repository`: its path, `mira/books`; `api`: address of the server, with or without `/api/v4`.

    `job`: whether the token is one that GitLab CI made for a job. `waiting` is told why it waits; `timeout` in seconds.
    """

    def __init__(
        self,
        repository: str,
        *,
        api: str = "https://gitlab.com",
        token: str,
        job: bool = False,
        waiting: Callable[[str], None] = lambda said: None,
        sleep: Callable[[float], None] = time.sleep,
        timeout: float = 30.0,
    ) -> None:
        self._repository = repository
        self._client = Client(api, token, job=job, waiting=waiting, sleep=sleep, timeout=timeout)
        self._open = partial(GitLab, api=api, token=token, job=job, waiting=waiting, sleep=sleep, timeout=timeout)

    @property
    def name(self) -> str:
        """What it is called."""
        return "GitLab"

    @property
    def repository(self) -> str:
        """Its path, `mira/books`."""
        return self._repository

    def elsewhere(self, repository: str) -> "GitLab":
        """Another project of the same server, with the same token."""
        return self._open(repository)

    def pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        """Those of a branch of this project, open first, then newest first."""
        with asking(f"read the merge requests of {self.repository}"):
            listed = self._project.mergerequests.list(iterator=True, source_branch=branch, state="all")
            found = [records.pull_request(each.attributes) for each in listed]
        own = [request for request in found if not request.fork]
        return tuple(sorted(own, key=lambda request: (request.state != "open", -request.number)))

    def pull_request(self, number: int) -> PullRequest | None:
        """One by its number."""
        with asking(f"read merge request !{number} of {self.repository}"):
            found = self._merge_request(number)
        return records.pull_request(found.attributes) if found else None

    def brought(self, commit: str) -> tuple[PullRequest, ...]:
        """Merged merge requests that a commit of a base branch came by."""
        with asking(f"read how {commit[:12]} was merged in {self.repository}"):
            try:
                listed = self._project.commits.get(commit, lazy=True).merge_requests()
            except GitlabError as error:
                if error.response_code == 404 and "Project" not in said(error):
                    return ()
                raise
        found = (records.pull_request(each) for each in listed)
        return tuple(request for request in found if request.state == "merged")

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Approvals that stand and changes that are asked for, oldest first."""
        with asking(f"read the reviews of !{number} of {self.repository}"):
            found = self._merge_request(number)
            return self._reviews(found) if found else ()

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Notes, oldest first; none of those that GitLab itself writes."""
        with asking(f"read the notes of !{number} of {self.repository}"):
            request = self._project.mergerequests.get(number, lazy=True)
            notes = request.notes.list(iterator=True, sort="asc", order_by="created_at")
            return tuple(
                records.comment(note.attributes, ours=self._ours(note.attributes))
                for note in notes
                if not note.attributes["system"]
            )

    def blob(self, commit: str, path: str) -> str | None:
        """The blob id of a file at a commit."""
        with asking(f"read {path} of {self.repository}"):
            try:
                return str(self._project.files.get(path, ref=commit).attributes["blob_id"])
            except GitlabError as error:
                if error.response_code == 404 and "Project" not in said(error):
                    return None
                raise

    def tickets(self, since: datetime | None = None) -> Iterator[Ticket]:
        """Issues changed since an instant. `spent` is the sum of their bookings."""
        with asking(f"read the issues of {self.repository}"):
            for issue in self._project.issues.list(iterator=True, scope="all", **_changed(since)):
                yield records.ticket(issue.attributes)

    def submissions(self, since: datetime | None = None) -> Iterator[Submission]:
        """Merge requests changed since an instant, with their own commits, also after a squash."""
        with asking(f"read the merge requests of {self.repository}"):
            for each in self._project.mergerequests.list(iterator=True, scope="all", **_changed(since)):
                commits = tuple(commit.id for commit in each.commits(get_all=True))
                yield records.submission(each.attributes, commits=commits[::-1], reviews=self._reviews(each))

    def bookings(self, since: datetime | None = None) -> tuple[Booking, ...] | None:
        """What was booked on issues and merge requests, of work since an instant."""
        with asking(f"read the bookings of {self.repository}"):
            return timelogs.bookings(self._client, self.repository, since)

    def closed_milestones(self) -> tuple[ClosedMilestone, ...]:
        """Every milestone that is closed now."""
        with asking(f"read the milestones of {self.repository}"):
            found = self._project.milestones.list(iterator=True, state="closed")
            closed = (each.attributes for each in found if each.attributes["state"] == "closed")
            return tuple(map(records.closed_milestone, closed))

    def standing(self, branch: str) -> Standing:
        """What token, project and protected branch allow."""
        with asking(f"read the settings of {self.repository}"):
            return standing.standing(self._client, self.repository, self._account, branch)

    def ensure_pull_request(self, effect: EnsurePullRequest) -> Done | Refused:
        """Open it, or bring the open one up to date."""

        def write() -> Done | Refused:
            closed = writing.closed_for_good(self._project, self.pull_requests(effect.branch), effect)
            return closed or writing.pull_request(self._project, effect)

        return _refusing(f"write the merge request of {effect.branch} in {self.repository}", write)

    def ensure_comment(self, effect: EnsureComment) -> Done | Refused:
        """Write or change our one note with this marker."""

        def write() -> Done | Refused:
            request = self._merge_request(effect.number)
            if request is None:
                return Refused(reason=f"{self.repository} has no merge request !{effect.number}")
            return writing.comment(request, effect, ours=self._ours)

        return _refusing(f"comment below !{effect.number} in {self.repository}", write)

    def post_status(self, effect: PostStatus) -> Done | Refused:
        """Set a commit's status."""
        return _refusing(f"post {effect.context} in {self.repository}", lambda: writing.status(self._project, effect))

    @cached_property
    def _project(self) -> "Project":
        """The project by its path, not asked for yet."""
        return self._client.projects.get(self.repository, lazy=True)

    @property
    def _account(self) -> str:
        return self._client.account

    def _ours(self, note: records.Answer) -> bool:
        """Whether this program wrote a note: its mark, by our account. Anyone can copy the mark."""
        return bool(note["body"].startswith(HIDDEN) and note["author"]["username"] == self._account)

    def _merge_request(self, number: int) -> "ProjectMergeRequest | None":
        try:
            return self._project.mergerequests.get(number)
        except GitlabError as error:
            if error.response_code == 404 and "Project" not in said(error):
                return None
            raise

    def _reviews(self, request: "ProjectMergeRequest") -> tuple[Review, ...]:
        states = self._reviewers(request)
        found = reviews.reviews(
            request.approvals.get().attributes,
            states or (),
            [note.attributes for note in request.notes.list(iterator=True)],
            [version.attributes for version in request.diffs.list(iterator=True)],
            request.attributes,
        )
        if states is not None:
            return found
        asked = frozenset(user["username"] for user in request.attributes.get("reviewers", ()))
        talks = [talk.attributes for talk in request.discussions.list(iterator=True)]
        return tuple(sorted((*found, *reviews.threads(talks, asked, request.attributes["sha"])), key=_at))

    def _reviewers(self, request: "ProjectMergeRequest") -> list[dict[str, Any]] | None:
        """What each reviewer's state is; None where this GitLab does not tell."""
        try:
            return [each.attributes for each in request.reviewer_details.list(iterator=True)]
        except GitlabError as error:
            if error.response_code == 404:
                return None
            raise


def _refusing(what: str, write: Callable[[], Done | Refused]) -> Done | Refused:
    def asked() -> Done | Refused:
        with asking(what):
            return write()

    return refusing(asked)


def _at(review: Review) -> datetime:
    return review.at


def _changed(since: datetime | None) -> dict[str, str]:
    ordered = {"state": "all", "order_by": "updated_at", "sort": "asc"}
    return ordered if since is None else ordered | {"updated_after": since.isoformat()}
