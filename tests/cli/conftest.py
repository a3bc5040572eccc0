"""Books that commands are tried on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.mirasbooks import Books, Ran, books


@pytest.fixture
def mira(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    clone: Path,
    git_bill: Callable[..., Ran],
    git: Callable[..., str],
) -> Books:
    """Mira's shop with a week of commits collected, and two clients; a copy for each test."""
    return books(tmp_path, tmp_path_factory.mktemp("shelf"), clone, git_bill, git)
