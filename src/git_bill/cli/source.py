"""`git bill source`: repositories and timers that work is read from."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import click

from git_bill.adapters.git.clone import clone_at, without_password
from git_bill.cli.options import common, group
from git_bill.cli.output import Report, bold, table
from git_bill.cli.session import Session
from git_bill.cli.source_key import command as key_command
from git_bill.cli.source_recorded import MATCH_HELP, added_recorded, clients_of
from git_bill.cli.values import checked, day
from git_bill.clone import Clone
from git_bill.flows.source import HERE, SourceWish, add_source, address, same_repository
from git_bill.problem import Exit, stop
from git_bill.worklog.assignment import SourceKind
from git_bill.workspace import Source

_URL = re.compile(r"\w[\w+.-]*://\S+|[\w.-]+@[\w.-]+:\S+")


@group("source", alone="list")
def command() -> None:
    """Add or list the repositories, timers and calendars that work is read from.

    A source is known by its address. Where its clone or file lies on this machine is git's configuration
    (`bill.source.NAME.path`), so the settings are the same for everyone who shares the books.
    """


command.add_command(key_command)


@command.command("list")
@common
def list_sources(session: Session) -> Report:
    """List the sources, with where each lies on this machine."""
    rows = [(source, _path(session, source)) for source in session.workspace.settings.sources]
    cells = [
        (
            s.name,
            s.url if s.is_repository else s.kind,
            s.client or clients_of(s),
            str(s.since or "the beginning"),
            str(path or "not on this machine"),
        )
        for s, path in rows
    ]
    text = table(cells, head=("source", "address", "client", "since", "here")) or ["No sources yet."]
    add = () if rows else (("git bill source add PATH --client ID", "add one"),)
    return Report(data={"sources": [_data(s, path) for s, path in rows]}, text=tuple(text), next=add)


@command.command("add")
@click.argument("where", metavar="[PATH|URL]", default=".")
@click.option("--client", metavar="ID", help="Whose work it is; may be left out while there is one client.")
@click.option("--project", metavar="NAME", help="Project that its work belongs to. [the repository's name]")
@click.option("--since", metavar="DATE", callback=checked(day), help="First day that is billed; older work is history.")
@click.option("--ticket-pattern", metavar="REGEX", help="What ticket ids look like, like '[A-Z]+-\\d+'.")
@click.option("--id", metavar="NAME", help="Name of its evidence folder. [the project]")
@click.option("--kind", type=click.Choice(get_args(SourceKind)), default="git", help="What it is. [git]")
@click.option("--contributor", metavar="ID", help="Whose recorded time it is; may be left out while there is one.")
@click.option("--match", "matches", multiple=True, metavar="WHAT=PATTERN", help=MATCH_HELP)
@common
def add(
    session: Session,
    /,
    *,
    where: str,
    kind: SourceKind,
    contributor: str | None,
    matches: tuple[str, ...],
    **given: Any,
) -> Report:
    """Add the repository in PATH (by default this one) or at URL as a source, or with --kind what a program recorded.

    In the clone, `git config bill.workspace` then names these books, so every command works from there. With a URL
    nothing is cloned; give the path of a clone of it later. The place of a timer's file and the address of a calendar
    stay on this machine, in git's configuration.

    \b
    git bill source add ~/.local/share/timewarrior/data --kind timewarrior --client acme --match tag=acme
    git bill source add https://cal.example.net/mira.ics --kind calendar --client acme --match text=acme
    git bill source add ~/Downloads/jira.csv --kind jira --client acme
    git bill -C ~/books source add ~/code/web-shop --client acme
    git bill source add https://git.example.com/acme/api.git --client acme --since 2026-10-01
    """
    if kind != "git":
        return added_recorded(session, where, matches, kind=kind, contributor=contributor, **given)
    if contributor or matches:
        raise click.UsageError("--contributor and --match are for recorded time: say --kind")
    return _added_repository(session, where, given)


def _added_repository(session: Session, where: str, given: Mapping[str, Any]) -> Report:
    url, clone = _located(session, where)
    wish = SourceWish(url=url, clone=clone, **{**given, "client": given["client"] or _only_client(session)})
    result = session.run(add_source(session.books, session.state, wish, session.today))
    source, path = result.source, result.path or _path(session, result.source)
    lies = f"in {path}" if path else "not on this machine yet: git bill source add PATH-OF-A-CLONE"
    return Report(
        data={"new": result.new, **_data(source, path)},
        text=(
            (bold(f"{source.name} {'is' if result.new else 'was already'} a source"), f" for {source.client}."),
            f"  address  {source.url}",
            f"  since    {source.since or 'the beginning'}; older work is history",
            f"  lies     {lies}",
        ),
        problems=result.kept,
        next=(("git bill collect", "read its commits into work entries"), *_hooks(path)),
    )


def _hooks(path: Path | None) -> tuple[tuple[str, str], ...]:
    if path is None:
        return ()
    return ((shlex.join(["git", "bill", "hooks", "install", str(path)]), "let its new commits name their ticket"),)


def _located(session: Session, where: str) -> tuple[str, Clone | None]:
    """Address and clone of what was named. Stops (exit 4) where it names neither a repository nor an address."""
    folder = (session.start / Path(where).expanduser()).resolve()
    if folder.is_dir():
        clone = clone_at(folder)
        if clone is None:
            raise stop(
                Exit.REPOSITORY,
                "not-a-repository",
                f"{where} is not in a git repository",
                "name a clone or an address, for example: git bill source add ~/code/web-shop --client acme",
            )
        return address(session.books, session.workspace.settings, clone), clone
    if not _URL.fullmatch(where):
        raise stop(
            Exit.REPOSITORY,
            "no-repository",
            f"{where} is neither a folder nor an address",
            "an address looks like https://git.example.com/acme/web-shop.git or git@git.example.com:acme/web-shop",
        )
    url = without_password(where)
    around = clone_at(session.start)
    here = around is not None and around.origin is not None and same_repository(around.origin, url)
    return url, around if here else None


def _only_client(session: Session) -> str:
    clients = list(session.workspace.engagements)
    if len(clients) != 1:
        names = f" of {', '.join(clients)}" if clients else ""
        raise click.UsageError(f"whose work is it? Say --client with one{names}")
    return clients[0]


def _path(session: Session, source: Source) -> Path | None:
    if source.url == HERE:
        return session.books.top
    configured = session.books.configured(f"bill.source.{source.name}.path")
    return Path(configured) if configured and "://" not in configured and Path(configured).exists() else None


def _data(source: Source, path: Path | None) -> dict[str, object]:
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "client": source.client,
        "project": source.project,
        "since": source.since,
        "path": path,
    }
