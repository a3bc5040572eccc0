"""What is unusual about an entry: said in the manifest, so that a person looks before anything is billed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.reviewed import MODEL as REVIEWED
from git_bill.worklog.timesheet import Billed

PARTLY_FLAG = "partly-repeated"  # a commit with lines that were seen before: the low end of its estimate counts
LATE = "late"  # of a period that was billed before
BUSY_FLAG = "busy"  # minutes that something else uses; never billed
LONG_DAY = "long-day"  # more work of one person than a day has room for
LONGEST = 12 * 60  # minutes of a day, where nobody set a limit
DAY_OFF, HOLIDAY = "day-off", "holiday"
NIGHT_FLAG = "agent-night"  # work with an AI agent while people sleep: looked at by people, and decides nothing
_EVENING, _MORNING = "22:00", "06:00"
_SATURDAY = 5


def flagged(
    worked: Mapping[str, Worked],
    invoices: Collection[Billed],
    lost: Collection[str],
    off: Mapping[tuple[str, date], str] = MappingProxyType({}),
    longest: int = LONGEST,
) -> Mapping[str, Worked]:
    """Entries with their flags, by id. Billed and dropped ones stay as they are. `lost`: entries that lost minutes.

    `off`: (contributor, day) without work → its flag. `longest`: minutes of a day, above which it is flagged.
    """
    settled = {row.entry for invoice in invoices for row in invoice.rows}
    facts, days = Counter[tuple[str, date]](), Counter[tuple[str, date]]()
    for item in worked.values():
        facts[item.entry.by, item.entry.day] += len(item.entry.evidence)
        days[item.entry.by, item.entry.day] += item.entry.minutes
    result: dict[str, Worked] = {}
    for entry_id, item in worked.items():
        entry = item.entry
        if entry_id not in settled and entry.state != "dropped":
            alone = entry.model not in {None, REVIEWED} and facts[entry.by, entry.day] == 1
            found = list(_found(item, alone, entry_id in lost, invoices))
            if entry.minutes and (entry.by, entry.day) in off:
                found.append(off[entry.by, entry.day])
            if entry.minutes and days[entry.by, entry.day] > longest:
                found.append(LONG_DAY)
            entry = replace(entry, flags=tuple(dict.fromkeys((*entry.flags, *found))))
        result[entry_id] = replace(item, entry=entry)
    return result


def _found(item: Worked, alone: bool, lost: bool, invoices: Iterable[Billed]) -> Iterable[str]:
    entry: Entry = item.entry
    if entry.day.weekday() >= _SATURDAY:
        yield "weekend"
    if alone:
        yield "single-commit-day"
    if lost:
        yield "overlap"
    if any(i.client == item.client and i.first <= entry.day <= i.last for i in invoices):
        yield LATE
    if entry.agent and any(_at_night(*text.partition("/")[::2]) for text in entry.at):
        yield NIGHT_FLAG


def _at_night(begin: str, end: str) -> bool:
    """By the clock on the wall there."""
    return begin < _MORNING or end[:5] > _EVENING
