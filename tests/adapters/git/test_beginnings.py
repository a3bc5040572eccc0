"""The digest of what a walk starts from changes with every commit that could be found, and with nothing else."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from git_bill.adapters.git.history import GitHistory

Git = Callable[..., str]
AT = "2026-10-05T09:10:00+02:00"


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, environment[name])


@pytest.fixture
def states(clone: Path, git: Git) -> Callable[[], str]:
    """Called after a change: the state, of this clone and of a linked worktree alike."""
    git(clone, "commit", "-q", "--allow-empty", "-m", "start", at=AT)
    git(clone, "worktree", "add", "-q", "--detach", str(clone.parent / "linked"))

    def state() -> str:
        here, there = GitHistory(clone).state(), GitHistory(clone.parent / "linked").state()
        assert here == there
        return here

    return state


def test_work_that_is_not_committed_changes_nothing(clone: Path, git: Git, states: Callable[[], str]) -> None:
    before = states()
    (clone / "a.txt").write_text("1\n")
    git(clone, "add", "a.txt")
    git(clone, "status")
    git(clone, "config", "bill.source.web-shop.mark", "x")
    assert states() == before


def test_every_commit_that_a_walk_could_find_changes_it(clone: Path, git: Git, states: Callable[[], str]) -> None:
    linked = clone.parent / "linked"
    empty = ("commit", "-q", "--allow-empty", "-m")
    acts: list[tuple[Path, tuple[str, ...]]] = [
        (clone, (*empty, "on the branch")),
        (clone, ("commit", "-q", "--amend", "--allow-empty", "-m", "amended")),
        (clone, ("reset", "-q", "--hard", "HEAD~1")),  # what was reset away stays in the reflog
        (linked, (*empty, "detached, in another worktree")),
        (clone, ("branch", "topic", "HEAD")),
        (clone, ("tag", "v1", git(linked, "rev-parse", "HEAD"))),
        (clone, ("pack-refs", "--all")),  # only looks like a change: read once more for nothing
        (clone, ("update-ref", "refs/pull/7/head", "HEAD")),
    ]
    seen = [states()]
    for where, words in acts:
        git(where, *words, at="2026-10-05T10:10:00+02:00")
        seen.append(states())
    assert len(set(seen)) == len(acts) + 1


def test_a_shallow_clone_that_is_deepened_changes(clone: Path, tmp_path: Path, git: Git) -> None:
    for number in range(3):
        git(clone, "commit", "-q", "--allow-empty", "-m", f"{number}", at=AT)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{clone}", "cut")
    before = GitHistory(tmp_path / "cut").state()
    git(tmp_path / "cut", "fetch", "-q", "--deepen", "1")
    assert GitHistory(tmp_path / "cut").state() != before
