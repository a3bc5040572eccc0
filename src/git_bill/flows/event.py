"""An event as GitHub tells it. Nothing in it is trusted to be there or to be of its kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from git_bill.layout import draft_branch, proposal_branch
from git_bill.problem import Exit, Stop, stop

_REVIEWED = re.compile(r"(bill|pay)/([A-Za-z0-9][A-Za-z0-9_.-]{0,99})")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened. `payload`: its JSON. Reading what must be there stops (exit 2) where it is not."""

    name: str
    payload: Mapping[str, object]

    def look(self, *path: str) -> object:
        """What lies at a path of keys, None where nothing does."""
        return _look(self.payload, *path)

    def text(self, *path: str, default: str | None = None) -> str:
        """A text that must be there, unless there is a default."""
        found = self.look(*path)
        if found is None and default is not None:
            return default
        if not isinstance(found, str):
            raise self._lacks(path, "text")
        return found

    def number(self, *path: str) -> int:
        """A positive whole number that must be there."""
        found = self.look(*path)
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            raise self._lacks(path, "a positive number")
        return found

    def flag(self, *path: str) -> bool:
        """Whether something is true; what is missing is not."""
        found = self.look(*path)
        if found is not None and not isinstance(found, bool):
            raise self._lacks(path, "true or false")
        return found is True

    def committers(self) -> tuple[object, ...]:
        """Addresses of those who committed what was pushed; empty where the event does not list it."""
        commits = self.look("commits")
        return tuple(_look(commit, "committer", "email") for commit in commits) if isinstance(commits, list) else ()

    def review(self) -> "Review":
        """The pull request that the event is about."""
        named = _REVIEWED.fullmatch(self.text("pull_request", "head", "ref"))
        commit = self.text("pull_request", "head", "sha")
        if not _COMMIT.fullmatch(commit):
            raise self._lacks(("pull_request", "head", "sha"), "a commit id")
        ours = self.text("pull_request", "base", "repo", "full_name")
        return Review(
            number=self.number("pull_request", "number"),
            draft=named[2] if named and named[1] == "bill" else None,
            proposal=named[2] if named and named[1] == "pay" else None,
            commit=commit,
            fork=self.look("pull_request", "head", "repo", "full_name") != ours,  # a deleted fork is null
        )

    def _lacks(self, path: tuple[str, ...], wanted: str) -> Stop:
        return stop(
            Exit.USAGE,
            "event-malformed",
            f"the event {self.name[:60]!r} has no {'.'.join(path)} that is {wanted}",
            "GitHub writes it to the file GITHUB_EVENT_PATH; one made by hand needs the same keys",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A pull request. `draft`, `proposal`: the name that its branch says, where it is such a one's; `commit`: its head.

    `fork`: the branch lies in somebody else's repository.
    """

    number: int
    draft: str | None
    commit: str
    fork: bool
    proposal: str | None = None

    @property
    def branch(self) -> str | None:
        """The branch of the draft or of the payments to confirm; None where it is neither's."""
        if self.draft is not None:
            return draft_branch(self.draft)
        return proposal_branch(self.proposal) if self.proposal is not None else None


def _look(value: object, *path: str) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
