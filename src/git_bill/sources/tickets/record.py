"""Evidence from a tracker's export: tickets as they are now, beside the time that was logged on them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from git_bill.sources.commit import Found, in_order
from git_bill.sources.recorded import Recording, keyed
from git_bill.sources.tickets.issue import Issue
from git_bill.worklog.assignment import assigned
from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.told import TICKET

_LONGEST = 200  # characters of a text that others wrote
_MOST_LABELS = 50
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def told(issues: Iterable[Issue], recording: Recording, known: Iterable[Evidence]) -> Found:
    """The tickets that say something new, of the clients that routes find. `known`: the source's evidence.

    What was closed and last changed before the source is billed is history.
    """
    on_file = [record for record in known if record.kind == TICKET]
    last = {name: record for (_, name), record in newest(on_file, TICKET).items()}
    keys = {record.key for record in on_file}
    found = (_new(issue, recording, last, keys) for issue in issues if not _is_history(issue, recording))
    return Found(evidence=in_order(record for each in found for record in each))


def _is_history(issue: Issue, recording: Recording) -> bool:
    start = recording.start
    return issue.ticket.state == "closed" and None not in {start, issue.changed} and issue.changed < start  # type: ignore[operator]


def _new(issue: Issue, recording: Recording, last: dict[str, Evidence], keys: set[str]) -> Iterator[Evidence]:
    ticket = issue.ticket
    record = Evidence(
        key=f"{TICKET}:{ticket.key}",
        kind=TICKET,
        source=recording.source,
        contributor="",
        at=_NO_TIME,  # when it was looked at is no part of what it says
        text=ticket.title[:_LONGEST],
        ticket=ticket.key,
        project=issue.project[:_LONGEST],
        state=ticket.state,
        labels=tuple(sorted(label[:_LONGEST] for label in ticket.labels[:_MOST_LABELS])),
        milestone=ticket.milestone and ticket.milestone[:_LONGEST],
        estimate=ticket.estimate,
    )
    if assigned(record, recording.routes, recording.client, "") is not None:
        new = keyed(record, last.get(record.key), keys, recording.now)
        if new is not None:
            yield replace(new, at=recording.now)
