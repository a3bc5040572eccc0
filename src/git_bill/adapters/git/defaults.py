"""Where a repository's books are, as far as no setting says it: branch, remote, and who writes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from git_bill.adapters.git.make import NOBODY, Identity
from git_bill.adapters.git.refs import HEADS, REVIEWED, resolve
from git_bill.adapters.git.run import attempt, git
from git_bill.layout import SETTINGS
from git_bill.problem import Exit, stop

Configuration = Mapping[str, str]
"""Git's configuration as it counts in a clone: full names, section and key in lower case."""


def configuration(top: Path) -> Configuration:
    """All of it, read at once."""
    listed = git(top, "config", "--list", "--null").decode("utf-8", "surrogateescape").split("\0")
    return {name: value for name, _, value in (setting.partition("\n") for setting in listed[:-1])}


def value_of(found: Configuration, name: str) -> str | None:
    """The value of a name in any case, None where it is not set or empty."""
    section, *rest = name.split(".")
    *middle, key = rest
    return found.get(".".join((section.lower(), *middle, key.lower())), "").strip() or None


def remotes_of(found: Configuration) -> tuple[str, ...]:
    """Names of the remotes, `origin` first."""
    names = (name[7:-4] for name in found if name.startswith("remote.") and name.endswith(".url"))
    return tuple(sorted(names, key=lambda name: (name != "origin", name)))


def books_branch(top: Path, found: Configuration, remotes: Sequence[str]) -> str:
    """The repository's default branch: as a remote names it, else the one that holds books, else the current one."""
    for remote in remotes:
        head = _symbolic(top, f"refs/remotes/{remote}/HEAD")
        if head is not None:
            return head.removeprefix(f"refs/remotes/{remote}/")
    current = (_symbolic(top, "HEAD") or "").removeprefix(HEADS)
    usual = found.get("init.defaultbranch") or "main"
    # Somebody who looks at a draft, or works on a feature, has not moved the books there.
    for name in dict.fromkeys((usual, "main", "master", current)):
        if name and resolve(top, f"{HEADS}{name}:{SETTINGS}") is not None:
            return name
    return usual if not current or current.startswith(REVIEWED) else current


def upstream(top: Path, branch: str, found: Configuration) -> str | None:
    """The branch's upstream remote; without one the only remote that has such a branch, as far as it was fetched."""
    remotes, name = remotes_of(found), found.get(f"branch.{branch}.remote")
    if name is not None:
        return name if name in remotes else None
    having = [name for name in remotes if resolve(top, f"refs/remotes/{name}/{branch}") is not None]
    return having[0] if len(having) == 1 else None


def known_remote(remote: str, found: Configuration) -> str | None:
    """The remote that a setting names, None for "". Raises Stop (exit 3) where the clone lacks it."""
    remotes = remotes_of(found)
    if remote and remote not in remotes:
        raise stop(
            Exit.SETTINGS,
            "unknown-remote",
            f"[books] remote is {remote!r}, but this clone has {' and '.join(remotes) or 'no remote'}",
            f'git remote add {remote} URL, or in billing/billing.toml: remote = "{remotes[0] if remotes else ""}"',
        )
    return remote or None


def caller(found: Configuration) -> Identity:
    """Git's own `user.name` and `user.email`, if both are set."""
    name, email = found.get("user.name"), found.get("user.email")
    return (name, email) if name and email else NOBODY


def _symbolic(top: Path, ref: str) -> str | None:
    return attempt(top, "symbolic-ref", "--quiet", ref).out.decode("utf-8", "surrogateescape").strip() or None
