"""Where a clone keeps what all its worktrees share, and what lies there."""

import functools
from pathlib import Path

from git_bill.adapters.git.run import text


@functools.cache
def common(repository: Path) -> Path:
    """The folder with refs, reflogs and objects. Raises Stop (exit 4) where there is no readable repository."""
    return repository / text(repository, "rev-parse", "--git-common-dir")


def edge(repository: Path) -> frozenset[str]:
    """The commits whose parents a shallow clone lacks; none where history is whole."""
    try:
        return frozenset((common(repository) / "shallow").read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


def may_have_reflog(repository: Path, refs: str) -> bool:
    """Whether a ref, or one below it, may have a reflog; with git's tables for refs only git could tell."""
    return (common(repository) / "logs" / refs).exists() or (common(repository) / "reftable").exists()
