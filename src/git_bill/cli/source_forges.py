"""The forges that the sources' repositories lie on, as far as there is a token for them."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from sys import stderr

from git_bill.adapters.git.address import address_of
from git_bill.cli.clones import HERE, clone_of
from git_bill.cli.session import Session
from git_bill.forge import Forge
from git_bill.problem import Problem, Stop
from git_bill.workspace import ForgeSettings, Source


def source_forges(session: Session, sources: tuple[Source, ...]) -> dict[str, Forge]:
    """Source → the forge that its clone was fetched from. None without a token: collecting needs no network."""
    from git_bill.cli.forges import open_forge

    found: dict[str, Forge] = {}
    for source in (each for each in sources if each.is_repository):
        top, remote = _place(session, source)
        if top is None or remote is None:
            continue
        try:
            there = open_forge(
                top,
                remote,
                _settings(session, source),
                _environment(session, source, top, remote),
                say=partial(print, file=stderr),
                learned=session.secrets.learn,
            )
        except Stop as wrong:
            for problem in wrong.problems:
                session.warn(problem)
            continue
        if not isinstance(there, Problem):
            found[source.name] = there
    return found


def _place(session: Session, source: Source) -> tuple[Path | None, str | None]:
    if source.url == HERE:
        return session.books.top, session.books.remote
    path = clone_of(session.books, source)
    return (path, "origin") if path is not None and path.is_dir() else (None, None)


def _environment(session: Session, source: Source, top: Path, remote: str) -> Mapping[str, str]:
    """Tokens that are meant for the books' server are sent to no other one, whatever a source's address says.

    Sources there are read with the token that is meant for them; a job's own is for the books' repository alone.
    """
    books, there = session.books, address_of(top, remote)
    ours = address_of(books.top, books.remote) if books.remote is not None else None
    if ours is not None and there is not None and ours.name == there.name:
        if source.url == HERE or ours.path == there.path:
            return os.environ
        if reading := os.environ.get("GIT_BILL_SOURCES_TOKEN"):
            return {**os.environ, "GIT_BILL_TOKEN": reading}
        return {name: value for name, value in os.environ.items() if not value.startswith("ghs_")}
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_BILL_")}


def _settings(session: Session, source: Source) -> ForgeSettings:
    """What `[forge]` says holds for the books' own repository; another one is known by its host."""
    return session.workspace.settings.forge if source.url == HERE else ForgeSettings()
