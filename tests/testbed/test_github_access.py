"""Who may see, push and call what, on the testbed as on GitHub."""

from collections.abc import Callable
from pathlib import Path

import pytest
from github.GithubException import GithubException
from tests.testbed.conftest import Attempt
from tests.testbed.eyes import client, see
from tests.testbed.github import ANNA, EVE, MIRA, TOM, Account, GitHub, Repository

pytestmark = pytest.mark.testbed

Changed = Callable[[Repository, str], Path]


def test_a_push_is_seen_by_the_api(books: Repository, attempt: Attempt, changed: Changed) -> None:
    folder = changed(books, MIRA.token)
    done = attempt("push", "origin", "HEAD:refs/heads/notes", folder=folder)
    assert done.returncode == 0, done.stderr
    seen = see(books)
    pushed = attempt("rev-parse", "HEAD", folder=folder).stdout.strip()
    assert seen.get_branch("notes").commit.sha == pushed
    content = seen.get_contents("notes.txt", ref="notes")
    assert not isinstance(content, list)
    assert content.decoded_content == b"a note\n"
    assert content.sha == attempt("rev-parse", "HEAD:notes.txt", folder=folder).stdout.strip()


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "could not read Username"),
        ("wrong", "Authentication failed"),
        (EVE.token, "not found"),
    ],
)
def test_a_private_repository_is_hidden(books: Repository, attempt: Attempt, token: str, said: str) -> None:
    done = attempt("ls-remote", books.url_for(token) if token else books.url)
    assert done.returncode
    assert said in done.stderr


def test_readers_can_not_push(books: Repository, attempt: Attempt, changed: Changed) -> None:
    books.admit(ANNA, "read")
    folder = changed(books, ANNA.token)
    done = attempt("push", "origin", "HEAD", folder=folder)
    assert done.returncode
    assert f"Permission to {books.full_name}.git denied to anna." in done.stderr


@pytest.mark.parametrize(
    ("classic", "said", "reason"),
    [
        (True, "remote: error: GH006: Protected branch update failed for refs/heads/main.", "protected branch hook"),
        (False, "remote: error: GH013: Repository rule violations found for refs/heads/main.", "push declined due to"),
    ],
)
def test_protected_branches_refuse_a_push(
    books: Repository, attempt: Attempt, changed: Changed, *, classic: bool, said: str, reason: str
) -> None:
    books.admit(TOM, "write")
    folder = changed(books, TOM.token)
    before = books.tip()
    books.protect(pull_request=True, classic=classic)
    done = attempt("push", "origin", "HEAD:main", folder=folder)
    assert done.returncode
    assert said in done.stderr
    assert "Changes must be made through a pull request." in done.stderr
    assert f"! [remote rejected] HEAD -> main ({reason}" in done.stderr
    assert books.tip() == before
    books.protect(pull_request=True, classic=classic, bypass=[TOM])
    assert attempt("push", "origin", "HEAD:main", folder=folder).returncode == 0


def test_rules_are_told(books: Repository) -> None:
    books.protect(pull_request=True, checks=["git-bill/check"])
    told = books.github.call(MIRA, "GET", f"{books.path}/rules/branches/main")
    assert {rule["type"] for rule in told} == {"pull_request", "required_status_checks"}


def test_job_tokens_do_what_the_job_may(books: Repository, pull: int, attempt: Attempt, changed: Changed) -> None:
    token = books.github.token(kind="job", repository=books, permissions={"contents": "read", "pull-requests": "write"})
    seen = see(books, token)
    seen.get_pull(pull).create_issue_comment("hello")
    assert books.comments(pull)[-1]["user"]["login"] == "github-actions[bot]"
    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        seen.get_commit(books.tip("bill/1")).create_status("success", context="x")
    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        client(books.github, token).get_user().login  # noqa: B018
    folder = changed(books, token)
    assert "denied to github-actions[bot]" in attempt("push", "origin", "HEAD", folder=folder).stderr
    other = books.github.repository("other", files={})
    with pytest.raises(GithubException, match="Not Found"):
        see(other, token)


def test_the_setting_for_pull_requests_by_actions(github: GitHub) -> None:
    books = github.repository(files={"README.md": "x\n"}, actions_may_open=False)
    books.commit({"a": "b\n"}, branch="bill/1")
    token = github.token(kind="job", repository=books, permissions={"pull-requests": "write", "contents": "write"})
    with pytest.raises(GithubException, match="GitHub Actions is not permitted to create or approve pull requests"):
        see(books, token).create_pull(base="main", head="bill/1", title="Invoice")


@pytest.mark.parametrize(
    ("who", "token", "status", "said"),
    [
        (MIRA, "wrong", 401, "Bad credentials"),
        (EVE, EVE.token, 404, "Not Found"),
    ],
)
def test_who_may_see(books: Repository, who: Account, token: str, status: int, said: str) -> None:
    with pytest.raises(GithubException, match=said) as refused:
        see(books, token)
    assert refused.value.status == status, who


def test_fine_grained_tokens(books: Repository) -> None:
    token = books.github.token(MIRA, repository=books, permissions={"contents": "read"})
    with pytest.raises(GithubException, match="Resource not accessible by personal access token"):
        see(books, token).create_issue("x")


def test_drafts_are_not_for_every_plan(github: GitHub) -> None:
    books = github.repository(files={"README.md": "x\n"}, drafts=False)
    books.commit({"a": "b\n"}, branch="bill/1")
    with pytest.raises(GithubException, match="Draft pull requests are not supported in this repository"):
        see(books).create_pull(base="main", head="bill/1", title="Invoice", draft=True)
