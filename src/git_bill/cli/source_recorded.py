"""`git bill source add --kind …`: timers, calendars and editors as sources."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from git_bill.cli.exports import place_of
from git_bill.cli.output import Report, bold
from git_bill.cli.session import Session
from git_bill.flows.source_recorded import RecordedWish, add_recorded
from git_bill.problem import Exit, stop
from git_bill.worklog.assignment import Match
from git_bill.workspace import Source

_WHATS = tuple(field.name for field in fields(Match))
MATCH_HELP = f"Only what fits is for the client: {', '.join(_WHATS)} with a pattern, like project=web-*."


def added_recorded(session: Session, where: str, matches: tuple[str, ...], **given: Any) -> Report:
    """Add it, and say what it is of."""
    if given["client"] is None and given["kind"] != "busy":
        clients = list(session.workspace.engagements)
        if len(clients) != 1:
            raise click.UsageError(f"whose work is it? Say --client with one of {', '.join(clients)}")
        given["client"] = clients[0]
    wish = RecordedWish(place=_place(session, where, given["kind"]), match=_match(matches), **given)
    result = session.run(add_recorded(session.books, session.state, wish, session.today))
    source = result.source
    place = place_of(session.books, source)
    lies = "at an address" if place and "://" in place else f"in {place}"
    return Report(
        data={"new": result.new, "name": source.name, "kind": source.kind, "client": source.client or None},
        text=(
            (bold(f"{source.name} {'is' if result.new else 'was already'} a source"), f" for {clients_of(source)}."),
            f"  since    {source.since or 'the beginning'}; older time is history",
            f"  lies     {lies}, which this machine alone knows",
        ),
        problems=result.kept,
        next=(("git bill collect", "read its times into work entries"),),
    )


def clients_of(source: Source) -> str:
    """The clients that its time may be for."""
    named = dict.fromkeys(filter(None, (source.client, *(route.client for route in source.routes))))
    return ", ".join(named) or "nobody: it only uses minutes"


def _place(session: Session, where: str, kind: str) -> str:
    """An absolute path, or an address. Stops (exit 2) where there is nothing."""
    if "://" in where:
        if kind not in {"calendar", "busy"}:
            raise stop(Exit.USAGE, "no-address", f"a source of kind {kind} is a file on this machine", "name its path")
        return where.replace("webcal://", "https://", 1)
    path = (session.start / Path(where).expanduser()).resolve()
    if where == "." or not path.exists():
        hint = f"name it: git bill source add PATH --kind {kind}"
        raise stop(Exit.USAGE, "no-such-file", f"there is no file or folder of {kind} at {where}", hint)
    return str(path)


def _match(matches: tuple[str, ...]) -> Match | None:
    found: dict[str, str] = {}
    for each in matches:
        what, equals, pattern = each.partition("=")
        if not equals or what not in _WHATS or not pattern:
            hint = f"write one of {', '.join(_WHATS)} with a pattern: --match project=web-*"
            raise stop(Exit.USAGE, "wrong-match", f"{each!r} is no match", hint)
        found[what] = pattern
    return Match(**found) if found else None
