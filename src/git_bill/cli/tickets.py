"""What ticket ids look like in a clone: as the books that it belongs to say, else as they usually do."""

import os
from pathlib import Path

from git_bill.adapters.git.place import find_workspace, git_config
from git_bill.cli.session import Session
from git_bill.flows import load
from git_bill.flows.source import HERE, same_repository
from git_bill.ports import Books
from git_bill.workspace import Source

USUAL = Source(kind="git", url=HERE, client="").ticket_pattern


def ticket_pattern(session: Session, clone: Path) -> str:
    """The pattern of the source that the clone at a path is. Stops (exit 3) at settings that can't be read."""
    top = session.found or find_workspace(clone, named=False, environment=os.environ)
    if top is None:
        return USUAL
    books = session.books if top == session.found else session.open(top)
    sources = load.workspace(books.here()).settings.sources
    origin = git_config(clone, "remote.origin.url")
    return next((source.ticket_pattern for source in sources if _is_at(source, books, clone, origin)), USUAL)


def _is_at(source: Source, books: Books, clone: Path, origin: str | None) -> bool:
    if source.url == HERE:
        return books.top.resolve() == clone.resolve()
    here = books.configured(f"bill.source.{source.name}.path")
    lies = here is not None and (books.top / Path(here).expanduser()).resolve() == clone.resolve()
    return lies or (origin is not None and same_repository(origin, source.url))
