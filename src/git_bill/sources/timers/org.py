"""Org mode: `CLOCK: [2026-10-05 Mon 09:10]--[2026-10-05 Mon 10:15] =>  1:05` below a headline (its manual, 8.4)."""

import re
from datetime import datetime, tzinfo
from typing import NamedTuple

from git_bill.sources.faults import Faults
from git_bill.sources.timers.timed import Timed, Timers, closing, in_order, lines_of, wall, wrong

_STAMP = r"\[([0-9]{4})-([0-9]{2})-([0-9]{2})(?:\s+[^\s\d\]]+)?\s+([0-9]{1,2}):([0-9]{2})\]"
_CLOCK = re.compile(rf"\s*CLOCK:\s*{_STAMP}(?:--{_STAMP})?(?:\s*=>\s*-?[0-9]+:[0-9]{{2}})?\s*", re.IGNORECASE)
_CLOCKED = re.compile(r"\s*CLOCK:\s*(?P<rest>.*)", re.IGNORECASE)
_HEADLINE = re.compile(r"(?P<stars>\*+)\s+(?P<title>\S.*)")
_TAGS = re.compile(r"(?:^|\s):(?P<tags>[\w@#%:]+):$")
_KEYWORD = re.compile(r"(?:TODO|DONE|NEXT|WAIT(?:ING)?|STARTED|CANCELL?ED)\s+|\[#[A-Z0-9]\]\s+")
_EXAMPLE = "CLOCK: [2026-10-05 Mon 09:10]--[2026-10-05 Mon 10:15] =>  1:05"


class _Heading(NamedTuple):
    level: int
    title: str
    tags: tuple[str, ...]


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """Closed clock lines with their headline; the outermost one is the project. A running clock waits.

    A clock line that has only a duration (`CLOCK: => 1:05`) tells no day and is left out without a word.
    """
    times: list[Timed] = []
    faults = Faults()
    outline: list[_Heading] = []
    for number, line in faults.watched(lines_of(text)):
        if heading := _HEADLINE.fullmatch(line.rstrip()):
            level = len(heading["stars"])
            outline = [*(above for above in outline if above.level < level), _heading(level, heading["title"])]
        elif (clocked := _CLOCKED.fullmatch(line)) and not clocked["rest"].startswith("=>"):
            try:
                times += _timed(line, zone, outline)
            except ValueError as error:
                faults.append(wrong(file, number, str(error), _EXAMPLE))
    return in_order(times, faults)


def _heading(level: int, text: str) -> _Heading:
    found = _TAGS.search(text)
    title = text[: found.start()] if found else text
    while match := _KEYWORD.match(title):
        title = title[match.end() :]
    return _Heading(level, title.strip(), tuple(filter(None, found["tags"].split(":"))) if found else ())


def _timed(line: str, zone: tzinfo, outline: list[_Heading]) -> list[Timed]:
    match = _CLOCK.fullmatch(line)
    if match is None:
        raise ValueError("this is no clock line")
    begin = _instant(match.groups()[:5], zone)
    if match[6] is None:
        return []
    title = outline[-1].title if outline else ""
    found = Timed(
        key=f"org:{begin.isoformat()}:{title}",
        begin=begin,
        end=closing(begin, _instant(match.groups()[5:10], zone)),
        text=title,
        tags=tuple(dict.fromkeys(tag for heading in outline for tag in heading.tags)),
        project=outline[0].title if len(outline) > 1 else "",
    )
    return [found]


def _instant(parts: tuple[str, ...], zone: tzinfo) -> datetime:
    year, month, day, hour, minute = map(int, parts)
    return wall(zone, year, month, day, (hour, minute, 0))
