"""Branch names of commits: journal, merge subjects, refs, the trunk."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from git_bill.adapters.git.branches import merged_names
from git_bill.adapters.git.history import GitHistory
from git_bill.ports import Node

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, environment[name])


def branch_of(repository: Path, ids: Sequence[str]) -> Mapping[str, str]:
    """As `sources.git` asks: with the graph that it read."""
    history = GitHistory(repository)
    return history.branch_of(ids, {c.id: Node(c.parents, 0, c.message.split("\n")[0]) for c in history.commits()})


@pytest.fixture
def commit(git: Git) -> Callable[[Path, str], str]:
    """`commit(repository, "subject")` adds a file of that name and gives the commit's id; a minute passes each time."""
    minute = iter(range(1000))

    def make(repository: Path, subject: str) -> str:
        (repository / subject.replace("/", "-")).write_text(subject)
        git(repository, "add", ".")
        now = next(minute)
        git(repository, "commit", "-q", "-m", subject, at=f"2026-10-05T{8 + now // 60:02}:{now % 60:02}:00+02:00")
        return git(repository, "rev-parse", "HEAD")

    return make


Commit = Callable[[Path, str], str]


def test_the_journal_knows_branches_that_are_gone(clone: Path, git: Git, commit: Commit) -> None:
    start = commit(clone, "start")
    git(clone, "checkout", "-q", "-b", "WEB-5-cart")
    one = commit(clone, "one")
    git(clone, "commit", "-q", "--amend", "-m", "one, better")
    amended = git(clone, "rev-parse", "HEAD")
    git(clone, "checkout", "-q", "main")
    trunk = commit(clone, "trunk")
    git(clone, "checkout", "-q", "WEB-5-cart")
    git(clone, "rebase", "-q", "main")
    rebased = git(clone, "rev-parse", "HEAD")
    git(clone, "checkout", "-q", "--detach")
    detached = commit(clone, "detached")
    git(clone, "checkout", "-q", "main")
    git(clone, "branch", "-q", "-D", "WEB-5-cart")
    assert branch_of(clone, [start, one, amended, rebased, trunk, detached]) == {
        start: "main",
        one: "WEB-5-cart",
        amended: "WEB-5-cart",
        rebased: "WEB-5-cart",
        trunk: "main",
    }


def test_each_worktree_has_a_journal(clone: Path, tmp_path: Path, git: Git, commit: Commit) -> None:
    commit(clone, "start")
    git(clone, "worktree", "add", "-q", "-b", "fix/WEB-9", str(tmp_path / "linked"))
    fix = commit(tmp_path / "linked", "fix")
    git(tmp_path / "linked", "checkout", "-q", "--detach")
    git(clone, "branch", "-q", "-D", "fix/WEB-9")
    assert branch_of(clone, [fix]) == {fix: "fix/WEB-9"}
    assert branch_of(tmp_path / "linked", [fix]) == {fix: "fix/WEB-9"}


def test_a_renamed_branch_goes_by_its_old_name_before(clone: Path, git: Git, commit: Commit) -> None:
    one = commit(clone, "one")
    git(clone, "branch", "-q", "-m", "main", "WEB-1")
    two = commit(clone, "two")
    assert set(branch_of(clone, [one, two]).values()) == {"WEB-1"}


def test_a_fresh_clone_tells_by_merge_subjects_and_refs(clone: Path, tmp_path: Path, git: Git, commit: Commit) -> None:
    start = commit(clone, "start")
    git(clone, "checkout", "-q", "-b", "WEB-1-lower")
    lower = commit(clone, "lower")
    git(clone, "checkout", "-q", "-b", "WEB-2-upper")
    upper = commit(clone, "upper")
    git(clone, "checkout", "-q", "main")
    merge = ("merge", "-q", "--no-ff")
    git(clone, *merge, "-m", "Merge pull request #1 from mira/WEB-1-lower", "WEB-1-lower", at="2026-10-06T08:00:00Z")
    git(clone, *merge, "-m", "Merge branch 'WEB-2-upper' into 'main'", "WEB-2-upper", at="2026-10-06T09:00:00Z")
    git(clone, "checkout", "-q", "-b", "WEB-3-open")
    opened = commit(clone, "open")
    git(clone, "branch", "-q", "-D", "WEB-1-lower", "WEB-2-upper")
    git(clone, "checkout", "-q", "main")
    direct = commit(clone, "direct")
    git(tmp_path, "clone", "-q", str(clone), "fresh")
    assert branch_of(tmp_path / "fresh", [start, lower, upper, opened, direct]) == {
        lower: "WEB-1-lower",
        upper: "WEB-2-upper",
        opened: "WEB-3-open",
    }


def test_an_octopus_names_each_of_its_arms(clone: Path, git: Git, commit: Commit, tmp_path: Path) -> None:
    commit(clone, "start")
    arms = {}
    for name in ("a", "b", "c"):
        git(clone, "checkout", "-q", "-b", name, "main")
        arms[commit(clone, name)] = name
    git(clone, "checkout", "-q", "main")
    commit(clone, "trunk")
    git(clone, "merge", "-q", "a", "b", "c", at="2026-10-06T08:00:00Z")
    git(clone, "branch", "-q", "-D", "a", "b", "c")
    git(tmp_path, "clone", "-q", "--bare", str(clone), "fresh")
    assert branch_of(tmp_path / "fresh", list(arms)) == arms


def test_nothing_is_asked_for_nothing(tmp_path: Path) -> None:
    assert GitHistory(tmp_path / "nowhere").branch_of([], {}) == {}


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        ("Merge branch 'WEB-5-cart'", ("WEB-5-cart",)),
        ("Merge branch 'WEB-5-cart' into main", ("WEB-5-cart",)),
        ("Merge branch 'feature/WEB-5' into 'main'", ("feature/WEB-5",)),
        ("Merge branch 'main' of github.com:acme/web-shop", ("main",)),
        ("Merge remote-tracking branch 'origin/feature/WEB-5'", ("feature/WEB-5",)),
        ("Merge branches 'a', 'b' and 'c' into main", ("a", "b", "c")),
        ("Merge pull request #12 from mira/feature/WEB-5", ("feature/WEB-5",)),
        ("Merged in WEB-5-cart (pull request #5)", ("WEB-5-cart",)),
        ("Merge tag 'v1.0'", ()),
        ("Merge the two carts", ()),
        ("", ()),
    ],
)
def test_merge_subjects_of_git_and_of_forges(subject: str, names: tuple[str, ...]) -> None:
    assert merged_names(subject) == names
