"""What setting up finds out of a repository."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from git_bill.adapters.git.clone import clone_at, found_repository, repository_top, without_password
from git_bill.effects import Done, FoundRepository, Refused

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _own_configuration(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, environment[name])


def commit(git: Git, repository: Path, day: str, who: str) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", day, "--author", who, at=f"{day}T09:00:00+02:00")


def test_no_repository(tmp_path: Path) -> None:
    assert clone_at(tmp_path) is None
    assert clone_at(tmp_path / "not" / "there") is None


def test_an_empty_repository(clone: Path) -> None:
    found = clone_at(clone)
    assert found is not None
    assert (found.top, found.origin, found.people, found.born, found.grown) == (clone, None, (), None, False)


def test_people_of_the_last_year_of_work_by_commits(git: Git, clone: Path) -> None:
    commit(git, clone, "2024-01-05", "Ann <ann@old.example>")
    commit(git, clone, "2026-09-05", "Bob <bob@example.org>")
    commit(git, clone, "2026-10-05", "Mira\tK <mira@example.net>")
    commit(git, clone, "2026-10-06", "Mira\tK <mira@example.net>")
    found = clone_at(clone)
    assert found is not None
    assert found.people[1:] == (("Bob", "bob@example.org"),)
    assert found.people[0][0].startswith("Mira")
    assert found.grown


def test_a_young_history_says_its_first_day(git: Git, clone: Path) -> None:
    commit(git, clone, "2026-09-05", "Mira <mira@example.net>")
    commit(git, clone, "2026-10-06", "Mira <mira@example.net>")
    found = clone_at(clone)
    assert found is not None
    assert (found.born, found.grown) == (date(2026, 9, 5), False)


def test_tops_of_work_trees_folders_in_them_and_bare_repositories(git: Git, clone: Path, tmp_path: Path) -> None:
    (clone / "a" / "b").mkdir(parents=True)
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    assert repository_top(clone / "a" / "b") == clone
    assert repository_top(tmp_path / "bare.git") == tmp_path / "bare.git"
    assert repository_top(tmp_path) is None


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://mira:token@git.example.com/a/b.git", "https://git.example.com/a/b.git"),
        ("https://token@git.example.com/a/b.git", "https://git.example.com/a/b.git"),
        ("git@git.example.com:a/b.git", "git@git.example.com:a/b.git"),
        ("https://git.example.com/a/b@2.git", "https://git.example.com/a/b@2.git"),
    ],
)
def test_addresses_lose_their_passwords(url: str, clean: str) -> None:
    assert without_password(url) == clean


def test_a_repository_is_made_once(tmp_path: Path) -> None:
    effect = FoundRepository(path=str(tmp_path / "books"))
    assert found_repository(effect) == Done(ref=effect.path)
    assert found_repository(effect) == Done(ref=effect.path, already=True)
    assert (tmp_path / "books" / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"


def test_a_repository_can_not_be_made_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(found_repository(FoundRepository(path=str(tmp_path / "file" / "books"))), Refused)
