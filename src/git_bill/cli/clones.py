"""The clones of the workspace's sources on this machine."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from git_bill.adapters.git.history import GitHistory
from git_bill.ports import Books, History, RawCommit
from git_bill.problem import Problem
from git_bill.workspace import Source

HERE = "."


class _Counted(GitHistory):
    """A history that tells how many commits were read."""

    def __init__(self, path: Path, advance: Callable[[int], None]) -> None:
        super().__init__(path)
        self._advance = advance

    def commits(self, *, since: datetime | None = None, known: frozenset[str] = frozenset()) -> Iterator[RawCommit]:
        """As read, each one counted."""
        for commit in super().commits(since=since, known=known):
            self._advance(1)
            yield commit


def clones(
    books: Books, sources: tuple[Source, ...], advance: Callable[[int], None] = lambda n: None
) -> dict[str, History | Problem]:
    """Source → its history here, or a warning that says why it is out of reach; its entries are kept all the same."""
    found: dict[str, History | Problem] = {}
    for source in sources:
        if not source.is_repository:
            continue
        path = books.top if source.url == HERE else clone_of(books, source)
        found[source.name] = (
            _Counted(path, advance) if path is not None and path.is_dir() else _out_of_reach(source, path)
        )
    return found


def clone_of(books: Books, source: Source) -> Path | None:
    """Where a source's clone lies on this machine, as git's configuration says."""
    configured = books.configured(f"bill.source.{source.name}.path")
    return books.top / Path(configured).expanduser() if configured else None


def _out_of_reach(source: Source, path: Path | None) -> Problem:
    lies = f"its clone is not at {path}" if path else "no clone of it is known on this machine"
    return Problem(
        rule="source-out-of-reach",
        severity="warning",
        message=f"source {source.name} was not read: {lies}; what was seen of it before stays",
        hint=f"say where it is: git bill source add PATH-OF-THE-CLONE --client {source.client}",
        file="billing/billing.toml",
    )
