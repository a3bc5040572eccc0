"""The freelancer whom the stories are about. Her machine is set up once and copied for each story."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.stories.freelancer import Freelancer, Ran, freelancer

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
