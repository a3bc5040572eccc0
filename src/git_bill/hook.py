"""The hooks of a clone: which ones there are to install, and what was found in their places."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

HookName = Literal["prepare-commit-msg", "commit-msg", "post-rewrite"]
NAMES: tuple[HookName, ...] = ("prepare-commit-msg", "commit-msg", "post-rewrite")
KEPT = ".before-git-bill"  # ends the name of a hook that was there first
JOURNAL = "git-bill/rewrites"  # in the common git directory: what was made of what, by the post-rewrite hook
_MARK = "# A hook of git-bill:"


def is_ours(text: str) -> bool:
    """Whether a hook is one of git-bill's, of any version."""
    return _MARK in text[:200]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one hook goes. `text`: what lies there now, None for nothing; `runs`: it is executable.

    `kept`: another's hook lies beside it; `kept_runs`: git would run that one. `caller`: the file that could call it
    where `core.hooksPath` names another folder, `callable`: there is such a file, `called`: it has a line that does.
    """

    path: PurePath
    text: str | None
    runs: bool
    kept: bool
    kept_runs: bool
    caller: PurePath | None
    callable: bool
    called: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """A clone's hooks. `elsewhere`: the folder of `core.hooksPath`, None where git looks in its own.

    `left`: hooks of ours, and those kept for them, from when that was otherwise.
    """

    clone: PurePath
    places: Mapping[HookName, Place]
    shipped: Mapping[HookName, str]
    elsewhere: PurePath | None
    left: tuple[PurePath, ...] = ()
