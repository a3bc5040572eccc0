"""What a walk through a repository starts from, as one digest: read from files, for git would need a walk to tell."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from git_bill.adapters.git import folders

# Refs and reflogs in both of git's formats, and where history is cut off. Linked worktrees have their own below.
_FILES = ("HEAD", "packed-refs", "shallow", "reftable/tables.list")
_FOLDERS = ("refs", "logs", "worktrees")
_OF_A_WORKTREE = ("HEAD", "tables.list")


def digest(repository: Path) -> str:
    """Hexadecimal; equal while no ref, HEAD or reflog of any worktree has changed."""
    found = hashlib.sha256()
    for file in _files(folders.common(repository)):
        try:
            content = file.read_bytes()
        except OSError:  # not there, or gone since
            continue
        found.update(os.fsencode(file) + b"\0%d\0" % len(content) + content)
    return found.hexdigest()


def _files(common: Path) -> Iterator[Path]:
    yield from (common / name for name in _FILES)
    for folder in _FOLDERS:
        for parent, below, names in os.walk(common / folder):
            below.sort()
            inside = Path(parent)
            kept = folder != "worktrees" or {"refs", "logs"} & set(inside.relative_to(common).parts)
            yield from (inside / name for name in sorted(names) if kept or name in _OF_A_WORKTREE)
