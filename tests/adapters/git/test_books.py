"""Opening a repository's books, and what is read from where."""

import os
import threading
from pathlib import Path

import pytest
from tests.repositories import AT, commit, live_in, now, repository, run

from git_bill.adapters.git.books import GitBooks, open_books
from git_bill.effects import Done, Publish, Refused, WriteFile
from git_bill.problem import Exit, Stop

SETTINGS = "billing/billing.toml"
CLIENT = "billing/clients/acme.toml"


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Books on `main`, which is checked out."""
    made = repository(tmp_path / "books")
    commit(made, {SETTINGS: "schema = 1\n", CLIENT: "name = 1\n"})
    return made


def opened(start: Path, branch: str | None = None, remote: str | None = None) -> GitBooks:
    return open_books(start, now=now, branch=branch, remote=remote)


def clone(origin: Path, folder: Path, *options: str) -> Path:
    run(origin, "clone", "-q", *options, origin.as_uri(), str(folder))
    return folder


# Which repository, branch and remote


def test_books_are_found_from_below(top: Path) -> None:
    assert opened(top / "billing" / "clients").top == top


def test_outside_of_any_repository(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="is not in a git repository") as stopped:
        opened(tmp_path)
    assert stopped.value.exit_code is Exit.REPOSITORY


def test_the_remote_says_which_branch_is_the_default(top: Path, tmp_path: Path) -> None:
    run(top, "branch", "-m", "trunk")
    here = clone(top, tmp_path / "clone")
    run(here, "switch", "-q", "-c", "feature")
    found = opened(here)
    assert (found.branch, found.remote) == ("trunk", "origin")


@pytest.mark.parametrize("branch", ["feature", "bill/acme-2026-10"])
def test_without_a_remote_the_branch_that_holds_books(top: Path, branch: str) -> None:
    run(top, "switch", "-q", "-c", branch)
    assert opened(top).branch == "main"


def test_books_may_be_kept_on_the_current_branch_alone(top: Path) -> None:
    run(top, "branch", "-m", "ledger")
    assert opened(top).branch == "ledger"


def test_an_unborn_branch_is_named_as_it_will_be(tmp_path: Path) -> None:
    made = repository(tmp_path / "new")
    run(made, "symbolic-ref", "HEAD", "refs/heads/start")
    assert opened(made).branch == "start"


def test_a_draft_branch_never_holds_the_books(tmp_path: Path) -> None:
    made = repository(tmp_path / "new")
    run(made, "symbolic-ref", "HEAD", "refs/heads/bill/acme")
    run(made, "config", "init.defaultBranch", "trunk")
    assert opened(made).branch == "trunk"


def test_a_setting_decides(top: Path, tmp_path: Path) -> None:
    here = clone(top, tmp_path / "clone")
    found = opened(here, branch="books", remote="")
    assert (found.branch, found.remote) == ("books", None)
    assert opened(here, remote="origin").remote == "origin"


def test_a_remote_that_the_clone_lacks(top: Path, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="this clone has origin") as stopped:
        opened(clone(top, tmp_path / "clone"), remote="upstream")
    assert stopped.value.exit_code is Exit.SETTINGS
    assert stopped.value.problems[0].hint == (
        'git remote add upstream URL, or in billing/billing.toml: remote = "origin"'
    )


def test_the_upstream_is_the_books_remote(top: Path, tmp_path: Path) -> None:
    run(top, "remote", "add", "backup", str(tmp_path / "backup.git"))
    assert opened(top).remote is None
    run(top, "config", "branch.main.remote", "backup")
    assert opened(top).remote == "backup"
    run(top, "config", "branch.main.remote", ".")
    assert opened(top).remote is None


def test_a_job_on_a_detached_head_has_its_remote(top: Path, tmp_path: Path) -> None:
    here = clone(top, tmp_path / "clone")
    run(here, "switch", "-q", "--detach")
    run(here, "branch", "-D", "main")
    run(here, "remote", "set-head", "origin", "--delete")
    found = opened(here)
    assert (found.branch, found.remote) == ("main", "origin")
    assert found.here().revision == found.tip() == run(top, "rev-parse", "main")


# What `here` shows


def test_the_work_tree_counts_where_the_books_branch_is_checked_out(top: Path) -> None:
    (top / CLIENT).write_text("edited\n", encoding="utf-8")
    here = opened(top).here()
    assert (here.revision, here.read(CLIENT)) == (None, b"edited\n")


def test_elsewhere_the_tip_counts(top: Path) -> None:
    run(top, "switch", "-q", "-c", "feature")
    (top / CLIENT).write_text("edited\n", encoding="utf-8")
    books = opened(top)
    here = books.here()
    assert (here.revision, here.read(CLIENT)) == (books.tip(), b"name = 1\n")


def test_the_work_tree_counts_before_there_are_books(tmp_path: Path) -> None:
    made = repository(tmp_path / "code")
    commit(made, {"shop.py": ""})
    run(made, "switch", "-q", "-c", "feature")
    (made / "billing").mkdir()
    (made / SETTINGS).write_text("schema = 1\n", encoding="utf-8")
    assert opened(made, branch="main").here().paths("billing") == (SETTINGS,)


def test_the_newer_of_the_local_and_the_remote_branch_counts(top: Path, tmp_path: Path) -> None:
    here = clone(top, tmp_path / "clone")
    books = opened(here)
    ahead = commit(here, {CLIENT: "local\n"})
    run(here, "switch", "-q", "-c", "feature")
    assert books.here().revision == ahead
    assert books.tip() == run(top, "rev-parse", "main")
    # A commit there that is not here: the branches have diverged, and the remote is the truth.
    theirs = commit(top, {CLIENT: "remote\n"})
    books.fetch()
    assert books.here().revision == books.tip() == theirs


def test_writing_beside_a_local_branch_that_is_ahead_pushes_nothing(top: Path, tmp_path: Path) -> None:
    run(top, "config", "receive.denyCurrentBranch", "ignore")
    here = clone(top, tmp_path / "clone")
    before = run(top, "rev-parse", "main")
    ahead = commit(here, {"shop.py": "not for others yet\n"})
    run(here, "switch", "-q", "-c", "feature")
    books = opened(here)
    assert isinstance(books.write_all([WriteFile(path=CLIENT, content=b"2\n")]), Done)
    assert run(here, "rev-parse", "main^") == ahead
    assert run(top, "rev-parse", "main") == before
    assert books.here().read(CLIENT) == b"2\n"


def test_writing_beside_a_branch_commits_and_pushes_nothing(top: Path, tmp_path: Path) -> None:
    run(top, "config", "receive.denyCurrentBranch", "ignore")
    here = clone(top, tmp_path / "clone")
    run(here, "switch", "-q", "-c", "feature")
    books = opened(here)
    assert isinstance(books.write_all([WriteFile(path=CLIENT, content=b"2\n")]), Done)
    assert run(top, "show", f"main:{CLIENT}") != "2"
    assert run(here, "show", f"main:{CLIENT}") == "2"
    assert run(here, "log", "-1", "--format=%an %ae %s", "main") == "Mira Kovac mira@example.net Record the books"


# Snapshots


def test_one_child_reads_all_files_of_a_commit(top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(top, {f"billing/evidence/git/mira/{n}.jsonl": f"{n}\n" for n in range(50)})
    books = opened(top)
    there = books.at(books.tip() or "")
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(trace))
    assert len([there.read(path) for path in there.paths("billing")]) == 52
    assert [there.paths(folder) for folder in ("billing/clients", "billing/none")] == [(CLIENT,), ()]
    started = [line for line in trace.read_text(encoding="utf-8").splitlines() if '"event":"start"' in line]
    assert len(started) == 2  # ls-tree and cat-file


def test_objects_that_come_later_are_seen(top: Path) -> None:
    books = opened(top)
    assert books.at(books.tip() or "").read(CLIENT) == b"name = 1\n"
    newer = commit(top, {CLIENT: "name = 2\n"})
    run(top, "gc", "-q")
    assert books.at(newer).read(CLIENT) == b"name = 2\n"


def test_a_commit_that_is_not_there(top: Path) -> None:
    with pytest.raises(Stop, match="not a tree object"):
        opened(top).at("1" * 40).read(CLIENT)


def test_a_partial_clone_says_what_it_lacks(top: Path, tmp_path: Path) -> None:
    run(top, "config", "uploadpack.allowFilter", "true")
    commit(top, {CLIENT: None})
    here = clone(top, tmp_path / "clone", "--filter=blob:none")
    books = opened(here)
    old = books.at(run(here, "rev-parse", "main^"))
    for _ in range(2):
        with pytest.raises(Stop, match="lacks an object") as stopped:
            old.read(CLIENT)
        assert stopped.value.problems[0].rule == "missing-object"
    assert books.at(books.tip() or "").paths("billing") == (SETTINGS,)


def test_blob_ids_are_git_s_own(top: Path) -> None:
    (top / "x").write_bytes(b"\x00a\r\n")
    assert opened(top).blob_id(b"\x00a\r\n") == run(top, "hash-object", "x")


@pytest.mark.parametrize("checked_out", [True, False])
def test_a_symbolic_link_among_the_books_stops(top: Path, tmp_path: Path, checked_out: bool) -> None:
    (tmp_path / "secret").write_text("root\n", encoding="utf-8")
    (top / CLIENT).unlink()
    (top / CLIENT).symlink_to(tmp_path / "secret")
    commit(top, {"billing/x.toml": ""})
    run(top, "commit", "-q", "-a", "-m", "link")
    if not checked_out:
        run(top, "switch", "-q", "-c", "feature")
    here = opened(top).here()
    assert here.read(SETTINGS) is not None
    for read in (lambda: here.read(CLIENT), lambda: here.paths("billing")):
        with pytest.raises(Stop, match="a symbolic link lies here") as stopped:
            read()
        assert stopped.value.problems[0].file == CLIENT


def test_nothing_is_written_or_read_through_a_linked_folder(top: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    run(top, "rm", "-q", "-r", "billing/clients")
    (top / "billing/clients").symlink_to(outside)
    books = opened(top)
    with pytest.raises(Stop, match="a symbolic link"):
        books.here().read(CLIENT)
    with pytest.raises(Stop, match="a symbolic link"):
        books.write_all([WriteFile(path=CLIENT, content=b"x")])
    with pytest.raises(Stop, match="a symbolic link"):
        books.write_all([WriteFile(path=CLIENT, content=None)])
    assert list(outside.iterdir()) == []


def test_a_commit_s_linked_folder_has_no_files(top: Path, tmp_path: Path) -> None:
    run(top, "rm", "-q", "-r", "billing")
    (top / "billing").symlink_to(tmp_path)
    run(top, "add", "billing")
    run(top, "commit", "-q", "-m", "link")
    books = opened(top)
    there = books.at(books.tip() or "")
    assert there.paths("billing") == ()
    assert there.read(CLIENT) is None


def test_what_is_no_file_is_passed_by(top: Path) -> None:
    os.mkfifo(top / "billing/clients/pipe.toml")
    (top / "billing/clients/.#acme.toml").symlink_to("mira@laptop.123")  # Emacs has it open
    (top / "billing/clients/.git-bill-0123").write_text("half", encoding="utf-8")
    here = opened(top).here()
    assert here.paths("billing") == (SETTINGS, CLIENT)
    assert here.read("billing/clients/pipe.toml") is None
    with pytest.raises(Stop, match="a folder lies where a file belongs"):
        here.read("billing/clients")
    assert here.read(f"{CLIENT}/x") is None


# Writing into the work tree


def test_a_reader_sees_the_old_or_the_new_file(top: Path) -> None:
    books, contents, over = opened(top), {b"a" * 100_000, b"b" * 100_000}, threading.Event()
    books.write_all([WriteFile(path=CLIENT, content=min(contents))])
    seen = set[bytes]()

    def read() -> None:
        while not over.is_set():
            seen.add((top / CLIENT).read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(50):
        for content in sorted(contents):
            books.write_all([WriteFile(path=CLIENT, content=content)])
    over.set()
    reader.join()
    assert seen <= contents
    assert [item.name for item in (top / "billing/clients").iterdir()] == ["acme.toml"]


def test_a_private_file_stays_private(top: Path) -> None:
    (top / CLIENT).chmod(0o600)
    opened(top).write_all([WriteFile(path=CLIENT, content=b"2\n")])
    assert (top / CLIENT).stat().st_mode & 0o777 == 0o600


def test_what_can_t_be_written_is_refused(top: Path) -> None:
    books = opened(top)
    refused = books.write_all([WriteFile(path=f"{CLIENT}/x.toml", content=b"2\n")])
    assert refused == Refused(
        reason=f"{CLIENT}/x.toml can't be written: Not a directory", remedy="mend that and run it again"
    )
    assert isinstance(books.write_all([WriteFile(path="billing/clients", content=b"2\n")]), Refused)
    assert (top / CLIENT).read_bytes() == b"name = 1\n"
    assert [item.name for item in (top / "billing/clients").iterdir()] == ["acme.toml"]


def test_a_repository_that_can_t_be_written(top: Path) -> None:
    (top / ".git/git-bill").write_text("in the way", encoding="utf-8")
    books = opened(top)
    books.settle()
    with pytest.raises(Stop, match="nothing can be written into") as stopped:
        books.write_all([WriteFile(path=CLIENT, content=b"2\n")])
    assert stopped.value.exit_code is Exit.REPOSITORY


# Drafts and what comes from the remote


def draft(books: GitBooks, name: str, content: bytes = b"1\n") -> str:
    made = books.publish(
        Publish(
            branch=f"bill/{name}",
            expect=None,
            files={f"billing/drafts/{name}.toml": content},
            message="Draft",
            at=AT,
            also=(books.tip() or "",),
        )
    )
    assert isinstance(made, Done)
    return made.ref


def test_drafts_are_those_of_both_sides(top: Path, tmp_path: Path) -> None:
    run(top, "config", "receive.denyCurrentBranch", "ignore")
    here = clone(top, tmp_path / "clone")
    books = opened(here)
    first = {name: draft(books, name) for name in ("behind", "diverged", "there")}
    run(here, "branch", "-D", "bill/there")
    run(here, "branch", "bill/here", "main")
    theirs = opened(top)
    newer = {}
    for name in ("behind", "diverged"):
        update = Publish(
            branch=f"bill/{name}", expect=first[name], files={"billing/drafts/x.toml": b"2"}, message="Update", at=AT
        )
        newer[name] = theirs.publish(update)
    run(here, "switch", "-q", "bill/diverged")
    own = commit(here, {"billing/drafts/diverged.toml": "mine\n"})
    books.fetch()
    assert {found.name: found.commit for found in books.drafts()} == {
        "behind": getattr(newer["behind"], "ref", None),
        "diverged": own,
        "here": run(here, "rev-parse", "main"),
        "there": first["there"],
    }


def test_fetch_brings_branches_and_tags_and_forgets_what_is_gone(top: Path, tmp_path: Path) -> None:
    here = clone(top, tmp_path / "clone", "--no-tags")
    run(here, "config", "--unset", "remote.origin.tagOpt")
    books, theirs = opened(here), opened(top)
    draft(theirs, "acme")
    done = theirs.publish(
        Publish(
            branch="main", expect=theirs.tip(), files={CLIENT: b"2\n"}, message="Issue", at=AT, tags=("invoice/INV-1",)
        )
    )
    (here / CLIENT).write_text("dirty\n", encoding="utf-8")
    books.fetch()
    assert books.tip() == getattr(done, "ref", None)
    assert books.tags("invoice/") == {"invoice/INV-1": books.tip()}
    assert [found.name for found in books.drafts()] == ["acme"]
    run(top, "branch", "-D", "bill/acme")
    books.fetch()
    assert books.drafts() == ()
    assert (here / CLIENT).read_text(encoding="utf-8") == "dirty\n"
    assert run(here, "rev-parse", "main") == run(here, "rev-parse", "origin/main^")
    assert not (here / ".git/FETCH_HEAD").exists()


def test_a_draft_that_was_closed_there_is_closed_here(top: Path, tmp_path: Path) -> None:
    run(top, "config", "receive.denyCurrentBranch", "ignore")
    here = clone(top, tmp_path / "clone")
    books = opened(here)
    for name in ("closed", "merged", "mine", "looked-at"):
        draft(books, name)
    run(here, "switch", "-q", "bill/mine")
    own = commit(here, {"billing/drafts/mine.toml": "2\n"})
    run(here, "switch", "-q", "bill/looked-at")
    run(top, "merge", "-q", "--squash", "bill/merged")
    run(top, "branch", "-D", *(f"bill/{name}" for name in ("closed", "merged", "mine", "looked-at")))
    books.fetch()
    assert [(found.name, found.commit) for found in books.drafts()] == [
        ("looked-at", run(here, "rev-parse", "HEAD")),
        ("mine", own),
    ]


def test_fetch_from_an_empty_remote(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin.git", "--bare")
    here = repository(tmp_path / "here")
    run(here, "remote", "add", "origin", str(origin))
    books = opened(here, remote="origin")
    books.fetch()
    assert books.tip() is None


def test_fetch_without_the_remote(top: Path, tmp_path: Path) -> None:
    here = clone(top, tmp_path / "clone")
    top.rename(tmp_path / "away")
    with pytest.raises(Stop, match="the books remote origin can't be reached") as stopped:
        opened(here).fetch()
    assert stopped.value.exit_code is Exit.REPOSITORY
    assert stopped.value.problems[0].rule == "remote-unreachable"


@pytest.mark.parametrize("how", ["merge", "squash", "rebase", "fast-forward"])
def test_drafts_arrive_in_the_order_of_their_merges(top: Path, how: str) -> None:
    books = opened(top)
    for name in ("a", "b", "c"):
        draft(books, name)
    for name in ("c", "a", "b"):
        branch = f"bill/{name}"
        if how == "merge":
            run(top, "merge", "-q", "--no-ff", "-m", f"Merge {name}", branch)
        elif how == "squash":
            run(top, "merge", "-q", "--squash", branch)
            run(top, "commit", "-q", "-m", f"{name} (#1)")
        else:
            run(top, "rebase", "-q", "main", branch)
            run(top, "switch", "-q", "main")
            run(top, "merge", "-q", "--ff-only" if how == "fast-forward" else "--ff", branch)
    commit(top, {"billing/drafts/d.toml": "direct\n", "billing/drafts/a.toml": "changed\n"})
    found = books.arrivals("billing/drafts")
    assert sorted(found, key=lambda path: found[path].rank) == [f"billing/drafts/{name}.toml" for name in "cabd"]
    assert [arrival.rank for arrival in found.values()] == [1, 2, 0, 3]
    assert {arrival.email for arrival in found.values()} == {"mira@example.net"}
    assert [content for _, content in books.history("billing/drafts/a.toml")] == [b"1\n", b"changed\n"]


def test_settings_for_logs_change_nothing(top: Path) -> None:
    for name, value in {
        "log.follow": "true",
        "log.diffMerges": "off",
        "log.date": "relative",
        "format.pretty": "oneline",
        "core.quotePath": "true",
        "color.ui": "always",
        "diff.renames": "copies",
        "diff.noprefix": "true",
    }.items():
        run(top, "config", name, value)
    books = opened(top)
    draft(books, "a", b"name = 1\n")  # a copy of the client's file
    run(top, "merge", "-q", "--no-ff", "-m", "Merge", "bill/a")
    assert list(books.arrivals("billing/drafts")) == ["billing/drafts/a.toml"]
    assert len(list(books.history("billing/drafts/a.toml"))) == 1
    assert books.changed(run(top, "rev-parse", "main^"), books.tip() or "") == ("billing/drafts/a.toml",)
    run(top, "mv", CLIENT, "billing/clients/new.toml")
    run(top, "commit", "-q", "-m", "rename")
    assert list(books.versions(books.tip() or "", "billing/clients/new.toml")) == [("rename\n", b"name = 1\n")]
