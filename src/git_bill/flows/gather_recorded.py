"""Gather what timers, calendars and editors recorded: which person's it is, what of it is new, corrected or gone."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from git_bill.flows import load
from git_bill.layout import SETTINGS
from git_bill.ports import Snapshot
from git_bill.problem import Problem
from git_bill.sources import busy, calendar
from git_bill.sources.commit import Found, Reading
from git_bill.sources.faults import few
from git_bill.sources.recorded import Recording, Seen, appended, timed
from git_bill.sources.text import text_of
from git_bill.sources.tickets import issue, jira, linear, record
from git_bill.sources.timers import formats, slack
from git_bill.worklog.evidence import Evidence, from_lines
from git_bill.worklog.measured import TIMER
from git_bill.workspace import Contributor, Source, Workspace

_CALENDARS = frozenset({"calendar", "busy"})
_TRACKERS: Mapping[str, Callable[[str, str, tzinfo], issue.Export]] = {"jira": jira.read, "linear": linear.read}


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Files that a program wrote, or what an address answered: name for messages, and content; sorted by name.

    `problems`: why some that lie there are not among them.
    """

    files: tuple[tuple[str, bytes], ...]
    problems: tuple[Problem, ...] = ()


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
    if recording.kind in _TRACKERS:
        found = _tracked(export, recording, known, mine)
    else:
        seen, problems = _seen(export, recording)
        new = appended(seen, recording, known=known, mine=mine)
        found = Found(evidence=new.evidence, problems=(*problems, *new.problems))
    return Found(evidence=found.evidence, problems=few((*export.problems, *found.problems)))


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
    if recording.kind in _CALENDARS:
        if recording.kind == "busy" and any(file.endswith(".toml") for file, _ in export.files):
            return [busy.seen(export.files, recording)], ()
        found: list[Seen] = []
        broken: list[Problem] = []
        for file, content in export.files:
            one, wrong = calendar.seen(content, file, recording)
            found.append(one)
            broken += wrong
        return _together(found), broken
    texts, refused = _texts(export)
    if recording.kind == "slack":
        times = [slack.read(texts, recording.zone)]
    else:
        times = [formats.read(recording.kind, text, file, recording.zone) for file, text in texts]
    seen, problems = timed(times, recording)
    return seen, (*refused, *problems)


def _tracked(export: Export, recording: Recording, known: Sequence[Evidence], mine: Sequence[Evidence]) -> Found:
    """Tickets, and the time that the contributor logged on them: what is gone from a ticket's whole log was removed."""
    read = _TRACKERS[recording.kind]
    texts, refused = _texts(export)
    issues, times = issue.joined(read(text, file, recording.zone) for file, text in texts)
    (seen,), problems = timed([times], recording)
    whole = replace(seen, tickets=frozenset(each.ticket.key for each in issues if each.logged))
    logged = appended(
        [whole],
        recording,
        known=[each for each in known if each.kind == TIMER],
        mine=[each for each in mine if each.kind == TIMER],
    )
    told = record.told(issues, recording, known)
    evidence = (*told.evidence, *logged.evidence)
    return Found(evidence=evidence, problems=(*refused, *times.problems, *problems, *logged.problems))


def _texts(export: Export) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The files as text, and those that are none."""
    texts: list[tuple[str, str]] = []
    refused: list[Problem] = []
    for file, content in export.files:
        text = text_of(content, file)
        if isinstance(text, Problem):
            refused.append(text)
        else:
            texts.append((file, text))
    return texts, refused


def _together(found: Collection[Seen]) -> Sequence[Seen]:
    """Several calendars of one source: one that could not be read whole keeps the others from telling what is gone."""
    if all(seen.spans for seen in found):
        return list(found)
    return [replace(seen, spans=()) for seen in found]
