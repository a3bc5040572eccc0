"""What commits changed: line counts and patch ids, from `git diff-tree` children that share the machine's cores."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from git_bill.adapters.git.run import DIFF, git, stream
from git_bill.ports import Change
from git_bill.problem import Stop

_CHILDREN = 2
_SLICE = range(64, 4096)  # fewer commits don't pay for a second child, more would fill memory
_TREE = ("diff-tree", "--stdin", "-r", "--root", *DIFF)
# The commit's own line comes for empty commits too; its parents tell merges, whose difference is not shown.
_ENTRY = ("-z", "--always", "--no-abbrev", "--format=%H %P")
_PATCH = ("-p", "-U0")
_BINARY = "-\t-"

_Row = tuple[str, str]  # what (`added TAB deleted`, or the modes and ids after a colon), path
_Found = TypeVar("_Found")


def measure(repository: Path, ids: Sequence[str]) -> dict[str, Change]:
    """Changes of those commits that are no merges. In a partial clone lines are None, or nothing is known."""

    def part(some: Sequence[str]) -> dict[str, Change]:
        try:
            return _changes(_listed(repository, "--numstat", some))
        except Stop as stopped:
            _unless_missing(stopped)
        raw = _raw(repository, some)
        whole = _whole(repository, raw)
        return _changes(raw) | (_changes(_listed(repository, "--numstat", whole)) if whole else {})

    return _shared(part, ids)


def patch_ids(repository: Path, ids: Sequence[str]) -> dict[str, str]:
    """Stable patch ids without context lines; none for merges, empty commits, and where blobs are missing.

    Git shows a binary file by its name alone: commits that change the same one have equal ids. In place of an id
    may stand `<id> <id>`: what changed from the second commit to the first.
    """

    def part(some: Sequence[str]) -> dict[str, str]:
        try:
            return _patches(repository, some)
        except Stop as stopped:
            _unless_missing(stopped)
        whole = _whole(repository, _raw(repository, some))
        return _patches(repository, whole) if whole else {}

    return _shared(part, ids)


def range_patch_ids(repository: Path, ranges: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(base, tip) → patch id of all that changed between them; none where nothing did or blobs are missing."""
    bases: dict[str, list[str]] = {}
    for base, tip in dict.fromkeys(ranges):
        bases.setdefault(tip, []).append(base)
    found: dict[tuple[str, str], str] = {}
    while bases:  # the output names the tip alone, so each run takes one base of each
        asked = {tip: some.pop() for tip, some in bases.items()}
        patches = patch_ids(repository, [f"{tip} {base}" for tip, base in asked.items()])
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


def _patches(repository: Path, ids: Sequence[str]) -> dict[str, str]:
    return {commit: patch for patch, commit in _identified(repository, (*_TREE, *_PATCH), _lines(ids))}


def _identified(repository: Path, patch: tuple[str, ...], some: bytes) -> list[tuple[str, str]]:
    with (
        stream(repository, *patch, input=some) as patches,
        stream(repository, "patch-id", "--stable", input=patches) as lines,
    ):
        return [(line[0], line[1]) for line in map(str.split, lines.read().decode("ascii").splitlines())]


def _raw(repository: Path, ids: Sequence[str]) -> dict[str, list[_Row]]:
    try:
        return _listed(repository, "--raw", ids)
    except Stop as stopped:  # not even the trees are here
        _unless_missing(stopped)
        return {}


def _whole(repository: Path, raw: Mapping[str, Sequence[_Row]]) -> list[str]:
    """Those commits of a partial clone whose blobs are all here; most often the contributor's own."""
    here = ("cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch-check=%(objectname)")
    present = set(git(repository, *here).decode("ascii").split())  # to ask for one blob would try to fetch it
    return [c for c, rows in raw.items() if present.issuperset(blob for what, _ in rows for blob in _blobs(what))]


def _blobs(what: str) -> Iterator[str]:
    """`:100644 100644 <id> <id> M` → the ids that name blobs (not: nothing there, a submodule's commit)."""
    words = what[1:].split()
    return (blob for mode, blob in zip(words[:2], words[2:4], strict=True) if mode not in {"000000", "160000"})


def _listed(repository: Path, form: str, ids: Sequence[str]) -> dict[str, list[_Row]]:
    """Groups the NUL-separated words of `--numstat -z` or `--raw -z` by the commit line before them; no merges."""
    with stream(repository, *_TREE, form, *_ENTRY, input=_lines(ids)) as output:
        words = iter(output.read().decode("utf-8", "surrogateescape").split("\0"))
    listed: dict[str, list[_Row]] = {}
    rows = list[_Row]()
    for word in (token.removeprefix("\n") for token in words):
        if word.startswith(":"):
            rows.append((word, next(words)))
        elif "\t" in word:
            added, deleted, path = word.split("\t", 2)
            rows.append((f"{added}\t{deleted}", path))
        elif word:
            commit, *parents = word.split()
            rows = []
            if len(parents) < 2:
                listed[commit] = rows
    return listed


def _changes(listed: Mapping[str, Sequence[_Row]]) -> dict[str, Change]:
    return {commit: _change(rows) for commit, rows in listed.items()}


def _change(rows: Sequence[_Row]) -> Change:
    known = not any(what.startswith(":") for what, _ in rows)
    counts = [what.split("\t") for what, _ in rows if known and what != _BINARY]
    return Change(
        files=len(rows),
        added=sum(int(added) for added, _ in counts) if known else None,
        deleted=sum(int(deleted) for _, deleted in counts) if known else None,
        paths=tuple(path for _, path in rows),
        binary=any(what == _BINARY for what, _ in rows),
    )


def _lines(ids: Sequence[str]) -> bytes:
    return "".join(f"{commit}\n" for commit in ids).encode()


def _unless_missing(stopped: Stop) -> None:
    if any(problem.rule != "missing-object" for problem in stopped.problems):
        raise stopped
