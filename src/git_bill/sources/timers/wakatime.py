"""WakaTime: its dump `{"days": [{"date", "heartbeats"}]}`, and what the durations API answers, `{"data": […]}`."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from git_bill.sources.timers.heartbeats import joined
from git_bill.sources.timers.timed import Timers, records, wrong

_EXAMPLE = '{"days": [{"date": "2026-10-05", "heartbeats": [{"time": 1790751000.5, "project": "web-shop"}]}]}'


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """Intervals of activity by project. Moments less than 15 minutes apart are one interval, as in its own reports."""
    export, broken = records(text, file, _EXAMPLE)
    if broken:
        return Timers(problems=broken)
    if not isinstance(export, Mapping) or not {"days", "data"} & export.keys():
        return Timers(problems=(wrong(file, 1, "this is no export of WakaTime", _EXAMPLE, error=True),))
    return joined(_events(export), file, zone, _EXAMPLE)


def _events(export: Mapping[str, Any]) -> Iterator[Any]:
    for day in _list(export.get("days")):
        if isinstance(day, Mapping):
            yield from _list(day.get("heartbeats")) or _list(day.get("durations"))
    yield from _list(export.get("data"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
