"""The repositories in and below folders, each object store once, found by git's file layout without starting git."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from git_bill.problem import Exit, stop

# Folders full of other people's code; clones in there are caches.
_NOT_ENTERED = frozenset(
    {"node_modules", "site-packages", ".cache", ".cargo", ".rustup", ".npm", ".venv", "venv", ".tox", ".terraform"}
)


def repositories(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Tops of the repositories at or below the paths: plain, bare, nested, submodules, linked worktrees.

    A path that holds none stands for the repository it lies in. Worktrees that share one object store count once,
    as the first one found. Raises Stop (exit 4) for a path without any.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        top = path.expanduser().resolve()
        stores = [(store, each) for each in _below(top) if (store := _store(each))]
        if not stores and top.is_dir():
            stores = [(store, each) for each in top.parents if (store := _store(each))][:1]
        if not stores:
            raise stop(
                Exit.REPOSITORY,
                "not-a-repository",
                f"there is no git repository in {path}" if top.is_dir() else f"{path} is not a folder",
                "name a repository or a folder that holds some, for example: git bill estimate ~/code",
            )
        for store, each in stores:
            found.setdefault(store, each)
    return tuple(found.values())


def _below(top: Path) -> Iterator[Path]:
    """A main worktree comes before the linked ones, which are kept for the case that it lies elsewhere."""
    linked: list[Path] = []
    for folder, names, files in os.walk(top):
        here = Path(folder)
        if _is_git_directory(here):
            names.clear()
            yield here
            continue
        if ".git" in names:
            names.remove(".git")
            yield here
        elif ".git" in files:
            linked.append(here)
        names[:] = sorted(name for name in names if name not in _NOT_ENTERED)
    yield from linked


def _store(top: Path) -> Path | None:
    """The directory that holds a repository's objects and refs: that of the main worktree for a linked one."""
    git = top / ".git"
    if git.is_file():  # a submodule's or a linked worktree's
        kind, _, target = _line(git).partition(": ")
        git = (top / target).resolve() if kind == "gitdir" else top
    elif not git.is_dir():
        git = top
    shared = git / "commondir"
    store = (git / _line(shared)).resolve() if shared.is_file() else git.resolve()
    return store if _is_git_directory(store) else None


def _is_git_directory(folder: Path) -> bool:
    try:
        return (folder / "objects").is_dir() and (folder / "refs").is_dir() and (folder / "HEAD").is_file()
    except OSError:
        return False


def _line(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return os.fsdecode(content.readline(4096).rstrip(b"\r\n"))
    except OSError:
        return ""
