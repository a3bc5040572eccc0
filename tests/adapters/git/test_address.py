"""Addresses of remotes as git would reach them."""

from pathlib import Path

import pytest
from tests.repositories import live_in, repository, run

from git_bill.adapters.git.address import Address, address_of, configured, parse, reached


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/mira/books.git", ("https", "github.com", "mira/books")),
        ("https://x:secret@GitHub.com/mira/books", ("https", "github.com", "mira/books")),
        ("http://127.0.0.1:4001/mira/books.git/", ("http", "127.0.0.1:4001", "mira/books")),
        ("git@github.com:mira/books.git", ("ssh", "github.com", "mira/books")),
        ("github.com:mira/books", ("ssh", "github.com", "mira/books")),
        ("ssh://git@git.acme.example:2222/group/sub/books.git", ("ssh", "git.acme.example:2222", "group/sub/books")),
        ("https://gitlab.com/a%20b/books.git", ("https", "gitlab.com", "a b/books")),
        ("/srv/books.git", None),
        ("../books", None),
        ("./a:b", None),
        ("C:\\books", None),
        ("file:///srv/books.git", None),
        ("ext::sh -c id", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_parse(url: str, found: tuple[str, str, str] | None) -> None:
    assert parse(url) == (found and Address(scheme=found[0], host=found[1], path=found[2]))


def test_git_s_own_rewriting_counts(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    live_in(environment, monkeypatch)
    top = repository(tmp_path / "books")
    run(top, "config", "url.https://github.com/.insteadOf", "gh:")
    run(top, "remote", "add", "origin", "gh:mira/books.git")
    run(top, "remote", "set-url", "--push", "origin", "git@github.com:mira/books.git")
    assert address_of(top, "origin") == Address(scheme="https", host="github.com", path="mira/books")
    assert reached(top, "origin") == ("https://github.com/mira/books.git", "git@github.com:mira/books.git")
    assert configured(top, "origin") == ("gh:mira/books.git", "git@github.com:mira/books.git")
    assert address_of(top, "none") is None
    assert reached(top, "none") == configured(top, "none") == ()


def test_an_alias_of_ssh_is_resolved(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text('#!/bin/sh\n[ "$3" = github-work ] && echo hostname ssh.github.com || echo "hostname $3"\n')
    ssh.chmod(0o755)
    live_in(environment | {"PATH": f"{ssh.parent}:{environment['PATH']}"}, monkeypatch)
    top = repository(tmp_path / "books")
    run(top, "remote", "add", "origin", "git@github-work:mira/books.git")
    assert address_of(top, "origin") == Address(scheme="ssh", host="github.com", path="mira/books")
