"""A token goes to the server that it is for: no redirection takes it along, nor does the address of a next page."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.repositories import live_in, repository, run

from git_bill.adapters.git.transport import by_token as git_by_token
from git_bill.adapters.github.forge import by_token
from git_bill.adapters.gitlab.forge import GitLab
from git_bill.effects import PostStatus, Refused
from git_bill.forge import Forge
from git_bill.problem import Exit, Stop

TOKEN = "t0ken"
STATUS = PostStatus(commit="0" * 40, context="git-bill/check", state="success", description="ok")


class Server(ThreadingHTTPServer):
    """Answers everything alike, and notes who is asked what with which token."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.headers, self.body = 200, dict[str, str](), b"[]"
        self.asked: list[tuple[str, bool]] = []
        self.most = 9  # answers that have the headers
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.path, any(value in str(self.headers) for value in (TOKEN, "Basic "))))
        self.send_response(self.server.status)
        given = self.server.headers if len(self.server.asked) <= self.server.most else {}
        wanted = {name: value.format(path=self.path) for name, value in given.items()}
        for name, value in {"Content-Type": "application/json", **wanted}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815 (names that the library asks for)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    """The forge, and the server that it names."""
    found = Server(), Server()
    yield found
    for each in found:
        each.shutdown()
        each.server_close()


def github(host: str) -> Forge:
    return by_token("mira/books", api=f"http://{host}/api/v3", token=TOKEN)


def gitlab(host: str) -> Forge:
    return GitLab("mira/books", api=f"http://{host}", token=TOKEN)


def gitlab_job(host: str) -> Forge:
    return GitLab("mira/books", api=f"http://{host}", token=TOKEN, job=True)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("forge", [github, gitlab, gitlab_job])
def test_no_redirection_is_followed(servers: tuple[Server, Server], forge: Callable[[str], Forge], status: int) -> None:
    asked, other = servers
    asked.status, asked.headers = status, {"Location": f"http://{other.host.replace('127.0.0.1', 'localhost')}{{path}}"}
    with pytest.raises(Stop, match=r"moved \(localhost is to be asked\)") as stopped:
        forge(asked.host).pull_requests("bill/acme")
    assert (stopped.value.exit_code, stopped.value.problems[0].rule) == (Exit.FORGE, "forge-moved")
    assert isinstance(forge(asked.host).post_status(STATUS), Refused)
    assert (len(asked.asked), other.asked) == (2, [])


@pytest.mark.parametrize("forge", [github, gitlab])
def test_a_renamed_repository_is_not_asked_without_the_question(
    servers: tuple[Server, Server], forge: Callable[[str], Forge]
) -> None:
    asked, _ = servers
    asked.status, asked.headers = 301, {"Location": f"http://{asked.host}/elsewhere"}
    with pytest.raises(Stop, match="moved"):
        forge(asked.host).blob("0" * 40, "billing/drafts/acme.toml")
    assert [path.partition("?")[0] == "/elsewhere" for path, _ in asked.asked] == [False]


@pytest.mark.parametrize("forge", [github, gitlab])
def test_a_next_page_is_of_the_same_server(servers: tuple[Server, Server], forge: Callable[[str], Forge]) -> None:
    asked, other = servers
    asked.most, asked.headers = 1, {"Link": f'<http://{other.host}/no/such?page=2>; rel="next"'}
    with suppress(Stop):  # GitHub's parameters alone are taken, so it goes on here; GitLab's address can't be
        assert forge(asked.host).pull_requests("bill/acme") == ()
    assert (asked.asked[0][1], other.asked) == (True, [])


def test_git_follows_none_with_a_token(
    servers: tuple[Server, Server], tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    live_in(environment, monkeypatch)
    asked, other = servers
    asked.status, asked.headers = 301, {"Location": f"http://{other.host}{{path}}"}
    top = repository(tmp_path / "books")
    run(top, "remote", "add", "origin", f"http://{asked.host}/mira/books.git")
    with git_by_token("x", lambda: TOKEN, asked.host)(top, "origin") as spoken:
        done = subprocess.run(
            ["git", "fetch", "origin"], cwd=top, env=os.environ | spoken, capture_output=True, text=True, check=False
        )
    assert done.returncode != 0
    assert ([sent for _, sent in asked.asked], other.asked) == ([True], [])
