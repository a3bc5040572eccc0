"""What can go wrong between us and GitHub, and what each means to a person: the setting to change, or when to retry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from git_bill.adapters import mishaps
from git_bill.adapters.rendering import plain
from git_bill.problem import Problem

Kind = mishaps.Break | Literal["answer", "moved", "unreadable"]
Bearer = Literal["job", "app", "fine-grained", "classic", "other"]  # what kind of token it is

_SECONDARY = (
    "secondary rate limit",
    "abuse detection",
    "please retry your request again later",
    "wait a few minutes",
)
_PERMISSIONS = {
    "pull-requests": "Pull requests",
    "contents": "Contents",
    "issues": "Issues",
    "statuses": "Commit statuses",
    "administration": "Administration",
    "metadata": "Metadata",
}
# A sign in GitHub's words → what to change.
_FORBIDDING = {
    "not permitted to create or approve pull requests": 'tick in {repository}: Settings › Actions › General › "Allow '
    'GitHub Actions to create and approve pull requests"; in an organisation its owner ticks it there first',
    "archived": "{repository} is archived, so nothing can be written there: unarchive it in its Settings",
    "saml": "allow the token for the organisation's single sign-on: in the list of your tokens, Configure SSO",
    "ip allow list": "the organisation accepts known addresses only: let its owner add this machine's",
    "upgrade to github": "the plan of {repository}'s owner lacks it; git-bill works without",
    "forbids access via": "the organisation does not accept this kind of token: use one that it approved",
}


class Failure(Exception):  # noqa: N818  it is told as a Problem
    """A request that did not do what it should. `words`: GitHub's own; headers have lower-case names."""

    def __init__(
        self,
        kind: Kind,
        *,
        status: int = 0,
        words: str = "",
        fields: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind: Kind = kind
        self.status = status
        self.words = plain(words)
        self.fields = tuple(map(plain, fields))
        self.headers = headers or {}
        super().__init__(f"{kind} {status} {self.words}")

    @property
    def limited(self) -> bool:
        """Whether it is a limit of requests, primary or secondary."""
        words = self.words.lower()
        exhausted = self.headers.get("x-ratelimit-remaining") == "0"
        return self.status == 429 or (
            self.status == 403
            and (exhausted or "rate limit" in words or any(sign in words for sign in _SECONDARY) or self._told_to_wait)
        )

    @property
    def _told_to_wait(self) -> bool:
        return "retry-after" in self.headers

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed in a moment."""
        return self.kind == "timeout" or self.status >= 500

    def asked_wait(self, now: datetime) -> float:
        """Seconds that a limit asks for: `retry-after`, else until `x-ratelimit-reset`, else a minute.

        https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
        """
        after = self.headers.get("retry-after", "")
        if after.isdecimal():
            return float(after)
        reset = self.headers.get("x-ratelimit-reset", "")
        if self.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return max(0.0, int(reset) - now.timestamp()) + 1.0
        return 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: words that go on after "can't", the repository, and the permission that it takes."""

    what: str
    repository: str
    needs: str = "contents: read"


def explain(  # noqa: PLR0911  one line per status
    failure: Failure, asked: Asked, bearer: Bearer, now: datetime
) -> Problem:
    """The failure for a person."""
    if failure.kind != "answer":
        return _unanswered(failure, asked.what)
    if failure.limited:
        at = datetime.fromtimestamp(now.timestamp() + failure.asked_wait(now), UTC)
        return mishaps.limited("GitHub", f"at {at:%H:%M} UTC")
    match failure.status:
        case 401:
            return _unauthorized(failure, bearer)
        case 403:
            return _forbidden(failure, asked, bearer)
        case 404 | 410 | 451:
            return _missing(failure, asked, bearer)
        case 409:
            message = f"GitHub can't {asked.what}: {failure.words or 'something changed meanwhile'}"
            return _problem("forge-conflict", message, "somebody was faster, or the repository is empty; run again")
        case 422 | 400:
            told = "; ".join(filter(None, (failure.words, *failure.fields))) or "it does not say why"
            return _problem("forge-rejected", f"GitHub can't {asked.what}: {told}", _rejected_remedy(told, asked))
        case status if status >= 500:
            return mishaps.down("GitHub", status, "https://www.githubstatus.com")
        case status:
            message = f"GitHub can't {asked.what}: it answers {status} {failure.words}".rstrip()
            return _problem("forge-refused", message, "see whether [forge] api in billing/billing.toml is its address")


def _unanswered(failure: Failure, what: str) -> Problem:
    match failure.kind:
        case "answer" | "unreadable":
            return mishaps.unreadable("GitHub", what, failure.words, "https://github.example.com/api/v3")
        case "moved":
            return mishaps.moved("GitHub", what, failure.headers.get("location", ""))
        case kind:
            return mishaps.unanswered("GitHub", what, kind, failure.words)


def _unauthorized(failure: Failure, bearer: Bearer) -> Problem:
    remedy = {
        "job": "a job's token ends with the job; pass ${{ github.token }} to this job",
        "app": "see that GIT_BILL_APP_ID and GIT_BILL_APP_KEY belong together and that the clock is right",
    }
    renew = "it may have expired or been revoked; make a new one: https://github.com/settings/tokens"
    message = f"GitHub does not accept the token: {failure.words or 'bad credentials'}"
    return _problem("forge-unauthorized", message, remedy.get(bearer, renew))


def _forbidden(failure: Failure, asked: Asked, bearer: Bearer) -> Problem:
    message = f"GitHub does not let this token {asked.what}: {failure.words or 'forbidden'}"
    return _problem("forge-forbidden", message, _forbidding(failure, asked, bearer))


def _forbidding(failure: Failure, asked: Asked, bearer: Bearer) -> str:
    """The setting that forbids it, told by GitHub's words and headers."""
    words = failure.words.lower()
    sso = failure.headers.get("x-github-sso")
    if sso is not None:
        url = re.search(r"https://\S+", sso)
        return f"allow the token for the organisation's single sign-on: {plain(url[0]) if url else 'Configure SSO'}"
    known = next((remedy for sign, remedy in _FORBIDDING.items() if sign in words), None)
    return known.format(repository=asked.repository) if known else _permission(asked, bearer)


def _permission(asked: Asked, bearer: Bearer) -> str:
    name, _, level = asked.needs.partition(": ")
    label = f"{_PERMISSIONS.get(name, name)}: {'Read and write' if level == 'write' else 'Read-only'}"
    match bearer:
        case "job":
            return f"the workflow's `permissions:` need the line `{asked.needs}`"
        case "app":
            return f"give the App the permission {label}, and accept it where it is installed"
        case "fine-grained":
            return f"give the token the permission {label} for {asked.repository}"
        case "classic":
            return f"give the token the scope `repo`, and its owner write access to {asked.repository}"
        case "other":
            return f"the token needs {label}, and its owner access to {asked.repository}"


def _missing(failure: Failure, asked: Asked, bearer: Bearer) -> Problem:
    message = f"GitHub can't {asked.what}: it shows no such thing in {asked.repository} to this token"
    if failure.status == 451:
        return _problem("forge-not-found", f"{asked.repository} is blocked: {failure.words}", "ask GitHub's support")
    elsewhere = (
        "a job's token sees its own repository only; for another one pass a token as GIT_BILL_TOKEN"
        if bearer == "job"
        else _permission(asked, bearer)
    )
    hint = f"a private repository looks missing to a token that may not see it: {elsewhere}; or it was moved or removed"
    return _problem("forge-not-found", message, hint)


def _rejected_remedy(told: str, asked: Asked) -> str:
    words = told.lower()
    if "no commits between" in words:
        return "there is nothing to review: the branch has what its base has"
    if "head" in words or "base" in words:
        return f"the branch must be there first: git push origin BRANCH ({asked.repository})"
    if "too long" in words or "too_long" in words:
        return "shorten it"
    if "1000 statuses" in words or "maximum number of statuses" in words:
        return "GitHub takes 1,000 statuses for a commit and context; push a new commit"
    return "mend what it names and run again"


def _problem(rule: str, message: str, hint: str) -> Problem:
    return Problem(rule=rule, message=message, hint=hint)
