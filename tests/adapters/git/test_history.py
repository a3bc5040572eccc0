"""Reading histories: odd commit objects, every place where commits hide, changes, patch ids."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from git_bill.adapters.git.history import GitHistory
from git_bill.ports import Change, History, RawCommit

Git = Callable[..., str]
AT = "2026-10-05T09:10:00+02:00"


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, environment[name])


def store(repository: Path, header: bytes, message: bytes = b"odd\n") -> str:
    """Writes a commit object as it is, whatever git thinks of it, and makes a branch of it."""

    def run(*args: str, given: bytes = b"") -> str:
        done = subprocess.run(["git", *args], cwd=repository, input=given, capture_output=True, check=True)
        return done.stdout.decode().strip()

    tree = run("hash-object", "-t", "tree", "-w", "--stdin")
    content = b"tree " + tree.encode() + b"\n" + header + b"\n\n" + message
    commit = run("hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=content)
    run("update-ref", f"refs/heads/odd-{commit[:8]}", commit)
    return commit


def only(repository: Path) -> RawCommit:
    (commit,) = GitHistory(repository).commits()
    return commit


def change(repository: Path, name: str, text: str | bytes, git: Git, message: str) -> str:
    (repository / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    git(repository, "add", "--", name)
    git(repository, "commit", "-q", "-m", message, at=AT)
    return git(repository, "rev-parse", "HEAD")


def subjects(history: History) -> set[str]:
    return {commit.message.split("\n")[0] for commit in history.commits()}


def counted(history: History, ids: list[str]) -> dict[str, Change]:
    """Changes without their patch ids."""
    return {commit: replace(change, patch=None) for commit, change in history.changes(ids).items()}


def patches(history: History, ids: list[str]) -> dict[str, str]:
    return {commit: change.patch for commit, change in history.changes(ids).items() if change.patch}


def test_it_is_a_history(clone: Path) -> None:
    history: History = GitHistory(clone)
    assert history.path == clone


def test_a_commit_has_all_its_parts(clone: Path, git: Git) -> None:
    first = change(clone, "a", "1\n", git, "one")
    env = {"GIT_COMMITTER_NAME": "Jo", "GIT_COMMITTER_EMAIL": "jo@example.net"}
    dates = {"GIT_AUTHOR_DATE": "2026-10-05T09:10:00+05:30", "GIT_COMMITTER_DATE": "2026-10-06T10:00:00-0200"}
    git(clone, "commit", "-q", "--allow-empty", "-m", "two\n\nbody\n\nTicket: WEB-5", env=env | dates)
    commits = {commit.message: commit for commit in GitHistory(clone).commits()}
    assert commits["two\n\nbody\n\nTicket: WEB-5\n"] == RawCommit(
        id=git(clone, "rev-parse", "HEAD"),
        parents=(first,),
        author_name="Mira Kovac",
        author_email="mira@example.net",
        author_at=datetime.fromisoformat("2026-10-05T09:10:00+05:30"),
        committer_name="Jo",
        committer_email="jo@example.net",
        committer_at=datetime.fromisoformat("2026-10-06T10:00:00-02:00"),
        message="two\n\nbody\n\nTicket: WEB-5\n",
    )
    assert str(commits["two\n\nbody\n\nTicket: WEB-5\n"].author_at) == "2026-10-05 09:10:00+05:30"
    assert commits["one\n"].parents == ()


PEOPLE = b"author %s\ncommitter C <c@example.net> 1790000000 +0000"


@pytest.mark.parametrize(
    ("line", "person", "at", "offset"),
    [
        (b"A <a@b.c> 1790000000 +0200", ("A", "a@b.c"), 1790000000, timedelta(hours=2)),
        (b"A <a@b.c> 1790000000 +9999", ("A", "a@b.c"), 1790000000, timedelta(0)),
        (b"A <a@b.c> 1790000000 -7590", ("A", "a@b.c"), 1790000000, timedelta(0)),
        (b"A <a@b.c> 1790000000 +1400", ("A", "a@b.c"), 1790000000, timedelta(hours=14)),
        (b"A <> 1790000000 +0000", ("A", ""), 1790000000, timedelta(0)),
        (b" <> 1790000000 +0000", ("", ""), 1790000000, timedelta(0)),
        (b"<a@b.c> 1790000000 +0000", ("", "a@b.c"), 1790000000, timedelta(0)),
        (b"A 1790000000 +0000", ("", ""), 0, timedelta(0)),
        (b"A <a@b.c>", ("A", "a@b.c"), 0, timedelta(0)),
        (b"A <a@b.c> then +0000", ("A", "a@b.c"), 0, timedelta(0)),
        (b"A <a@b.c> 0 +0000", ("A", "a@b.c"), 0, timedelta(0)),
        (b"A <a@b.c> 4102444800 +0000", ("A", "a@b.c"), 4102444800, timedelta(0)),
        (b"A <a@b.c> 99999999999999999999999 +0000", ("A", "a@b.c"), 0, timedelta(0)),
        (b"A <a@b.c> 9999999999999 +0000", ("A", "a@b.c"), 0, timedelta(0)),
        (b"", ("", ""), 0, timedelta(0)),
    ],
)
def test_author_lines_that_git_would_not_write(
    clone: Path, line: bytes, person: tuple[str, str], at: int, offset: timedelta
) -> None:
    """A date that can't be read is the epoch, as git has it; an offset that no zone has is UTC, the instant stays."""
    store(clone, PEOPLE % line)
    commit = only(clone)
    assert (commit.author_name, commit.author_email) == person
    assert commit.author_at.timestamp() == at
    assert commit.author_at.utcoffset() == offset


def test_a_date_before_1970_does_not_become_one_after(clone: Path) -> None:
    store(clone, PEOPLE % b"A <a@b.c> -86400 +0000")
    assert only(clone).author_at <= datetime(1970, 1, 1, tzinfo=UTC)


def test_a_commit_without_any_person(clone: Path) -> None:
    store(clone, b"odd header")
    commit = only(clone)
    assert (commit.author_name, commit.message) == ("", "odd\n")


@pytest.mark.parametrize(
    ("encoding", "message", "text"),
    [
        (b"", "Köln\n".encode(), "Köln\n"),
        (b"", b"K\xf6ln\n", "K\ufffdln\n"),
        (b"\nencoding ISO-8859-1", b"K\xf6ln\n", "Köln\n"),
        (b"\nencoding shift_jis", "日本\n".encode("shift_jis"), "日本\n"),
        (b"\nencoding no-such-set", b"K\xf6ln\n", "K\ufffdln\n"),
        (b"\nencoding ../../etc/passwd", b"abc\n", "abc\n"),
        (b"", b"before\0after\n", "before\n"),
        (b"", b"", ""),
        (b"", b"\n\n  spaced\n\n\n", "  spaced\n"),
        (b"", b"\xf0\x9f", "\ufffd\n"),
    ],
)
def test_messages_in_any_encoding(clone: Path, encoding: bytes, message: bytes, text: str) -> None:
    store(clone, PEOPLE % b"A <a@b.c> 1790000000 +0000" + encoding, message)
    assert only(clone).message.strip("\n") == text.strip("\n")


def test_a_message_of_ten_megabytes_and_its_neighbours(clone: Path) -> None:
    person = PEOPLE % b"A <a@b.c> 1790000000 +0000"
    sizes = [1, 10_000_000, 131_000, 131_072, 262_144, 3]
    for number, size in enumerate(sizes):
        store(clone, person, b"%d" % number + "é".encode() * (size // 2))
    assert sorted(len(commit.message) // 10 for commit in GitHistory(clone).commits()) == sorted(
        (size // 2 + 2) // 10 for size in sizes
    )


def test_commits_are_found_wherever_something_still_reaches_them(clone: Path, tmp_path: Path, git: Git) -> None:
    change(clone, "a", "1\n", git, "start")
    git(clone, "checkout", "-q", "-b", "gone")
    change(clone, "b", "1\n", git, "before amend")
    git(clone, "commit", "-q", "--amend", "-m", "on a deleted branch", at=AT)
    git(clone, "checkout", "-q", "main")
    git(clone, "branch", "-q", "-D", "gone")
    git(clone, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    change(tmp_path / "linked", "c", "1\n", git, "detached in a worktree")
    change(tmp_path / "linked", "c", "2\n", git, "reset away in a worktree")
    git(tmp_path / "linked", "reset", "-q", "--hard", "HEAD~1")
    change(clone, "d", "1\n", git, "only a tag")
    git(clone, "tag", "v1")
    git(clone, "reset", "-q", "--hard", "HEAD~1")
    change(clone, "e", "1\n", git, "pull request of a forge")
    git(clone, "update-ref", "refs/pull/7/head", "HEAD")
    git(clone, "reset", "-q", "--hard", "HEAD~1")
    found = {
        "start",
        "before amend",
        "on a deleted branch",
        "detached in a worktree",
        "reset away in a worktree",
        "only a tag",
        "pull request of a forge",
    }
    assert subjects(GitHistory(clone)) == found
    assert subjects(GitHistory(tmp_path / "linked")) == found
    commits = [commit.id for commit in GitHistory(clone).commits()]
    assert len(commits) == len(set(commits))


def test_what_a_program_made_beside_the_work_is_left_out(clone: Path, git: Git) -> None:
    first = change(clone, "a", "1\n", git, "work")
    git(clone, "notes", "add", "-m", "note one")
    git(clone, "notes", "append", "-m", "note two")
    (clone / "a").write_text("2\n")
    (clone / "new").write_text("untracked\n")
    git(clone, "stash", "-q", "--include-untracked")
    (clone / "a").write_text("3\n")
    git(clone, "stash", "-q")
    merge = git(clone, "commit-tree", "-p", first, "-p", first, "-m", "trial", f"{first}^{{tree}}")
    git(clone, "update-ref", "refs/pull/7/merge", merge)
    git(clone, "replace", first, git(clone, "commit-tree", "-m", "replaced", f"{first}^{{tree}}"))
    assert subjects(GitHistory(clone)) == {"work"}


def test_a_ref_that_only_calls_itself_a_stash_does_no_harm(clone: Path, git: Git) -> None:
    change(clone, "a", "1\n", git, "work")
    git(clone, "update-ref", "--create-reflog", "-m", "x", "refs/stash", "HEAD")
    assert subjects(GitHistory(clone)) == {"work"}


def test_empty_bare_and_shallow(clone: Path, tmp_path: Path, git: Git) -> None:
    assert list(GitHistory(clone).commits()) == []
    assert not GitHistory(clone).shallow
    change(clone, "a", "1\n", git, "one")
    change(clone, "b", "1\n", git, "two")
    last = change(clone, "a", "2\n", git, "three")
    git(tmp_path, "clone", "-q", "--bare", str(clone), "bare.git")
    assert subjects(GitHistory(tmp_path / "bare.git")) == {"one", "two", "three"}
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{clone}", "cut")
    cut = GitHistory(tmp_path / "cut")
    assert cut.shallow
    ids = [commit.id for commit in cut.commits()]
    assert len(ids) == 2
    assert counted(cut, ids) == {last: Change(files=1, added=1, deleted=1, paths=("a",))}
    assert set(patches(cut, ids)) == {last}


def test_since_leaves_out_what_was_committed_a_week_before_it(clone: Path, git: Git) -> None:
    """A slow clock or an old commit on top of younger ones hides nothing; the source looks at author dates itself."""
    for committed, message in (
        ("2026-09-20T00:00:00+00:00", "long before"),
        ("2026-10-01T00:00:00+00:00", "on the first instant"),
        ("2026-09-28T00:00:00+00:00", "clock four days slow"),
        ("2019-01-01T00:00:00+00:00", "old, above the others"),
    ):
        dates = {"GIT_AUTHOR_DATE": committed, "GIT_COMMITTER_DATE": committed}
        git(clone, "commit", "-q", "--allow-empty", "-m", message, env=dates)
    since = datetime(2026, 10, 1, tzinfo=UTC)
    found = {commit.message.strip() for commit in GitHistory(clone).commits(since=since)}
    assert found == {"on the first instant", "clock four days slow"}


def test_known_commits_are_not_given_again(clone: Path, git: Git) -> None:
    first = change(clone, "a", "1\n", git, "one")
    change(clone, "a", "2\n", git, "two")
    assert [commit.message for commit in GitHistory(clone).commits(known=frozenset({first}))] == ["two\n"]


def test_a_journal_without_end_is_none(clone: Path) -> None:
    journal = clone / ".git" / "git-bill" / "rewrites"
    journal.parent.mkdir()
    journal.write_text("amend a b\n")
    assert GitHistory(clone).journal() == "amend a b\n"
    journal.unlink()
    journal.symlink_to("/dev/zero")
    assert GitHistory(clone).journal() == ""
    journal.unlink()
    os.mkfifo(journal)
    assert GitHistory(clone).journal() == ""


def test_changes_count_lines_without_renames(clone: Path, git: Git) -> None:
    first = change(clone, "a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n", git, "root")
    git(clone, "mv", "a.txt", 'b "quoted"\tü.txt')
    git(clone, "commit", "-q", "-m", "moved", at=AT)
    moved = git(clone, "rev-parse", "HEAD")
    both = change(clone, "logo.png", b"\x89PNG\0\1", git, "binary")
    (clone / "logo.png").write_bytes(b"\x89PNG\0\2")
    mixed = change(clone, "c.txt", "1\n", git, "x")
    git(clone, "commit", "-q", "--allow-empty", "-m", "empty", at=AT)
    empty = git(clone, "rev-parse", "HEAD")
    git(clone, "checkout", "-q", "-b", "side", "HEAD~1")
    change(clone, "d.txt", "1\n", git, "side")
    git(clone, "checkout", "-q", "main")
    git(clone, "merge", "-q", "--no-ff", "-m", "Merge branch 'side'", "side")
    merge = git(clone, "rev-parse", "HEAD")
    commits = [first, moved, both, mixed, empty, merge]
    assert counted(GitHistory(clone), commits) == {
        first: Change(files=1, added=8, deleted=0, paths=("a.txt",)),
        moved: Change(files=2, added=8, deleted=8, paths=("a.txt", 'b "quoted"\tü.txt')),
        both: Change(files=1, added=0, deleted=0, paths=("logo.png",), binary=True),
        mixed: Change(files=1, added=1, deleted=0, paths=("c.txt",)),
        empty: Change(files=0, added=0, deleted=0, paths=()),
    }
    assert set(patches(GitHistory(clone), commits)) == {first, moved, mixed}


def test_lines_that_tools_wrote_are_not_counted(clone: Path, git: Git) -> None:
    (clone / "web").mkdir()
    for name in ("web/package-lock.json", "poetry.lock", "web/shop.min.js", "lock.txt", "go.summary"):
        (clone / name).write_text("1\n2\n3\n")
    git(clone, "add", ".")
    commit = change(clone, "a.txt", "1\n", git, "bump")
    (change_,) = GitHistory(clone).changes([commit]).values()
    assert (change_.files, change_.added, len(change_.paths), change_.binary) == (6, 7, 6, False)
    assert change_.patch


def test_what_looks_like_counts_or_commits_in_a_patch_is_content(clone: Path, git: Git) -> None:
    """Removed lines that read like a binary file's count, file names of every kind, and ids wherever they may stand."""
    first = change(clone, "a.txt", "\t-\tlogo.png\n1\t2\tb.txt\n", git, "start")
    names = ["0" * 40, "new\nline\ttab.txt", 'quo"te\\.txt', "Köln \x7f.txt", "diff --git a b"]
    for name in names:
        (clone / name).write_text(f"{first} {first}\n{first}\n\ncommit {first}\n")
    git(clone, "add", ".")
    second = change(clone, "a.txt", f"\n{first}\n5\t5\tc.txt\n", git, "hostile")
    git(clone, "commit", "-q", "--allow-empty", "-m", "empty", at=AT)
    third = change(clone, "b.txt", "no newline at the end", git, "last")
    found = GitHistory(clone).changes([second, git(clone, "rev-parse", "HEAD~1"), third])
    assert set(found[second].paths) == {"a.txt", *names}
    assert [(c.files, c.added, c.deleted, c.binary) for c in found.values()] == [
        (6, 23, 2, False),
        (0, 0, 0, False),
        (1, 1, 0, False),
    ]
    log = ("-c", "core.quotePath=false", "log", "--no-walk=unsorted", "-p", "-U0", "--format=commit %H")
    alone = subprocess.run(["git", *log, second, third], cwd=clone, capture_output=True, check=True).stdout
    told = subprocess.run(["git", "patch-id", "--stable"], cwd=clone, input=alone, capture_output=True, check=True)
    assert told.stdout.decode() == f"{found[second].patch} {second}\n{found[third].patch} {third}\n"


def test_many_changes_are_shared_between_children(clone: Path, git: Git) -> None:
    lines = ["reset refs/heads/main\n"]
    for number in range(200):
        when = f"Mira <mira@example.net> {1790000000 + number * 60} +0000"
        data = f"{number}\n" * (number % 7)
        lines.append(
            f"commit refs/heads/main\ncommitter {when}\ndata 1\nx\n"
            f"M 100644 inline f{number}\ndata {len(data)}\n{data}\n"
        )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=clone, input="".join(lines).encode(), check=True)
    history = GitHistory(clone)
    ids = [commit.id for commit in reversed(list(history.commits()))]
    assert [history.changes(ids)[commit].added for commit in ids] == [number % 7 for number in range(200)]
    assert len(patches(history, ids)) == 200


def test_in_a_partial_clone_lines_are_told_where_the_blobs_are(clone: Path, tmp_path: Path, git: Git) -> None:
    old = change(clone, "a.txt", "1\n", git, "old")
    git(clone, "config", "uploadpack.allowFilter", "true")
    new = change(clone, "a.txt", "2\n", git, "new")
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{clone}", "partial")
    partial = tmp_path / "partial"
    git(partial, "config", "user.name", "Mira")
    git(partial, "config", "user.email", "mira@example.net")
    mine = change(partial, "a.txt", "3\n", git, "mine")
    history = GitHistory(partial)
    assert counted(history, [old, new, mine]) == {
        old: Change(files=1, added=None, deleted=None, paths=("a.txt",)),
        new: Change(files=1, added=None, deleted=None, paths=("a.txt",)),
        mine: Change(files=1, added=1, deleted=1, paths=("a.txt",)),
    }
    assert set(patches(history, [old, new, mine])) == {mine}
    assert history.range_patch_ids([(old, mine)]) == {}
    git(tmp_path, "clone", "-q", "--bare", "--filter=tree:0", f"file://{clone}", "treeless")
    treeless = GitHistory(tmp_path / "treeless")
    assert len(list(treeless.commits())) == 2
    assert treeless.changes([old, new]) == {}


def test_patch_ids_survive_a_rebase_and_join_ranges(clone: Path, git: Git) -> None:
    base = change(clone, "a.txt", "".join(f"{n}\n" for n in range(40)), git, "base")
    git(clone, "checkout", "-q", "-b", "topic")
    one = change(clone, "a.txt", "".join(f"{n}\n" for n in range(38)) + "x\n", git, "one")
    two = change(clone, "b.txt", "b\n", git, "two")
    git(clone, "checkout", "-q", "main")
    top = change(clone, "a.txt", "new\n" + "".join(f"{n}\n" for n in range(40)), git, "shifts all lines")
    git(clone, "cherry-pick", one)
    picked = git(clone, "rev-parse", "HEAD")
    git(clone, "reset", "-q", "--hard", top)
    git(clone, "merge", "-q", "--squash", "topic")
    git(clone, "commit", "-q", "-m", "squash", at=AT)
    squash = git(clone, "rev-parse", "HEAD")
    history = GitHistory(clone)
    found = patches(history, [one, two, picked, squash])
    assert found[one] == found[picked] != found[two]
    ranges = history.range_patch_ids([(base, two), (one, two), (top, squash), (two, two), (base, two)])
    assert ranges == {
        (base, two): found[squash],
        (one, two): found[two],
        (top, squash): found[squash],
    }
