"""A publish through a remote: what moves there, what follows here, and what a refusal says."""

from pathlib import Path

import pytest
from tests.repositories import AT, commit, live_in, now, repository, run

from git_bill.adapters.git.books import GitBooks, open_books
from git_bill.effects import Done, DropBranch, Moved, Publish, Refused
from git_bill.ports import Ahead
from git_bill.problem import Exit, Stop

SETTINGS = "billing/billing.toml"
CLIENT = "billing/clients/acme.toml"
INVOICE = "billing/invoices/2026/INV-1/invoice.toml"


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    return repository(tmp_path / "origin.git", "--bare")


@pytest.fixture
def here(tmp_path: Path, origin: Path) -> Path:
    """A clone with books and code, all of it pushed."""
    made = repository(tmp_path / "here")
    run(made, "remote", "add", "origin", str(origin))
    commit(made, {SETTINGS: "schema = 1\n", CLIENT: "name = 1\n", "shop.py": "print(1)\n"})
    run(made, "push", "-q", "-u", "origin", "main")
    return made


@pytest.fixture
def there(tmp_path: Path, here: Path, origin: Path) -> Path:
    """Another person's clone."""
    run(tmp_path, "clone", "-q", str(origin), "there")
    return tmp_path / "there"


def opened(top: Path) -> GitBooks:
    return open_books(top, now=now)


def publish(
    books: GitBooks, files: dict[str, bytes | None], tags: tuple[str, ...] = (), expect: str | None = None
) -> Done | Moved | Refused:
    return books.publish(
        Publish(branch="main", expect=expect or books.tip(), files=files, message="Issue", at=AT, tags=tags)
    )


def commits(*places: Path) -> list[str]:
    return [run(place, "rev-parse", "main") for place in places]


def hook(origin: Path, script: str) -> None:
    path = origin / "hooks/pre-receive"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_branch_and_tag_arrive_and_the_clone_follows(here: Path, origin: Path) -> None:
    done = publish(opened(here), {INVOICE: b"1\n", CLIENT: None}, ("invoice/INV-1",))
    assert isinstance(done, Done)
    assert commits(origin, here) == [done.ref, done.ref]
    assert run(here, "rev-parse", "origin/main") == done.ref
    assert run(origin, "rev-parse", "invoice/INV-1") == run(here, "rev-parse", "invoice/INV-1")
    assert run(origin, "cat-file", "-t", "invoice/INV-1") == "tag"
    assert run(here, "status", "--porcelain", "--branch") == "## main...origin/main"
    assert (here / INVOICE).read_bytes() == b"1\n"
    assert not (here / CLIENT).exists()


def test_only_that_branch_and_those_tags_are_pushed(here: Path, origin: Path) -> None:
    run(here, "tag", "-a", "-m", "not yet", "v1.0")
    run(here, "branch", "private")
    for name, value in {"push.followTags": "true", "push.default": "matching", "push.gpgSign": "if-asked"}.items():
        run(here, "config", name, value)
    assert isinstance(publish(opened(here), {INVOICE: b"1\n"}, ("invoice/INV-1",)), Done)
    assert run(origin, "for-each-ref", "--format=%(refname)").split() == ["refs/heads/main", "refs/tags/invoice/INV-1"]


def test_a_clone_that_is_behind_has_lost_the_race(here: Path, there: Path, origin: Path) -> None:
    theirs = publish(opened(there), {CLIENT: b"2\n"})
    assert isinstance(theirs, Done)
    before = commits(here)
    books = opened(here)
    assert publish(books, {CLIENT: b"3\n"}, ("invoice/INV-1",)) == Moved(tip=theirs.ref)
    assert commits(here, origin) == [*before, theirs.ref]
    assert run(here, "tag") == run(origin, "tag") == ""
    assert run(here, "status", "--porcelain") == ""
    books.fetch()
    assert isinstance(publish(books, {CLIENT: b"3\n"}, ("invoice/INV-1",)), Done)


def test_a_push_whose_answer_was_lost_is_done_already(here: Path, there: Path) -> None:
    first = publish(opened(there), {INVOICE: b"1\n"}, ("invoice/INV-1",))
    assert isinstance(first, Done)
    again = publish(opened(here), {INVOICE: b"1\n"}, ("invoice/INV-1",))
    assert again == Done(ref=first.ref, already=True)
    assert run(here, "status", "--porcelain", "--branch") == "## main...origin/main"
    assert (here / INVOICE).exists()


def test_an_unreachable_remote_stops_before_anything_moves(here: Path, origin: Path, tmp_path: Path) -> None:
    origin.rename(tmp_path / "away")
    before = commits(here)
    with pytest.raises(Stop, match="the books remote origin can't be reached") as stopped:
        publish(opened(here), {INVOICE: b"1\n"}, ("invoice/INV-1",))
    assert stopped.value.exit_code is Exit.REPOSITORY
    assert stopped.value.problems[0].hint.startswith("nothing was changed here")
    with pytest.raises(Stop, match="the books remote origin can't be reached"):
        opened(here).drop(DropBranch(branch="bill/acme", expect=before[0]))
    assert commits(here) == before
    assert run(here, "tag") == run(here, "status", "--porcelain") == ""


def test_a_protected_branch_is_a_refusal_in_the_server_s_words(here: Path, origin: Path) -> None:
    hook(
        origin,
        r"""printf 'error: GH006: Protected branch update failed for refs/heads/main.\n' >&2
        printf 'error: \033[31mChanges\033[0m must be made through https://u:secret@example.com/pull\n' >&2; exit 1""",
    )
    before = commits(here, origin)
    refused = publish(opened(here), {INVOICE: b"1\n"}, ("invoice/INV-1",))
    assert isinstance(refused, Refused)
    assert refused.reason == (
        "origin does not take a push to main: error: GH006: Protected branch update failed for refs/heads/main. "
        "error:  [31mChanges [0m must be made through https://example.com/pull"
    )
    assert "branch protection" in refused.remedy
    assert commits(here, origin) == before
    assert run(here, "tag") == run(here, "status", "--porcelain") == ""


def test_a_server_that_says_nothing(here: Path, origin: Path) -> None:
    hook(origin, "exit 1")
    refused = publish(opened(here), {INVOICE: b"1\n"})
    assert isinstance(refused, Refused)
    assert refused.reason.endswith("[remote rejected] (pre-receive hook declined)")


def test_a_tag_that_the_remote_has_keeps_the_branch_back(here: Path, there: Path, origin: Path) -> None:
    run(there, "push", "-q", "origin", "main:refs/tags/invoice/INV-1")
    before = commits(origin)
    refused = publish(opened(here), {INVOICE: b"1\n"}, ("invoice/INV-1",))
    assert isinstance(refused, Refused)
    assert refused.reason == "the tag invoice/INV-1 is there already, on something else"
    assert commits(origin) == before


def test_a_changed_file_here_is_named_before_the_push(here: Path, origin: Path) -> None:
    before = commits(origin)
    (here / CLIENT).write_text("mine\n", encoding="utf-8")
    refused = publish(opened(here), {CLIENT: b"2\n"})
    assert isinstance(refused, Refused)
    assert CLIENT in refused.reason
    assert commits(origin) == before


def test_unpushed_commits_of_the_user_stay_apart(here: Path, there: Path, origin: Path) -> None:
    theirs = publish(opened(there), {CLIENT: b"2\n"})
    own = commit(here, {"shop.py": "mine\n"})
    books = opened(here)
    books.fetch()
    assert books.tip() == getattr(theirs, "ref", None)
    assert books.ahead() is None  # they have diverged
    (here / CLIENT).write_text("dirty\n", encoding="utf-8")
    done = publish(books, {INVOICE: b"1\n", CLIENT: b"3\n"})
    assert isinstance(done, Done)
    assert commits(here, origin) == [own, done.ref]
    assert run(here, "status", "--porcelain") == f" M {CLIENT}"


def test_books_that_the_user_committed_go_along_when_they_are_expected(here: Path, origin: Path) -> None:
    own = commit(here, {CLIENT: "mine\n"})
    books = opened(here)
    assert books.ahead() == Ahead(commit=own, paths=(CLIENT,))
    done = publish(books, {INVOICE: b"1\n"}, expect=own)
    assert isinstance(done, Done)
    assert commits(here, origin) == [done.ref, done.ref]
    assert books.ahead() is None


def test_a_refusal_of_such_commits_is_no_lost_race(here: Path, origin: Path) -> None:
    hook(origin, "exit 1")
    own = commit(here, {CLIENT: "mine\n"})
    assert isinstance(publish(opened(here), {INVOICE: b"1\n"}, expect=own), Refused)


def test_a_clone_that_is_behind_follows_in_the_books(here: Path, there: Path) -> None:
    publish(opened(there), {CLIENT: b"2\n"})
    books = opened(here)
    books.fetch()
    done = publish(books, {INVOICE: b"1\n"})
    assert commits(here) == [getattr(done, "ref", None)]
    assert run(here, "status", "--porcelain") == ""
    assert (here / CLIENT).read_bytes() == b"2\n"


def test_code_is_not_pulled(here: Path, there: Path, origin: Path) -> None:
    commit(there, {"shop.py": "theirs\n"})
    run(there, "push", "-q")
    before = commits(here)
    books = opened(here)
    books.fetch()
    done = publish(books, {INVOICE: b"1\n"})
    assert isinstance(done, Done)
    assert commits(here, origin) == [*before, done.ref]
    assert (here / "shop.py").read_text(encoding="utf-8") == "print(1)\n"
    assert run(here, "status", "--porcelain") == ""


def test_a_changed_file_keeps_only_a_clone_back_that_was_behind(here: Path, there: Path, origin: Path) -> None:
    publish(opened(there), {CLIENT: b"2\n"})
    before = commits(here)
    books = opened(here)
    books.fetch()
    (here / CLIENT).write_text("mine\n", encoding="utf-8")
    done = publish(books, {INVOICE: b"1\n"})
    assert isinstance(done, Done)
    assert commits(here, origin) == [*before, done.ref]
    assert run(here, "status", "--porcelain") == f" M {CLIENT}"


def test_a_branch_that_is_not_checked_out_follows_whatever_came(here: Path, there: Path, origin: Path) -> None:
    commit(there, {"shop.py": "theirs\n"})
    run(there, "push", "-q")
    run(here, "switch", "-q", "-c", "feature")
    books = opened(here)
    books.fetch()
    done = publish(books, {INVOICE: b"1\n"})
    assert commits(here, origin) == [getattr(done, "ref", None)] * 2
    assert run(here, "status", "--porcelain") == ""


def test_the_first_push_of_new_books(tmp_path: Path, origin: Path) -> None:
    made = repository(tmp_path / "new")
    run(made, "remote", "add", "origin", str(origin))
    books = open_books(made, now=now, remote="origin")
    books.fetch()
    done = publish(books, {SETTINGS: b"schema = 1\n"})
    assert commits(made, origin) == [getattr(done, "ref", None)] * 2
    assert run(made, "status", "--porcelain") == ""
    assert (made / SETTINGS).exists()


def test_local_books_reach_an_empty_remote(tmp_path: Path, origin: Path) -> None:
    made = repository(tmp_path / "new")
    first = commit(made, {SETTINGS: "schema = 1\n"})
    run(made, "remote", "add", "origin", str(origin))
    books = open_books(made, now=now, remote="origin")
    books.fetch()
    assert books.tip() == first
    assert books.ahead() == Ahead(commit=first, paths=(SETTINGS,))
    done = publish(books, {INVOICE: b"1\n"})
    assert commits(made, origin) == [getattr(done, "ref", None)] * 2


def test_a_new_draft_is_here_and_there(here: Path, there: Path, origin: Path) -> None:
    books = opened(here)
    tip = books.tip() or ""
    new = Publish(
        branch="bill/acme", expect=None, files={"billing/drafts/acme.toml": b"1\n"}, message="Draft", at=AT, also=(tip,)
    )
    done = books.publish(new)
    assert isinstance(done, Done)
    assert run(here, "rev-parse", "bill/acme") == done.ref
    assert run(origin, "rev-parse", "bill/acme") == done.ref
    assert [found.commit for found in books.drafts()] == [done.ref]
    # The other clone does not know of it, and does not overwrite it.
    other = opened(there).publish(
        Publish(
            branch="bill/acme",
            expect=None,
            files={"billing/drafts/acme.toml": b"2\n"},
            message="Mine",
            at=AT,
            also=(tip,),
        )
    )
    assert other == Moved(tip=done.ref)
    assert run(origin, "rev-parse", "bill/acme") == done.ref
    assert run(there, "branch", "--format=%(refname:short)") == "main"


def test_a_clone_of_one_other_branch(here: Path, origin: Path, tmp_path: Path) -> None:
    run(here, "push", "-q", "origin", "main:refs/heads/other")
    run(tmp_path, "clone", "-q", "--single-branch", "-b", "other", str(origin), "narrow")
    books = open_books(tmp_path / "narrow", now=now, branch="main", remote="origin")
    books.fetch()
    done = publish(books, {INVOICE: b"1\n"})
    assert books.tip() == getattr(done, "ref", None) == commits(origin)[0]


def test_without_push_it_stays_here(here: Path, origin: Path) -> None:
    before = commits(origin)
    books = opened(here)
    done = books.publish(
        Publish(branch="main", expect=books.local(), files={INVOICE: b"1\n"}, message="x", at=AT, push=False)
    )
    assert isinstance(done, Done)
    assert commits(here, origin) == [done.ref, *before]


# Dropping a draft


def draft(here: Path, there: Path) -> str:
    """A draft branch on the remote and in both clones."""
    run(here, "branch", "bill/acme", "main")
    run(here, "push", "-q", "origin", "bill/acme")
    run(there, "fetch", "-q")
    run(there, "branch", "bill/acme", "origin/bill/acme")
    return run(here, "rev-parse", "bill/acme")


def branches(*places: Path) -> list[int]:
    return [len(run(place, "branch", "-a", "--list", "*bill/acme").splitlines()) for place in places]


def test_a_draft_goes_here_and_there(here: Path, there: Path, origin: Path) -> None:
    expect = draft(here, there)
    assert opened(here).drop(DropBranch(branch="bill/acme", expect=expect)) == Done(ref=expect)
    assert branches(here, origin) == [0, 0]
    # The other clone has its own still, and only that is left to remove.
    assert opened(there).drop(DropBranch(branch="bill/acme", expect=expect)) == Done(ref=expect)
    assert branches(there) == [0]
    assert opened(there).drop(DropBranch(branch="bill/acme", expect=expect)) == Done(ref=expect, already=True)


def test_a_draft_that_went_on_there_is_not_dropped(here: Path, there: Path, origin: Path) -> None:
    expect = draft(here, there)
    run(there, "switch", "-q", "bill/acme")
    newer = commit(there, {CLIENT: "2\n"})
    run(there, "push", "-q", "origin", "bill/acme")
    assert opened(here).drop(DropBranch(branch="bill/acme", expect=expect)) == Moved(tip=newer)
    assert branches(here, origin) == [2, 1]


def test_a_draft_with_unpushed_commits_is_not_dropped(here: Path, there: Path, origin: Path) -> None:
    expect = draft(here, there)
    run(here, "switch", "-q", "bill/acme")
    own = commit(here, {CLIENT: "2\n"})
    run(here, "switch", "-q", "main")
    assert opened(here).drop(DropBranch(branch="bill/acme", expect=expect)) == Moved(tip=own)
    assert branches(here, origin) == [2, 1]


def test_a_server_that_keeps_its_branches(here: Path, there: Path, origin: Path) -> None:
    expect = draft(here, there)
    run(origin, "config", "receive.denyDeletes", "true")
    refused = opened(here).drop(DropBranch(branch="bill/acme", expect=expect))
    assert isinstance(refused, Refused)
    assert "denying ref deletion" in refused.reason
    assert branches(here, origin) == [2, 1]
