"""Sources by their address: what is refused before git hears of it, and what is brought."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.repositories import commit, live_in, repository, run

from git_bill.adapters.git.bring import Server, bring, refusal


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Host → address, in place of the world's name servers."""
    known = {"git.example.com": "93.184.216.34", "two.example.com": "93.184.216.34"}

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        found = known.get(host, host)
        if not found[0].isdigit() and ":" not in found:
            raise socket.gaierror(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found.split()]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "address",
    ["https://git.example.com/acme/web.git", "git@git.example.com:acme/web.git", "ssh://git@git.example.com:2222/a/b"],
)
def test_public_addresses_pass(address: str, names: dict[str, str]) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c 'touch pwned'",
        "file:///etc",
        "/srv/git/web.git",
        "../web",
        "web",
        "",
        "http://git.example.com/acme/web.git",
        "git://git.example.com/acme/web.git",
        "https://git.example.com/",
        "https://git.example.com/acme/we b",
        "https://mira:secret@git.example.com/acme/web.git",
        "ssh://-oProxyCommand=touch pwned/x",
        "ssh://-oProxyCommand/x",
        "-oProxyCommand=x:y",
        "--upload-pack=touch",
        "https://[::1]/a/b",
        "https://git.example.com:99999/a/b",
        "https://nowhere.example/a/b",
        "https://git.example.com\\@127.0.0.1/a/b",
        "https://git.example.com#@127.0.0.1/a/b",
    ],
)
def test_other_addresses_are_refused(address: str, names: dict[str, str]) -> None:
    assert refusal(address)


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.0.0.7", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "::1", "fd00::1", "fe80::1"],
)
def test_hosts_inside_are_refused_whatever_they_are_called(ip: str, names: dict[str, str]) -> None:
    names["git.example.com"] = ip
    assert refusal("https://git.example.com/acme/web.git") == "its host is in a private network"
    names["git.example.com"] = f"93.184.216.34 {ip}"
    assert refusal("git@git.example.com:acme/web.git"), "one of its addresses is"


def test_a_refused_address_never_reaches_git(tmp_path: Path) -> None:
    problem = bring("web", "ext::sh -c 'touch pwned'", tmp_path / "web", Server())
    assert problem is not None
    assert problem.rule == "source-refused"
    assert not (tmp_path / "web").exists()


@pytest.mark.parametrize(
    "address",
    [
        "http://forge.example/acme/web.git",
        "https://forge.example:8443/acme/web.git",
        "https://forge.example.evil.example/a/b",
        "https://evil.example/forge.example/b",
        "https://evil.example\\@forge.example/a",
        "git@forge.example:acme/web.git",
    ],
)
def test_the_token_is_for_one_server_by_scheme_host_and_port(address: str) -> None:
    server = Server(url="https://forge.example", token="secret")
    assert server.holds("https://forge.example/acme/web.git")
    assert server.holds("https://FORGE.example/acme/web")
    assert not server.holds(address)
    assert not Server().holds(address)
    assert not Server().holds("")


def test_what_can_not_be_reached_is_told_without_the_password(names: dict[str, str], tmp_path: Path) -> None:
    server = Server(url="http://127.0.0.1:1", token="secret-token")
    problem = bring("web", "http://mira:hunter2@127.0.0.1:1/acme/web.git", tmp_path / "web", server)
    assert problem is not None
    assert problem.rule == "source-out-of-reach"
    assert "hunter2" not in str(problem)
    assert "secret-token" not in str(problem)
    assert "secret-token" not in "".join(p.read_text("utf-8", "replace") for p in tmp_path.rglob("*") if p.is_file())


def test_clones_then_fetches_and_keeps_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: dict[str, str]
) -> None:
    web = repository(tmp_path / "web")
    commit(web, {"a": "1"})
    run(web, "branch", "feature")
    run(web, "update-ref", "refs/pull/1/head", "HEAD")
    address = "https://git.example.com/acme/web.git"
    run(tmp_path, "config", "--global", f"url.{web.as_uri()}.insteadOf", address)
    monkeypatch.setattr("git_bill.adapters.git.bring.attempt", _over_files)
    here = tmp_path / "cache" / "web"
    assert bring("web", address, here, Server()) is None
    run(web, "branch", "-D", "feature")
    newest = commit(web, {"a": "2"})
    assert bring("web", address, here, Server()) is None
    assert run(here, "rev-parse", "main") == newest
    assert run(here, "for-each-ref", "--format=%(refname)").split() == [
        "refs/heads/feature",
        "refs/heads/main",
        "refs/pull/1/head",
    ]


def _over_files(folder: Path, *args: str, env: Mapping[str, str], network: bool) -> object:
    """As git is run, but a file may stand for the server: this is a test without a network."""
    from git_bill.adapters.git.run import attempt

    return attempt(folder, *args, env={**env, "GIT_ALLOW_PROTOCOL": "file"}, network=network)
