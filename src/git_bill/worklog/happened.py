"""What completes milestones: tags, merged pull requests and closed milestones, as sources and forges told them last."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, tzinfo

from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.piece import Origin
from git_bill.worklog.told import MILESTONE, PULL, TAG

EVENTS = frozenset({TAG, PULL, MILESTONE})
_DONE = {TAG: None, PULL: "merged", MILESTONE: "closed"}  # the state in which each has happened


def event_key(kind: str, name: str) -> str:
    """What evidence of an event is called, before the digest that follows an `@`."""
    return f"{kind}:{name.replace('%', '%25').replace('@', '%40')}"


def happened(
    evidence: Iterable[Evidence], origins: Mapping[str, Origin], zone: tzinfo
) -> Mapping[str, Mapping[str, date]]:
    """By client: event → its day. `tag:v1.0` where one source tells of it, `web-shop/tag:v1.0` of each by itself."""
    records = [record for record in evidence if record.kind in EVENTS]
    found: dict[str, dict[str, dict[str, date]]] = defaultdict(lambda: defaultdict(dict))
    for kind, state in _DONE.items():
        for (source, key), record in newest(records, kind).items():
            origin = origins.get(source)
            if origin is None or record.state != state:
                continue
            event = key.replace("%40", "@").replace("%25", "%")
            for client in {origin.client, *(route.client for route in origin.routes)}:
                found[client][event][source] = record.at.astimezone(zone).date()
    return {client: dict(_named(events)) for client, events in found.items()}


def _named(events: Mapping[str, Mapping[str, date]]) -> Iterable[tuple[str, date]]:
    for event, days in events.items():
        if len(days) == 1:
            yield event, next(iter(days.values()))
        yield from ((f"{source}/{event}", day) for source, day in days.items())
