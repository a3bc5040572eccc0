"""Runs the git program so that a clone's configuration can't start anything and text is never localised.

Reads take no locks, fetch nothing and run no hook, pager, filter, external diff or file system monitor,
whatever the clone's configuration says: `estimate` on a clone of unknown origin is safe. Commands that compare work
tree files (`status`, `add`, `diff` against the index) run the attributes' filters: for the workspace alone.
"""

import fcntl
import functools
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from git_bill.problem import Exit, Stop, stop

# Every diff takes these: no program of the clone's attributes, and counts that agree between git versions.
DIFF = ("--no-ext-diff", "--no-textconv", "--no-renames", "--no-color")

_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "log.showSignature=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
)

# What a surrounding git (a hook, `rebase --exec`) exports about *its* repository and its running command.
_FOREIGN = re.compile(
    r"GIT_(DIR|WORK_TREE|IMPLICIT_WORK_TREE|COMMON_DIR|INDEX_FILE|INDEX_VERSION|PREFIX|OBJECT_DIRECTORY"
    r"|ALTERNATE_OBJECT_DIRECTORIES|CONFIG|GRAFT_FILE|SHALLOW_FILE|REPLACE_REF_BASE|NAMESPACE"
    r"|INTERNAL_SUPER_PREFIX|EXTERNAL_DIFF|DIFF_OPTS|PAGER|[A-Z]+_PATHSPECS|AUTHOR_DATE|COMMITTER_DATE"
    r"|REFLOG_ACTION|QUARANTINE_PATH"
    r"|BILL_TOKEN|BILL_KEY|BILL_EVIDENCE_KEY|BILL_APP_KEY|BILL_SOURCES_TOKEN)"  # our secrets
)

_ALWAYS = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",  # an id names its own content, not what refs/replace puts in its place
    "GIT_GRAFT_FILE": f"{os.devnull}/none",  # and its own parents: no line of info/grafts is read
    "GIT_FLUSH": "0",  # else one write per commit into a pipe
}

# No transport at all, so no ssh command, proxy or credential helper; git before 2.39.4 knows the first only.
_OFFLINE = {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}

_PIPE = 1 << 18  # bytes, of 64 kB by default

_MISSING = re.compile(
    r"missing (object|blob|tree|commit)|bad (object|tree)|(unable to|could not) (read|find|parse) "
    r"(tree|commit|object|[0-9a-f]{40})|not a valid object|promisor|transport '.*' not allowed",
    re.IGNORECASE,
)

# `git clone --shared` and `--reference`: the repository that the objects are in was moved or removed.
_BORROWED = re.compile(r"alternate object path: (.*)|object directory (.*) does not exist; check")

_DAMAGED = re.compile(
    r"\bis (corrupt|empty|too small)|corrupt (loose|packed) object|^error: (inflate|garbage at end of)|hash mismatch"
    r"|(unterminated|unexpected) line in .*packed-refs|unpack \S+ header|is far too short to be a packfile"
    r"|(index|packfile) .*(does not match|is not|non-monotonic|corrupt)",
    re.MULTILINE,
)

_UNWRITABLE = re.compile(
    r"insufficient permission for adding|[Uu]nable to (create|write|append|add) .*(Permission denied|Read-only)"
    r"|Read-only file system|cannot lock ref .*(Permission denied|Read-only)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a git command ended: exit code, standard output, and standard error as text (never localised)."""

    code: int
    out: bytes
    err: str


def attempt(
    repository: Path,
    *args: str,
    input: bytes | None = None,
    env: Mapping[str, str] | None = None,
    network: bool = False,
) -> Ran:
    """Run git in a repository and return how it ended. `env` adds variables; `network` permits transports.

    Raises Stop only where git can't be started at all or may not look into the repository.
    """
    try:
        done = subprocess.run(
            command(repository, *args),
            input=b"" if input is None else input,
            capture_output=True,
            env=environment(env, network=network),
            check=False,
        )
    except FileNotFoundError:
        raise _not_installed() from None
    ran = Ran(code=done.returncode, out=done.stdout, err=done.stderr.decode("utf-8", "replace"))
    if ran.code and _unusable(ran.err):
        raise failure(repository, args, ran)
    return ran


def git(
    repository: Path,
    *args: str,
    input: bytes | None = None,
    env: Mapping[str, str] | None = None,
    network: bool = False,
) -> bytes:
    """Run git in a repository and return its standard output. Raises Stop (exit 4) when it fails."""
    ran = attempt(repository, *args, input=input, env=env, network=network)
    if ran.code:
        raise failure(repository, args, ran)
    return ran.out


def text(repository: Path, *args: str, env: Mapping[str, str] | None = None) -> str:
    """What git prints, less its last newline; bytes that are not UTF-8 become surrogates (paths survive)."""
    return git(repository, *args, env=env).decode("utf-8", "surrogateescape").removesuffix("\n")


@contextmanager
def stream(
    repository: Path,
    *args: str,
    input: bytes | IO[bytes] | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[IO[bytes]]:
    """Run git and yield its standard output to be read while it runs; `input` may be another stream's output.

    Raises Stop when it fails. Leaving early ends the child and is no failure.
    """
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as given:
        if isinstance(input, bytes):
            given.write(input)
            given.seek(0)
        source = input if input is not None and not isinstance(input, bytes) else given
        try:
            child = subprocess.Popen(
                command(repository, *args),
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment(env),
                bufsize=1 << 20,
            )
        except FileNotFoundError:
            raise _not_installed() from None
        if source is not given:
            source.close()  # the child has it; so the writer learns when the child is gone
        assert child.stdout is not None
        _widen(child.stdout)
        ended = False
        try:
            yield child.stdout
            ended = child.stdout.closed or not child.stdout.read(1)
        finally:
            if not ended:
                _end(child)
        child.stdout.close()
        code = child.wait()
        if ended and code not in {0, -signal.SIGPIPE}:  # the pipe breaks where its reader has left
            errors.seek(0)
            err = errors.read().decode("utf-8", "replace")
            raise failure(repository, args, Ran(code=code, out=b"", err=err))


def command(repository: Path, *args: str) -> list[str]:
    """The argument list: safe settings before the subcommand."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "--no-pager", "-C", str(repository), *settings, *args]


def environment(extra: Mapping[str, str] | None = None, *, network: bool = False) -> dict[str, str]:
    """The environment of a git child: the caller's, less what speaks of another repository."""
    kept = {name: value for name, value in os.environ.items() if not _FOREIGN.fullmatch(name)}
    return kept | _ALWAYS | ({} if network else _OFFLINE) | dict(extra or {})


@functools.cache
def version() -> tuple[int, int]:
    """Major and minor version of the git program, for example (2, 39)."""
    found = re.search(rb"(\d+)\.(\d+)", git(Path(), "version"))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def failure(repository: Path, args: Sequence[str], ran: Ran) -> Stop:
    """What a failed git command means to a person, with the remedy."""
    if "dubious ownership" in ran.err:
        return stop(
            Exit.REPOSITORY,
            "dubious-ownership",
            f"{repository} belongs to another user, so git does not read it",
            f"if you trust it: git config --global --add safe.directory {_top(ran.err) or repository}",
        )
    if _unusable(ran.err):
        return stop(
            Exit.REPOSITORY,
            "not-a-repository",
            f"{repository} is not a git repository",
            "name one, for example: git bill -C path/to/repository status",
        )
    if _UNWRITABLE.search(ran.err):
        return stop(
            Exit.REPOSITORY,
            "read-only-repository",
            f"nothing can be written into {repository}: {_last_line(ran.err)}",
            "give this user the right to write there, for example: chown -R $(whoami) .git",
        )
    reason = _last_line(ran.err) or f"exit code {ran.code}"
    told = stop(Exit.REPOSITORY, "git-failed", f"git {args[0]} failed in {repository}: {reason}")
    return _incomplete(repository, args, ran) or told


def _incomplete(repository: Path, args: Sequence[str], ran: Ran) -> Stop | None:
    """Where objects are not as they should be: how to get them."""
    if borrowed := _BORROWED.search(ran.err):
        return stop(
            Exit.REPOSITORY,
            "borrowed-objects-gone",
            f"{repository} borrows objects from {borrowed[1] or borrowed[2]}, which is not there",
            f"bring that back, or write where it is now into: git -C {repository} rev-parse --git-path"
            " objects/info/alternates",
        )
    if _DAMAGED.search(ran.err):
        return stop(
            Exit.REPOSITORY,
            "damaged-repository",
            f"{repository} is damaged: {_last_line(ran.err)}",
            f"see how much is: git -C {repository} fsck --full; then fetch all of it again: git -C {repository} fetch"
            " --refetch; or clone it anew",
        )
    if _MISSING.search(ran.err):
        return stop(
            Exit.REPOSITORY,
            "missing-object",
            f"{repository} lacks an object that git {args[0]} needs: {_last_line(ran.err)}",
            "in a shallow clone run `git fetch --unshallow`, in a partial clone "
            "`git fetch --refetch --no-filter`; else `git fsck` names what is broken",
        )
    return None


def _widen(pipe: IO[bytes]) -> None:
    """More room, so that git need not wait while we think; a system that has no such thing, or no room, is fine."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _not_installed() -> Stop:
    return stop(
        Exit.REPOSITORY,
        "no-git",
        "the program git was not found",
        "install git 2.34 or newer, for example: apt install git",
    )


def _unusable(err: str) -> bool:
    return any(word in err for word in ("not a git repository", "dubious ownership", "cannot change to"))


def _top(err: str) -> str | None:
    found = re.search(r"repository at '(.*)'", err)
    return found[1] if found else None


def _last_line(err: str) -> str:
    lines = [line for line in err.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (fatal or lines or [""])[-1].strip()


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    if child.stdout is not None:
        child.stdout.close()
    child.wait()
