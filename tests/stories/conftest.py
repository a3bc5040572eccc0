"""The freelancer whom the stories are about: her machine is set up once and copied for each. And offices anywhere."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.stories.freelancer import Freelancer, Ran, freelancer
from tests.stories.taxes.office import Office, opened

_MADE: dict[str, Path] = {}


@pytest.fixture
def mira(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    git_bill: Callable[..., Ran],
    git: Callable[..., str],
) -> Freelancer:
    """Mira, with ten commits in a shop, books beside it and Acme as her client."""
    if "set up" not in _MADE:
        folder = tmp_path_factory.mktemp("mira")
        person = freelancer(folder, git_bill, git)
        person.set_up()
        person.collected()
        _MADE["set up"] = folder
    for name in ("books", "web-shop"):
        shutil.copytree(_MADE["set up"] / name, tmp_path / name, symlinks=True)
    person = replace(freelancer(_MADE["set up"], git_bill, git), folder=tmp_path)
    person = replace(person, shop=tmp_path / "web-shop", books=tmp_path / "books")
    git(person.books, "config", "bill.source.web-shop.path", str(person.shop))
    git(person.shop, "config", "bill.workspace", str(person.books))
    return person


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
    if "office" not in _MADE:
        _MADE["office"] = made = tmp_path_factory.mktemp("office") / "books"
        made.mkdir()
        git(made, "init", "-q", "-b", "main")
        git(made, "config", "user.name", "Mira")
        git(made, "config", "user.email", "mira@example.net")

    def opening(*parties: Any, **more: Any) -> Office:
        books = tmp_path / "books"
        shutil.copytree(_MADE["office"], books)
        return opened(books, git, *parties, **more)

    return opening
