"""Git notes of a clone: what a program wrote beside commits."""

from collections.abc import Iterator
from pathlib import Path

from git_bill.adapters.git.run import attempt
from git_bill.adapters.git.snapshot import Objects

_LONGEST = 1_000_000  # bytes of a note; nothing that tells of one commit is longer


def notes(repository: Path, ref: str) -> Iterator[tuple[str, str]]:
    """(commit, text) of each note below `refs/notes/`, by commit; none where there is no such ref.

    Text is decoded, bad bytes replaced. What is longer than a megabyte is left out and never held in memory.
    """
    ran = attempt(repository, "notes", f"--ref={ref}", "list")
    pairs = [line.split() for line in ran.out.decode("ascii", "replace").splitlines()] if ran.code == 0 else []
    named = sorted((commit, note) for note, commit in (pair for pair in pairs if len(pair) == 2))
    short = _short(repository, {note for _, note in named})
    objects = Objects(repository)
    for commit, note in named:
        content = objects.read(note) if note in short else None
        if content is not None:
            yield commit, content.decode("utf-8", "replace")


def _short(repository: Path, ids: set[str]) -> frozenset[str]:
    """The objects that are not too long."""
    if not ids:
        return frozenset()
    given = "".join(f"{each}\n" for each in sorted(ids)).encode("ascii")
    ran = attempt(repository, "cat-file", "--batch-check=%(objectname) %(objectsize)", input=given)
    found = (line.split() for line in ran.out.decode("ascii", "replace").splitlines())
    return frozenset(name for name, size in (pair for pair in found if len(pair) == 2) if _within(size))


def _within(size: str) -> bool:
    return size.isdecimal() and int(size) <= _LONGEST
