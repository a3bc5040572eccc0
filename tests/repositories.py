"""Real git repositories for tests, away from the user's own configuration."""

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

AT = datetime.fromisoformat("2026-11-02T09:00:00+01:00")


def now() -> datetime:
    """The time in these tests."""
    return AT


def live_in(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process, and the git children that it starts, have an environment; git knows Mira."""
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for key, value in {"user.name": "Mira Kovac", "user.email": "mira@example.net"}.items():
        run(Path("/"), "config", "--global", key, value)


def run(
    folder: Path,
    *args: str,
    at: str | None = None,
    env: Mapping[str, str] | None = None,
    input: str | None = None,
    check: bool = True,
) -> str:
    """What git prints, less the last newline; `at`: the instant of its commits; `check`: it must not fail."""
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}
    done = subprocess.run(
        ["git", *args],
        cwd=folder,
        env=os.environ | dates | dict(env or {}),
        input=input,
        capture_output=True,
        text=True,
        check=check,
    )
    return done.stdout.rstrip("\n")


def repository(folder: Path, *options: str) -> Path:
    """An empty repository on `main`."""
    folder.mkdir()
    run(folder, "init", "-q", "-b", "main", *options)
    return folder


def commit(top: Path, files: Mapping[str, str | bytes | None], message: str = "by hand") -> str:
    """Write files, or remove them (None), and commit just these with git."""
    for path, content in files.items():
        if content is None:
            run(top, "rm", "-q", "--", path)
            continue
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content.encode() if isinstance(content, str) else content)
        run(top, "add", "--", path)
    run(top, "commit", "-q", "-m", message, "--", *files, at="2026-11-01T09:00:00+01:00")
    return run(top, "rev-parse", "HEAD")
