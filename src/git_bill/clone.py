"""A repository at hand, as setting up and `doctor` see it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """What setting up wants to know of a repository at hand.

    `origin`: its address without passwords, None where it has no remote `origin`. `people`: (name, e-mail) of the
    authors in the year before the newest commit, most commits first. `born`: day of the first commit, None without
    commits; `grown`: its history is longer than three months, and `born` is then only a day before them.
    """

    top: Path
    origin: str | None
    people: tuple[tuple[str, str], ...] = ()
    born: date | None = None
    grown: bool = False
    workspace: str | None = None  # its `git config bill.workspace`


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How much of its history a clone has and keeps."""

    path: Path
    shallow: bool
    partial: bool  # files of old commits are fetched when asked for
    reflog: bool
    graph: bool  # its history is short, or git keeps a commit-graph: without one each walk reads every commit
    reflog_days: int | None  # after how many it forgets commits that no ref reaches, None for git's own 30
