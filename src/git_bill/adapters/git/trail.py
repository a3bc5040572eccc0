"""What the first-parent history of the books branch tells about single files."""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

from git_bill.adapters.git.run import DIFF, git, stream
from git_bill.adapters.git.snapshot import Objects
from git_bill.ports import Arrival

# A merge counts as the one change that it brought to the branch, whatever the configuration says about logs.
_FIRST_PARENT = ("log", "--first-parent", "--diff-merges=first-parent", "--no-follow", "-z", *DIFF)
_ADDED = ("--name-only", "--diff-filter=A", "--format=%H%n%an%n%ae%n%cI%n%P")
_LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}


def contents(objects: Objects, tip: str, path: str) -> Iterator[tuple[str, bytes]]:
    """(commit, content) of a file where the first-parent history of `tip` changed it, oldest first."""
    commits = git(objects.repository, "rev-list", "--first-parent", "--reverse", tip, "--", path, env=_LITERAL)
    for commit in commits.decode("ascii").split():
        content = objects.read(f"{commit}:{path}")
        if content is not None:
            yield commit, content


def versions(objects: Objects, commit: str, path: str) -> Iterator[tuple[str, bytes | None]]:
    """(message, content) of the commits along the first parents that changed a file, newest first."""
    form = ("--encoding=UTF-8", "--format=%H%n%B")
    out = git(objects.repository, *_FIRST_PARENT, *form, "--no-patch", commit, "--", path, env=_LITERAL)
    for record in out.decode("utf-8", "replace").split("\0"):
        changing, _, message = record.partition("\n")
        if changing:
            yield message, objects.read(f"{changing}:{path}")


def arrivals(repository: Path, tip: str, paths: tuple[str, ...], folder: str) -> Mapping[str, Arrival]:
    """For each of the paths below a folder: the first-parent commit that added it last, its author and date."""
    missing, found = set(paths), dict[str, tuple[int, list[str]]]()
    with stream(repository, *_FIRST_PARENT, *_ADDED, tip, "--", folder, env=_LITERAL) as output:
        for age, (facts, added) in enumerate(_commits(output, folder)):
            for path in missing.intersection(added):
                found[path] = age, facts
            missing.difference_update(added)
            if not missing:
                break
    rank = {age: number for number, age in enumerate(sorted({age for age, _ in found.values()}, reverse=True))}
    return {
        path: Arrival(
            rank=rank[age],
            commit=commit,
            parent=next(iter(parents.split()), None),
            name=name,
            email=email,
            at=datetime.fromisoformat(at),
        )
        for path, (age, (commit, name, email, at, parents)) in sorted(found.items())
    }


def landed(repository: Path, paths: Sequence[str], since: str | None, tip: str) -> tuple[Arrival, ...]:
    """The first-parent commits after `since` that changed one of the paths, oldest first, with messages."""
    form = ("--encoding=UTF-8", "--reverse", "--no-patch", "--format=%H%n%an%n%ae%n%cI%n%P%n%B")
    reach = tip if since is None else f"{since}..{tip}"
    out = git(repository, *_FIRST_PARENT, *form, reach, "--", *paths, env=_LITERAL)
    records = [record.split("\n", 5) for record in out.decode("utf-8", "replace").split("\0") if record]
    return tuple(
        Arrival(
            rank=rank,
            commit=commit,
            parent=next(iter(parents.split()), None),
            name=name,
            email=email,
            at=datetime.fromisoformat(at),
            message=message.rstrip("\n"),
        )
        for rank, (commit, name, email, at, parents, message) in enumerate(records)
    )


def _commits(output: IO[bytes], folder: str) -> Iterator[tuple[list[str], list[str]]]:
    """(id, author, e-mail, committer's date, parents) and added paths of each commit, newest first."""
    facts: list[str] = []
    added: list[str] = []
    for field in _fields(output):
        path = os.fsdecode(field).removeprefix("\n")
        if path.startswith(f"{folder}/"):
            added.append(path)
            continue
        if facts:
            yield facts, added
        facts, added = field.decode("utf-8", "replace").split("\n"), []
    if facts:
        yield facts, added


def _fields(output: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := output.read(1 << 16):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest
