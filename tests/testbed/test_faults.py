"""What tests can order to go wrong, and that breaking GitHub's contract does not pass unseen."""

import subprocess
from typing import Any

import github as pygithub
import pytest
import requests
from github.GithubException import GithubException
from tests.testbed import faults
from tests.testbed.faults import Fault
from tests.testbed.github import MIRA, GitHub, Repository

pytestmark = pytest.mark.testbed


def get(repository: Repository, path: str = "", token: str = MIRA.token) -> requests.Response:
    """One request, with little patience."""
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(repository.github.api + repository.path + path, headers=headers, timeout=2)


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (faults.BAD_CREDENTIALS, 401, "Bad credentials"),
        (faults.ACTIONS_MAY_NOT, 403, "GitHub Actions is not permitted to create or approve pull requests."),
        (faults.NOT_BY_INTEGRATION, 403, "Resource not accessible by integration"),
        (faults.NOT_BY_TOKEN, 403, "Resource not accessible by personal access token"),
        (faults.PROTECTED, 403, "Protected branch update failed"),
        (faults.NOT_FOUND, 404, "Not Found"),
        (faults.CONFLICT, 409, "Head branch was modified"),
        (faults.INVALID, 422, "Validation Failed"),
        (faults.NO_DRAFTS, 422, "Draft pull requests are not supported"),
        (faults.primary_limit(60), 403, "API rate limit exceeded"),
        (faults.secondary_limit(7, 429), 429, "secondary rate limit"),
        (faults.SERVER_ERROR, 500, "Server Error"),
        (faults.BAD_GATEWAY, 502, "Server Error"),
        (faults.UNAVAILABLE, 503, "Service Unavailable"),
    ],
)
def test_answers_that_are_ordered(books: Repository, fault: Fault, status: int, said: str) -> None:
    books.github.faults.order(fault, method="GET", path=books.path)
    answer = get(books)
    assert answer.status_code == status
    assert said in answer.json()["message"]
    assert get(books).status_code == 200, "only the next request was to fail"


def test_limits_say_how_long(books: Repository) -> None:
    books.github.faults.order(faults.secondary_limit(7))
    assert get(books).headers["Retry-After"] == "7"
    books.github.faults.order(faults.primary_limit(60))
    answer = get(books)
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert int(answer.headers["X-RateLimit-Reset"]) > 1_700_000_000


def test_connections_that_break(books: Repository) -> None:
    books.github.faults.order(faults.HANG)
    with pytest.raises(requests.exceptions.Timeout):
        get(books)
    books.github.faults.order(faults.RESET)
    with pytest.raises(requests.exceptions.ConnectionError):
        get(books)
    books.github.faults.order(faults.MALFORMED)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        get(books).json()


def test_an_answer_can_be_lost_after_the_deed(books: Repository) -> None:
    issue = books.issue("Login fails")
    books.github.faults.order(faults.ANSWER_LOST, method="POST", path=".*/comments")
    url = f"{books.github.api}{books.path}/issues/{issue}/comments"
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(url, json={"body": "hello"}, headers={"Authorization": f"Bearer {MIRA.token}"}, timeout=2)
    assert [comment["body"] for comment in books.comments(issue)] == ["hello"]


def test_faults_of_git(books: Repository) -> None:
    books.github.faults.order(faults.UNAVAILABLE, path=".*/info/refs")
    done = subprocess.run(["git", "ls-remote", books.url_for(MIRA.token)], capture_output=True, text=True, check=False)
    assert "503" in done.stderr


def test_something_happens_meanwhile(books: Repository) -> None:
    books.github.faults.meanwhile(lambda: books.commit({"x": "y\n"}), path=".*/branches/main")
    before = books.tip()
    assert get(books, "/branches/main").json()["commit"]["sha"] == books.tip() != before


@pytest.mark.parametrize(
    ("method", "path", "sent", "said"),
    [
        ("POST", "/pulls", {"head": "x"}, "'base' is a required property"),
        ("POST", "/issues", {"title": "x", "colour": "red"}, "unknown field colour in the body"),
        ("GET", "/pulls?heads=mira:x", None, "unknown query parameter heads"),
        ("GET", "/pulls?state=merged", None, "'merged' is not one of"),
        ("POST", "/statuses/{sha}", {"state": "ok"}, "'ok' is not one of"),
        ("GET", "/pull-requests", None, "GitHub has no such operation"),
    ],
)
def test_requests_that_break_the_contract(github_server: GitHub, method: str, path: str, sent: Any, said: str) -> None:
    books = github_server.repository(files={"README.md": "Books\n"})
    github_server.begin()
    url = github_server.api + books.path + path.format(sha=books.tip())
    requests.request(method, url, json=sent, headers={"Authorization": f"Bearer {MIRA.token}"}, timeout=5)
    assert any(said in violation for violation in github_server.violations), github_server.violations


def test_an_app_gets_a_token_for_where_it_is_installed(books: Repository) -> None:
    auth = pygithub.Auth.AppAuth(12345, books.github.app_key)
    integration = pygithub.GithubIntegration(auth=auth, base_url=books.github.api, retry=0)
    with pytest.raises(GithubException, match="Not Found"):
        integration.get_repo_installation("mira", books.hosted.name)
    books.hosted.app_installed = True
    url = f"{books.github.api}/app/installations/{integration.get_repo_installation('mira', books.hosted.name).id}"
    headers = {"Authorization": f"Bearer {auth.token}"}
    answer = requests.post(
        f"{url}/access_tokens", json={"repositories": [books.hosted.name]}, headers=headers, timeout=5
    )
    token = answer.json()["token"]
    assert get(books, token=token).json()["full_name"] == books.full_name
    assert get(books.github.repository("other", files={}), token=token).status_code == 404
