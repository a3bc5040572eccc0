"""Gather what a source's forge tells: tickets, pull requests and reviews, and the time that was booked there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from git_bill.forge import Tracker
from git_bill.problem import Problem, Stop
from git_bill.sources import bookings, forge
from git_bill.sources.commit import Found, Reading
from git_bill.sources.recorded import Recording
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.measured import TIMER
from git_bill.workspace import Source, Workspace

_BACK = timedelta(days=100)  # how long a booking is looked at again: later corrections are a person's edits


def told(there: Tracker, source: Source, workspace: Workspace, on_file: Sequence[Evidence], now: datetime) -> Found:
    """What it tells that is not among the source's evidence. One that does not answer holds up nothing else."""
    settings = workspace.settings
    start = Reading(source=source.name, since=source.since, timezone=settings.issuer.timezone).start
    people = {account.lower(): person.id for person in settings.contributors for account in person.accounts}
    try:
        found = forge.read(
            there,
            source.name,
            people=people,
            ticket_pattern=source.ticket_pattern,
            known=on_file,
            start=start,
            now=now,
        )
        looked = any(record.kind == TIMER for record in on_file)
        first = max(filter(None, (start, now - _BACK))) if looked else start
        since = first or datetime(1990, 1, 1, tzinfo=now.tzinfo)
        told = there.bookings(since)
        looked_for = _recordings(source, workspace, now, start)
        booked = bookings.read(told, looked_for, known=on_file, first=since) if told is not None else Found(evidence=())
    except Stop as away:
        return Found(evidence=(), problems=tuple(_untold(source, problem) for problem in away.problems))
    return Found(evidence=(*found.evidence, *booked.evidence), problems=(*found.problems, *booked.problems))


def _recordings(source: Source, workspace: Workspace, now: datetime, start: datetime | None) -> Mapping[str, Recording]:
    """Login name in lower case → what is looked for of that contributor."""
    return {
        account.lower(): Recording(
            source=source.name,
            kind=bookings.KIND,
            contributor=person.id,
            zone=ZoneInfo(person.timezone),
            now=now,
            client=source.client,
            start=start,
        )
        for person in workspace.settings.contributors
        for account in person.accounts
    }


def _untold(source: Source, problem: Problem) -> Problem:
    return Problem(
        rule="forge-not-read",
        severity="info",
        message=f"tickets, pull requests and bookings of {source.name!r} were not read: {problem.message}",
        hint=problem.hint,
    )
