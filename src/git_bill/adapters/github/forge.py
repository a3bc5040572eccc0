"""GitHub as a forge. What is written there is in `pulls` and `laying`."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from urllib.parse import quote

import github

from git_bill.adapters.github import pulls, records
from git_bill.adapters.github.app import App
from git_bill.adapters.github.client import Client, Fields, Place
from git_bill.adapters.github.failure import Asked, Bearer
from git_bill.adapters.github.standing import account, standing
from git_bill.adapters.mishaps import refusing
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Refused
from git_bill.forge import Booking, ClosedMilestone, Comment, PullRequest, Review, Standing, Submission, Ticket

T = TypeVar("T")
_MOST_COMMITS = 250  # that GitHub lists of one pull request
_KINDS: dict[str, Bearer] = {"ghp_": "classic", "github_pat_": "fine-grained", "ghs_": "app"}


class GitHub:
    """`Forge` for one repository. GitHub knows no time of a ticket: its estimate is a label, `estimate: 3h`."""

    def __init__(
        self, repository: str, *, reach: Callable[[str], Client], whose: Callable[[], str] | None = None
    ) -> None:
        """`reach` gives the way to a repository; `whose`: the account that it writes as, where the token can't tell."""
        self._there = Place(reach(repository), repository)
        self._reach = reach
        self._whose = whose
        self._account: str | None = None

    @property
    def name(self) -> str:
        """As people call it."""
        return "GitHub"

    @property
    def repository(self) -> str:
        """`owner/name`."""
        return self._there.name

    def elsewhere(self, repository: str) -> "GitHub":
        """Another repository of the same GitHub."""
        return GitHub(repository, reach=self._reach, whose=self._whose)

    def pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        """Those of a branch of this repository, open first, then newest first."""
        what = f"read the pull requests of {branch}"
        return self._ask(what, "pull-requests: read", lambda: pulls.of_branch(self._there, branch))

    def pull_request(self, number: int) -> PullRequest | None:
        """One by its number."""

        def call() -> PullRequest | None:
            found = self._there.found(f"/pulls/{number}")
            return None if found is None else records.pull_request(found, self.repository)

        return self._ask(f"read pull request #{number}", "pull-requests: read", call)

    def brought(self, commit: str) -> tuple[PullRequest, ...]:
        """Merged pull requests that a commit of a base branch came by."""
        what = f"read how {commit[:12]} was merged"
        return self._ask(what, "pull-requests: read", lambda: pulls.of_commit(self._there, commit))

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Oldest first."""
        return self._ask(f"read the reviews of #{number}", "pull-requests: read", lambda: self._reviews(number))

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Below the pull request and at its lines, oldest first."""

        def call() -> tuple[Comment, ...]:
            ours, path = self._own(), self._there.path
            below = self._there.client.all(f"{path}/issues/{number}/comments")
            beside = self._there.client.all(f"{path}/pulls/{number}/comments")
            found = [records.comment(each, ours) for each in below]
            found += [records.comment(each, ours, line=True) for each in beside]
            return tuple(sorted(found, key=lambda comment: comment.at))

        return self._ask(f"read the comments of #{number}", "pull-requests: read", call)

    def blob(self, commit: str, path: str) -> str | None:
        """The blob id of a file at a commit."""

        def call() -> str | None:
            found = self._there.found(f"/contents/{quote(path)}", ref=commit)
            return None if found is None or found.text("type") != "file" else found.text("sha")

        return self._ask(f"read {path} at {commit[:12]}", "contents: read", call)

    def tickets(self, since: datetime | None = None) -> Iterator[Ticket]:
        """Issues changed since an instant, the longest untouched first."""
        asked = self._asked("read the issues", "issues: read")
        options = {"state": "all", "sort": "updated", "direction": "asc"}
        if since is not None:
            options["since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for found in self._there.client.each(asked, f"{self._there.path}/issues", **options):
            if "pull_request" not in found.data:  # GitHub lists pull requests among the issues
                yield self._there.client.ask(asked, partial(records.ticket, found))

    def submissions(self, since: datetime | None = None) -> Iterator[Submission]:
        """Pull requests changed since an instant, the last changed first."""
        asked = self._asked("read the pull requests", "pull-requests: read")
        options = {"state": "all", "sort": "updated", "direction": "desc"}
        for found in self._there.client.each(asked, f"{self._there.path}/pulls", **options):
            made = self._there.client.ask(asked, partial(self._submission, found, since))
            if made is None:
                return
            yield made

    def bookings(self, since: datetime | None = None) -> tuple[Booking, ...] | None:
        """None: GitHub tracks no time."""
        return None

    def closed_milestones(self) -> tuple[ClosedMilestone, ...]:
        """Every milestone that is closed now."""

        def call() -> tuple[ClosedMilestone, ...]:
            found = self._there.client.all(f"{self._there.path}/milestones?state=closed")
            return tuple(records.closed_milestone(each) for each in found if each.text("state") == "closed")

        return self._ask("read the milestones", "issues: read", call)

    def standing(self, branch: str) -> Standing:
        """What `doctor --ci` tells of token, settings and rules."""
        return self._ask("tell how it stands", "metadata: read", lambda: standing(self._there, branch, self._own()))

    def ensure_pull_request(self, effect: EnsurePullRequest) -> Done | Refused:
        """Open it, or bring the open one up to date."""
        what, needs = f"open or change the pull request of {effect.branch}", "pull-requests: write"
        return self._try(what, "contents: write" if effect.files else needs, lambda: pulls.ensure(self._there, effect))

    def ensure_comment(self, effect: EnsureComment) -> Done | Refused:
        """Write or change our one comment with this marker."""
        what = f"comment on #{effect.number}"
        return self._try(what, "pull-requests: write", lambda: pulls.ensure_comment(self._there, effect, self._own()))

    def post_status(self, effect: PostStatus) -> Done | Refused:
        """Set a commit's status."""
        what = f"set the status {effect.context} of {effect.commit[:12]}"
        return self._try(what, "statuses: write", lambda: pulls.post_status(self._there, effect))

    def _reviews(self, number: int) -> tuple[Review, ...]:
        listed = self._there.client.all(f"{self._there.path}/pulls/{number}/reviews")
        sent = [review for found in listed if (review := records.review(found)) is not None]
        return tuple(sorted(sent, key=lambda review: review.at))

    def _submission(self, found: Fields, since: datetime | None) -> Submission | None:
        if since is not None and found.instant("updated_at") < since:
            return None
        number = found.number("number")
        listed = self._there.client.all(f"{self._there.path}/pulls/{number}/commits")
        if len(listed) >= _MOST_COMMITS:
            self._there.client.say(
                f"GitHub lists {_MOST_COMMITS} commits of #{number} at most; for the others: "
                f"git fetch origin refs/pull/{number}/head"
            )
        commits = tuple(commit.text("sha") for commit in listed)
        return records.submission(found, commits, self._reviews(number))

    def _own(self) -> str:
        if self._account is None:
            self._account = self._whose() if self._whose else account(self._there)
        return self._account

    def _asked(self, what: str, needs: str) -> Asked:
        return Asked(what=what, repository=self.repository, needs=needs)

    def _ask(self, what: str, needs: str, call: Callable[[], T]) -> T:
        return self._there.client.ask(self._asked(what, needs), call)

    def _try(self, what: str, needs: str, call: Callable[[], Done | Refused]) -> Done | Refused:
        return refusing(lambda: self._ask(what, needs, call))


def by_token(
    repository: str,
    *,
    api: str,
    token: str,
    job: bool = False,
    waiting: Callable[[str], None] = lambda line: None,
) -> GitHub:
    """GitHub by a token, which is never shown. `job`: it is a job's own. `waiting` hears what takes long or is cut."""
    kind: Bearer = "job" if job else next((k for start, k in _KINDS.items() if token.startswith(start)), "other")
    client = Client(api, github.Auth.Token(token), kind, say=waiting)
    return GitHub(repository, reach=lambda name: client)


def by_app(repository: str, *, api: str, app: App, waiting: Callable[[str], None] = lambda line: None) -> GitHub:
    """GitHub as an App of the user's own: each repository has a token of its own."""
    return GitHub(
        repository,
        reach=lambda name: Client(api, github.Auth.Token(app.token(name)), "app", say=waiting),
        whose=app.account,
    )
