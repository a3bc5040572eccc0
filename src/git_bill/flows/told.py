"""What trackers, forges and clones told beside work: tickets, and what completes milestones."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from git_bill.flows import load
from git_bill.ports import Snapshot
from git_bill.worklog import happened as events
from git_bill.worklog import told
from git_bill.worklog.evidence import Evidence, from_lines
from git_bill.workspace import Workspace


def tickets(snapshot: Snapshot, workspace: Workspace) -> told.Tickets:
    """Titles, labels and milestones of tickets, as they were told last."""
    return told.tickets(tuple(_told(snapshot, {told.TICKET})), load.origins(workspace))


def happened(snapshot: Snapshot, workspace: Workspace) -> Mapping[str, Mapping[str, date]]:
    """By client, what completes its milestones → the day, in the issuer's zone. Nothing is read where none waits."""
    contracts = (c for engagement in workspace.engagements.values() for c in engagement.contracts)
    if not any(milestone.event for contract in contracts for milestone in contract.milestones):
        return {}
    zone = ZoneInfo(workspace.settings.issuer.timezone)
    return events.happened(_told(snapshot, events.EVENTS), load.origins(workspace), zone)


def _told(snapshot: Snapshot, kinds: Collection[str]) -> Iterator[Evidence]:
    """The evidence of some kinds; what else there is is not looked at."""
    marks = tuple(f'"kind":"{kind}"' for kind in kinds)
    for path in snapshot.paths("billing/evidence"):
        if path.endswith(".jsonl"):
            lines = (load.text_of(snapshot, path) or "").split("\n")
            records, _ = from_lines("\n".join(line for line in lines if any(mark in line for mark in marks)), path)
            yield from records
