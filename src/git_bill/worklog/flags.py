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
_SATURDAY = 5


def flagged(
    worked: Mapping[str, Worked],
    invoices: Collection[Billed],
    lost: Collection[str],
    off: Mapping[tuple[str, date], str] = MappingProxyType({}),
) -> Mapping[str, Worked]:
    """Entries with their flags, by id. Billed and dropped ones stay as they are. `lost`: entries that lost minutes.

    `off`: (contributor, day) without work → its flag.
    """
    settled = {row.entry for invoice in invoices for row in invoice.rows}
    facts = Counter[tuple[str, date]]()
    for item in worked.values():
        facts[item.entry.by, item.entry.day] += len(item.entry.evidence)
    result: dict[str, Worked] = {}
    for entry_id, item in worked.items():
        entry = item.entry
        if entry_id not in settled and entry.state != "dropped":
            alone = entry.model not in {None, REVIEWED} and facts[entry.by, entry.day] == 1
            found = list(_found(item, alone, entry_id in lost, invoices))
            if entry.minutes and (entry.by, entry.day) in off:
                found.append(off[entry.by, entry.day])
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
