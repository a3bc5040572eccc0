"""Gather what timers, calendars and editors recorded: which person's it is, what of it is new, corrected or gone."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from git_bill.flows import load
from git_bill.ports import Snapshot
from git_bill.problem import Problem
from git_bill.sources import busy, calendar
from git_bill.sources.commit import Found, Reading
from git_bill.sources.recorded import Recording, Seen, appended, timed
from git_bill.sources.timers import formats
from git_bill.worklog.evidence import Evidence, from_lines
from git_bill.workspace import SETTINGS, Contributor, Source, Workspace

_CALENDARS = frozenset({"calendar", "busy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Files that a program wrote, or what an address answered: name for messages, and content; sorted by name."""

    files: tuple[tuple[str, bytes], ...]


def recorded(
    source: Source,
    workspace: Workspace,
    export: Export | Problem | None,
    *,
    known: Sequence[Evidence],
    mine: Sequence[Evidence],
    now: datetime | None,
) -> Found:
    """New evidence of a source that is no repository. What is out of reach keeps what was seen of it."""
    if now is None or export is None:
        return Found(evidence=())
    if isinstance(export, Problem):
        return Found(evidence=(), problems=(export,))
    person = _contributor(source, workspace)
    if isinstance(person, Problem):
        return Found(evidence=(), problems=(person,))
    recording = _recording(source, workspace, person, now)
    seen, problems = _seen(export, recording)
    found = appended(seen, recording, known=known, mine=mine)
    return Found(evidence=found.evidence, problems=(*problems, *found.problems))


def put_by(state: Snapshot, actor: str, sources: Iterable[str]) -> tuple[Evidence, ...]:
    """What an actor put on file of these sources."""
    found: list[Evidence] = []
    for source in sources:
        for path in state.paths(f"billing/evidence/{source}/{actor}"):
            records, _ = from_lines(load.text_of(state, path) or "", path)
            found += records
    return tuple(found)


def _contributor(source: Source, workspace: Workspace) -> Contributor | Problem:
    """Whose recorded time it is: who is named, or the only one there is."""
    people = workspace.settings.contributors
    if not source.contributor and len(people) == 1:
        return people[0]
    named = next((person for person in people if person.id == source.contributor), None)
    if named is not None:
        return named
    ids = ", ".join(person.id for person in people)
    what = f"{source.contributor!r}, who is not listed" if source.contributor else "nobody"
    return Problem(
        rule="unknown-contributor",
        message=f"source {source.name!r} is not read: its time is of {what}",
        hint=f'say whose it is, one of {ids}: contributor = "{people[0].id if people else "mira"}"',
        file=SETTINGS,
    )


def _recording(source: Source, workspace: Workspace, person: Contributor, now: datetime) -> Recording:
    names = {
        name.strip().lower(): each.id
        for each in workspace.settings.contributors
        for name in (*each.emails, each.name, each.id)
    }
    return Recording(
        source=source.name,
        kind=source.kind,
        contributor=person.id,
        zone=ZoneInfo(person.timezone),
        now=now,
        people=names,
        client=source.client,
        routes=source.routes,
        start=Reading(source=source.name, since=source.since, timezone=person.timezone).start,
        ticket_pattern=source.ticket_pattern,
    )


def _seen(export: Export, recording: Recording) -> tuple[Sequence[Seen], Sequence[Problem]]:
    problems: list[Problem] = []
    if recording.kind in _CALENDARS:
        if recording.kind == "busy" and any(file.endswith(".toml") for file, _ in export.files):
            return [busy.seen(export.files, recording)], ()
        found: list[Seen] = []
        for file, content in export.files:
            seen, wrong = calendar.seen(content, file, recording)
            found.append(seen)
            problems += wrong
        return _together(found), problems
    texts = [(file, content.decode("utf-8", "replace")) for file, content in export.files]
    times = [formats.read(recording.kind, text, file, recording.zone) for file, text in texts]
    each, wrong = timed(times, recording)
    return each, wrong


def _together(found: Collection[Seen]) -> Sequence[Seen]:
    """Several calendars of one source: one that could not be read whole keeps the others from telling what is gone."""
    if all(seen.spans for seen in found):
        return list(found)
    return [replace(seen, spans=()) for seen in found]
