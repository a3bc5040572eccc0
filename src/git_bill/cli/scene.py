"""What `init` finds out before it asks: the repository, the person, the machine, and where books would lie."""

import os
from datetime import date
from functools import cached_property
from pathlib import Path

from git_bill.adapters import system
from git_bill.adapters.git.clone import clone_at, repository_top
from git_bill.adapters.git.place import git_config
from git_bill.cli.session import Session
from git_bill.clone import Clone
from git_bill.contract import country as countries
from git_bill.flows.init import shared_with
from git_bill.flows.naming import slug
from git_bill.flows.source import owner_of
from git_bill.problem import Exit, stop


class Scene:
    """The repository, the person and the machine, as found."""

    def __init__(self, session: Session) -> None:
        self.start = session.start
        self.found = session.found
        self._email = session.email
        self._clock = session.clock

    @cached_property
    def clone(self) -> Clone | None:
        """The repository that the command was started in."""
        return clone_at(self.start)

    @cached_property
    def name(self) -> str | None:
        """The caller's name: git's, else the only author's of this history."""
        only = {name for name, _ in self.clone.people} if self.clone else set()
        told = os.environ.get("GIT_AUTHOR_NAME") or git_config(self.start, "user.name")
        return told or (only.pop() if len(only) == 1 else None)

    @cached_property
    def email(self) -> str | None:
        """The caller's address: git's, else the newest of that name."""
        return self._email or next(iter(self.same_name), None)

    @cached_property
    def same_name(self) -> tuple[str, ...]:
        """All addresses that this history has under the caller's name."""
        people = self.clone.people if self.clone else ()
        return tuple(dict.fromkeys(email for name, email in people if name == self.name))

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Who else commits to this repository."""
        own = {*self.same_name, *([self._email] if self._email else [])}
        return shared_with(self.clone, self.name or "", own) if self.clone else ()

    @cached_property
    def owner(self) -> str | None:
        """Whose the remote is by its address, where that is not the caller."""
        owner = owner_of(self.clone.origin) if self.clone and self.clone.origin else None
        names = (git_config(self.start, "github.user"), self.name, (self._email or "").partition("@")[0])
        own = {slug(name or "").replace("-", "") for name in names}
        return None if owner is None or slug(owner).replace("-", "") in own else owner

    @property
    def shared(self) -> bool:
        """Whether others can read this repository, as far as its history and address tell."""
        return bool(self.others) or self.owner is not None

    @cached_property
    def timezone(self) -> str:
        """The machine's zone."""
        return system.time_zone(os.environ)

    def today(self, timezone: str | None = None) -> date:
        """Today in a zone, the machine's unless another is given."""
        return self._clock.today(timezone or self.timezone)

    def country(self, *told: str | None) -> str:
        """The caller's country: as one of the ids tells that begin with it, else as the machine does, else unknown."""
        for text in told:
            if text and text[:2].isalpha():
                return "GR" if text[:2] == "EL" else text[:2]
        return system.country(self.timezone, os.environ) or countries.UNKNOWN


def place(scene: Scene, *, here: bool, books: Path | None) -> Path:
    """Where the books are to be: here, where it is said, where they are, or in `../books` where others read this."""
    top = scene.clone.top if scene.clone else scene.start
    if here:
        return top
    if books is not None:
        return (scene.start / books.expanduser()).resolve()
    if scene.found is not None:
        return scene.found
    if not scene.shared:
        return top
    beside = top.parent / "books"
    if beside.is_dir() and any(beside.iterdir()) and repository_top(beside) != beside:
        raise stop(
            Exit.USAGE,
            "no-place",
            f"others read {top}, and {beside} is a folder with something else in it",
            "say where the books are to be: git bill init --books ~/books, or --here",
        )
    return beside


def is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a repository, bare or not."""
    return folder.is_dir() and repository_top(folder) == folder.resolve()
