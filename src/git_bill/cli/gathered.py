"""What was gathered, in words."""

from collections import Counter
from collections.abc import Mapping

from git_bill.worklog import dayoff
from git_bill.worklog.measured import BUSY, CALENDAR, HEARTBEAT, TIMER
from git_bill.worklog.told import NOTE, PULL, REVIEW, TICKET

_FACT = ("fact", "facts")
_KINDS: Mapping[str, tuple[str, str]] = {
    "commit": ("commit", "commits"),
    TIMER: ("timer", "timers"),
    CALENDAR: ("meeting", "meetings"),
    HEARTBEAT: ("stretch of activity", "stretches of activity"),
    BUSY: ("busy stretch", "busy stretches"),
    PULL: ("pull request", "pull requests"),
    REVIEW: ("review", "reviews"),
    TICKET: ("ticket", "tickets"),
    NOTE: ("note of gtm", "notes of gtm"),
    dayoff.KIND: ("day off", "days off"),
}


def gathered_text(kinds: Mapping[str, int]) -> str:
    """`12 new commits, 1 review`; what has no word of its own is a fact; `nothing new`."""
    counts: Counter[tuple[str, str]] = Counter()
    for kind, count in kinds.items():
        counts[_KINDS.get(kind, _FACT)] += count
    named = [words for words in (*_KINDS.values(), _FACT) if counts[words]]
    told = [f"{counts[words]} {'' if n else 'new '}{words[counts[words] > 1]}" for n, words in enumerate(named)]
    return ", ".join(told) or "nothing new"
