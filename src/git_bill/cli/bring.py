"""Clones of sources that this machine has none of: made by `collect --clone`, and by a job, in a folder of ours."""

import os
from collections.abc import Mapping
from pathlib import Path

from git_bill.adapters.credentials import secret_of
from git_bill.cli.session import Session
from git_bill.flows.source import HERE, same_repository, settle
from git_bill.workspace import Source


def bring_sources(session: Session) -> None:
    """Clone what has no clone here and bring ours up to date; what can't be brought becomes a warning."""
    folder = _folder(os.environ)
    for source in session.workspace.settings.sources:
        if source.url == HERE or not source.is_repository:
            continue
        books, place = session.books, folder / source.name
        known = books.configured(f"bill.source.{source.name}.path")
        if known is not None and Path(known) != place:
            continue  # a person's own clone: it is fetched by its person
        if same_repository(source.url, books.configured(f"remote.{books.remote}.url") or ""):
            session.run(settle(books, source, books.top))
        elif _brought(session, source, place):
            session.run(settle(books, source, place))


def _brought(session: Session, source: Source, place: Path) -> bool:
    from git_bill.adapters.git.bring import Server, bring

    problem = bring(source.name, source.url, place, Server(**_server(os.environ)))
    if problem is not None:
        session.warn(problem)
    return problem is None


def _server(environment: Mapping[str, str]) -> dict[str, str]:
    """The CI's own server and the token for sources on it; nowhere else is the token sent."""
    url = environment.get("GITHUB_SERVER_URL") or environment.get("CI_SERVER_URL") or ""
    return {"url": url, "token": secret_of(environment, "GIT_BILL_SOURCES_TOKEN") or ""}


def _folder(environment: Mapping[str, str]) -> Path:
    if temporary := environment.get("RUNNER_TEMP"):
        return Path(temporary) / "git-bill-sources"
    cache = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "git-bill" / "sources"
