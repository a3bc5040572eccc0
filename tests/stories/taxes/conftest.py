"""Fixtures: empty books for each case, and the program in this process with nobody's configuration."""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.stories.taxes.office import Office, opened

_MADE: dict[str, Path] = {}


@pytest.fixture
def office(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    environment: Mapping[str, str],
    git: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Office]:
    """`office(seller, buyer, contract, day=…, tax=…, rates=…)` opens the books; once in a test."""
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if "books" not in _MADE:
        _MADE["books"] = made = tmp_path_factory.mktemp("office") / "books"
        made.mkdir()
        git(made, "init", "-q", "-b", "main")
        git(made, "config", "user.name", "Mira")
        git(made, "config", "user.email", "mira@example.net")

    def opening(*parties: Any, **more: Any) -> Office:
        books = tmp_path / "books"
        shutil.copytree(_MADE["books"], books)
        return opened(books, git, *parties, **more)

    return opening
