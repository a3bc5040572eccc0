"""Where a repository's books are, as far as no setting says it: branch, remote, and who writes."""

from collections.abc import Sequence
from pathlib import Path

from git_bill.adapters.git.make import NOBODY, Identity
from git_bill.adapters.git.place import git_config
from git_bill.adapters.git.refs import DRAFTS, HEADS, resolve
from git_bill.adapters.git.run import attempt
from git_bill.problem import Exit, stop
from git_bill.workspace import SETTINGS


def books_branch(top: Path, remotes: Sequence[str]) -> str:
    """The repository's default branch: as a remote names it, else the one that holds books, else the current one."""
    for remote in sorted(remotes, key=lambda name: name != "origin"):
        head = _symbolic(top, f"refs/remotes/{remote}/HEAD") if remote else None
        if head is not None:
            return head.removeprefix(f"refs/remotes/{remote}/")
    current = (_symbolic(top, "HEAD") or "").removeprefix(HEADS)
    usual = git_config(top, "init.defaultBranch") or "main"
    # Somebody who looks at a draft, or works on a feature, has not moved the books there.
    for name in (usual, "main", "master", current):
        if name and resolve(top, f"{HEADS}{name}:{SETTINGS}") is not None:
            return name
    return usual if not current or current.startswith(DRAFTS) else current


def upstream(top: Path, branch: str, remotes: Sequence[str]) -> str | None:
    """The branch's upstream remote; without one the only remote that has such a branch, as far as it was fetched."""
    upstream = git_config(top, f"branch.{branch}.remote")
    if upstream is not None:
        return upstream if upstream in remotes else None
    having = [name for name in remotes if resolve(top, f"refs/remotes/{name}/{branch}") is not None]
    return having[0] if len(having) == 1 else None


def known_remote(remote: str, remotes: Sequence[str]) -> str | None:
    """The remote that a setting names, None for "". Raises Stop (exit 3) where the clone lacks it."""
    if remote and remote not in remotes:
        raise stop(
            Exit.SETTINGS,
            "unknown-remote",
            f"[books] remote is {remote!r}, but this clone has {' and '.join(remotes) or 'no remote'}",
            f'git remote add {remote} URL, or in billing/billing.toml: remote = "{remotes[0] if remotes else ""}"',
        )
    return remote or None


def caller(top: Path) -> Identity:
    """Git's own `user.name` and `user.email`, if both are set."""
    name, email = git_config(top, "user.name"), git_config(top, "user.email")
    return (name, email) if name and email else NOBODY


def _symbolic(top: Path, ref: str) -> str | None:
    return attempt(top, "symbolic-ref", "--quiet", ref).out.decode("utf-8", "surrogateescape").strip() or None
