"""How a commit came onto the books branch: by which pull request, together with what, and by whose word."""

from dataclasses import dataclass

from git_bill.custody.signoff import GHOST, Merger
from git_bill.forge import Forge, PullRequest
from git_bill.ports import Arrival, Books


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """`pull`: the merged pull request, None for a push and where no forge tells. `start`, `end`: the books before and
    after all that came by it; a rebase lands commit by commit.
    """

    arrival: Arrival
    pull: PullRequest | None
    start: str | None
    end: str

    def paths(self, books: Books) -> tuple[str, ...]:
        """All that came along; nothing where the books began with it."""
        return books.changed(self.start, self.end) if self.start else ()

    def merger(self, *, listed: bool) -> Merger:
        """Whose word brought it: of who merged the pull request, else of the commit's author.

        `listed`: the settings say whose accounts are whose; else one may be anybody's, and the e-mail counts.
        """
        account = (self.pull.merged_by or GHOST) if self.pull is not None and listed else None
        return Merger(email=self.arrival.email, at=self.arrival.at, account=account)


def brought(books: Books, forge: Forge | None, arrival: Arrival) -> Brought:
    """Stops (exit 5) where the forge can't be asked."""
    pull = _pull(books, forge, arrival.commit)
    start, end = arrival.parent, arrival.commit
    if pull is not None:
        if pull.merged_as and books.fork_point(pull.merged_as) == pull.merged_as:
            end = pull.merged_as
        for earlier in reversed(books.landed(("billing",), None, arrival.commit)[:-1]):
            found = _pull(books, forge, earlier.commit)
            if found is None or found.number != pull.number:
                break
            start = earlier.parent
    return Brought(arrival=arrival, pull=pull, start=start, end=end)


def alone(books: Books, forge: Forge | None, arrival: Arrival, folders: tuple[str, ...]) -> bool:
    """Whether a commit was pushed and changed nothing but these folders, as this program's own commits do."""
    changed = books.changed(arrival.parent, arrival.commit) if arrival.parent else ()
    return all(path.startswith(folders) for path in changed) and _pull(books, forge, arrival.commit) is None


def _pull(books: Books, forge: Forge | None, commit: str) -> PullRequest | None:
    found = forge.brought(commit) if forge is not None else ()
    return next((pull for pull in found if pull.base == books.branch), None)
