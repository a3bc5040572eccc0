"""Repositories in odd states and places: the job goes on or says why not, and what is the user's stays as it was."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from tests.errors.test_errors import BOOKS

Ran = CompletedProcess[str]
Bill = Callable[..., Ran]
Git = Callable[..., str]
ADDED = ("add", "3h", "Checkout", "-c", "acme", "--on", "2026-10-05")
JOB = (ADDED, ("draft", "--period", "2026-10"), ("issue", "acme-2026-10"))


def done(bill: Bill, place: Path, *jobs: tuple[str, ...]) -> None:
    """Commands that must succeed."""
    for words in jobs:
        ran = bill(*words, cwd=place)
        assert ran.returncode == 0, f"{words}: {ran.stdout}{ran.stderr}"


@pytest.fixture
def books(clone: Path, git_bill: Bill, git: Git) -> Path:
    """Books in the code repository, on `main`, with one commit of code."""
    (clone / "code.txt").write_text("one\n")
    git(clone, "add", "code.txt")
    git(clone, "commit", "-qm", "Code", at="2026-10-01T09:00:00+02:00")
    done(git_bill, clone, BOOKS)
    return clone


def record(books: Path, git: Git) -> None:
    """Commit what `init` has written."""
    git(books, "add", ".")
    git(books, "commit", "-qm", "Books", at="2026-10-02T09:00:00+02:00")


def folders(repository: Path, git: Git, branch: str = "main") -> str:
    """What is on the books branch."""
    return git(repository, "ls-tree", "-r", "--name-only", branch)


@pytest.mark.parametrize("name", ["Büro & Söhne (alt)", "-C \n日本 $HOME `x` \"'"], ids=["usual", "unusual"])
def test_a_path_of_any_characters(books: Path, git_bill: Bill, git: Git, tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    books.rename(place)
    done(git_bill, place, *JOB)
    assert "INV-2026-0001/invoice.pdf" in folders(place, git)


def test_books_on_a_branch_that_is_not_checked_out(books: Path, git_bill: Bill, git: Git) -> None:
    record(books, git)
    git(books, "switch", "-qc", "feature")
    shutil.rmtree(books / "billing")
    git(books, "commit", "-qam", "No books here")
    before = git(books, "rev-parse", "feature"), git(books, "status", "--porcelain")
    done(git_bill, books, *JOB)
    assert "INV-2026-0001/invoice.pdf" in folders(books, git)
    assert (git(books, "rev-parse", "feature"), git(books, "status", "--porcelain")) == before
    assert not (books / "billing").exists()


def test_a_detached_head(books: Path, git_bill: Bill, git: Git) -> None:
    record(books, git)
    git(books, "checkout", "-q", "--detach")
    before = git(books, "rev-parse", "HEAD"), git(books, "status", "--porcelain")
    done(git_bill, books, *JOB)
    assert "INV-2026-0001/invoice.pdf" in folders(books, git)
    assert (git(books, "rev-parse", "HEAD"), git(books, "status", "--porcelain")) == before


def test_a_bare_repository(books: Path, git_bill: Bill, git: Git, tmp_path: Path) -> None:
    record(books, git)
    git(tmp_path, "clone", "-q", "--bare", str(books), "books.git")
    bare = tmp_path / "books.git"
    git(bare, "config", "user.email", "mira@example.net")
    done(git_bill, bare, *JOB)
    assert "INV-2026-0001/invoice.pdf" in folders(bare, git)
    assert "INV-2026-0001" not in folders(books, git)


def test_a_linked_worktree(books: Path, git_bill: Bill, git: Git, tmp_path: Path) -> None:
    record(books, git)
    git(books, "worktree", "add", "-q", "-b", "feature", str(tmp_path / "linked"))
    done(git_bill, tmp_path / "linked", *JOB)
    assert "INV-2026-0001/invoice.pdf" in folders(books, git)
    assert git(books, "status", "--porcelain") == ""
    assert (books / "billing/invoices/2026/INV-2026-0001/invoice.pdf").exists()


def own(top: Path, git: Git) -> dict[str, object]:
    """Everything in the repository that is the user's own: files, index with its stages and flags, HEAD, refs."""
    files = {p.relative_to(top).as_posix(): p for p in top.rglob("*") if p.is_file() and ".git" not in p.parts}
    mine = {name: p for name, p in files.items() if not name.startswith(("billing/", ".gitattributes"))}
    ours = [":!billing", ":!.gitattributes"]
    return {
        "bytes": {name: p.read_bytes() for name, p in mine.items()},
        "modes": {name: p.stat().st_mode for name, p in mine.items()},
        "index": git(top, "ls-files", "--stage", "-v", "--", ".", *ours),
        "status": git(top, "status", "--porcelain=v2", "--ignored", "--", ".", *ours),
        "head": git(top, "symbolic-ref", "HEAD"),
        "merging": (top / ".git/MERGE_HEAD").exists(),
        "stashes": git(top, "stash", "list"),
        "refs": git(top, "for-each-ref", "refs/heads/topic", "refs/remotes", "refs/tags/mine"),
    }


def mess(top: Path, git: Git) -> None:
    """A work tree as people have it: staged, half staged, deleted, renamed, hidden, ignored, amid a merge."""
    for name in ("half.txt", "gone.txt", "hidden.txt", "kept.txt", "moved.txt"):
        (top / name).write_text(f"{name}\n" * 9)
    (top / ".gitignore").write_text("*.log\n")
    git(top, "add", ".", ":!billing", ":!.gitattributes")
    git(top, "commit", "-qm", "More code")
    git(top, "tag", "mine")
    git(top, "switch", "-qc", "topic")
    (top / "code.txt").write_text("theirs\n")
    git(top, "commit", "-qam", "Theirs")
    git(top, "switch", "-q", "main")
    (top / "code.txt").write_text("ours\n")
    git(top, "commit", "-qam", "Ours")
    subprocess.run(["git", "merge", "-q", "topic"], cwd=top, capture_output=True, check=False)
    (top / "half.txt").write_text("staged\n")
    git(top, "add", "half.txt")
    (top / "half.txt").write_text("staged, then edited\r\nwith \xa0 odd bytes\n", encoding="latin-1")
    git(top, "rm", "-q", "gone.txt")
    git(top, "mv", "moved.txt", "moved-away.txt")
    git(top, "update-index", "--skip-worktree", "hidden.txt")
    git(top, "update-index", "--assume-unchanged", "kept.txt")
    (top / "kept.txt").write_text("changed, and git does not look\n")
    (top / "noise.log").write_text("ignored\n")
    (top / "new").mkdir()
    (top / "new/untracked.txt").write_text("untracked\n")
    (top / "new/untracked.txt").chmod(0o755)


@pytest.mark.slow
def test_the_users_files_index_and_merge_stay_exactly_as_they_were(books: Path, git_bill: Bill, git: Git) -> None:
    mess(books, git)
    before = own(books, git)
    assert "u UU" in str(before["status"])
    more = (
        ("collect",),
        ("confirm", "--yes"),
        ("status",),
        ("log",),
        ("ledger", "verify"),
        ("explain", "INV-2026-0001"),
    )
    for words in (*JOB, *more, ("add", "1h", "Late", "--on", "2026-10-06"), ("draft", "--period", "2026-10")):
        ran = git_bill(*words, cwd=books)
        assert ran.returncode == 0, f"{words}: {ran.stdout}{ran.stderr}"
        assert own(books, git) == before, words
    assert "INV-2026-0001/invoice.pdf" in folders(books, git)


def test_messages_of_ten_megabytes_and_in_other_encodings(books: Path, git_bill: Bill, git: Git) -> None:
    commits = []
    messages = [
        b"WEB-1 Big\n\n" + b"x" * 10_000_000,
        b"y" * 10_000_000,
        b"line\n" * 2_000_000,
        b"M\xfcnchen \xff\xfe latin",
        b"utf-16: \xff\xfe\x00h\x00i",
    ]
    for number, message in enumerate(messages):
        at = 1_791_183_600 + 3600 * number  # 5 October 2026, 9 o'clock in Berlin
        who = b"Mira Kovac <mira@example.net> %d +0200\n" % at
        commits.append(b"commit refs/heads/topic\nauthor " + who + b"committer " + who)
        commits.append((b"encoding ISO-8859-1\n" if number == 3 else b"") + b"data %d\n%s\n" % (len(message), message))
        commits.append(b"M 100644 inline %d.py\ndata 40\n%s\n" % (number, b"x = 1\ny = 2\n" * 3 + b"z=3\n"))
    subprocess.run(["git", "fast-import", "--quiet"], input=b"".join(commits), cwd=books, check=True)
    start = time.monotonic()
    ran = git_bill("collect", "--json", cwd=books)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["gathered"] >= len(messages)
    assert time.monotonic() - start < 30
    evidence = "".join(path.read_text("utf-8") for path in (books / "billing/evidence").rglob("*.jsonl"))
    assert len(evidence) < 10_000
    assert "M\\u00fcnchen" in evidence
    done(git_bill, books, ("confirm", "--yes"), ("draft", "--period", "2026-10"), ("issue", "acme-2026-10"))


# Root may write everywhere, except without CAP_DAC_OVERRIDE (1): `prctl(PR_CAPBSET_DROP, 1)`, and what is started then.
AS_ANYBODY = """
import ctypes, os, sys
if os.geteuid() == 0:
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-c", "from git_bill.cli.main import run; run()", *sys.argv[1:]])
"""


@pytest.mark.slow
def test_a_repository_that_can_only_be_read(books: Path, git_bill: Bill, environment: dict[str, str]) -> None:
    done(git_bill, books, ADDED, ("draft", "--period", "2026-10"), (*ADDED[:2], "Search", *ADDED[3:]))
    everything = [books, *books.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)

    def run(*words: str) -> Ran:
        command = [sys.executable, "-c", AS_ANYBODY, *words]
        return subprocess.run(command, cwd=books, env=environment, capture_output=True, text=True, check=False)

    try:
        for only_reads in (("status",), ("log",), ("show", "acme-2026-10"), ("check",), ("estimate",)):
            words: tuple[str, ...] = only_reads
            ran = run(*words)
            assert ran.returncode == 0, f"{words}: {ran.stdout}{ran.stderr}"
        for words in (ADDED, ("collect",), ("draft", "--period", "2026-10"), ("issue", "acme-2026-10")):
            ran = run(*words)
            assert ran.returncode == 4, f"{words}: {ran.stdout}{ran.stderr}"
            assert re.search(r"can be written|can't be written", ran.stderr), f"{words}: {ran.stderr}"
    finally:
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)
