"""Toggl Track: the detailed report as CSV, or what its APIs answer: `me/time_entries`, the detailed report."""

from collections.abc import Iterator, Mapping
from datetime import timedelta, tzinfo
from typing import Any

from git_bill.sources.faults import Faults
from git_bill.sources.timers import table
from git_bill.sources.timers.timed import Timed, Timers, in_order, instant, records, shown, wrong

FORM = table.Form(
    program="Toggl Track",
    marks=frozenset({"start date", "start time", "end date", "end time"}),
    example="Mira,mira@example.net,Acme,web-shop,,Checkout,Yes,2026-10-05,09:10:00,2026-10-05,10:15:00,01:05:00,…",
)
_EXAMPLE = '{"id": 1, "start": "2026-10-05T07:10:00Z", "stop": "2026-10-05T08:15:00Z", "project_name": "web-shop"}'


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """Finished entries; one that runs is left for later."""
    if not text.removeprefix("\ufeff").lstrip().startswith(("[", "{")):
        return table.read(text, file, zone, FORM)
    answer, broken = records(text, file, _EXAMPLE)
    if broken:
        return Timers(problems=broken)
    times: list[Timed] = []
    faults = Faults()
    for number, entry in faults.watched(enumerate(_entries(answer), 1)):
        try:
            times += _timed(entry, zone)
        except (ValueError, OverflowError) as error:
            faults.append(wrong(file, None, f"entry {number} can't be read: {error}", _EXAMPLE))
    return in_order(times, faults, whole=False)


def _entries(answer: Any) -> Iterator[Any]:
    """The report has entries of one description together; what they share stands above them."""
    found = answer.get("data", answer.get("time_entries", [answer])) if isinstance(answer, Mapping) else answer
    for group in found if isinstance(found, list) else []:
        inner = group.get("time_entries") if isinstance(group, Mapping) else None
        if isinstance(inner, list):
            shared = {name: value for name, value in group.items() if name != "time_entries"}
            yield from ({**shared, **entry} if isinstance(entry, Mapping) else entry for entry in inner)
        else:
            yield group


def _timed(entry: Any, zone: tzinfo) -> list[Timed]:
    if not isinstance(entry, Mapping):
        raise ValueError("it is no object")
    begin, stop = instant(entry.get("start"), zone), entry.get("stop", entry.get("end"))
    seconds = entry.get("seconds", entry.get("duration"))
    if stop is None and (seconds is None or (isinstance(seconds, int) and seconds < 0)):
        return []
    if stop is None and (isinstance(seconds, bool) or not isinstance(seconds, int)):
        raise ValueError(f"{shown(seconds)} is no number of seconds")
    tags = entry.get("tag_names") or entry.get("tags") or ()
    found = Timed(
        key=f"toggl:{entry.get('id') or begin.isoformat()}",
        begin=begin,
        end=instant(stop, zone) if stop is not None else begin + timedelta(seconds=seconds or 0),
        text=str(entry.get("description") or ""),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        project=_first(entry, "project_name", "project"),
        client=_first(entry, "client_name", "client"),
        person=_first(entry, "email", "username", "user_name", "user"),
        billable=entry["billable"] if isinstance(entry.get("billable"), bool) else None,
    )
    return [found]


def _first(entry: Mapping[str, Any], *names: str) -> str:
    return next((str(entry[name]) for name in names if isinstance(entry.get(name), str)), "")
