"""Which forge a session is given, and why it has none."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.repositories import live_in, repository, run
from tests.testbed.accounts import MIRA
from tests.testbed.github import GitHub as Server

from git_bill.adapters.git.address import parse
from git_bill.cli.forges import git_transport, kind_of, open_forge
from git_bill.forge import Forge
from git_bill.problem import Exit, Problem, Stop
from git_bill.workspace import ForgeSettings

TOKEN = {"GIT_BILL_TOKEN": "ghp_x"}


@pytest.fixture
def top(tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    live_in(environment, monkeypatch)
    return repository(tmp_path / "books")


def opened(
    top: Path, url: str, settings: ForgeSettings | None = None, environment: Mapping[str, str] = TOKEN
) -> Forge | Problem:
    run(top, "remote", "add", "origin", url)
    return open_forge(top, "origin", settings or ForgeSettings(), environment)


@pytest.mark.parametrize(
    ("url", "given", "kind"),
    [
        ("https://github.com/mira/books", {}, "github"),
        ("git@github.com:mira/books.git", {}, "github"),
        ("https://acme.ghe.com/mira/books", {}, "github"),
        ("https://github.acme.example/mira/books", {}, "github"),
        ("https://gitlab.com/mira/books", {}, "gitlab"),
        ("ssh://git@my-gitlab.acme.example:2222/mira/books", {}, "gitlab"),
        ("https://git.acme.example/github/gitlab", {}, None),
        ("https://acme.example/github.com", {}, None),
        ("https://github.com.evil.example/x/y", {}, "github"),
        (
            "https://git.acme.example/mira/books",
            {"GITLAB_CI": "true", "CI_SERVER_URL": "https://git.acme.example"},
            "gitlab",
        ),
        (
            "https://git.acme.example/mira/books",
            {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://git.acme.example"},
            "github",
        ),
    ],
)
def test_what_a_host_is(url: str, given: Mapping[str, str], kind: str | None) -> None:
    place = parse(url)
    assert place is not None
    assert kind_of(place, given) == kind


@pytest.mark.parametrize("url", ["https://github.com/mira/books.git", "git@github.com:mira/books.git"])
def test_a_github(top: Path, url: str) -> None:
    found = opened(top, url)
    assert not isinstance(found, Problem)
    assert (found.name, found.repository) == ("GitHub", "mira/books")


@pytest.mark.parametrize(
    ("url", "settings", "given", "severity", "told"),
    [
        ("https://github.com/mira/books.git", ForgeSettings(), {}, "warning", "no token for github.com"),
        ("https://github.com/mira/books.git", ForgeSettings(kind="none"), TOKEN, "info", "kind is none"),
        ("https://git.acme.example/mira/books.git", ForgeSettings(), TOKEN, "info", "not known as a forge"),
        ("/srv/books.git", ForgeSettings(), TOKEN, "info", "no remote on a server"),
    ],
)
def test_why_there_is_none(  # noqa: PLR0917
    top: Path, url: str, settings: ForgeSettings, given: Mapping[str, str], severity: str, told: str
) -> None:
    found = opened(top, url, settings, given)
    assert isinstance(found, Problem)
    assert found.severity == severity
    assert told in found.message
    assert found.hint


def test_no_remote(top: Path) -> None:
    found = open_forge(top, None, ForgeSettings(), TOKEN)
    assert isinstance(found, Problem)
    assert found.severity == "info"


def test_settings_can_t_send_the_token_elsewhere(top: Path) -> None:
    settings = ForgeSettings(kind="github", api="https://evil.example/api/v3")
    with pytest.raises(Stop, match="not given the token") as stopped:
        opened(top, "https://github.com/mira/books.git", settings)
    assert stopped.value.exit_code is Exit.SETTINGS


def test_a_secret_is_learned_so_that_nobody_prints_it(top: Path) -> None:
    run(top, "remote", "add", "origin", "https://github.com/mira/books.git")
    learned: list[str] = []
    open_forge(top, "origin", ForgeSettings(), TOKEN, learned=learned.append)
    assert learned == ["ghp_x"]


def test_how_git_is_let_in(top: Path) -> None:
    run(top, "remote", "add", "origin", "https://github.com/mira/books.git")

    def names(environment: Mapping[str, str]) -> set[str]:
        with git_transport(environment)(top, "origin") as found:
            return {name.rstrip("0123456789") for name in found}

    assert names({}) == set()
    assert names({"GH_TOKEN": "x"}) == set()
    assert names(TOKEN) == {"GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_TRACE_REDACT"}
    job = {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_TOKEN": "ghs_x"}
    assert names(job) == names(TOKEN)
    assert names(job | {"GITHUB_SERVER_URL": "https://ghe.acme.example"}) == set()
    run(top, "remote", "set-url", "origin", "http://github.com/mira/books.git")
    assert names(TOKEN) == set()  # in clear
    run(top, "remote", "set-url", "origin", "git@github.com:mira/books.git")
    assert names(TOKEN) == set()


@pytest.mark.testbed
def test_it_is_the_forge_of_the_remote(github: Server, top: Path) -> None:
    books = github.repository(files={"README.md": "Books\n"})
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": github.origin,
        "GITHUB_API_URL": github.api,
        "GITHUB_TOKEN": MIRA.token,
    }
    found = opened(top, books.url, environment=environment)
    assert not isinstance(found, Problem)
    assert found.standing("main").account == "mira"


def test_nothing_is_loaded_before_a_forge_is_asked() -> None:
    code = (
        "import sys, git_bill.cli.session, git_bill.cli.forges;"
        "print([m for m in ('github', 'gitlab', 'requests') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
