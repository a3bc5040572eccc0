"""What every `Forge` does: in memory, and on the forges of the testbed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from tests.repositories import AT
from tests.testbed.accounts import account
from tests.testbed.bare import Person
from tests.testbed.github import GitHub, Repository
from tests.testbed.gitlab import GitLabServer
from tests.testbed.gitlab_store import Project
from tests.twins.books import MemoryBooks
from tests.twins.forge import MemoryForge

from git_bill.adapters.github.forge import by_token
from git_bill.adapters.gitlab.forge import GitLab
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Publish, Refused
from git_bill.forge import Forge
from git_bill.problem import Exit, Stop

DRAFT = "billing/drafts/acme-2026-10.toml"
BRANCH = "bill/acme-2026-10"
PULL = EnsurePullRequest(
    branch=BRANCH, base="main", title="Draft invoice: Acme", body="12 hours\n", labels=("invoice",)
)


class Stage(Protocol):
    """A forge, and what people do there."""

    @property
    def forge(self) -> Forge: ...

    def commit(self, branch: str, content: bytes, path: str = DRAFT) -> str:
        """Let a branch (a new one starts at main) have a file; the commit."""

    def drop(self, branch: str) -> None: ...

    def merge(self, number: int, by: str, *, squash: bool = False) -> str: ...

    def close(self, number: int) -> None: ...

    def review(self, number: int, by: str, verdict: str) -> None: ...

    def comment(self, number: int, by: str, text: str) -> None: ...

    def reword(self, number: int, comment: str, text: str | None) -> None:
        """Let the owner change a comment, whoever wrote it; None removes it."""

    def milestone(self, title: str, *, closed: bool) -> None: ...

    def other(self) -> str:
        """Another repository that the forge's token may write."""

    def hidden(self) -> str:
        """One that it does not see."""

    def content(self, repository: str, branch: str, path: str) -> bytes | None:
        """A file there."""


class Memory:
    """In memory."""

    def __init__(self) -> None:
        self.books = MemoryBooks()
        self.commit("main", b"schema = 1\n", "billing/billing.toml")
        self.forge = MemoryForge(self.books)

    def commit(self, branch: str, content: bytes, path: str = DRAFT) -> str:
        tip, main = (self.books.store.branches.get(name) for name in (branch, "main"))
        also = (main,) if tip is None and main else ()
        done = self.books.publish(
            Publish(branch=branch, expect=tip, also=also, files={path: content}, message="x", at=AT)
        )
        assert isinstance(done, Done)
        return done.ref

    def drop(self, branch: str) -> None:
        del self.books.store.branches[branch]

    def merge(self, number: int, by: str, *, squash: bool = False) -> str:
        return self.forge.merge(number, by=by, how="squash" if squash else "merge")

    def close(self, number: int) -> None:
        self.forge.close(number)

    def review(self, number: int, by: str, verdict: str) -> None:
        self.forge.review(number, by, "approved" if verdict == "APPROVE" else "changes-requested", text="see above")

    def comment(self, number: int, by: str, text: str) -> None:
        self.forge.comment(number, by, text)

    def reword(self, number: int, comment: str, text: str | None) -> None:
        comments = self.forge.hosted.comments[number]
        at = next(index for index, each in enumerate(comments) if each.id == comment)
        comments[at : at + 1] = (
            []
            if text is None
            else [replace(comments[at], text=text, edited=True, ours=text.startswith("<!-- git-bill:"))]
        )

    def milestone(self, title: str, *, closed: bool) -> None:
        if closed:
            self.forge.hosted.closed_milestones[title] = datetime.now(UTC)

    def other(self) -> str:
        return self.forge.elsewhere("mira/review").repository

    def hidden(self) -> str:
        self.forge.missing.add("eve/private")
        return "eve/private"

    def content(self, repository: str, branch: str, path: str) -> bytes | None:
        return self.forge.elsewhere(repository).hosted.files[branch].get(path)


class Hub:
    """On the testbed's GitHub, by the token of a person with two repositories."""

    def __init__(self, github: GitHub) -> None:
        self.github = github
        self.books = github.repository(files={"billing/billing.toml": "schema = 1\n"})
        for name in ("tom", "anna"):
            self.books.admit(account(name), "write")
        self.forge = by_token(self.books.full_name, api=github.api, token=github.token(kind="app"))
        self.others = dict[str, Repository]()

    def commit(self, branch: str, content: bytes, path: str = DRAFT) -> str:
        return self.books.commit({path: content.decode()}, branch=branch)

    def drop(self, branch: str) -> None:
        self.books.move(branch, None)

    def merge(self, number: int, by: str, *, squash: bool = False) -> str:
        return self.books.merge(number, by=account(by), method="squash" if squash else "merge")

    def close(self, number: int) -> None:
        self.github.call(account("mira"), "PATCH", f"{self.books.path}/pulls/{number}", {"state": "closed"})

    def review(self, number: int, by: str, verdict: str) -> None:
        event = "APPROVE" if verdict == "APPROVE" else "REQUEST_CHANGES"
        self.books.review(number, account(by), event, "see above")  # type: ignore[arg-type]

    def comment(self, number: int, by: str, text: str) -> None:
        self.books.comment(number, account(by), text)

    def reword(self, number: int, comment: str, text: str | None) -> None:
        method, sent = ("DELETE", None) if text is None else ("PATCH", {"body": text})
        self.github.call(account("mira"), method, f"{self.books.path}/issues/comments/{comment}", sent)

    def milestone(self, title: str, *, closed: bool) -> None:
        state = {"title": title, "state": "closed" if closed else "open"}
        self.github.call(account("mira"), "POST", f"{self.books.path}/milestones", state)

    def other(self) -> str:
        made = self.github.repository("review", files={"README.md": "Invoices\n"})
        self.others[made.full_name] = made
        return made.full_name

    def hidden(self) -> str:
        return "eve/private"

    def content(self, repository: str, branch: str, path: str) -> bytes | None:
        found = self.others[repository].read(path, branch)
        return None if found is None else found.encode()


class Lab:
    """On the facade of GitLab, by a project's token."""

    def __init__(self, server: GitLabServer) -> None:
        self.server = server
        people = ("mira", "tom", "anna", "git-bill", "eve")
        self.tokens = {name: server.account(name, name.title(), f"{name}@example.net") for name in people}
        self.books = self._project("mira/books")
        self.commit("main", b"schema = 1\n", "billing/billing.toml")
        self.others: dict[str, Project] = {}
        self.server.project("eve/private", "eve")
        self.forge = GitLab("mira/books", api=server.origin, token=self.tokens["git-bill"])

    def _project(self, path: str) -> Project:
        found = self.server.project(path, "mira")
        for name in ("tom", "anna", "git-bill"):
            found.members[self.server.store.users[name]["id"]] = 30
        return found

    def _does(self, who: str, method: str, path: str, **data: Any) -> Any:
        return self.server.rest(self.tokens[who], method, f"projects/{self.books.id}/{path}", **data)

    def commit(self, branch: str, content: bytes, path: str = DRAFT) -> str:
        return self._lay(self.books, branch, content, path)

    def _lay(self, project: Project, branch: str, content: bytes, path: str) -> str:
        tip = project.branch(branch) or project.branch("main")
        tree = project.git.write_tree(tip, {path: content})
        person = Person(name="Mira", email="mira@example.net", at=AT)
        made = project.git.write_commit(tree, [tip] if tip else [], "x", person)
        project.git.set_ref(f"refs/heads/{branch}", made)
        self.server.follow()
        return made

    def drop(self, branch: str) -> None:
        self.books.git.set_ref(f"refs/heads/{branch}", None)

    def merge(self, number: int, by: str, *, squash: bool = False) -> str:
        self._does(by, "PUT", f"merge_requests/{number}/merge", squash=squash)
        return self.books.branch("main") or ""

    def close(self, number: int) -> None:
        self._does("mira", "PUT", f"merge_requests/{number}", state_event="close")

    def review(self, number: int, by: str, verdict: str) -> None:
        if verdict == "APPROVE":
            self._does(by, "POST", f"merge_requests/{number}/approve")
        else:
            self._does(by, "POST", f"merge_requests/{number}/reviews", state="requested_changes", note="see above")

    def comment(self, number: int, by: str, text: str) -> None:
        self._does(by, "POST", f"merge_requests/{number}/notes", body=text)

    def reword(self, number: int, comment: str, text: str | None) -> None:
        method, sent = ("DELETE", {}) if text is None else ("PUT", {"body": text})
        self._does("mira", method, f"merge_requests/{number}/notes/{comment}", **sent)

    def milestone(self, title: str, *, closed: bool) -> None:
        made = self._does("mira", "POST", "milestones", title=title)
        if closed:
            self._does("mira", "PUT", f"milestones/{made['id']}", state_event="close")

    def other(self) -> str:
        made = self.others["mira/review"] = self._project("mira/review")
        self._lay(made, "main", b"Invoices\n", "README.md")
        return made.path

    def hidden(self) -> str:
        return "eve/private"

    def content(self, repository: str, branch: str, path: str) -> bytes | None:
        git = self.others[repository].git
        blob = git.blob(branch, path)
        return None if blob is None else git.content(blob)


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[GitLabServer]:
    server = GitLabServer(tmp_path / "gitlab")
    yield server
    server.close()


@pytest.fixture(params=["memory", "gitlab", pytest.param("github", marks=pytest.mark.testbed)])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    if request.param == "memory":
        yield Memory()
    elif request.param == "gitlab":
        yield Lab(request.getfixturevalue("gitlab"))
    else:
        yield Hub(request.getfixturevalue("github"))


def opened(stage: Stage) -> int:
    """The number of the pull request of a draft of one line."""
    stage.commit(BRANCH, b"id = 1\n")
    assert isinstance(stage.forge.ensure_pull_request(PULL), Done)
    return stage.forge.pull_requests(BRANCH)[0].number


def done(outcome: Done | Refused) -> Done:
    assert isinstance(outcome, Done), outcome
    return outcome


def test_one_draft_has_one_pull_request(stage: Stage) -> None:
    first = stage.commit(BRANCH, b"id = 1\n")
    made = done(stage.forge.ensure_pull_request(PULL))
    again = done(stage.forge.ensure_pull_request(PULL))
    assert (made.already, again.already) == (False, True)
    second = stage.commit(BRANCH, b"id = 1\nminutes = 2\n")
    changed = EnsurePullRequest(branch=BRANCH, base="main", title="Draft: 13 h", body="13 h", labels=("invoice", "new"))
    update = done(stage.forge.ensure_pull_request(changed))
    assert made.ref == again.ref == update.ref
    assert not update.already
    [pull] = stage.forge.pull_requests(BRANCH)
    assert (pull.url, pull.branch, pull.base, pull.state, pull.fork) == (made.ref, BRANCH, "main", "open", False)
    assert (pull.title, sorted(pull.labels), pull.head) == ("Draft: 13 h", ["invoice", "new"], second)
    assert first != second
    assert (pull.merged_by, pull.merged_as) == (None, None)
    assert stage.forge.pull_request(pull.number) == pull
    assert stage.forge.pull_request(4711) is None
    assert stage.forge.pull_requests("bill/none") == ()


def test_a_closed_one_is_not_opened_again(stage: Stage) -> None:
    number = opened(stage)
    stage.close(number)
    refused = stage.forge.ensure_pull_request(PULL)
    assert isinstance(refused, Refused)
    assert "closed" in refused.reason
    assert f"/{number}" in refused.remedy
    stage.commit(BRANCH, b"id = 1\nminutes = 2\n")
    assert isinstance(stage.forge.ensure_pull_request(PULL), Refused)
    assert [pull.state for pull in stage.forge.pull_requests(BRANCH)] == ["closed"]


def test_a_branch_made_anew_is_another_proposal(stage: Stage) -> None:
    number = opened(stage)
    stage.close(number)
    stage.drop(BRANCH)
    stage.commit(BRANCH, b"id = 2\n")
    done(stage.forge.ensure_pull_request(PULL))
    new, old = stage.forge.pull_requests(BRANCH)
    assert (new.state, old.state, old.number) == ("open", "closed", number)


@pytest.mark.parametrize("squash", [True, False])
def test_who_merged_and_what_became_of_it(stage: Stage, squash: bool) -> None:
    number = opened(stage)
    made = stage.merge(number, "tom", squash=squash)
    pull = stage.forge.pull_request(number)
    assert pull is not None
    assert (pull.state, pull.merged_by, pull.merged_as) == ("merged", "tom", made)
    assert stage.forge.pull_requests(BRANCH) == (pull,)
    assert stage.forge.blob(made, DRAFT) == MemoryBooks().blob_id(b"id = 1\n")
    assert stage.forge.brought(made) == (pull,)
    pushed = stage.commit("main", b"schema = 1\n", "billing/other.toml")
    assert [stage.forge.brought(each) for each in (pushed, "0" * 40)] == [(), ()]
    stage.commit(BRANCH, b"id = 2\n")
    done(stage.forge.ensure_pull_request(PULL))
    assert [each.state for each in stage.forge.pull_requests(BRANCH)] == ["open", "merged"]


def test_a_branch_that_is_not_there_is_refused(stage: Stage) -> None:
    refused = stage.forge.ensure_pull_request(PULL)
    assert isinstance(refused, Refused)
    assert "git push" in refused.remedy
    assert stage.forge.pull_requests(BRANCH) == ()


def test_reviews_are_of_the_commit_that_they_were_given_on(stage: Stage) -> None:
    number = opened(stage)
    stage.review(number, "tom", "APPROVE")
    stage.review(number, "anna", "REQUEST_CHANGES")
    stage.commit(BRANCH, b"id = 1\nminutes = 2\n")
    first, second = stage.forge.reviews(number)
    assert [(first.account, first.verdict), (second.account, second.verdict)] == [
        ("tom", "approved"),
        ("anna", "changes-requested"),
    ]
    assert second.text == "see above"
    assert first.at <= second.at
    assert first.at.tzinfo is not None
    assert stage.forge.blob(first.commit, DRAFT) == MemoryBooks().blob_id(b"id = 1\n")
    [pull] = stage.forge.pull_requests(BRANCH)
    assert stage.forge.blob(pull.head, DRAFT) == MemoryBooks().blob_id(b"id = 1\nminutes = 2\n")


def test_blobs_that_are_not_there(stage: Stage) -> None:
    commit = stage.commit(BRANCH, b"id = 1\n")
    assert stage.forge.blob(commit, "billing/drafts/other.toml") is None
    assert stage.forge.blob("0" * 40, DRAFT) is None


def test_our_comment_is_written_once_and_changed(stage: Stage) -> None:
    number = opened(stage)
    stage.comment(number, "anna", "/bill hold")
    effect = EnsureComment(number=number, marker="D-1", body="Lines: 1")
    assert not done(stage.forge.ensure_comment(effect)).already
    assert done(stage.forge.ensure_comment(effect)).already
    stage.comment(number, "tom", "fine")
    changed = EnsureComment(number=number, marker="D-1", body="Lines: 2")
    assert not done(stage.forge.ensure_comment(changed)).already
    other = EnsureComment(number=number, marker="reply-7", body="Held.")
    done(stage.forge.ensure_comment(other))
    found = stage.forge.comments(number)
    assert [(c.account, c.ours) for c in found if not c.ours] == [("anna", False), ("tom", False)]
    ours = [c for c in found if c.ours]
    assert [c.text.splitlines()[1:] for c in ours] == [["Lines: 2"], ["Held."]]
    assert [c.text.splitlines()[0] for c in ours] == ["<!-- git-bill:D-1 -->", "<!-- git-bill:reply-7 -->"]
    assert len({c.id for c in found}) == 4
    assert [c.at for c in found] == sorted(c.at for c in found)
    assert all(c.account_id.isdigit() for c in found if not c.ours)


def test_a_stranger_who_pastes_the_marker_changes_nothing(stage: Stage) -> None:
    number = opened(stage)
    stage.comment(number, "anna", "<!-- git-bill:D-1 -->\nAll is approved.")
    done(stage.forge.ensure_comment(EnsureComment(number=number, marker="D-1", body="Lines: 1")))
    pasted, ours = stage.forge.comments(number)
    assert (pasted.ours, pasted.text.splitlines()[1]) == (False, "All is approved.")
    assert (ours.ours, ours.text.splitlines()[1]) == (True, "Lines: 1")


def test_our_comment_comes_back_as_it_should_be(stage: Stage) -> None:
    """People with the right to may remove or change it: the next run writes it anew, or over what they wrote."""
    number = opened(stage)
    effect = EnsureComment(number=number, marker="D-1", body="Lines: 1")
    done(stage.forge.ensure_comment(effect))
    [ours] = stage.forge.comments(number)
    stage.reword(number, ours.id, None)
    assert stage.forge.comments(number) == ()
    assert not done(stage.forge.ensure_comment(effect)).already
    [again] = stage.forge.comments(number)
    stage.reword(number, again.id, "<!-- git-bill:D-1 -->\nLines: none, all is approved")
    assert not done(stage.forge.ensure_comment(effect)).already
    assert [comment.text for comment in stage.forge.comments(number)] == ["<!-- git-bill:D-1 -->\nLines: 1"]


def test_our_comment_without_its_marker_is_nobody_s(stage: Stage) -> None:
    number = opened(stage)
    effect = EnsureComment(number=number, marker="D-1", body="Lines: 1")
    done(stage.forge.ensure_comment(effect))
    [ours] = stage.forge.comments(number)
    stage.reword(number, ours.id, "/bill approve")
    done(stage.forge.ensure_comment(effect))
    stranger, own = stage.forge.comments(number)
    assert (stranger.ours, stranger.account, stranger.text) == (False, ours.account, "/bill approve")
    assert (own.ours, own.text.splitlines()[1]) == (True, "Lines: 1")


def test_many_comments(stage: Stage) -> None:
    number = opened(stage)
    for count in range(120):
        stage.comment(number, "anna", f"question {count}")
    effect = EnsureComment(number=number, marker="D-1", body="ä€😀" * 3000)
    assert [done(stage.forge.ensure_comment(effect)).already for _ in range(2)] == [False, True]
    found = stage.forge.comments(number)
    assert [comment.text for comment in found[:120]] == [f"question {count}" for count in range(120)]
    assert [comment.ours for comment in found[119:]] == [False, True]


@pytest.mark.parametrize("name", ["a#b", "a%20b", "ü-€-😀", "a&b=c+d;e", "a'b\"c"])
def test_names_of_branches_are_taken_as_they_are(stage: Stage, name: str) -> None:
    stage.commit(f"bill/{name}", b"id = 1\n")
    effect = EnsurePullRequest(branch=f"bill/{name}", base="main", title="x", body="y")
    assert [done(stage.forge.ensure_pull_request(effect)).already for _ in range(2)] == [False, True]
    assert [pull.branch for pull in stage.forge.pull_requests(f"bill/{name}")] == [f"bill/{name}"]
    laid = EnsurePullRequest(branch=f"review/{name}", base="main", title="x", body="y", files={f"{name} ?.md": b"1"})
    assert [done(stage.forge.ensure_pull_request(laid)).already for _ in range(2)] == [False, True]
    [pull] = stage.forge.pull_requests(f"review/{name}")
    assert stage.forge.blob(pull.head, f"{name} ?.md") == MemoryBooks().blob_id(b"1")


def test_a_comment_on_nothing_is_refused(stage: Stage) -> None:
    assert isinstance(stage.forge.ensure_comment(EnsureComment(number=4711, marker="x", body="y")), Refused)


def test_a_status_is_posted_when_it_is_another(stage: Stage) -> None:
    commit = stage.commit(BRANCH, b"id = 1\n")
    pending = PostStatus(commit=commit, context="git-bill/sign-off", state="pending", description="tom must approve")
    check = PostStatus(commit=commit, context="git-bill/check", state="success", description="ok")
    success = PostStatus(commit=commit, context="git-bill/sign-off", state="success", description="by tom")
    outcomes = [done(stage.forge.post_status(each)) for each in (pending, check, pending, success, success, pending)]
    assert [outcome.already for outcome in outcomes] == [False, False, True, False, True, False]


def test_files_are_laid_in_another_repository(stage: Stage) -> None:
    there = stage.other()
    forge = stage.forge.elsewhere(there)
    assert forge.repository == there

    def effect(text: bytes) -> EnsurePullRequest:
        files = {"invoices/ä b.md": text, "invoices/logo.png": b"\x89PNG\xff\x00"}
        return EnsurePullRequest(
            branch="review/acme", base="", title="Invoice", body="please", repository=there, files=files
        )

    assert not done(forge.ensure_pull_request(effect(b"12 h\n"))).already
    assert done(forge.ensure_pull_request(effect(b"12 h\n"))).already
    assert not done(forge.ensure_pull_request(effect(b"13 h\n"))).already
    [pull] = forge.pull_requests("review/acme")
    assert pull.base == "main"
    assert forge.blob(pull.head, "invoices/ä b.md") == MemoryBooks().blob_id(b"13 h\n")
    assert forge.blob(pull.head, "invoices/logo.png") == MemoryBooks().blob_id(b"\x89PNG\xff\x00")
    assert stage.content(there, "review/acme", "invoices/ä b.md") == b"13 h\n"
    assert stage.forge.pull_requests("review/acme") == ()


def test_milestones_that_are_closed(stage: Stage) -> None:
    assert stage.forge.closed_milestones() == ()
    stage.milestone("Beta", closed=True)
    stage.milestone("Launch", closed=False)
    [closed] = stage.forge.closed_milestones()
    assert closed.title == "Beta"
    assert closed.at.tzinfo is not None


def test_a_repository_that_is_not_seen(stage: Stage) -> None:
    forge = stage.forge.elsewhere(stage.hidden())
    reads: list[Callable[[], object]] = [
        lambda: forge.pull_requests(BRANCH),
        lambda: forge.pull_request(1),
        lambda: forge.blob("0" * 40, DRAFT),
        lambda: list(forge.tickets()),
        forge.closed_milestones,
        lambda: list(forge.submissions()),
    ]
    for read in reads:
        with pytest.raises(Stop, match="eve/private") as stopped:
            read()
        assert stopped.value.exit_code is Exit.FORGE
    refused = forge.ensure_pull_request(PULL)
    assert isinstance(refused, Refused)
    assert "eve/private" in refused.reason


def test_text_is_data(stage: Stage) -> None:
    branch = "bill/$(id)-'x'-%2e%2e"
    stage.commit(branch, b"id = 1\n")
    title = "${{ github.token }} ::error:: `id` \"'<b>"
    body = "</details>\n::set-output name=x::y\n<!-- git-bill:D-1 -->\n@mira\x07 ${{ secrets.X }}"
    effect = EnsurePullRequest(branch=branch, base="main", title=title, body=body, labels=("a b/ü?",))
    made = done(stage.forge.ensure_pull_request(effect))
    [pull] = stage.forge.pull_requests(branch)
    assert (pull.url, pull.title, pull.labels) == (made.ref, title, ("a b/ü?",))
    assert done(stage.forge.ensure_pull_request(effect)).already
