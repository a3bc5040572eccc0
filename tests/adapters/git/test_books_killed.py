"""A publish that is killed at any step: the next run finishes, and the result is that of a run that was not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.repositories import AT, commit, live_in, now, repository, run

from git_bill.adapters.git.books import GitBooks, open_books
from git_bill.effects import Done, Moved, Publish, Refused

CLIENT = "billing/clients/acme.toml"
INVOICE = "billing/invoices/2026/INV-1/invoice.toml"
LEDGER = "billing/ledger/2026.jsonl"
FILES: dict[str, bytes | None] = {INVOICE: b"1\n", LEDGER: b"1\n2\n", CLIENT: None}
STEPS = {
    "local": ("committed", "noted", "moved", "followed"),
    "remote": ("committed", "noted", "pushed", "moved", "followed"),
}


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


def books_in(top: Path) -> Path:
    commit(top, {"billing/billing.toml": "schema = 1\n", CLIENT: "1\n", LEDGER: "1\n", "shop.py": "1\n"})
    return top


def local(folder: Path) -> Path:
    return books_in(repository(folder))


def remote(folder: Path) -> Path:
    origin = repository(folder.with_suffix(".git"), "--bare")
    top = books_in(repository(folder))
    run(top, "remote", "add", "origin", str(origin))
    run(top, "push", "-q", "-u", "origin", "main")
    return top


def effect(books: GitBooks) -> Publish:
    return Publish(
        branch="main", expect=books.tip(), files=FILES, message="Issue INV-1", at=AT, tags=("invoice/INV-1",)
    )


def publish_and_die(top: Path, step: str) -> None:
    """Publish in a process that is killed at a step, as `kill -9` does it."""
    books = open_books(
        top, now=now, between=lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == step else None
    )
    books.publish(effect(books))


def kill_at(top: Path, step: str) -> None:
    script = (
        "import pathlib, sys; from tests.adapters.git import test_books_killed as t; "
        "t.publish_and_die(pathlib.Path(sys.argv[1]), sys.argv[2])"
    )
    child = [sys.executable, "-c", script, str(top), step]
    done = subprocess.run(child, cwd=Path(__file__).parents[3], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def again(top: Path) -> Done | Moved | Refused | None:
    """What the next command does: settle, fetch, look at the state, publish what is missing."""
    books = open_books(top, now=now)
    books.settle()
    books.fetch()
    if books.at(books.tip() or "").read(INVOICE) is None:
        return books.publish(effect(books))
    return None


def state(top: Path) -> tuple[str, ...]:
    where = [top, *([top.with_suffix(".git")] if top.with_suffix(".git").exists() else [])]
    refs = [run(place, "for-each-ref", "--format=%(refname) %(objectname)") for place in where]
    files = [f"{path} {(top / path).read_text(encoding='utf-8')}" for path in run(top, "ls-files").splitlines()]
    return (*refs, run(top, "status", "--porcelain"), run(top, "diff-files"), *files)


@pytest.mark.parametrize(("kind", "step"), [(kind, step) for kind, steps in STEPS.items() for step in steps])
def test_the_next_run_finishes(tmp_path: Path, kind: str, step: str) -> None:
    make = {"local": local, "remote": remote}[kind]
    top, whole = make(tmp_path / "books"), make(tmp_path / "whole")
    assert isinstance(again(whole), Done)
    dirt = "print('unsaved work')\n"
    (top / "shop.py").write_text(dirt, encoding="utf-8")
    kill_at(top, step)
    again(top)
    assert (top / "shop.py").read_text(encoding="utf-8") == dirt
    run(top, "restore", "shop.py")
    run(top, "update-index", "-q", "--refresh")
    assert state(top) == state(whole)
    assert not (top / ".git/git-bill/pending").exists()


def test_settling_alone_repairs_a_work_tree(tmp_path: Path) -> None:
    top = local(tmp_path / "books")
    kill_at(top, "moved")
    assert run(top, "status", "--porcelain") != ""
    # The dead process may have come as far as some files, or some index entries.
    (top / LEDGER).write_bytes(b"1\n2\n")
    run(top, "rm", "-q", "--cached", CLIENT)
    open_books(top, now=now).settle()
    assert run(top, "status", "--porcelain") == ""
    assert (top / INVOICE).read_bytes() == b"1\n"
    assert not (top / CLIENT).exists()


def test_settling_leaves_what_a_person_changed_meanwhile(tmp_path: Path) -> None:
    top = local(tmp_path / "books")
    kill_at(top, "moved")
    (top / LEDGER).write_text("mine\n", encoding="utf-8")
    open_books(top, now=now).settle()
    assert (top / LEDGER).read_text(encoding="utf-8") == "mine\n"
    assert run(top, "status", "--porcelain") == f" M {LEDGER}"


def test_settling_after_the_branch_went_on(tmp_path: Path) -> None:
    top = local(tmp_path / "books")
    kill_at(top, "moved")
    # A commit made with plain git, not knowing of the stale work tree.
    (top / "shop.py").write_text("2\n", encoding="utf-8")
    run(top, "commit", "-q", "-m", "by hand", "--", "shop.py")
    open_books(top, now=now).settle()
    assert run(top, "status", "--porcelain") == ""
    assert (top / INVOICE).exists()


def test_a_step_that_never_was_is_forgotten(tmp_path: Path) -> None:
    top = local(tmp_path / "books")
    before = state(top)
    kill_at(top, "noted")
    books = open_books(top, now=now)
    books.settle()
    assert state(top) == before
    assert not (top / ".git/git-bill/pending").exists()


def test_a_push_of_unknown_outcome_waits_for_a_fetch(tmp_path: Path) -> None:
    top = remote(tmp_path / "books")
    kill_at(top, "pushed")
    run(top, "update-ref", "refs/remotes/origin/main", "main")  # git had no time to note the push
    before = run(top, "rev-parse", "main")
    open_books(top, now=now).settle()
    assert run(top, "rev-parse", "main") == before
    open_books(top, now=now).fetch()
    assert run(top, "rev-parse", "main") == run(top, "rev-parse", "origin/main") != before
    assert run(top, "status", "--porcelain") == ""


def test_a_killed_step_does_not_hinder_the_next_publish(tmp_path: Path) -> None:
    top = local(tmp_path / "books")
    kill_at(top, "moved")
    books = open_books(top, now=now)
    done = books.publish(
        Publish(branch="main", expect=books.tip(), files={LEDGER: b"1\n2\n3\n"}, message="Next", at=AT)
    )
    assert isinstance(done, Done)
    assert run(top, "status", "--porcelain") == ""
    assert (top / LEDGER).read_bytes() == b"1\n2\n3\n"
    assert (top / INVOICE).exists()
