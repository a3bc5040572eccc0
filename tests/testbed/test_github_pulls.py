"""Pull requests follow git and are merged as GitHub merges them, judged by PyGithub."""

from collections.abc import Callable
from pathlib import Path

import pytest
from github.GithubException import GithubException
from tests.testbed.conftest import Attempt
from tests.testbed.eyes import see
from tests.testbed.github import ANNA, EVE, MIRA, TOM, GitHub, Repository

pytestmark = pytest.mark.testbed

Changed = Callable[[Repository, str], Path]


def test_a_merge_commit_is_by_who_merged(books: Repository, pull: int) -> None:
    base, head = books.tip(), books.tip("bill/1")
    seen = see(books).get_pull(pull)
    assert seen.merge(merge_method="merge").merged
    commit = books.hosted.bare.commit(books.tip())
    assert commit.parents == (base, head)
    assert (commit.author.name, commit.committer.email) == (MIRA.name, "noreply@github.com")
    assert commit.message == f"Merge pull request #{pull} from mira/bill/1\n\nInvoice"


def test_a_squash_is_by_who_opened_the_pull_request(books: Repository, pull: int) -> None:
    books.admit(TOM, "write")
    base = books.tip()
    sha = books.merge(pull, by=TOM, method="squash")
    commit = books.hosted.bare.commit(sha)
    assert commit.parents == (base,)
    assert (commit.author.email, commit.committer.name) == (MIRA.email, "GitHub")
    assert commit.subject == f"Invoice (#{pull})"
    assert commit.message.endswith(f"Co-authored-by: {TOM.name} <{TOM.email}>")
    seen = see(books).get_pull(pull)
    assert (seen.merged, seen.merged_by.login, seen.merge_commit_sha) == (True, "tom", sha)
    assert [one.commit.message.partition("\n")[0] for one in seen.get_commits()] == ["One", "Two"]


def test_a_rebase_keeps_authors(books: Repository, pull: int) -> None:
    books.commit({"other.txt": "x\n"}, "Meanwhile")
    base = books.tip()
    sha = books.merge(pull, method="rebase")
    commits = books.hosted.bare.commits("--reverse", sha, f"^{base}")
    assert [(one.subject, one.author.name, one.committer.name) for one in commits] == [
        ("One", MIRA.name, MIRA.name),
        ("Two", TOM.name, MIRA.name),
    ]
    assert books.read("other.txt") == "x\n"
    assert books.read("two.toml") == "n = 2\n"


def test_conflicts_are_not_merged(books: Repository, pull: int) -> None:
    books.commit({"one.toml": "n = 9\n"}, "The same file")
    seen = see(books).get_pull(pull)
    assert (seen.mergeable, seen.mergeable_state) == (False, "dirty")
    with pytest.raises(GithubException) as refused:
        seen.merge()
    assert refused.value.status == 405


def test_a_pull_request_follows_its_branch(books: Repository, pull: int, attempt: Attempt) -> None:
    seen = see(books).get_pull(pull)
    first = seen.head.sha
    second = books.commit({"three.toml": "n = 3\n"}, "Three", branch="bill/1")
    seen.update()
    assert (first, seen.head.sha) == (books.hosted.bare.commit(second).parents[0], second)
    assert (seen.commits, seen.changed_files, seen.additions) == (3, 3, 3)
    assert [(one.filename, one.status) for one in seen.get_files()] == [
        (name, "added") for name in ("one.toml", "three.toml", "two.toml")
    ]
    refs = attempt("ls-remote", books.url_for(MIRA.token)).stdout
    assert f"{second}\trefs/pull/{pull}/head" in refs
    assert f"refs/pull/{pull}/merge" in refs
    assert seen.merge_commit_sha in refs


def test_a_push_to_the_base_merges(books: Repository, pull: int) -> None:
    books.admit(TOM, "write")
    head = books.tip("bill/1")
    books.move("main", head, by=TOM)
    seen = see(books).get_pull(pull)
    assert (seen.merged, seen.merged_by.login, seen.merge_commit_sha) == (True, "tom", head)


def test_deleting_the_branch_closes(books: Repository, pull: int) -> None:
    head = books.tip("bill/1")
    books.move("bill/1", None)
    seen = see(books).get_pull(pull)
    assert (seen.state, seen.merged, seen.head.sha) == ("closed", False, head)
    with pytest.raises(GithubException):
        seen.edit(state="open")


def test_one_pull_request_for_a_branch(books: Repository, pull: int) -> None:
    with pytest.raises(GithubException, match="A pull request already exists for mira:bill/1"):
        see(books).create_pull(base="main", head="bill/1", title="Again")
    assert [one.number for one in see(books).get_pulls(head="mira:bill/1", state="all")] == [pull]


def test_reviews_are_of_the_head(books: Repository, pull: int) -> None:
    books.admit(ANNA, "read")
    first = books.tip("bill/1")
    books.review(pull, ANNA, "REQUEST_CHANGES", "too much")
    second = books.commit({"three.toml": "n = 3\n"}, "Three", branch="bill/1")
    approval = books.review(pull, ANNA, "APPROVE")
    see(books).get_pull(pull).get_review(approval).dismiss("a new head came")
    reviews = [(one.user.login, one.state, one.commit_id) for one in see(books).get_pull(pull).get_reviews()]
    assert reviews == [("anna", "CHANGES_REQUESTED", first), ("anna", "DISMISSED", second)]
    with pytest.raises(AssertionError, match="Can not approve your own pull request"):
        books.review(pull, MIRA, "APPROVE")


def test_statuses_guard_the_merge(books: Repository, pull: int) -> None:
    books.protect(checks=["git-bill/check"])
    head = see(books).get_commit(books.tip("bill/1"))
    with pytest.raises(AssertionError, match=r"Required status check .*git-bill/check.* is expected"):
        books.merge(pull)
    head.create_status("failure", context="git-bill/check", description="Line 3")
    assert head.get_combined_status().state == "failure"
    head.create_status("success", context="git-bill/check")
    assert [one.state for one in head.get_combined_status().statuses] == ["success"]
    books.merge(pull)


def test_issues_hold_pull_requests_too(books: Repository, pull: int) -> None:
    books.issue("Login fails", labels=["bug"])
    seen = see(books)
    assert {(one.title, one.pull_request is not None) for one in seen.get_issues(state="all")} == {
        ("Login fails", False),
        ("Invoice", True),
    }
    seen.create_label("invoice", "0e8a16")
    seen.get_pull(pull).add_to_labels("invoice")
    assert [label.name for label in seen.get_pull(pull).labels] == ["invoice"]
    assert [label.name for label in seen.get_issue(pull).labels] == ["invoice"]


def test_comments_are_edited_by_their_writers(books: Repository, pull: int) -> None:
    books.admit(ANNA, "read")
    written = books.comment(pull, ANNA, "/bill hold")
    books.edit_comment(written, ANNA, "/bill approve")
    (comment,) = see(books).get_pull(pull).get_issue_comments()
    assert (comment.body, comment.user.login) == ("/bill approve", "anna")
    assert comment.updated_at >= comment.created_at
    mine = books.comment(pull, MIRA, "no")
    with pytest.raises(AssertionError, match="403"):
        books.edit_comment(mine, ANNA, "yes")
    comment.create_reaction("+1")
    assert [one.content for one in comment.get_reactions()] == ["+1"]


def test_pull_requests_from_forks(github: GitHub) -> None:
    shop = github.repository("shop", private=False, files={"README.md": "Shop\n"})
    fork = shop.fork(EVE)
    head = fork.commit({"evil.txt": "x\n"}, "Mine", branch="main", by=EVE)
    number = shop.open_pull(EVE, "eve:main")
    seen = see(shop).get_pull(number)
    assert (seen.head.repo.full_name, seen.head.sha, seen.user.login) == (fork.full_name, head, "eve")
    assert shop.tip(f"refs/pull/{number}/head") == head
    assert see(fork).fork
    with pytest.raises(AssertionError, match="403"):
        shop.merge(number, by=EVE)
