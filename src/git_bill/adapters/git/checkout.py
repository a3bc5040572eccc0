"""Work trees whose HEAD is the branch that moves: their files and index entries follow, and nothing else in them."""

import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from git_bill.adapters.git.make import Entry, absent, put_in_index
from git_bill.adapters.git.run import attempt, git, text
from git_bill.adapters.git.snapshot import CommitSnapshot, Objects
from git_bill.adapters.git.worktree import WorkTree, tops
from git_bill.problem import Exit, Stop, stop

_PLAIN = ("100644", "100755")
_UNMERGED: Entry = ("unmerged", "")
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds; another git may hold the index for a moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A path in which two commits differ; None where it is no file of theirs."""

    path: str
    old: Entry | None
    new: Entry | None

    @property
    def plain(self) -> bool:
        """Whether both sides are ordinary files (no link, no submodule)."""
        return all(side is None or side[0] in _PLAIN for side in (self.old, self.new))


class Checkout:
    """One such work tree."""

    def __init__(self, top: Path, objects: Objects) -> None:
        self.top = top
        self._objects = objects
        self._files = WorkTree(top)

    def obstacles(self, shifts: Sequence[Shift]) -> tuple[str, ...]:
        """Paths that can't follow: staged, edited, or in the way, unless their bytes are the new ones already."""
        staged = self._staged(shifts)
        found = self._found(shifts)
        return tuple(
            shift.path
            for shift in shifts
            if not shift.plain
            or staged.get(shift.path) not in (shift.old, shift.new)
            or found[shift.path] not in (_blob(shift.old), _blob(shift.new))
        )

    def carry(self, shifts: Sequence[Shift]) -> bool:
        """Bring files and index entries that still are the old ones to the new state. Repeating it is harmless.

        False where another git kept the index locked.
        """
        found = self._found(shifts)
        for shift in shifts:
            here = found[shift.path]
            if shift.plain and here == _blob(shift.old) != _blob(shift.new):
                self._write(shift)
        return self._stage(shifts)

    def _write(self, shift: Shift) -> None:
        try:
            self._files.write(shift.path, None if shift.new is None else self._content(shift.new))
        except OSError as error:
            raise stop(
                Exit.REPOSITORY,
                "work-tree-behind",
                f"the new version is on the branch, but can't be written into {self.top}: {error.strerror}",
                "mend that; the next git bill command brings the file",
                shift.path,
            ) from None

    def _stage(self, shifts: Sequence[Shift]) -> bool:
        for pause in (*_PAUSES, None):
            staged = self._staged(shifts)
            behind = [s for s in shifts if s.plain and staged.get(s.path) == s.old != s.new]
            try:
                put_in_index(self.top, {s.path: s.new or absent(s.old[1] if s.old else "") for s in behind})
            except Stop:
                if pause is not None:
                    time.sleep(pause * secrets.SystemRandom().uniform(0.5, 1.5))
            else:
                self._refresh([s.path for s in behind if s.new is not None])
                return True
        return False

    def _content(self, entry: Entry) -> bytes:
        content = self._objects.read(entry[1])
        assert content is not None  # the commit that the branch moved to was made or fetched here
        return content

    def _refresh(self, paths: Sequence[str]) -> None:
        """Let the index know the new files' sizes and times, for those who read it without git status."""
        present = "".join(f"{path}\0" for path in paths if self._files.occupied(path))
        if present:
            attempt(
                self.top,
                *("add", "--refresh", "--pathspec-from-file=-", "--pathspec-file-nul"),
                input=present.encode("utf-8", "surrogateescape"),
                env={"GIT_LITERAL_PATHSPECS": "1"},
            )

    def _staged(self, shifts: Sequence[Shift]) -> Mapping[str, Entry]:
        out = git(
            self.top,
            "ls-files",
            "--stage",
            "-z",
            "--",
            *sorted(tops(shift.path for shift in shifts)),
            env={"GIT_LITERAL_PATHSPECS": "1"},
        )
        entries: dict[str, Entry] = {}
        for record in out.split(b"\0")[:-1]:
            facts, _, path = record.partition(b"\t")
            mode, blob, stage = facts.decode("ascii").split()
            entries[os.fsdecode(path)] = (mode, blob) if stage == "0" else _UNMERGED
        return entries

    def _found(self, shifts: Sequence[Shift]) -> Mapping[str, str | None]:
        """Blob ids of the files on disk; empty where something else lies there.

        A file whose bytes are neither the old nor the new ones may still be the old one with this clone's line
        endings; git itself says so.
        """
        found: dict[str, str | None] = {}
        unsure: list[str] = []
        for shift in shifts:
            content = self._files.look(shift.path)
            if content is None:
                found[shift.path] = "" if self._files.occupied(shift.path) else None
                continue
            found[shift.path] = self._objects.blob_id(content)
            if found[shift.path] not in (_blob(shift.old), _blob(shift.new)):
                unsure.append(shift.path)
        return found | _filtered(self.top, unsure)


def checkouts(objects: Objects, branch: str) -> tuple[Checkout, ...]:
    """All work trees of a repository, main and linked, that have a branch checked out (unborn too)."""
    blocks = text(objects.repository, "worktree", "list", "--porcelain").split("\n\n")
    found: dict[Path, Checkout] = {}
    for block in blocks:
        lines = block.splitlines()
        if f"branch refs/heads/{branch}" not in lines:
            continue
        # For a submodule git lists its git directory, which knows its work tree.
        folder = Path(lines[0].removeprefix("worktree "))
        ran = attempt(folder, "rev-parse", "--show-toplevel") if folder.is_dir() else None
        if ran is not None and ran.code == 0:
            top = Path(os.fsdecode(ran.out).removesuffix("\n"))
            found[top] = Checkout(top, objects)
    return tuple(found.values())


def uncommitted(objects: Objects, top: Path, commit: str | None, *places: str) -> Mapping[str, bytes | None]:
    """What a work tree has at some places other than a commit, as `git add` would store it; None: removed.

    Ignored files are not looked at. Raises Stop (exit 4) at a symbolic link.
    """
    base = commit or _empty_tree(top)
    literal = {"GIT_LITERAL_PATHSPECS": "1"}
    out = git(top, "diff-index", "--name-only", "--no-renames", "-z", base, "--", *places, env=literal)
    out += git(top, "ls-files", "--others", "--exclude-standard", "-z", "--", *places, env=literal)
    paths = sorted({os.fsdecode(path) for path in out.split(b"\0")[:-1]})
    files = WorkTree(top)
    now = {path: files.look(path) for path in paths}
    stored = _filtered(top, [path for path, content in now.items() if content is not None])
    unlike = [path for path, blob in stored.items() if objects.blob_id(now[path] or b"") != blob]
    _filtered(top, unlike, "-w")
    now |= {path: objects.read(stored[path]) for path in unlike}
    before = CommitSnapshot(objects, commit)
    return {path: content for path, content in now.items() if content != before.read(path)}


def shifts(repository: Path, old: str | None, new: str) -> tuple[Shift, ...]:
    """The paths in which two commits differ; `old` None is the state without any file."""
    base = old or _empty_tree(repository)
    parts = git(repository, "diff-tree", "-r", "-z", "--raw", "--no-renames", base, new).split(b"\0")
    found: list[Shift] = []
    for facts, path in zip(parts[:-1:2], parts[1::2], strict=True):
        old_mode, new_mode, old_blob, new_blob, _ = facts.decode("ascii").removeprefix(":").split()
        found.append(Shift(path=os.fsdecode(path), old=_entry(old_mode, old_blob), new=_entry(new_mode, new_blob)))
    return tuple(found)


def _filtered(top: Path, paths: Sequence[str], *options: str) -> dict[str, str]:
    """The ids of files as `git add` would store them, with this clone's settings for line endings."""
    if not paths:
        return {}
    given = "".join(f"{path}\n" for path in paths).encode("utf-8", "surrogateescape")
    ids = git(top, "hash-object", *options, "--stdin-paths", input=given)
    return dict(zip(paths, ids.decode("ascii").split(), strict=True))


def _empty_tree(repository: Path) -> str:
    return git(repository, "hash-object", "-t", "tree", "--stdin").decode("ascii").strip()


def _entry(mode: str, blob: str) -> Entry | None:
    return None if mode == "000000" else (mode, blob)


def _blob(entry: Entry | None) -> str | None:
    return None if entry is None else entry[1]
