"""Notes of a real repository, by the commit that they are of."""

from collections.abc import Callable
from pathlib import Path

from git_bill.adapters.git.history import GitHistory

Git = Callable[..., str]


def noted(repository: Path) -> dict[str, str]:
    return dict(GitHistory(repository).notes("gtm-data"))


def made(clone: Path, git: Git, name: str) -> str:
    (clone / name).write_text(name)
    git(clone, "add", name)
    git(clone, "commit", "-q", "-m", name)
    return git(clone, "rev-parse", "HEAD")


def test_notes_by_commit(clone: Path, git: Git) -> None:
    assert noted(clone) == {}
    first, second = made(clone, git, "a"), made(clone, git, "b")
    git(clone, "notes", "--ref=gtm-data", "add", "-m", "[ver:1,total:60]", first)
    git(clone, "notes", "--ref=commits", "add", "-m", "something else", second)
    assert noted(clone) == {first: "[ver:1,total:60]\n"}


def test_a_new_note_changes_the_state_of_the_clone(clone: Path, git: Git) -> None:
    first = made(clone, git, "a")
    before = GitHistory(clone).state()
    git(clone, "notes", "--ref=gtm-data", "add", "-m", "x", first)
    assert GitHistory(clone).state() != before


def test_what_is_too_long_or_no_text_harms_nothing(clone: Path, git: Git) -> None:
    first, second, third = (made(clone, git, name) for name in "abc")
    large, bad = clone / "large", clone / "bad"
    large.write_text("x" * 1_000_001)
    bad.write_bytes(b"\xff\xfe\0")
    git(clone, "notes", "--ref=gtm-data", "add", "-F", str(large), first)
    git(clone, "notes", "--ref=gtm-data", "add", "-C", git(clone, "hash-object", "-w", str(bad)), second)
    git(clone, "notes", "--ref=gtm-data", "add", "-m", "x", third)
    assert noted(clone) == {second: "\ufffd\ufffd\0", third: "x\n"}


def test_notes_of_a_squash_survive_its_branch(clone: Path, git: Git) -> None:
    made(clone, git, "a")
    git(clone, "checkout", "-q", "-b", "topic")
    gone = made(clone, git, "b")
    git(clone, "notes", "--ref=gtm-data", "add", "-m", "x", gone)
    git(clone, "checkout", "-q", "-")
    git(clone, "branch", "-q", "-D", "topic")
    assert set(noted(clone)) == {gone}
