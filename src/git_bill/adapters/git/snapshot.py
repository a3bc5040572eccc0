"""States of the repository read from commits. One git child serves any number of files."""

import hashlib
import os
import weakref
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from git_bill.adapters.git.run import git, stream, text
from git_bill.adapters.git.worktree import Opener, checked, linked, sealed_as_it_is
from git_bill.problem import Exit, Stop, stop

_LINK = "120000"
_FILES = ("100644", "100755", "100664")  # the last one by git before 2005


class Objects:
    """A repository's objects. The child that reads them starts at the first read and ends with this value."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        self._stack = ExitStack()
        self._pipes: tuple[IO[bytes], IO[bytes]] | None = None
        self._hash: str | None = None

    def read(self, name: str) -> bytes | None:
        """The bytes of a blob named by its id or as `<commit>:<path>`; None where there is none."""
        ask, answer = self._pipes or self._start()
        ask.write(os.fsencode(name) + b"\n")
        header = answer.readline()
        if header.endswith((b" missing\n", b" ambiguous\n")):
            return None
        if not header:
            self._pipes = None
            ask.close()
            self._stack.close()  # raises the Stop that says why the child ended
            raise stop(Exit.REPOSITORY, "git-failed", f"git cat-file ended early in {self.repository}")
        _, kind, size = header.split()
        content = answer.read(int(size))
        answer.read(1)
        return content if kind == b"blob" else None

    def blob_id(self, content: bytes) -> str:
        """The id of a file with these bytes, in the repository's object format (sha1 or sha256)."""
        if self._hash is None:
            self._hash = text(self.repository, "rev-parse", "--show-object-format")
        return hashlib.new(self._hash, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()

    def _start(self) -> tuple[IO[bytes], IO[bytes]]:
        given, asked = os.pipe()
        answer = self._stack.enter_context(stream(self.repository, "cat-file", "--batch", input=os.fdopen(given, "rb")))
        ask = os.fdopen(asked, "wb", buffering=0)
        weakref.finalize(self, _end, ask, self._stack)
        self._pipes = ask, answer
        return self._pipes


class CommitSnapshot:
    """The files of a commit; none at all where there is no commit yet. Listings are kept, contents are not.

    Raises Stop (exit 4) at a symbolic link that stands for a file, and where an object is missing.
    """

    def __init__(self, objects: Objects, revision: str | None, opener: Opener = sealed_as_it_is) -> None:
        self._objects = objects
        self._opener = opener
        self._revision = revision
        self._listed: dict[str, dict[str, tuple[str, str]]] = {}

    @property
    def revision(self) -> str | None:
        """The commit's id."""
        return self._revision

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or None where there is none."""
        mode, blob = self._below(checked(path).parts[0]).get(path, ("", ""))
        if mode == _LINK:
            raise linked(path)
        if mode not in _FILES:
            return None
        content = self._objects.read(blob)
        if content is None:
            raise stop(
                Exit.REPOSITORY,
                "missing-object",
                f"its content {blob} is not in this clone",
                "in a partial clone run `git fetch --refetch --no-filter`; else `git fsck` names what is broken",
                path,
            )
        return content

    def opened(self, path: str) -> bytes | None:
        """As `read`, with the sealed values that this machine can open in clear."""
        content = self.read(path)
        return None if content is None else self._opener(content, path)

    def paths(self, folder: str) -> tuple[str, ...]:
        """All files below a folder, sorted; empty where there is no such folder."""
        prefix = f"{folder}/" if folder else ""
        found = sorted(
            (path, mode) for path, (mode, _) in self._below(folder.partition("/")[0]).items() if path.startswith(prefix)
        )
        for path, mode in found:
            if mode == _LINK:
                raise linked(path)
        return tuple(path for path, mode in found if mode in _FILES)

    def _below(self, top: str) -> dict[str, tuple[str, str]]:
        """Mode and blob id by path, of everything below a top-level folder."""
        if top not in self._listed:
            self._listed[top] = {} if self._revision is None else listing(self._objects.repository, self._revision, top)
        return self._listed[top]


def listing(repository: Path, commit: str, folder: str) -> dict[str, tuple[str, str]]:
    """Mode and blob id by path below a folder of a commit (all of it for an empty name)."""
    only = ("--", folder) if folder else ()
    out = git(repository, "ls-tree", "-r", "-z", "--full-tree", commit, *only)
    found: dict[str, tuple[str, str]] = {}
    for record in out.split(b"\0")[:-1]:
        facts, _, path = record.partition(b"\t")
        mode, _, blob = facts.decode("ascii").split()
        found[os.fsdecode(path)] = mode, blob
    return found


def _end(ask: IO[bytes], stack: ExitStack) -> None:
    with suppress(BrokenPipeError, Stop):
        ask.close()
        stack.close()
