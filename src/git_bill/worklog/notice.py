"""What `collect` says of new or changed entries beside their number: time that went to another client, odd days."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from git_bill.period import format_duration
from git_bill.worklog.entry import Worked
from git_bill.worklog.flags import DAY_OFF, HOLIDAY, LONG_DAY, NIGHT_FLAG
from git_bill.worklog.timeline import Lost

_ODD: Mapping[str, str] = {
    LONG_DAY: "long days, check them",
    DAY_OFF: "work on days off",
    HOLIDAY: "work on public holidays",
    NIGHT_FLAG: "work with AI agents at night",
}
_MOST = 3


def notices(fresh: Collection[str], worked: Mapping[str, Worked], lost: Iterable[Lost]) -> tuple[str, ...]:
    """Lines for people. `fresh`: entries that are new or that changed."""
    return (*_emptied(fresh, worked, lost), *_odd(fresh, worked))


def _emptied(fresh: Collection[str], worked: Mapping[str, Worked], lost: Iterable[Lost]) -> Iterator[str]:
    """`acme loses 2h48m of 2026-11-12 to globex: git bill status --overlaps`, where an entry has nothing left."""
    found = Counter[tuple[date, str, str]]()
    for loss in lost:
        own, holder = worked.get(loss.claim.entry), worked.get(loss.to or "")
        if own is None or holder is None or own.id not in fresh or own.client == holder.client:
            continue
        if not own.entry.minutes and own.entry.state != "dropped":
            found[own.entry.day, own.client, holder.client] += loss.minutes
    for (day, client, to), minutes in sorted(found.items()):
        yield f"{client} loses {format_duration(minutes)} of {day} to {to}: git bill status --overlaps"


def _odd(fresh: Collection[str], worked: Mapping[str, Worked]) -> Iterator[str]:
    """`work on days off: 30m on 2026-11-17`; of long days the whole time of the person counts."""
    days: dict[str, set[tuple[date, str]]] = defaultdict(set)
    for item in map(worked.__getitem__, fresh):
        for flag in _ODD.keys() & set(item.entry.flags):
            days[flag].add((item.entry.day, item.entry.by))
    for flag, words in _ODD.items():
        told = [f"{format_duration(_minutes(worked, flag, *at))} on {at[0]}" for at in sorted(days[flag])]
        if told:
            yield f"{words}: {', '.join(told[:_MOST])}{f' and {len(told) - _MOST} more' if len(told) > _MOST else ''}"


def _minutes(worked: Mapping[str, Worked], flag: str, day: date, by: str) -> int:
    same = (item.entry for item in worked.values() if (item.entry.day, item.entry.by) == (day, by))
    return sum(entry.minutes for entry in same if flag != NIGHT_FLAG or flag in entry.flags)
