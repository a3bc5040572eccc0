"""The reflogs of HEAD in a clone's worktrees: what was done there, when, and by whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from git_bill.adapters.git import folders
from git_bill.adapters.git.run import attempt
from git_bill.ports import Visit

_AMEND = "commit (amend)"
_CHECKOUT = "checkout: moving from "
_FORM = ("--date=iso-strict", "--format=%H%x00%gd%x00%gn%x00%ge%x00%gs")


@dataclass(frozen=True, slots=True)
class Entry:
    """HEAD came to be at a commit by something that git did."""

    commit: str
    at: str
    name: str
    email: str
    what: str


Head = tuple[str, tuple[Entry, ...]]


def read(repository: Path) -> Iterator[Head]:
    """HEAD of each worktree (`main-worktree/HEAD`, `worktrees/hotfix/HEAD`) and its reflog, newest first."""
    linked = folders.common(repository) / "worktrees"
    worktrees = sorted(f"worktrees/{folder.name}" for folder in linked.iterdir()) if linked.is_dir() else []
    for worktree in (*worktrees, "main-worktree"):
        head = f"{worktree}/HEAD"
        ran = attempt(repository, "log", "-g", *_FORM, head, "--")
        if not ran.code:  # else it is unborn, or has no reflog
            lines = (line.split("\0") for line in ran.out.decode("utf-8", "replace").splitlines())
            yield head, tuple(Entry(*line) for line in lines if len(line) == 5)


def amends(heads: Iterable[Head]) -> str:
    """What was amended here, oldest first, in the form of the post-rewrite hook's journal."""
    return "".join(
        f"amend {before.commit} {after.commit}\n"
        for _, entries in heads
        for before, after in pairwise(reversed(entries))
        if after.what.startswith(_AMEND)
    )


def visits(heads: Iterable[Head]) -> Iterator[Visit]:
    """The branches that were checked out here, newest first in each worktree."""
    for head, entries in heads:
        for entry in entries:
            if entry.what.startswith(_CHECKOUT):
                _, _, branch = entry.what.removeprefix(_CHECKOUT).partition(" to ")
                at = entry.at.removeprefix(f"{head}@{{").removesuffix("}")
                yield Visit(branch=branch, at=datetime.fromisoformat(at), name=entry.name, email=entry.email)
