"""Add a repository that work is read from: its address in the settings, its place in git's configuration here."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from git_bill.clone import Clone
from git_bill.effects import Configure, Flow, Plan
from git_bill.flows.naming import repository_name
from git_bill.flows.stated import Stated, must, stated
from git_bill.layout import SETTINGS
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.workspace import Settings, Source, unknown_client

HERE = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWish:
    """What was asked for; None is not asked. `clone`: where it lies on this machine, None where it does not."""

    url: str
    client: str
    clone: Clone | None = None
    id: str | None = None
    project: str | None = None
    since: date | None = None
    ticket_pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAdded:
    """`new`: it was not listed before. `path`: where its clone lies here."""

    source: Source
    new: bool
    path: Path | None
    kept: tuple[Problem, ...]


def add_source(books: Books, state: Snapshot, wish: SourceWish, today: date) -> Flow[SourceAdded]:
    """Write the settings, and git's configuration here and in the clone. Twice is once; what a person wrote stays."""
    file = stated(state, SETTINGS, Settings)
    if file.value is None:
        raise stop(Exit.SETTINGS, "no-workspace", f"there is no {SETTINGS} here", "make one with: git bill init")
    known_client(state, wish.client)
    settings = with_source(file, file.value, wish, today)
    effects = file.changed_to(settings)
    if effects:
        must((yield Plan(why=f"add the source {wish.url}", effects=effects, then=_then(wish))))
    source = next(s for s in settings.sources if same_repository(s.url, wish.url))
    settled = tuple(configuration(books, source, wish.clone))
    if settled:
        must((yield Plan(why=f"say where {source.name} lies on this machine", effects=settled)))
    return SourceAdded(
        source=source,
        new=not any(same_repository(s.url, wish.url) for s in file.value.sources),
        path=wish.clone.top if wish.clone else None,
        kept=tuple(file.kept),
    )


def with_source(file: Stated[Settings], settings: Settings, wish: SourceWish, today: date) -> Settings:
    """The settings with the source listed."""
    asked = {name: getattr(wish, name) for name in ("client", "id", "project", "since", "ticket_pattern")}
    for index, source in enumerate(settings.sources):
        if same_repository(source.url, wish.url):
            joined = file.joined(source, Source, ("sources", index), asked)
            sources = (*settings.sources[:index], joined, *settings.sources[index + 1 :])
            return dataclasses.replace(settings, sources=sources)
    name = repository_name(wish.url if wish.url != HERE or wish.clone is None else str(wish.clone.top))
    source = file.joined(
        None,
        Source,
        (),
        asked,
        kind="git",
        url=wish.url,
        project=name,
        since=first_day(wish.clone, today),
    )
    taken = {s.name for s in settings.sources}
    if source.name in taken and wish.id is None:
        number = next(n for n in range(2, len(taken) + 3) if f"{source.name}-{n}" not in taken)
        source = dataclasses.replace(source, id=f"{source.name}-{number}")
    return dataclasses.replace(settings, sources=(*settings.sources, source))


def address(books: Books, settings: Settings | None, clone: Clone) -> str:
    """How a clone is named in the settings: its origin, else its folder, with the parent's where that is taken."""
    if clone.top == books.top:
        return HERE
    if clone.origin is not None:
        return clone.origin
    name = clone.top.name
    taken = next((s for s in settings.sources if s.url == name), None) if settings else None
    elsewhere = taken and books.configured(f"bill.source.{taken.name}.path") != str(clone.top)
    return f"{clone.top.parent.name}/{name}" if elsewhere else name


def configuration(books: Books, source: Source, clone: Clone | None) -> Iterable[Configure]:
    """What git's configuration does not say yet: the clone's place in the books, the books' place in the clone."""
    if clone is None or source.url == HERE:
        return
    name = f"bill.source.{source.name}.path"
    if books.configured(name) != str(clone.top):
        yield Configure(name=name, value=str(clone.top))
    if clone.workspace != str(books.top):
        yield Configure(name="bill.workspace", value=str(books.top), repository=str(clone.top))


def settle(books: Books, source: Source, path: Path) -> Flow[None]:
    """Tell git where a source lies on this machine."""
    name = f"bill.source.{source.name}.path"
    if books.configured(name) != str(path):
        where = Configure(name=name, value=str(path))
        must((yield Plan(why=f"say where {source.name} lies on this machine", effects=(where,))))


def first_day(clone: Clone | None, today: date) -> date:
    """From when work is billed unless it is said: all of a young history, else from the first of last month."""
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    if clone is None or clone.born is None or clone.grown:
        return last_month
    return min(clone.born, last_month)


def known_client(state: Snapshot, client: str) -> None:
    """Stops (exit 1) at a client without a file, naming the nearest."""
    known = sorted(Path(path).stem for path in state.paths("billing/clients") if path.endswith(".toml"))
    if client in known:
        return
    raise Stop(Exit.PROBLEMS, [unknown_client(client, known)])


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses name one repository: `https://host/a/b.git`, `git@host:a/b` and `ssh://git@host/a/b/`."""
    return _plain(one) == _plain(other)


def owner_of(url: str) -> str | None:
    """Whose a hosted repository is by its address: `acme` of `https://git.example.com/acme/web-shop.git`."""
    host, *folders = _plain(url).split("/")
    hosted = "." in host and not host.startswith(".")
    return folders[0] if hosted and len(folders) > 1 else None


def _plain(url: str) -> str:
    _, found, rest = url.partition("://")
    if not found:
        host, colon, path = url.partition(":")
        rest = f"{host}/{path}" if colon and "/" not in host else url
    rest = rest.rpartition("@")[2] if "@" in rest.partition("/")[0] else rest
    host, _, path = rest.rstrip("/").removesuffix(".git").partition("/")
    return f"{host.lower()}/{path}" if path else host


def _then(wish: SourceWish) -> str:
    return f"git's configuration says that it lies in {wish.clone.top}" if wish.clone else ""
