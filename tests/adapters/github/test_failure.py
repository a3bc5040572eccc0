"""Each way in which GitHub can fail has words of its own, with the setting to change."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from git_bill.adapters.github.failure import Asked, Bearer, Failure, explain

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OPEN = Asked(what="open the pull request of bill/acme", repository="mira/books", needs="pull-requests: write")
SSO = {"x-github-sso": "required; url=https://github.com/orgs/acme/sso?authorization_request=A1"}


def failed(status: int, words: str = "", headers: Mapping[str, str] | None = None, *fields: str) -> Failure:
    return Failure("answer", status=status, words=words, headers=headers, fields=fields)


@pytest.mark.parametrize(
    ("failure", "bearer", "rule", "told"),
    [
        (failed(401, "Bad credentials"), "classic", "unauthorized", "make a new one"),
        (failed(401, "Bad credentials"), "job", "unauthorized", "a job's token ends with the job"),
        (failed(401, "A JSON web token could not be decoded"), "app", "unauthorized", "GIT_BILL_APP_KEY"),
        (
            failed(403, "GitHub Actions is not permitted to create or approve pull requests."),
            "job",
            "forbidden",
            'Settings › Actions › General › "Allow GitHub Actions to create and approve pull requests"',
        ),
        (failed(403, "Resource not accessible by integration"), "job", "forbidden", "`pull-requests: write`"),
        (failed(403, "Resource not accessible by integration"), "app", "forbidden", "Pull requests: Read and write"),
        (
            failed(403, "Resource not accessible by personal access token"),
            "fine-grained",
            "forbidden",
            "give the token the permission Pull requests: Read and write for mira/books",
        ),
        (failed(403, "Must have push access"), "classic", "forbidden", "the scope `repo`"),
        (failed(403, "Must have push access"), "other", "forbidden", "its owner access to mira/books"),
        (
            failed(403, "Resource protected by organization SAML enforcement.", SSO),
            "classic",
            "forbidden",
            "orgs/acme/sso",
        ),
        (failed(403, "Resource protected by organization SAML enforcement."), "classic", "forbidden", "Configure SSO"),
        (failed(403, "Repository was archived so is read-only."), "job", "forbidden", "unarchive"),
        (failed(403, "the `acme` organization has an IP allow list enabled"), "classic", "forbidden", "its owner"),
        (failed(403, "Upgrade to GitHub Pro or make this repository public"), "classic", "forbidden", "the plan"),
        (
            failed(403, "`acme` forbids access via a personal access token (classic)."),
            "classic",
            "forbidden",
            "approved",
        ),
        (failed(404, "Not Found"), "job", "not-found", "a job's token sees its own repository only"),
        (failed(404, "Not Found"), "fine-grained", "not-found", "a private repository looks missing"),
        (failed(410, "Issues are disabled for this repo"), "classic", "not-found", "mira/books"),
        (failed(451, "DMCA takedown"), "classic", "not-found", "blocked"),
        (failed(409, "Git Repository is empty."), "job", "conflict", "empty"),
        (
            failed(422, "Validation Failed", None, "No commits between main and bill/acme"),
            "job",
            "rejected",
            "nothing to",
        ),
        (failed(422, "Validation Failed", None, "head is invalid"), "job", "rejected", "git push origin"),
        (failed(422, "Validation Failed", None, "body is too long"), "job", "rejected", "shorten"),
        (failed(422, "This SHA and context has reached the maximum number of statuses."), "job", "rejected", "1,000"),
        (failed(400, "Problems parsing JSON"), "job", "rejected", "Problems parsing JSON"),
        (failed(422), "job", "rejected", "it does not say why"),
        (failed(502), "job", "down", "GitHub answers 502"),
        (failed(503, "Service Unavailable"), "job", "down", "nothing is lost or done twice"),
        (failed(405, "Method Not Allowed"), "job", "refused", "405 Method Not Allowed"),
        (Failure("timeout"), "job", "timeout", "did not answer"),
        (Failure("offline", words="Connection refused"), "job", "unreachable", "Connection refused"),
        (Failure("certificate", words="self-signed"), "job", "certificate", "REQUESTS_CA_BUNDLE"),
        (Failure("unreadable", words="no list"), "job", "unreadable", "[forge] api"),
        (Failure("moved", headers={"location": "https://other.example/x"}), "job", "moved", "(other.example is to be"),
    ],
)
def test_words(failure: Failure, bearer: Bearer, rule: str, told: str) -> None:
    problem = explain(failure, OPEN, bearer, NOW)
    assert problem.rule == f"forge-{rule}"
    assert told in f"{problem.message} | {problem.hint}"
    assert problem.hint
    assert problem.severity == "error"


@pytest.mark.parametrize(
    ("failure", "wait"),
    [
        (failed(429, "Too many", {"retry-after": "12"}), 12.0),
        (failed(403, "You have exceeded a secondary rate limit.", {"retry-after": "30"}), 30.0),
        (failed(403, "You have exceeded a secondary rate limit."), 60.0),
        (failed(403, "x", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{NOW.timestamp() + 20:.0f}"}), 21.0),
        (failed(403, "x", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{NOW.timestamp() - 20:.0f}"}), 1.0),
    ],
)
def test_waits(failure: Failure, wait: float) -> None:
    assert failure.limited
    assert failure.asked_wait(NOW) == wait


@pytest.mark.parametrize(
    ("failure", "passing"),
    [
        (failed(403, "Resource not accessible by integration", {"x-ratelimit-remaining": "4999"}), False),
        (failed(404), False),
        (failed(502), True),
        (Failure("timeout"), True),
        (Failure("offline"), False),
        (Failure("moved", status=301), False),
        (Failure("unreadable"), False),
    ],
)
def test_what_may_be_over_in_a_moment(failure: Failure, passing: bool) -> None:
    assert not failure.limited
    assert failure.passing is passing


def test_a_limit_tells_when_to_come_back() -> None:
    reset = (NOW + timedelta(minutes=41)).timestamp()
    limit = failed(403, "API rate limit exceeded", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{reset:.0f}"})
    problem = explain(limit, OPEN, "job", NOW)
    assert problem.rule == "forge-limit"
    assert "run again at 09:41 UTC or later" in problem.hint
