"""Clones with the hooks installed, run by every shell that is here."""

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.repositories import live_in

from git_bill.adapters.git.hooks import hooks_of, set_hook
from git_bill.flows import apply
from git_bill.flows.hooks import install
from git_bill.hook import NAMES, Hooks

SHELLS = [shell for shell in ("dash", "bash", "mksh", "busybox") if shutil.which(shell)]
PATTERN = r"[A-Z][A-Z0-9]+-\d+"
TYPED = '{ printf "typed subject\\n"; cat "$1"; } >"$1.new" && mv "$1.new" "$1"'  # what a person does in an editor


@dataclass(frozen=True)
class Clone:
    """A clone of Mira's on a branch."""

    top: Path

    @property
    def hooks(self) -> Path:
        return self.top / ".git/hooks"

    def git(
        self, *args: str, editor: str = "false", env: Mapping[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """How git ended. `editor`: what the shell does with the message's file in `$1`."""
        asked = {"GIT_EDITOR": f"f() {{ {editor}; }}; f"}
        return subprocess.run(
            ["git", *args],
            cwd=self.top,
            env=os.environ | asked | dict(env or {}),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def does(self, *args: str, editor: str = "false", stdin: str = "") -> str:
        """What git prints; it must succeed."""
        done = self.git(*args, editor=editor, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def change(self, name: str = "shop.txt") -> None:
        """One more line in a file, added to the index."""
        with (self.top / name).open("a") as file:
            file.write(f"{file.tell()}\n")
        self.does("add", name)

    def commit(self, *args: str, editor: str = TYPED, stdin: str = "") -> str:
        """Commit a change; the message that it got."""
        self.change()
        self.does("commit", "-q", *args, editor=editor, stdin=stdin)
        return self.message()

    def message(self, commit: str = "HEAD") -> str:
        """A commit's message."""
        return self.does("log", "-1", "--format=%B", commit)

    def tickets(self, commit: str = "HEAD") -> list[str]:
        """Its `Ticket:` trailers, as git reads them."""
        return self.does("log", "-1", "--format=%(trailers:key=Ticket,valueonly)", commit).split()

    @property
    def journal(self) -> list[str]:
        file = self.top / ".git/git-bill/rewrites"
        return file.read_text().splitlines() if file.exists() else []

    def found(self) -> Hooks:
        """Its hooks as they are."""
        found = hooks_of(self.top)
        assert found is not None
        return found

    def install(self, pattern: str = PATTERN, *, check: bool | None = None, shell: str | None = None) -> int:
        """Install the hooks; let a shell run them."""
        done = apply.run(install(self.found(), pattern, check=check), apply.Actors(hooks=set_hook))
        for name in NAMES if shell else ():
            assert shell is not None
            run_by(self.hooks / name, shell)
        return done


def run_by(hook: Path, shell: str) -> None:
    """Let a hook be run by another shell than sh."""
    if hook.exists():
        words = f"{shutil.which(shell)}{' sh' if shell == 'busybox' else ''}"
        hook.write_text(f"#!{words}\n" + hook.read_text().partition("\n")[2])


def script(path: Path, text: str) -> Path:
    """An executable script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP)
    return path


@pytest.fixture
def alone(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Git without the user's own configuration."""
    live_in(environment, monkeypatch)


@pytest.fixture
def bare_clone(tmp_path: Path, alone: None) -> Clone:
    """A clone on the branch of WEB-12, without hooks and without a commit."""
    top = tmp_path / "shop"
    top.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "feature/WEB-12-cart"], cwd=top, check=True)
    shutil.rmtree(top / ".git/hooks", ignore_errors=True)
    return Clone(top)


@pytest.fixture(params=SHELLS)
def hooked(request: pytest.FixtureRequest, bare_clone: Clone) -> Clone:
    """The same with the hooks, in each shell."""
    bare_clone.install(shell=request.param)
    return bare_clone


@pytest.fixture
def one_shell(bare_clone: Clone) -> Clone:
    """The same with the hooks, run by sh."""
    bare_clone.install()
    return bare_clone
