"""Fixtures of the testbed; `tests/conftest.py` names this module as a plugin."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.testbed.tools import absent, require

if TYPE_CHECKING:  # a fifth of a second that only tests of the testbed shall cost
    from tests.testbed.github import GitHub


@pytest.fixture(scope="session")
def github_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[GitHub]":
    """One server for all tests of a process; starts in about a second."""
    require(absent())
    from tests.testbed.github import GitHub

    with GitHub(tmp_path_factory.mktemp("github")) as server:
        yield server


@pytest.fixture
def github(github_server: "GitHub") -> "Iterator[GitHub]":
    """GitHub on this machine. A request or answer that breaks GitHub's published contract fails the test."""
    github_server.begin()
    yield github_server
    assert not github_server.violations, "\n".join(github_server.violations)
