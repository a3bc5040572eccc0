"""Fixtures: the real program and real git, away from the user's own configuration."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from tests.forked import Program, Ran

pytest_plugins = ["tests.testbed.fixtures"]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program, loaded once."""
    loaded = Program(_environment(tmp_path_factory.mktemp("nobody")))
    yield loaded
    loaded.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a person without any configuration: git's, the locale and the zone are set."""
    return _environment(tmp_path / "home")


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "XDG_", "LC_"))}
    home.mkdir(exist_ok=True)
    return kept | {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "LANG": "C.UTF-8",
        "TZ": "Europe/Berlin",
        "COLUMNS": "100",
        "GIT_BILL_NOW": "2026-11-02T09:00:00+01:00",
    }


@pytest.fixture
def git_bill(program: Program, environment: dict[str, str]) -> Callable[..., Ran]:
    """`git_bill("status", "--json", cwd=…, env={…}, input="…")` runs the program in a process of its own."""

    def run(*args: str, cwd: Path, env: Mapping[str, str] | None = None, input: str | None = None) -> Ran:
        return program.run(*args, cwd=cwd, env=environment | dict(env or {}), input=input)

    return run


@pytest.fixture
def git(environment: dict[str, str]) -> Callable[..., str]:
    """`git(repository, "log", …)` runs git there and returns what it prints; `at=`: instant of a commit."""

    def run(repository: Path, *args: str, at: str | None = None, env: Mapping[str, str] | None = None) -> str:
        dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}
        done = subprocess.run(
            ["git", *args],
            cwd=repository,
            env=environment | dates | dict(env or {}),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    return run


@pytest.fixture
def clone(tmp_path: Path, git: Callable[..., str]) -> Path:
    """An empty repository of Mira's with her name and address set."""
    repository = tmp_path / "web-shop"
    repository.mkdir()
    git(repository, "init", "-q", "-b", "main")
    git(repository, "config", "user.name", "Mira Kovac")
    git(repository, "config", "user.email", "mira@example.net")
    return repository
