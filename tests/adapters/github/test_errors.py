"""What happens between us and GitHub, ordered from the testbed: requests are repeated, or it is said what is wrong."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import github as vendor
import pytest
from tests.testbed import faults
from tests.testbed.accounts import MIRA
from tests.testbed.faults import Fault
from tests.testbed.github import GitHub as Server
from tests.testbed.github import Repository

from git_bill.adapters.github.client import Client
from git_bill.adapters.github.forge import GitHub, by_token
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Refused
from git_bill.problem import Exit, Stop

pytestmark = pytest.mark.testbed
PULL = EnsurePullRequest(branch="bill/acme", base="main", title="Draft", body="12 h")
PULLS = r"/repos/mira/[^/]+/pulls"


class Desk:
    """A forge whose pauses are noted, not slept."""

    def __init__(self, server: Server, books: Repository, token: str) -> None:
        self.token = token
        self.paused: list[float] = []
        self.said: list[str] = []
        self.now = datetime.now(UTC)
        auth = vendor.Auth.Token(token)
        self.client = Client(server.api, auth, "job", say=self.said.append, pause=self.pause, now=lambda: self.now)
        self.forge = GitHub(books.full_name, reach=lambda name: self.client)

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def books(github: Server) -> Repository:
    made = github.repository(files={"README.md": "Books\n"})
    made.commit({"billing/drafts/acme.toml": "id = 1\n"}, branch="bill/acme")
    return made


@pytest.fixture
def desk(github: Server, books: Repository) -> Desk:
    permissions = {"contents": "write", "pull-requests": "write", "statuses": "write"}
    return Desk(github, books, github.token(kind="job", repository=books, permissions=permissions))  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", [faults.BAD_GATEWAY, faults.SERVER_ERROR, faults.UNAVAILABLE, faults.RESET])
def test_a_moment_s_failure_is_not_seen(github: Server, desk: Desk, fault: Fault) -> None:
    github.faults.order(fault, "GET", PULLS, times=2)
    assert isinstance(desk.forge.ensure_pull_request(PULL), Done)
    assert desk.paused == [0.5, 1.5]


def test_who_is_down_for_longer_is_told_so(github: Server, desk: Desk) -> None:
    github.faults.order(faults.BAD_GATEWAY, times=100)
    with pytest.raises(Stop, match="GitHub answers 502") as stopped:
        desk.forge.pull_requests("bill/acme")
    assert stopped.value.exit_code is Exit.FORGE
    assert desk.paused == [0.5, 1.5, 4.0]
    assert desk.forge.ensure_pull_request(PULL) == Refused(
        reason="GitHub answers 502", remedy=stopped.value.problems[0].hint
    )


@pytest.mark.parametrize("path", [PULLS, r"/repos/mira/[^/]+/issues/\d+/labels"])
def test_a_lost_answer_makes_no_second_pull_request(github: Server, books: Repository, desk: Desk, path: str) -> None:
    github.faults.order(faults.ANSWER_LOST, "POST", path)
    assert isinstance(desk.forge.ensure_pull_request(PULL), Done)
    [pull] = desk.forge.pull_requests("bill/acme")
    assert pull.labels == ("invoice",)


def test_a_lost_answer_makes_no_second_comment(github: Server, books: Repository, desk: Desk) -> None:
    number = books.open_pull(MIRA, "bill/acme")
    github.faults.order(faults.ANSWER_LOST, "POST", r".*/comments")
    assert isinstance(desk.forge.ensure_comment(EnsureComment(number=number, marker="D-1", body="x")), Done)
    assert len(books.comments(number)) == 1


def test_two_comments_of_two_runs_at_once_become_one(github: Server, books: Repository, desk: Desk) -> None:
    number = books.open_pull(MIRA, "bill/acme")
    effect = EnsureComment(number=number, marker="D-1", body="x")
    github.faults.meanwhile(lambda: desk.forge.ensure_comment(effect), "POST", r".*/comments")
    assert isinstance(desk.forge.ensure_comment(effect), Done)
    assert len(books.comments(number)) == 2
    assert desk.forge.ensure_comment(effect) != Done(already=True)
    assert len(books.comments(number)) == 1


def test_somebody_opens_it_meanwhile(github: Server, books: Repository, desk: Desk) -> None:
    github.faults.meanwhile(lambda: books.open_pull(MIRA, "bill/acme"), "POST", PULLS)
    assert isinstance(desk.forge.ensure_pull_request(PULL), Done)
    [pull] = desk.forge.pull_requests("bill/acme")
    assert (pull.author, pull.title) == ("mira", "Draft")


def test_runs_at_once_make_one_pull_request(github: Server, books: Repository) -> None:
    def run(_: int) -> Done | Refused:
        return by_token(books.full_name, api=github.api, token=MIRA.token).ensure_pull_request(PULL)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(run, range(4)))
    assert all(isinstance(outcome, Done) for outcome in outcomes), outcomes
    assert {outcome.ref for outcome in outcomes if isinstance(outcome, Done)} == {books.pull(1)["html_url"]}
    assert [label["name"] for label in books.pull(1)["labels"]] == ["invoice"]


def test_a_label_that_somebody_makes_meanwhile(github: Server, books: Repository, desk: Desk) -> None:
    label = {"name": "invoice", "color": "ff0000"}
    github.faults.meanwhile(
        lambda: github.call(MIRA, "POST", f"{books.path}/labels", label), "POST", r"/repos/mira/[^/]+/labels"
    )
    assert isinstance(desk.forge.ensure_pull_request(PULL), Done)
    assert desk.forge.pull_requests("bill/acme")[0].labels == ("invoice",)


def test_a_token_that_may_not_label_opens_it_all_the_same(github: Server, desk: Desk) -> None:
    github.faults.order(faults.NOT_BY_INTEGRATION, ".*", ".*/labels.*", times=100)
    assert isinstance(desk.forge.ensure_pull_request(PULL), Done)
    assert desk.forge.ensure_pull_request(PULL) == Done(ref=desk.forge.pull_requests("bill/acme")[0].url, already=True)
    assert desk.said[0] == "GitHub sets no label invoice on #1: Resource not accessible by integration"


def test_a_secondary_limit_is_waited_for_and_said(github: Server, desk: Desk) -> None:
    github.faults.order(faults.secondary_limit(20), "POST", PULLS)
    github.faults.order(faults.secondary_limit(30, status=429), "GET", PULLS)
    assert isinstance(desk.forge.ensure_pull_request(PULL), Done)
    assert sorted(desk.paused) == [20, 30]
    assert "GitHub asks for a pause: waiting 20 s" in desk.said


def test_a_run_does_not_wait_for_ever(github: Server, desk: Desk) -> None:
    github.faults.order(faults.secondary_limit(40), times=2)
    with pytest.raises(Stop, match="limit of requests"):
        desk.forge.pull_requests("bill/acme")
    assert desk.paused == [40]
    github.faults.clear()
    github.faults.order(faults.primary_limit(1800))
    with pytest.raises(Stop) as stopped:
        desk.forge.pull_requests("bill/acme")
    assert "UTC or later" in stopped.value.problems[0].hint


def test_a_timeout(github: Server, books: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("git_bill.adapters.github.client._TIMEOUT", 1)
    slow = Desk(github, books, MIRA.token)
    github.faults.order(faults.HANG, times=4)
    with pytest.raises(Stop, match="did not answer in time"):
        slow.forge.pull_requests("bill/acme")
    assert slow.paused == [0.5, 1.5, 4.0]


def test_an_answer_that_is_no_github_s(github: Server, desk: Desk) -> None:
    github.faults.order(faults.MALFORMED)
    with pytest.raises(Stop, match="not GitHub's API"):
        desk.forge.pull_requests("bill/acme")
    for document in ({"message": "<html>"}, {}):
        github.faults.order(Fault(status=200, document=document))
        with pytest.raises(Stop, match="not GitHub's API"):
            desk.forge.pull_requests("bill/acme")


def test_no_network() -> None:
    forge = by_token("mira/books", api="http://127.0.0.1:9/api/v3", token="ghp_secret")
    with pytest.raises(Stop, match="GitHub can't be reached") as stopped:
        forge.pull_requests("bill/acme")
    assert "ghp_secret" not in str(stopped.value)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (faults.ACTIONS_MAY_NOT, "Allow GitHub Actions to create and approve pull requests"),
        (faults.NOT_BY_INTEGRATION, "`pull-requests: write`"),
        (faults.INVALID, "git push origin"),
    ],
)
def test_a_refusal_names_the_setting(github: Server, desk: Desk, fault: Fault, told: str) -> None:
    github.faults.order(fault, "POST", PULLS)
    refused = desk.forge.ensure_pull_request(PULL)
    assert isinstance(refused, Refused)
    assert told in refused.remedy
    assert desk.paused == []


def test_actions_that_may_not_open_pull_requests(github: Server) -> None:
    books = github.repository(files={"README.md": "x"}, actions_may_open=False)
    books.commit({"a": "1"}, branch="bill/acme")
    permissions = {"contents": "write", "pull-requests": "write"}
    token = github.token(kind="job", repository=books, permissions=permissions)  # type: ignore[arg-type]
    forge = by_token(books.full_name, api=github.api, token=token, job=True)
    refused = forge.ensure_pull_request(PULL)
    assert isinstance(refused, Refused)
    assert "Settings › Actions › General" in refused.remedy


def test_a_token_without_the_permission(github: Server, books: Repository) -> None:
    token = github.token(repository=books, permissions={"contents": "read", "pull-requests": "read"})
    forge = by_token(books.full_name, api=github.api, token=token)
    status = forge.post_status(PostStatus(commit=books.tip(), context="x", state="success", description="y"))
    assert isinstance(status, Refused)
    assert "Commit statuses: Read and write" in status.remedy


def test_a_bad_token_is_said_and_not_shown(github: Server, books: Repository, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    forge = by_token(books.full_name, api=github.api, token="ghp_wrong-and-secret")
    github.faults.order(faults.answer(401, "Bad credentials: ghp_wrong-and-secret"))
    with pytest.raises(Stop, match="does not accept the token") as stopped:
        forge.pull_requests("bill/acme")
    shown = f"{stopped.value} {stopped.value.problems} {caplog.text}"
    assert "ghp_wrong-and-secret" not in shown
    with pytest.raises(Stop, match="does not accept the token"):
        forge.pull_requests("bill/acme")


@pytest.mark.parametrize("drafts", [True, False])
def test_draft_state_where_the_plan_has_it(github: Server, drafts: bool) -> None:
    books = github.repository(files={"README.md": "x"}, drafts=drafts)
    books.commit({"a": "1"}, branch="bill/acme")
    forge = by_token(books.full_name, api=github.api, token=MIRA.token)
    effect = EnsurePullRequest(branch="bill/acme", base="main", title="Draft", body="", draft=True)
    assert isinstance(forge.ensure_pull_request(effect), Done)
    assert books.pull(1)["draft"] is drafts


def test_nothing_to_review(github: Server, books: Repository) -> None:
    books.move("bill/same", books.tip())
    forge = by_token(books.full_name, api=github.api, token=MIRA.token)
    refused = forge.ensure_pull_request(EnsurePullRequest(branch="bill/same", base="main", title="x", body=""))
    assert isinstance(refused, Refused)
    assert "nothing to review" in refused.remedy


def test_a_long_body_ends_at_a_line_and_says_so(github: Server, books: Repository) -> None:
    forge = by_token(books.full_name, api=github.api, token=MIRA.token)
    effect = EnsurePullRequest(branch="bill/acme", base="main", title="T" * 300, body="line of a table\n" * 5000)
    assert isinstance(forge.ensure_pull_request(effect), Done)
    pull = books.pull(1)
    assert len(pull["body"]) <= 65_536
    assert pull["body"].endswith("has all of it)*\n") or pull["body"].endswith("has all of it)*")
    assert "line of a table\n\n*(cut here" in pull["body"]
    assert (len(pull["title"]), pull["title"][-1]) == (256, "…")
    again = forge.ensure_pull_request(effect)
    assert again == Done(ref=pull["html_url"], already=True)


def test_labels_of_people_stay(github: Server, books: Repository) -> None:
    forge = by_token(books.full_name, api=github.api, token=MIRA.token)
    forge.ensure_pull_request(PULL)
    github.call(MIRA, "POST", f"{books.path}/labels", {"name": "urgent", "color": "ff0000"})
    github.call(MIRA, "POST", f"{books.path}/issues/1/labels", {"labels": ["urgent"]})
    forge.ensure_pull_request(PULL)
    assert sorted(forge.pull_requests("bill/acme")[0].labels) == ["invoice", "urgent"]
