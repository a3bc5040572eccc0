"""timeclock: `i 2026-10-05 09:00:00 acme:web  description`, `o …` (timeclock.el, ledger, hledger's manual)."""

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import NamedTuple

from git_bill.sources.faults import Faults
from git_bill.sources.timers.timed import Timed, Timers, closing, in_order, lines_of, wall, wrong

_LINE = re.compile(
    r"(?P<code>[ioO]) (?P<day>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}) (?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?:[+-][0-9]{4})?(?: +(?P<rest>.*))?"
)
_OTHER = "#;*%!bh"  # comments, and what older programs write
_EXAMPLE = "i 2026-10-05 09:10:00 acme:web-shop  WEB-12 checkout"


class _Session(NamedTuple):
    account: str
    begin: datetime
    text: str


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """Sessions in a zone's wall clock. Accounts may run beside each other; `o` without one ends the last.

    A session across midnight is one interval. What is still clocked in is left for later.
    """
    times: list[Timed] = []
    faults = Faults()
    running: list[_Session] = []
    for number, line in faults.watched(lines_of(text)):
        if not line.strip() or line[0] in _OTHER:
            continue
        try:
            ended = _read(line.rstrip(), zone, running)
        except ValueError as error:
            faults.append(wrong(file, number, str(error), _EXAMPLE))
            continue
        if ended is not None:
            times.append(ended)
    return in_order(times, faults)


def render(times: Iterable[Timed]) -> str:
    """A file of these sessions: `read` in their own zone gives them again, where they do not overlap in an account."""
    return "".join(_lines(one) for one in times)


def _lines(one: Timed) -> str:
    told = f" {one.project}" + (f"  {one.text}" if one.text else "") if one.project or one.text else ""
    closing = f" {one.project}" if one.project else ""
    return f"i {one.begin:%Y-%m-%d %H:%M:%S}{told}\no {one.end:%Y-%m-%d %H:%M:%S}{closing}\n"


def _read(line: str, zone: tzinfo, running: list[_Session]) -> Timed | None:
    """The session that a line ends, if it ends one; what runs is kept in `running`."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("this is neither a clock-in (i) nor a clock-out (o)")
    at = _instant(match["day"], match["time"], zone)
    account, text = _named(match["rest"] or "")
    if match["code"] == "i":
        if any(account == session.account for session in running):
            raise ValueError(f"{account or 'this account'} is clocked in already")
        running.append(_Session(account, at, text))
        return None
    ended = next((session for session in reversed(running) if not account or session.account == account), None)
    if ended is None:
        raise ValueError("there is no clock-in before this clock-out")
    key = f"timeclock:{ended.begin.isoformat()}:{ended.account}"
    found = Timed(
        key=key, begin=ended.begin, end=closing(ended.begin, at), text=ended.text or text, project=ended.account
    )
    running.remove(ended)
    return found


def _instant(day: str, time: str, zone: tzinfo) -> datetime:
    year, month, date = (int(part) for part in re.split(r"[-/.]", day))
    hour, minute, *second = (int(part) for part in time.split(":"))
    return wall(zone, year, month, date, (hour, minute, second[0] if second else 0))


def _named(rest: str) -> tuple[str, str]:
    """Account, and the description that two spaces part from it; a comment after `;` goes."""
    account, _, text = rest.partition(";")[0].partition("  ")
    return account.strip(), text.strip()
