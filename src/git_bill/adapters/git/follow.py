"""One git-bill at a time in a repository, and checked-out work trees that follow even where a kill came between.

Before a ref moves, `git-bill/pending` in the git directory says from where to where. Whoever comes next finds it
and brings the work trees to the state that was published.
"""

import fcntl
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from git_bill.adapters.git.checkout import checkouts, shifts
from git_bill.adapters.git.refs import REVIEWED, Advance, is_ancestor, move, resolve
from git_bill.adapters.git.snapshot import Objects
from git_bill.adapters.git.worktree import tops
from git_bill.problem import Exit, stop

_PATIENCE = 120.0  # seconds; a push over a slow line is the longest that anybody holds the lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Whether a local branch can make a step, and the checked-out paths that are in its way."""

    possible: bool
    obstacles: tuple[str, ...] = ()


class Follower:
    """Lets local branches, and the work trees that have them checked out, follow what is published.

    `own`: git-bill's folder in the git directory that all work trees share.
    """

    def __init__(self, objects: Objects, own: Path, remote: str | None, between: Callable[[str], None]) -> None:
        self._objects = objects
        self._repository = objects.repository
        self._remote = remote
        self._between = between
        self._own = own
        self._pending = self._own / "pending"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other git-bill processes out of this repository. The kernel frees the lock of a killed one."""
        until = time.monotonic() + _PATIENCE
        with self._lock() as file:
            while not _locked(file.fileno()):
                if time.monotonic() > until:
                    raise stop(
                        Exit.REPOSITORY,
                        "books-busy",
                        f"another git-bill has been at work in this repository for {_PATIENCE:.0f} s",
                        f"wait for it to end, or see who holds {self._own / 'lock'}: fuser {self._own / 'lock'}",
                    )
                time.sleep(secrets.SystemRandom().uniform(0.005, 0.03))
            yield

    def _lock(self) -> IO[bytes]:
        try:
            self._own.mkdir(exist_ok=True)
            return (self._own / "lock").open("ab")
        except OSError as error:
            raise stop(
                Exit.REPOSITORY,
                "read-only-repository",
                f"nothing can be written into {self._own}: {error.strerror}",
                f"give this user the right to write there, for example: chown -R $(whoami) {self._own.parent}",
            ) from None

    def consider(self, step: Advance, files: Iterable[str]) -> Following:
        """Whether a local branch can make a step that was published for the sake of these files.

        Not if it has commits of its own, nor where nothing has it. Where it is checked out, only within the
        top-level folders of those files: git-bill does not pull code into a work tree.
        """
        if step.old is not None and not is_ancestor(self._repository, step.old, step.new):
            return Following(possible=False)
        trees = checkouts(self._objects, step.branch)
        if not trees:  # a new draft is here too, for `git merge`; a clone without the books branch stays without
            return Following(possible=step.old is not None or step.branch.startswith(REVIEWED))
        changes = shifts(self._repository, step.old, step.new)
        obstacles = tuple(sorted({path for tree in trees for path in tree.obstacles(changes)}))
        near = tops(shift.path for shift in changes) <= tops(files)
        return Following(possible=near and not obstacles, obstacles=obstacles)

    def begin(self, step: Advance) -> None:
        """Take note of a step before anything moves."""
        temporary = self._own / f"pending.{secrets.token_hex(6)}"
        temporary.write_text(f"{step.branch} {step.old or '-'} {step.new}\n", encoding="utf-8")
        temporary.replace(self._pending)
        self._between("noted")

    def finish(self, step: Advance) -> None:
        """The branch has moved: let the work trees follow, and forget the step once they have."""
        tip = resolve(self._repository, step.ref) or step.new
        paths = {shift.path for shift in shifts(self._repository, step.old, step.new)}
        changes = [shift for shift in shifts(self._repository, step.old, tip) if shift.path in paths]
        # A list, so that each tree is tried, whatever became of another one.
        carried = [tree.carry(changes) for tree in checkouts(self._objects, step.branch)]
        self._between("followed")
        if all(carried):
            self.forget()

    def forget(self) -> None:
        """The step did not take place, or is complete."""
        self._pending.unlink(missing_ok=True)

    @property
    def unsettled(self) -> bool:
        """Whether a killed command may have left something half done."""
        return self._pending.exists()

    def settle(self, *, fetched: bool = False) -> None:
        """Complete the step that is noted, if it took place. `fetched`: the remote's branches are known anew."""
        step = self._noted()
        if step is None:
            return
        tip = resolve(self._repository, step.ref)
        if tip == step.old and self._published(step):
            move(self._repository, step, "git-bill: follow what was published")
            tip = resolve(self._repository, step.ref)
        if tip is not None and is_ancestor(self._repository, step.new, tip):
            self.finish(step)
        elif tip != step.old or self._remote is None or fetched:
            self.forget()
        # Else the push may have gone through without our knowing: the next fetch tells.

    def _published(self, step: Advance) -> bool:
        there = resolve(self._repository, f"refs/remotes/{self._remote}/{step.branch}") if self._remote else None
        return there is not None and is_ancestor(self._repository, step.new, there)

    def _noted(self) -> Advance | None:
        if not self.unsettled:
            return None
        branch, old, new = self._pending.read_text(encoding="utf-8").split()
        return Advance(branch=branch, old=None if old == "-" else old, new=new)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
