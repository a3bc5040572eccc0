"""Add a program that records time as a source: what it is of in the settings, where it lies in git's configuration."""

import dataclasses
from dataclasses import dataclass
from datetime import date

from git_bill.effects import Configure, Flow, Plan
from git_bill.flows.source import SourceAdded, first_day, known_client
from git_bill.flows.stated import must, stated
from git_bill.layout import SETTINGS
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, stop
from git_bill.worklog.assignment import Match, Route, SourceKind
from git_bill.workspace import Settings, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedWish:
    """What was asked for; None is not asked. `place`: a path or an address, which stays on this machine.

    With a `match` only what fits it is for the client, and more of them may be added.
    """

    kind: SourceKind
    place: str
    client: str | None
    contributor: str | None = None
    project: str | None = None
    since: date | None = None
    ticket_pattern: str | None = None
    id: str | None = None
    match: Match | None = None


def add_recorded(books: Books, state: Snapshot, wish: RecordedWish, today: date) -> Flow[SourceAdded]:
    """Write the settings, and git's configuration here. Twice is once; what a person wrote stays.

    An address of a calendar is often its password, so it is not written into the settings.
    """
    file = stated(state, SETTINGS, Settings)
    settings = file.value
    if settings is None:
        raise stop(Exit.SETTINGS, "no-workspace", f"there is no {SETTINGS} here", "make one with: git bill init")
    if wish.client is not None:
        known_client(state, wish.client)
    _known_contributor(settings, wish.contributor)
    asked = {name: getattr(wish, name) for name in ("contributor", "since", "ticket_pattern", "id")}
    if wish.match is None:
        asked |= {"client": wish.client, "project": wish.project}
    old = _listed(settings, wish)
    at = settings.sources.index(old) if old else len(settings.sources)
    since = None if wish.kind == "busy" else first_day(None, today)
    source = file.joined(old, Source, ("sources", at), asked, kind=wish.kind, since=since)
    if wish.match is not None and wish.client is not None:
        route = Route(match=wish.match, client=wish.client, project=wish.project or "")
        if route not in source.routes:
            source = dataclasses.replace(source, routes=(*source.routes, route))
    sources = (*settings.sources[:at], source, *settings.sources[at + 1 :])
    effects = file.changed_to(dataclasses.replace(settings, sources=sources))
    if effects:
        must((yield Plan(why=f"add the source {source.name}", effects=effects)))
    name = f"bill.source.{source.name}.path"
    if books.configured(name) != wish.place:
        where = Configure(name=name, value=wish.place)
        must((yield Plan(why=f"say where {source.name} lies on this machine", effects=(where,))))
    return SourceAdded(source=source, new=old is None, path=None, kept=tuple(file.kept))


def _listed(settings: Settings, wish: RecordedWish) -> Source | None:
    """The source that is meant: of that id, else the only one of the kind and person."""
    if wish.id is not None:
        return next((source for source in settings.sources if source.name == wish.id), None)
    own = [
        source
        for source in settings.sources
        if source.kind == wish.kind and (wish.contributor in {None, source.contributor})
    ]
    return own[0] if len(own) == 1 else None


def _known_contributor(settings: Settings, contributor: str | None) -> None:
    ids = [person.id for person in settings.contributors]
    if contributor is not None and contributor not in ids:
        hint = f"one of: {', '.join(ids)}"
        raise stop(Exit.USAGE, "unknown-contributor", f"nobody has the id {contributor!r}", hint)
    if contributor is None and len(ids) > 1:
        raise stop(Exit.USAGE, "which-contributor", "whose time is it?", f"say it: --contributor {ids[0]}")
