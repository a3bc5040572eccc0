"""What commits changed: line counts and patch ids, from `git diff-tree` children that share the machine's cores.

One diff serves both: the counts stand in the heads of its hunks (`--numstat` would make git compare all once more),
and what git writes passes on to `git patch-id`.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TypeVar

from git_bill.adapters.git.run import DIFF, git, stream
from git_bill.ports import Change
from git_bill.problem import Stop
from git_bill.worklog.sketch import Sketcher

_CHILDREN = 2
_SLICE = range(64, 4096)  # fewer commits don't pay for a second child, more would fill memory
_TREE = ("diff-tree", "--stdin", "-r", "--root", *DIFF)
# The commit's own line comes for empty commits too; its parents tell merges, whose difference is not shown.
_ENTRY = ("--always", "--no-abbrev", "--format=%H %P")
_PATCH = ("-p", "-U0")
_PIECE = 1 << 17  # bytes read at once, and those of a line that count
_HEAD = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64})(?: |$)")  # no line of a patch begins so
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_SIGNS, _DIFF, _BINARY = b"+-", b"diff --git ", b"Binary files "
_ESCAPE = re.compile(rb'\\(?:([abfnrtv"\\])|([0-7]{3}))')
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
# Files that package managers and build tools write whole. Their lines say nothing of how much somebody did.
_BY_TOOLS = re.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock|Cargo\.lock"
    r"|poetry\.lock|uv\.lock|pdm\.lock|pixi\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|Podfile\.lock|go\.sum"
    r"|mix\.lock|pubspec\.lock|flake\.lock|packages\.lock\.json|gradle\.lockfile|\.terraform\.lock\.hcl"
    r"|[^/]+\.min\.(?:js|css)|[^/]+\.(?:js|css)\.map)$"
)

_Row = tuple[str, str]  # modes and ids after a colon, path
_Found = TypeVar("_Found")


@dataclass(slots=True)
class _File:
    """A file of a patch, as far as it was read."""

    path: str
    by_hand: bool
    added: int = 0
    deleted: int = 0
    binary: bool = False


@dataclass(slots=True)
class _Commit:
    """A commit's patch, as far as it was read. `inside`: below the head of a hunk, where `+` and `-` mean lines."""

    sketch: Sketcher
    files: list[_File] = field(default_factory=list)
    inside: bool = False

    def take(self, line: bytes) -> None:
        """The patch's next line."""
        if line[:1] in _SIGNS:  # an empty line, too
            if self.inside and self.files[-1].by_hand:
                self.sketch.add(line)
        elif hunk := _HUNK.match(line):
            self.inside = True
            self.files[-1].deleted += int(hunk[1] or 1)
            self.files[-1].added += int(hunk[2] or 1)
        elif line.startswith(_DIFF):
            self.inside = False
            path = _path(line[len(_DIFF) : (len(_DIFF) + len(line)) // 2], b"a/")  # then b/ and the same again
            if not self.files or path != self.files[-1].path:  # a file that becomes a link is taken out, then put in
                self.files.append(_File(path=path, by_hand=not _BY_TOOLS.search(path)))
        elif line.startswith(_BINARY):
            self.files[-1].binary = True

    def change(self) -> Change:
        """All but the patch id."""
        counted = [file for file in self.files if file.by_hand]
        return Change(
            files=len(self.files),
            added=sum(file.added for file in counted),
            deleted=sum(file.deleted for file in counted),
            paths=tuple(file.path for file in self.files),
            binary=any(file.binary for file in self.files),
            sketch=self.sketch.text(),
        )


def measure(repository: Path, ids: Sequence[str], secret: bytes = b"") -> dict[str, Change]:
    """Changes of those commits that are no merges. In a partial clone lines are None, or nothing is known.

    `secret`: under which lines are sketched.
    """

    def part(some: Sequence[str]) -> dict[str, Change]:
        try:
            return _measured(repository, some, secret)
        except Stop as stopped:
            _unless_missing(stopped)
        raw = _raw(repository, some)
        whole = _whole(repository, raw)
        known = _measured(repository, whole, secret) if whole else {}
        return {commit: _untold(rows) for commit, rows in raw.items()} | known

    return _shared(part, ids)


def range_patch_ids(repository: Path, ranges: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(base, tip) → patch id of all that changed between them; none where nothing did or blobs are missing."""

    def part(some: Sequence[str]) -> dict[str, str]:
        try:
            with stream(repository, *_TREE, *_PATCH, input=_lines(some)) as patches:
                return _identified(repository, patches)
        except Stop as stopped:
            _unless_missing(stopped)
            return {}

    bases: dict[str, list[str]] = {}
    for base, tip in dict.fromkeys(ranges):
        bases.setdefault(tip, []).append(base)
    found: dict[tuple[str, str], str] = {}
    while bases:  # the output names the tip alone, so each run takes one base of each
        asked = {tip: some.pop() for tip, some in bases.items()}
        patches = _shared(part, [f"{tip} {base}" for tip, base in asked.items()])
        found |= {(asked[tip], tip): patch for tip, patch in patches.items()}
        bases = {tip: some for tip, some in bases.items() if some}
    return found


def _shared(part: Callable[[Sequence[str]], dict[str, _Found]], ids: Sequence[str]) -> dict[str, _Found]:
    size = min(max(-(-len(ids) // _CHILDREN), _SLICE.start), _SLICE.stop)
    found: dict[str, _Found] = {}
    with ThreadPoolExecutor(_CHILDREN) as children:
        for some in children.map(part, [ids[at : at + size] for at in range(0, len(ids), size)]):
            found |= some
    return found


def _measured(repository: Path, ids: Sequence[str], secret: bytes) -> dict[str, Change]:
    """Patch ids are stable and know no context. None where a file is binary: git would tell it by its name alone."""
    given, passed = os.pipe()
    with (
        stream(repository, "patch-id", "--stable", input=os.fdopen(given, "rb")) as told,
        ThreadPoolExecutor(1) as reader,  # reads along, or both would wait for each other at a full pipe
    ):
        patches = reader.submit(_patches, told)
        with (
            os.fdopen(passed, "wb") as onward,
            stream(repository, *_TREE, *_PATCH, *_ENTRY, input=_lines(ids)) as output,
        ):
            found = dict(_changes(_passing(output, onward), secret))
    equal = patches.result()
    return {c: change if change.binary else replace(change, patch=equal.get(c)) for c, change in found.items()}


def _passing(output: IO[bytes], onward: IO[bytes]) -> Iterator[bytes]:
    """The lines without their ends, and of endless ones the beginning; all of them go on."""
    rest = b""
    while piece := output.read(_PIECE):
        onward.write(piece)
        lines = (rest + piece).split(b"\n")
        lines[0] = lines[0][:_PIECE]
        rest = lines.pop()[:_PIECE]
        yield from lines
    if rest:
        yield rest


def _changes(lines: Iterator[bytes], secret: bytes) -> Iterator[tuple[str, Change]]:
    """What patches without context say, each below the line of its commit; no merges."""
    name, commit = "", _Commit(sketch=Sketcher(secret))
    for line in lines:
        if line[:1] in _SIGNS or not _HEAD.match(line):
            commit.take(line)
            continue
        if name:
            yield name, commit.change()
        name, *parents = line.decode("ascii").split()
        name, commit = name if len(parents) < 2 else "", _Commit(sketch=Sketcher(secret))
    if name:
        yield name, commit.change()


def _path(quoted: bytes, prefix: bytes = b"") -> str:
    """A path as git writes it in a line: in quotes with escapes where it has quotes or control characters."""
    if quoted.startswith(b'"'):
        quoted = _ESCAPE.sub(lambda m: bytes([int(m[2], 8)]) if m[2] else _ESCAPED.get(m[1], m[1]), quoted[1:-1])
    return quoted.removeprefix(prefix).decode("utf-8", "surrogateescape")


def _identified(repository: Path, patches: IO[bytes]) -> dict[str, str]:
    with stream(repository, "patch-id", "--stable", input=patches) as told:
        return _patches(told)


def _patches(told: IO[bytes]) -> dict[str, str]:
    """The output of `git patch-id`: commit → patch id."""
    return {commit: patch for patch, commit in map(str.split, told.read().decode("ascii").splitlines())}


def _raw(repository: Path, ids: Sequence[str]) -> dict[str, list[_Row]]:
    """Modes and ids of the files that each commit changed; nothing where not even the trees are here."""
    try:
        with stream(repository, *_TREE, "--raw", "-z", *_ENTRY, input=_lines(ids)) as output:
            words = iter(output.read().decode("utf-8", "surrogateescape").split("\0"))
    except Stop as stopped:
        _unless_missing(stopped)
        return {}
    listed: dict[str, list[_Row]] = {}
    rows = list[_Row]()
    for word in (token.removeprefix("\n") for token in words):
        if word.startswith(":"):
            rows.append((word, next(words)))
        elif word:
            commit, *parents = word.split()
            rows = []
            if len(parents) < 2:
                listed[commit] = rows
    return listed


def _whole(repository: Path, raw: Mapping[str, Sequence[_Row]]) -> list[str]:
    """Those commits of a partial clone whose blobs are all here; most often the contributor's own."""
    here = ("cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch-check=%(objectname)")
    present = set(git(repository, *here).decode("ascii").split())  # to ask for one blob would try to fetch it
    return [c for c, rows in raw.items() if present.issuperset(blob for what, _ in rows for blob in _blobs(what))]


def _blobs(what: str) -> Iterator[str]:
    """`:100644 100644 <id> <id> M` → the ids that name blobs (not: nothing there, a submodule's commit)."""
    words = what[1:].split()
    return (blob for mode, blob in zip(words[:2], words[2:4], strict=True) if mode not in {"000000", "160000"})


def _untold(rows: Sequence[_Row]) -> Change:
    """Of a commit whose blobs are not all here."""
    return Change(files=len(rows), added=None, deleted=None, paths=tuple(path for _, path in rows))


def _lines(ids: Sequence[str]) -> bytes:
    return "".join(f"{commit}\n" for commit in ids).encode()


def _unless_missing(stopped: Stop) -> None:
    if any(problem.rule != "missing-object" for problem in stopped.problems):
        raise stopped
