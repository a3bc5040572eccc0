"""Moments of activity in an editor, joined to intervals per project."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from git_bill.sources.faults import Faults
from git_bill.sources.timers.timed import Timed, Timers, in_order, instant, wrong

_TOGETHER = timedelta(minutes=15)  # WakaTime's own time-out between heartbeats
_DAY = 24 * 60 * 60
Span = tuple[datetime, datetime, str]  # begin, end, project


def joined(events: Iterable[Any], file: str, zone: tzinfo, example: str) -> Timers:
    """Events with `timestamp` or `time`, perhaps a `duration` in seconds, less than 15 minutes apart, as one."""
    faults = Faults()
    spans: list[Span] = []
    for number, event in faults.watched(enumerate(events, 1)):
        try:
            spans.append(_span(event, zone))
        except (ValueError, OverflowError) as error:
            faults.append(wrong(file, None, f"event {number} can't be read: {error}", example))
    return in_order(intervals(spans), faults)


def _span(event: Any, zone: tzinfo) -> Span:
    if not isinstance(event, Mapping):
        raise ValueError("it is no object")
    begin = instant(event.get("timestamp", event.get("time")), zone)
    seconds = event.get("duration") or 0
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= _DAY:
        raise ValueError("its duration is no number of seconds within a day")
    data = event.get("data")
    about = data if isinstance(data, Mapping) else event
    return span(begin, begin + timedelta(seconds=seconds), str(about.get("project") or ""))


def span(begin: datetime, end: datetime, project: str) -> Span:
    """A stretch of activity. Raises ValueError where it can be none."""
    checked = Timed(key="", begin=begin, end=end, project=project)
    return checked.begin, checked.end, checked.project


def intervals(spans: Iterable[Span]) -> Iterator[Timed]:
    """Joined. A new one where the project changes, after a pause, and at midnight in UTC: none grows without end."""
    open_one: Span | None = None
    for begin, end, project in sorted(spans):
        if open_one is not None:
            start, until, name = open_one
            if name == project and begin - until <= _TOGETHER and start.date() == begin.date():
                open_one = (start, max(until, end), name)
                continue
            yield from _timed(open_one)
        open_one = (begin, end, project)
    if open_one is not None:
        yield from _timed(open_one)


def _timed(span: Span) -> Iterator[Timed]:
    begin, end, project = span
    if begin < end:
        yield Timed(key=f"heartbeat:{begin.isoformat()}:{project}", begin=begin, end=end, project=project)
