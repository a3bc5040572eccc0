"""Gather what a source's forge tells: tickets, pull requests and reviews, and the time that was booked there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from git_bill.forge import Tracker
from git_bill.problem import Problem, Stop
from git_bill.sources import bookings, events, forge
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
        looked = [record.as_of for record in on_file if record.kind == TIMER]
        first = max(filter(None, (start, max(looked) - _BACK))) if looked else start
        since = first or datetime(1990, 1, 1, tzinfo=now.tzinfo)
        told = there.bookings(since)
        looked_for = _recordings(source, workspace, now, start)
        booked = bookings.read(told, looked_for, known=on_file, first=since) if told is not None else Found(evidence=())
        closed = _milestones(there, source, workspace, on_file, now)
    except Stop as away:
        return Found(evidence=(), problems=tuple(_untold(source, problem) for problem in away.problems))
    return Found(evidence=(*found.evidence, *booked.evidence, *closed), problems=(*found.problems, *booked.problems))


def _milestones(
    there: Tracker, source: Source, workspace: Workspace, on_file: Sequence[Evidence], now: datetime
) -> tuple[Evidence, ...]:
    """Those that contracts wait for; where none does the forge is not asked."""
    names = named(workspace, source, "milestone")
    return events.milestones(there.closed_milestones(), names, source.name, on_file, now) if names else ()


def named(workspace: Workspace, source: Source, kind: Literal["tag", "milestone"]) -> frozenset[str]:
    """Tags or milestones of a source that complete milestones of its clients' contracts."""
    clients = {source.client, *(route.client for route in source.routes)}
    contracts = (c for client in clients if (e := workspace.engagements.get(client)) for c in e.contracts)
    return frozenset(
        name
        for contract in contracts
        for milestone in contract.milestones
        if (name := getattr(milestone, kind)) is not None and milestone.source in {None, source.name}
    )


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
