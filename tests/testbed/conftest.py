"""Fixtures of the tests of the testbed itself."""

import os
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.testbed import events
from tests.testbed.events import Event
from tests.testbed.github import MIRA, TOM, GitHub, Repository
from tests.testbed.workflows import Cancellation, Runner, WorkflowRun

Run = Callable[..., WorkflowRun]
ON_PUSH = "on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n"
Attempt = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def books(github: GitHub) -> Repository:
    """A private repository of Mira's with one commit."""
    return github.repository(files={"README.md": "Books\n"})


@pytest.fixture
def pull(books: Repository) -> int:
    """A pull request of two commits by Mira."""
    books.commit({"one.toml": "n = 1\n"}, "One\n\nWhy", branch="bill/1")
    books.commit({"two.toml": "n = 2\n"}, "Two", by=TOM, branch="bill/1")
    return books.open_pull(MIRA, "bill/1", title="Invoice")


@pytest.fixture
def attempt(tmp_path: Path) -> Attempt:
    """Git as a person runs it; it may fail, and never asks for a password."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull, "HOME": str(tmp_path), "LC_ALL": "C"}
    person = ("-c", "user.name=Dev", "-c", "user.email=dev@example.net")

    def run(*args: str, folder: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["git", *person, *args], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
def changed(attempt: Attempt, tmp_path: Path) -> Callable[[Repository, str], Path]:
    """`changed(repository, token)`: a clone with one commit that is not pushed."""

    def act(repository: Repository, token: str) -> Path:
        folder = tmp_path / "clone"
        assert attempt("clone", "-q", repository.url_for(token), str(folder)).returncode == 0
        (folder / "notes.txt").write_text("a note\n")
        attempt("add", ".", folder=folder)
        attempt("commit", "-q", "-m", "Notes", folder=folder)
        return folder

    return act


@pytest.fixture
def runner(books: Repository, tmp_path: Path) -> Runner:
    return Runner(repository=books, folder=tmp_path / "runner", secrets={"BILLING": "s3cret"})


@pytest.fixture
def run(runner: Runner, books: Repository, tmp_path: Path) -> Run:
    """`run(text, event)`: a workflow, or the steps of its only job; the event is a push unless given."""

    def act(text: str, event: Event | None = None, cancellation: Cancellation | None = None) -> WorkflowRun:
        file, text = tmp_path / "workflow.yml", textwrap.dedent(text)
        file.write_text(text if "jobs:" in text else ON_PUSH + textwrap.indent(text, "      "), encoding="utf-8")
        return runner.run(file, event or events.push(books), cancellation=cancellation)

    return act
