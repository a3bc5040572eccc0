"""A job's own clone of the books, as the checkout of a CI leaves it: made to look like a clone of a person's."""

from pathlib import Path

from git_bill.adapters.git.refs import HEADS, resolve
from git_bill.adapters.git.run import attempt, text


def name_default_branch(top: Path, branch: str, remote: str = "origin") -> None:
    """Say which branch of the remote is its default one, as `git clone` does; nothing where it was not fetched."""
    there = f"refs/remotes/{remote}/{branch}"
    if resolve(top, there) is not None:
        attempt(top, "symbolic-ref", f"refs/remotes/{remote}/HEAD", there)


def is_shallow(top: Path) -> bool:
    """Whether older history is cut off."""
    return text(top, "rev-parse", "--is-shallow-repository") == "true"


def hold(top: Path, branch: str, commit: str) -> bool:
    """Let a branch be at the commit under review, a fork's too; False where that is not here."""
    if attempt(top, "cat-file", "-e", f"{commit}^{{commit}}").code:
        return False
    return attempt(top, "update-ref", f"{HEADS}{branch}", commit).code == 0
