"""ActivityWatch: `{"buckets": {ID: {"type", "events": [{"timestamp", "duration", "data"}]}}}`, its "export all"."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from git_bill.sources.timers.heartbeats import joined
from git_bill.sources.timers.timed import Timers, records, wrong

_EDITOR = "app.editor"
_PRESENT = "afkstatus"
_EXAMPLE = (
    '{"buckets": {"aw-watcher-vscode_pc": {"type": "app.editor.activity", "events": '
    '[{"timestamp": "2026-10-05T07:10:00Z", "duration": 312.5, "data": {"project": "web-shop"}}]}}}'
)


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """Intervals of activity by project: the editors' own; where no editor was watched, presence at the keyboard.

    What windows and pages were open is not looked at.
    """
    export, broken = records(text, file, _EXAMPLE)
    if broken:
        return Timers(problems=broken)
    buckets = export.get("buckets") if isinstance(export, Mapping) else None
    if not isinstance(buckets, Mapping):
        return Timers(problems=(wrong(file, 1, "this is no export of ActivityWatch", _EXAMPLE, error=True),))
    return joined(_events(buckets), file, zone, _EXAMPLE)


def _events(buckets: Mapping[str, Any]) -> Iterator[Any]:
    typed = [(str(bucket.get("type", "")), bucket) for bucket in buckets.values() if isinstance(bucket, Mapping)]
    editors = [bucket for kind, bucket in typed if kind.startswith(_EDITOR)]
    for bucket in editors or [bucket for kind, bucket in typed if kind == _PRESENT]:
        events = bucket.get("events")
        for event in events if isinstance(events, list) else ():
            data = event.get("data") if isinstance(event, Mapping) else None
            if not (isinstance(data, Mapping) and data.get("status") == "afk"):
                yield event
