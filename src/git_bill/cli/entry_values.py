"""Times, activities and times of day as they are written on the command line."""

import re
from typing import get_args

from git_bill.period import parse_duration
from git_bill.problem import nearest
from git_bill.worklog.day import is_time
from git_bill.worklog.entry import Activity

_WHOLE_DAY = 24 * 60
_NUMBER = re.compile(r"-?[0-9]{1,6}")
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)


def minutes(text: str) -> int:
    """`45m`, `1h30m`, `1.5h`, or minutes as a bare number; more than none, at most a day. Raises ValueError."""
    word = text.strip()
    found = int(word) if _NUMBER.fullmatch(word) else parse_duration(word)
    if found <= 0:
        raise ValueError(f"{text!r} is no time worked; write it like 45m")
    if found > _WHOLE_DAY:
        raise ValueError(f"{text!r} is more than a day has; write it like 1h30m")
    return found


def activity(text: str) -> Activity:
    """A task code. Raises ValueError with the nearest."""
    word = text.strip().lower()
    found = next((a for a in ACTIVITIES if a == word), None)
    if found is None:
        near = nearest(word, ACTIVITIES)
        hint = f"did you mean {near}?" if near else f"one of {', '.join(ACTIVITIES)}"
        raise ValueError(f"{text!r} is not an activity; {hint}")
    return found


def clock(text: str) -> str:
    """`9:05` → `09:05`. Raises ValueError."""
    word = text.strip().rjust(5, "0")
    if not (word.isascii() and is_time(word) and len(word) == 5):
        raise ValueError(f"{text!r} is not a time of day; write it like 14:00")
    return word
