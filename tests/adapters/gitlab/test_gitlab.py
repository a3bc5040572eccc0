"""GitLab over the facade: what is its own beside the contract of all forges; errors with their remedies."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.testbed.faults import Fault
from tests.testbed.gitlab import GitLabServer
from tests.testbed.gitlab_store import Project, Token

from git_bill.adapters.gitlab.forge import GitLab
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Refused
from git_bill.problem import Exit, Stop

DRAFT = "billing/drafts/acme-2026-10.toml"
BRANCH = "bill/acme-2026-10"
HERE = "/api/v4/projects/mira%2Fbooks"


@dataclass(kw_only=True)
class Place:
    """A server with Mira's books, Tom as a member and a draft on its branch."""

    server: GitLabServer
    books: Project
    mira: str
    tom: str
    waited: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def forge(self, token: str | None = None, *, job: bool = False, timeout: float = 5) -> GitLab:
        return GitLab(
            "mira/books",
            api=self.server.origin,
            token=token or self.mira,
            job=job,
            waiting=self.said.append,
            sleep=self.waited.append,
            timeout=timeout,
        )

    def commit(self, branch: str, files: dict[str, str], **more: Any) -> str:
        """Somebody commits by the web editor."""
        actions = [{"action": "create", "file_path": path, "content": text} for path, text in files.items()]
        made = self.rest("POST", "repository/commits", branch=branch, commit_message="x", actions=actions, **more)
        return str(made["id"])

    def rest(self, method: str, path: str, token: str | None = None, **data: Any) -> Any:
        return self.server.rest(token or self.mira, method, f"projects/{self.books.id}/{path}", **data)

    def fault(self, status: int, path: str = ".*", headers: dict[str, str] | None = None, **document: Any) -> None:
        self.server.faults.order(Fault(status=status, headers=headers or {}, document=document), path=path, times=9)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    server = GitLabServer(tmp_path / "gitlab")
    mira = server.account("mira", "Mira Kovac", "mira@example.net")
    tom = server.account("tom", "Tom Approver", "tom@example.net")
    found = Place(server=server, books=server.project("mira/books", "mira"), mira=mira, tom=tom)
    found.books.members[server.store.users["tom"]["id"]] = 30
    found.commit("main", {"README": "books\n"})
    found.commit(BRANCH, {DRAFT: "one\n"}, start_branch="main")
    yield found
    server.close()


def opened(**more: Any) -> EnsurePullRequest:
    return EnsurePullRequest(branch=BRANCH, base="main", title="Draft invoice: Acme", body="text", **more)


def stopped(call: Any) -> tuple[str, str, str]:
    """Rule, message and hint of what a read stops with."""
    with pytest.raises(Stop) as caught:
        call()
    assert caught.value.exit_code == Exit.FORGE
    problem = caught.value.problems[0]
    return problem.rule, problem.message, problem.hint


def test_an_approval_is_of_the_version_that_was_there_when_it_was_given(place: Place) -> None:
    forge = place.forge()
    forge.ensure_pull_request(opened())
    seen = forge.pull_requests(BRANCH)[0].head
    place.rest("POST", "merge_requests/1/approve", place.tom)
    changed = place.rest("PUT", f"repository/files/{DRAFT.replace('/', '%2F')}", branch=BRANCH, content="two\n",
                         commit_message="more")  # fmt: skip
    assert changed["branch"] == BRANCH
    head = forge.pull_requests(BRANCH)[0].head
    (review,) = forge.reviews(1)
    assert (review.account, review.verdict, review.commit) == ("tom", "approved", seen)
    assert forge.blob(seen, DRAFT) != forge.blob(head, DRAFT)
    place.rest("POST", "merge_requests/1/unapprove", place.tom)
    assert forge.reviews(1) == ()
    place.rest("POST", "merge_requests/1/approve", place.tom)
    assert [review.commit for review in forge.reviews(1)] == [head]


def test_an_older_gitlab_tells_the_instant_of_an_approval_in_its_notes_only(place: Place) -> None:
    forge = place.forge()
    forge.ensure_pull_request(opened())
    place.rest("POST", "merge_requests/1/approve", place.tom)
    del place.books.approvals[1]["tom"]["approved_at"]
    seen = forge.pull_requests(BRANCH)[0].head
    place.commit(BRANCH, {"billing/x": "x"})
    assert [review.commit for review in forge.reviews(1)] == [seen]
    place.books.notes["merge_requests", 1].clear()
    assert [review.commit for review in forge.reviews(1)] == [seen]  # of unknown time: too little


def test_a_person_s_note_with_the_words_of_an_approval_is_none(place: Place) -> None:
    forge = place.forge()
    forge.ensure_pull_request(opened())
    place.rest("POST", "merge_requests/1/notes", place.tom, body="approved this merge request")
    assert forge.reviews(1) == ()
    assert [comment.text for comment in forge.comments(1)] == ["approved this merge request"]


def test_changes_requested_is_a_reviewer_s_state_and_open_threads_where_there_are_no_states(place: Place) -> None:
    forge = place.forge()
    forge.ensure_pull_request(opened())
    tom = place.server.store.users["tom"]
    place.rest("PUT", "merge_requests/1", reviewer_ids=[tom["id"]])
    place.books.reviewers[1]["tom"]["state"] = "requested_changes"
    assert [(r.account, r.verdict) for r in forge.reviews(1)] == [("tom", "changes-requested")]
    place.rest("POST", "merge_requests/1/discussions", place.tom, body="Not 3 h")
    place.rest("POST", "merge_requests/1/discussions", place.mira, body="mine")
    place.fault(404, path=".*/merge_requests/1/reviewers", message="404 Not Found")
    assert [(r.account, r.verdict, r.text) for r in forge.reviews(1)] == [("tom", "commented", "Not 3 h")]


@pytest.mark.parametrize("method", ["merge", "squash", "squash and merge", "fast-forward"])
def test_what_a_merge_request_became_and_its_own_commits(place: Place, method: str) -> None:
    forge = place.forge()
    place.commit(BRANCH, {"billing/more": "x"})
    own = place.books.git.git("rev-list", "--reverse", f"main..{BRANCH}").split()
    if method in {"squash", "fast-forward"}:
        place.books.facts["merge_method"] = "ff"
    forge.ensure_pull_request(opened())
    place.rest("PUT", "merge_requests/1/merge", place.tom, squash="squash" in method, should_remove_source_branch=True)
    tip = place.books.branch("main")
    merged = forge.pull_requests(BRANCH)[0]
    assert (merged.state, merged.merged_by, merged.merged_as) == ("merged", "tom", tip)
    (submission,) = forge.submissions()
    assert submission.commits == tuple(own)
    assert submission.merged_at is not None
    assert submission.merged_as == (
        place.books.git.git("rev-parse", f"{tip}^2") if method == "squash and merge" else tip
    )


def test_times_of_issues_are_minutes(place: Place) -> None:
    place.rest("POST", "issues", title="Cart", labels="billable")
    place.rest("POST", "issues/1/notes", body="/estimate 1d 2h")
    place.rest("POST", "issues/1/notes", body="/spend 1h30m 2026-10-05")
    place.rest("POST", "issues", title="Search")
    found = {ticket.key: ticket for ticket in place.forge().tickets()}
    assert (found["#1"].estimate, found["#1"].spent, found["#1"].labels) == (600, 90, ("billable",))
    assert (found["#2"].estimate, found["#2"].spent) == (None, None)


def test_draft_state_is_set_only_when_asked_and_not_again_after_a_person_lifted_it(place: Place) -> None:
    forge = place.forge()
    forge.ensure_pull_request(opened(draft=True))
    assert place.books.requests[0]["title"] == "Draft: Draft invoice: Acme"
    assert forge.ensure_pull_request(opened(draft=True)) == Done(ref=place.books.requests[0]["web_url"], already=True)
    place.rest("PUT", "merge_requests/1", title="Draft invoice: Acme")
    forge.ensure_pull_request(opened(draft=True))
    assert place.books.requests[0]["draft"] is False


def test_a_run_that_was_faster_leaves_one_merge_request(place: Place) -> None:
    def meanwhile() -> None:
        place.rest("POST", "merge_requests", source_branch=BRANCH, target_branch="main", title="first")

    place.server.faults.meanwhile(meanwhile, "POST", f"{HERE}/merge_requests")
    assert isinstance(place.forge().ensure_pull_request(opened()), Done)
    assert [request["title"] for request in place.books.requests] == ["Draft invoice: Acme"]
    assert place.books.requests[0]["labels"] == ["invoice"]


def test_resolving_a_thread_is_no_edit(place: Place) -> None:
    forge = place.forge()
    forge.ensure_pull_request(opened())
    talk = place.rest("POST", "merge_requests/1/discussions", place.tom, body="/bill hold")
    note = talk["notes"][0]["id"]
    place.rest("PUT", f"merge_requests/1/discussions/{talk['id']}/notes/{note}", resolved=True)
    assert [comment.edited for comment in forge.comments(1)] == [False]
    place.rest("PUT", f"merge_requests/1/discussions/{talk['id']}/notes/{note}", place.tom, body="/bill approve")
    assert [comment.edited for comment in forge.comments(1)] == [True]


def test_a_line_that_looks_like_a_quick_action_is_text(place: Place) -> None:
    forge = place.forge()
    hostile = "Lines:\n/spend 9h\n  /merge\n"
    effect = EnsurePullRequest(branch=BRANCH, base="main", title="Draft invoice: Acme", body=hostile)
    forge.ensure_pull_request(effect)
    assert isinstance(forge.ensure_comment(EnsureComment(number=1, marker="x", body=hostile)), Done)
    (request,) = place.books.requests
    assert request["time_stats"]["total_time_spent"] == 0
    assert request["description"] == "Lines:\n\\/spend 9h\n  \\/merge\n"
    assert forge.ensure_pull_request(effect) == Done(ref=request["web_url"], already=True)


def test_a_status_that_stands_is_left_and_pending_stays_pending(place: Place) -> None:
    forge, head = place.forge(), place.books.branch(BRANCH) or ""
    status = PostStatus(commit=head, context="git-bill/check", state="pending", description="1 problem")
    assert forge.post_status(status) == Done(ref=head)
    assert forge.post_status(status) == Done(ref=head, already=True)
    again = PostStatus(commit=head, context="git-bill/check", state="pending", description="2 problems")
    assert forge.post_status(again) == Done(ref=head, already=True)
    done = PostStatus(commit=head, context="git-bill/check", state="success", description="x" * 300)
    assert forge.post_status(done) == Done(ref=head)
    assert [one["status"] for one in place.books.statuses] == ["success"]


def test_standing_tells_what_stops_a_pipeline(place: Place) -> None:
    place.rest("POST", "protected_branches", name="main", push_access_level=0, merge_access_level=40)
    standing = place.forge().standing("main")
    assert (standing.account, standing.private, standing.fork) == ("mira", True, False)
    assert (standing.may_push, standing.may_open_pull_requests) == (False, True)
    assert standing.rules == ("pull_request",)
    assert (standing.scopes, standing.writers) == (("api",), ("mira",))
    place.rest("DELETE", "protected_branches/main")
    place.server.account("project_7_bot_ab", "token", "")
    place.books.members[place.server.store.users["project_7_bot_ab"]["id"]] = 40
    free = place.forge().standing("main")
    assert (free.may_push, free.rules, free.writers) == (True, (), ("mira", "tom"))


def test_the_job_s_token_names_the_one_that_is_needed(place: Place) -> None:
    place.server.store.tokens["job"] = Token(user=place.server.store.users["mira"], job=True)
    outcome = place.forge("job", job=True).ensure_pull_request(opened())
    assert isinstance(outcome, Refused)
    assert "job's own token" in outcome.reason
    assert "GIT_BILL_TOKEN" in outcome.remedy
    assert "Premium" in outcome.remedy


@pytest.mark.parametrize(
    ("status", "document", "rule", "hint"),
    [
        (401, {"message": "401 Unauthorized"}, "forge-unauthorized", "GIT_BILL_TOKEN"),
        (403, {"error": "insufficient_scope", "scope": "api"}, "forge-scope", "scope api"),
        (403, {"message": "403 Forbidden"}, "forge-forbidden", "Developer"),
        (404, {"message": "404 Project Not Found"}, "forge-not-found", "member of the project"),
        (500, {"message": "500 Internal Server Error"}, "forge-down", "nothing is lost"),
        (422, {"message": {"title": ["is too long"]}}, "forge-rejected", "mend"),
    ],
)  # fmt: skip
def test_errors_have_remedies(place: Place, status: int, document: dict[str, Any], rule: str, hint: str) -> None:
    place.fault(status, **document)
    found, message, told = stopped(lambda: place.forge().pull_requests(BRANCH))
    assert found == rule
    assert hint in told
    place.server.faults.clear()
    place.fault(status, **document)
    outcome = place.forge().ensure_comment(EnsureComment(number=1, marker="review", body="x"))
    assert isinstance(outcome, Refused)
    assert place.mira not in message + outcome.reason + outcome.remedy


def test_it_waits_as_told_and_says_so(place: Place) -> None:
    place.server.faults.order(Fault(status=429, headers={"Retry-After": "7"}, document={"message": "Retry later"}))
    assert place.forge().pull_requests(BRANCH) == ()
    assert place.waited == [7]
    assert "7 s" in place.said[0]


def test_it_does_not_wait_longer_than_a_minute(place: Place) -> None:
    place.fault(429, headers={"Retry-After": "900"}, message="Retry later")
    rule, _, hint = stopped(lambda: place.forge().pull_requests(BRANCH))
    assert (rule, place.waited) == ("forge-limit", [])
    assert "in 900 s or later" in hint


def test_its_patience_is_a_minute_altogether(place: Place) -> None:
    place.fault(429, headers={"Retry-After": "25"}, message="Retry later")
    assert stopped(lambda: place.forge().pull_requests(BRANCH))[0] == "forge-limit"
    assert place.waited == [25, 25]


def test_what_may_be_over_in_a_moment_is_read_again_and_not_written_again(place: Place) -> None:
    place.server.faults.order(Fault(status=502, document={"message": "Bad Gateway"}), times=2)
    assert place.forge().pull_requests(BRANCH) == ()
    assert place.waited == [0.5, 1.5]
    place.server.faults.order(Fault(kind="reset", undone=False), "POST", f"{HERE}/merge_requests")
    assert isinstance(place.forge().ensure_pull_request(opened()), Refused)
    assert isinstance(place.forge().ensure_pull_request(opened()), Done)
    assert len(place.books.requests) == 1


def test_no_network_and_no_answer(place: Place) -> None:
    place.server.faults.order(Fault(kind="hang"), times=9)
    assert stopped(lambda: place.forge(timeout=0.3).pull_request(1))[0] == "forge-timeout"
    away = GitLab("mira/books", api="http://127.0.0.1:9", token="x", sleep=place.waited.append)
    rule, message, _ = stopped(lambda: away.pull_request(1))
    assert (rule, message) == ("forge-unreachable", "GitLab can't be reached: Failed to establish a new connection: "
                               "Connection refused")  # fmt: skip


def test_what_answers_may_be_no_gitlab(place: Place) -> None:
    place.server.faults.order(Fault(kind="malformed"), times=9)
    assert stopped(lambda: place.forge().pull_request(1))[0] == "forge-unreadable"
