"""A token or deploy key lets git in, by the environment of git alone: a git on PATH that notes all it gets says so."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.repositories import commit, live_in, now, repository, run
from tests.testbed.accounts import MIRA
from tests.testbed.github import GitHub as Server

from git_bill.adapters.git.books import open_books
from git_bill.adapters.git.credential import filled, login
from git_bill.adapters.git.transport import Transport, as_git_does, by_key, by_token
from git_bill.effects import Done, Moved, Publish, Refused
from git_bill.problem import Exit, Stop

URL = "https://github.com/mira/books.git"
SECRET = "ghs_0123456789abcdefSECRET"
BASIC = base64.b64encode(f"x-access-token:{SECRET}".encode()).decode()


@pytest.fixture
def top(tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    live_in(environment, monkeypatch)
    made = repository(tmp_path / "books")
    run(made, "remote", "add", "origin", URL)
    return made


def env_of(transport: Transport, top: Path, remote: str = "origin") -> dict[str, str]:
    with transport(top, remote) as environment:
        return dict(environment)


def test_a_token_is_a_header_for_the_remote_s_own_address(top: Path) -> None:
    found = env_of(by_token("x-access-token", lambda: SECRET, "github.com", {}), top)
    name = f"http.{URL}.extraheader"
    assert found == {
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_0": name,
        "GIT_CONFIG_VALUE_0": "",
        "GIT_CONFIG_KEY_1": name,
        "GIT_CONFIG_VALUE_1": f"Authorization: Basic {BASIC}",
        "GIT_CONFIG_KEY_2": f"http.{URL}.followRedirects",
        "GIT_CONFIG_VALUE_2": "false",
        "GIT_TRACE_REDACT": "1",
    }


def test_settings_that_are_there_stay(top: Path) -> None:
    found = env_of(by_token("x", lambda: SECRET, "github.com", {"GIT_CONFIG_COUNT": "3"}), top)
    assert found["GIT_CONFIG_COUNT"] == "6"
    assert found["GIT_CONFIG_KEY_3"] == f"http.{URL}.extraheader"


@pytest.mark.parametrize("url", ["https://evil.example/mira/books.git", "git@github.com:mira/books.git", "/srv/books"])
def test_no_other_address_gets_it(top: Path, url: str) -> None:
    run(top, "remote", "set-url", "origin", url)
    assert env_of(by_token("x", lambda: pytest.fail("read"), "github.com", {}), top) == {}


def test_a_push_address_elsewhere_does_not_get_it(top: Path) -> None:
    run(top, "remote", "set-url", "--push", "origin", "https://evil.example/mira/books.git")
    found = env_of(by_token("x", lambda: SECRET, "github.com", {}), top)
    assert "evil" not in json.dumps(found)


def test_a_name_in_an_address_is_left_out(top: Path) -> None:
    run(top, "remote", "set-url", "origin", "https://mira:pw@github.com/mira/books.git")
    assert env_of(by_token("x", lambda: SECRET, "github.com", {}), top)["GIT_CONFIG_KEY_0"] == f"http.{URL}.extraheader"


@pytest.mark.parametrize("url", ["https://github.com/mira/books", "https://mira:pw@github.com/mira/books/"])
def test_an_address_that_gitlab_would_redirect_is_asked_as_a_whole(top: Path, url: str) -> None:
    run(top, "remote", "set-url", "origin", url)
    found = env_of(by_token("x", lambda: SECRET, "github.com", {}), top)
    assert found["GIT_CONFIG_KEY_1"] == f"http.{URL}.extraheader"
    said = subprocess.run(
        ["git", "remote", "get-url", "origin"],
        cwd=top,
        env=os.environ | found,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout.strip() in {URL, URL.replace("//", "//mira:pw@")}


def noting(folder: Path, program: str = "git") -> Path:
    """A program that notes its arguments and environment, then does its work; what it noted."""
    notes, real = folder / "notes.jsonl", shutil.which(program)
    folder.mkdir()
    wrapper = folder / program
    wrapper.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"open({str(notes)!r}, 'a').write(json.dumps([sys.argv, dict(os.environ)]) + chr(10))\n"
        f"os.execv({real!r}, sys.argv)\n"
    )
    wrapper.chmod(0o755)
    return notes


@pytest.mark.testbed
def test_the_token_is_in_no_argument_file_or_message(
    github: Server, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    books = github.repository(files={"README.md": "Books\n"})
    token = github.token(kind="job", repository=books, permissions={"contents": "write"})
    notes = noting(tmp_path / "bin")
    path = f"{notes.parent}:{environment['PATH']}"
    live_in(environment | {"PATH": path, "GIT_BILL_TOKEN": token, "GIT_TRACE2": str(tmp_path / "trace")}, monkeypatch)
    run(tmp_path, "clone", "-q", books.url_for(MIRA.token), "clone")
    top = tmp_path / "clone"
    run(top, "remote", "set-url", "origin", books.url)
    # As a checkout leaves it: another token that must not be sent beside ours.
    run(top, "config", f"http.{github.origin}/.extraheader", "AUTHORIZATION: basic d3Jvbmc6d3Jvbmc=")
    notes.unlink()
    host = github.origin.removeprefix("http://")
    view = open_books(top, now=now, transport=by_token("x-access-token", lambda: token, host))
    view.fetch()
    tip = view.tip()
    done = view.publish(Publish(branch="main", expect=tip, files={"billing/x": b"1\n"}, message="x", at=now()))
    assert isinstance(done, Done), done
    assert books.tip() == done.ref
    hidden = (token, base64.b64encode(f"x-access-token:{token}".encode()).decode())
    ran = [json.loads(line) for line in notes.read_text().splitlines()]
    spoke = [(argv, env) for argv, env in ran if {"push", "fetch", "ls-remote"} & set(argv)]
    assert spoke
    for argv, env in spoke:
        assert not any(secret in word for secret in hidden for word in argv)
        carrying = {name for name, value in env.items() if any(secret in value for secret in hidden)}
        assert all(re.fullmatch(r"GIT_CONFIG_VALUE_\d", name) for name in carrying), carrying
        assert carrying
    for argv, env in ran:
        if (argv, env) not in spoke:
            assert not any(secret in json.dumps([argv, env]) for secret in hidden), argv
    for file in [tmp_path / "trace", *(p for p in top.rglob("*") if p.is_file())]:
        assert not any(secret.encode() in file.read_bytes() for secret in hidden), file


@pytest.mark.testbed
def test_a_token_that_may_not_push_is_told_what_it_needs(
    github: Server, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    live_in(environment, monkeypatch)
    books = github.repository(files={"README.md": "Books\n"})
    run(tmp_path, "clone", "-q", books.url_for(MIRA.token), "clone")
    run(tmp_path / "clone", "remote", "set-url", "origin", books.url)
    host = github.origin.removeprefix("http://")

    def publish(permissions: str) -> Done | Moved | Refused:
        token = github.token(kind="job", repository=books, permissions={"contents": permissions})  # type: ignore[dict-item]
        view = open_books(tmp_path / "clone", now=now, transport=by_token("x-access-token", lambda: token, host))
        view.fetch()
        return view.publish(
            Publish(branch="main", expect=view.tip(), files={"billing/x": b"1\n"}, message="x", at=now())
        )

    refused = publish("read")
    assert isinstance(refused, Refused)
    assert "`contents: write`" in refused.remedy
    books.protect(pull_request=True)
    refused = publish("write")
    assert isinstance(refused, Refused)
    assert "GIT_BILL_KEY" in refused.remedy
    assert "branch protection of main" in refused.remedy
    assert publish("write") == refused


def test_a_deploy_key_lives_in_an_agent_that_ends(
    top: Path, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "books", "-f", str(tmp_path / "key")], check=True
    )
    key = (tmp_path / "key").read_text()
    notes = noting(tmp_path / "bin", "ssh-add")
    monkeypatch.setenv("PATH", f"{notes.parent}:{environment['PATH']}")
    monkeypatch.setenv("GIT_BILL_KEY", key)
    with by_key(key.replace("\n", "\r\n"), {})(top, "origin") as found:
        listed = subprocess.run(
            ["ssh-add", "-l"], env={**os.environ, **found}, capture_output=True, text=True, check=True
        )
        assert "ED25519" in listed.stdout
        options = found["GIT_SSH_COMMAND"]
        files = [file for file in Path(found["SSH_AUTH_SOCK"]).parent.iterdir() if file.is_file()]
        assert [file.name for file in files] == ["known_hosts"]
        assert "PRIVATE" not in files[0].read_text()
        assert run_with(top, found) == "ssh://git@github.com/mira/books.git"
    assert "BatchMode=yes" in options
    assert not Path(found["SSH_AUTH_SOCK"]).parent.exists()
    body = key.splitlines()[1]
    assert not any(body in value for value in found.values())
    argv, env = json.loads(notes.read_text().splitlines()[0])
    assert body not in json.dumps([argv, env])


def test_a_deploy_key_is_what_ssh_is_given(
    top: Path, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    origin = repository(tmp_path / "origin")
    made = commit(origin, {"billing/billing.toml": "schema = 1\n"})
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/said; ssh-add -l >> {tmp_path}/keys\nexec git-upload-pack {origin}\n'
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}:{environment['PATH']}")
    view = open_books(
        top, now=now, branch="main", remote="origin", transport=by_key((tmp_path / "key").read_text(), {})
    )
    view.fetch()
    assert view.tip() == made
    assert "ED25519" in (tmp_path / "keys").read_text()
    assert "git@github.com git-upload-pack '/mira/books.git'" in (tmp_path / "said").read_text()


def run_with(top: Path, found: Mapping[str, str]) -> str:
    """Where git would go with this environment."""
    done = subprocess.run(
        ["git", "remote", "get-url", "origin"],
        cwd=top,
        env={**os.environ, **found},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_key_that_is_none(top: Path) -> None:
    with pytest.raises(Stop, match="not a private SSH key") as stopped, by_key("secret", {})(top, "origin"):
        pass
    assert stopped.value.exit_code is Exit.REPOSITORY
    assert "secret" not in stopped.value.problems[0].message


def test_git_s_helpers_are_asked_silently(top: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    run(
        top,
        "config",
        "credential.https://github.com.helper",
        f"!cat > {asked}; echo password=gho_x; echo username=m; :",
    )
    assert filled(top, "github.com", "mira/books") == "gho_x"
    assert "host=github.com" in asked.read_text()
    assert filled(top, "gitlab.com", "mira/books") is None
    assert filled(top, "github.com\nhost=evil.example", "mira/books") is None
    assert env_of(as_git_does, top) == {}


def test_a_helper_knows_the_key_of_a_host(top: Path) -> None:
    run(top, "config", "credential.https://api.stripe.com.helper", "!echo username=key; echo password=rk_test_x; :")
    assert login(top, "api.stripe.com") == ("key", "rk_test_x")
    assert login(top, "api.stripe.example") is None
    assert login(top, "api.stripe.com\nhost=evil.example") is None
