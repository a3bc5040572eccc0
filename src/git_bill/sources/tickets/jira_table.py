"""Jira's CSV export, all fields: a row for each issue, a column for each log, which is `comment;date;who;seconds`."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo

from git_bill.forge import Ticket
from git_bill.sources.faults import Faults
from git_bill.sources.tickets.issue import Export, Issue, is_closed, key, logged
from git_bill.sources.timers.table import rows_of
from git_bill.sources.timers.timed import Timed, shown, wall, wrong

_EXAMPLE = "Summary,Issue key,Status,…,Log Work    with a row: Checkout,WEB-12,Done,…,call;05/Oct/26 9:10 AM;mira;3900"
_DATE = re.compile(r"([0-9]{1,4})[-/. ]+([^\W\d_]+\.?|[0-9]{1,2})[-/. ]+([0-9]{2,4})")
_CLOCK = re.compile(r",?[ T]*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?[.0-9]*\s*(?P<half>[AaPp]\.?[Mm]\.?)?")
# English, German, French, Spanish, Italian, Dutch: the first three letters, or all of a shorter or longer one.
_MONTHS = (
    "jan ene gen",
    "feb fév fev",
    "mar mär mrz maa mrt",
    "apr avr abr",
    "may mai mag mei",
    "jun jui giu juin",
    "jul juil lug",
    "aug aoû ago",
    "sep set",
    "oct okt ott",
    "nov",
    "dec dez déc dic",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_Row = Mapping[str, Sequence[str]]  # column → its cells that hold something


def read(text: str, file: str, zone: tzinfo) -> Export:
    """Issues and logs. A row that can't be read costs only itself."""
    rows = list(rows_of(text))
    head = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if not {"issue key", "summary"} <= set(head):
        message = "this is no CSV export of Jira: it has no column Issue key, or none called Summary"
        return Export(problems=(wrong(file, 1, message, _EXAMPLE, error=True),))
    listed = [(number, _row(head, cells)) for number, cells in rows[1:]]
    people = dict(_people(row for _, row in listed))
    issues: list[Issue] = []
    times: list[Timed] = []
    faults = Faults()
    for number, row in faults.watched(listed):
        try:
            ticket = _ticket(row)
        except ValueError as error:
            faults.append(wrong(file, number, str(error), _EXAMPLE))
            continue
        own, bad = _times(row, ticket.key, people, zone)
        times += own
        for why in bad:
            faults.append(wrong(file, number, why, _EXAMPLE))
        whole = "log work" in head and not bad
        issues.append(Issue(ticket=ticket, project=_one(row, "project key"), changed=_changed(row, zone), logged=whole))
    if faults.hopeless:
        issues, times = [], []
    return Export(issues=tuple(issues), times=tuple(times), problems=tuple(faults))


def _row(head: Sequence[str], cells: Sequence[str]) -> _Row:
    row: dict[str, list[str]] = defaultdict(list)
    for name, cell in zip(head, cells, strict=False):
        if cell.strip():
            row[name].append(cell.strip())
    return row


def _one(row: _Row, *names: str) -> str:
    return next((row[name][0] for name in names if row.get(name)), "")


def _people(rows: Iterable[_Row]) -> Iterator[tuple[str, str]]:
    """Account → name, as far as columns tell both: logs name the account alone."""
    for row in rows:
        for role in ("assignee", "reporter", "creator"):
            if row.get(f"{role} id") and row.get(role):
                yield row[f"{role} id"][0], row[role][0]


def _ticket(row: _Row) -> Ticket:
    estimate = _one(row, "original estimate", "σ original estimate")
    category = _one(row, "status category").casefold()
    closed = category == "done" or (not category and (bool(_one(row, "resolved")) or is_closed(_one(row, "status"))))
    return Ticket(
        key=key(_one(row, "issue key")),
        title=_one(row, "summary"),
        url="",
        state="closed" if closed else "open",
        labels=tuple(row.get("labels", ())),
        milestone=_one(row, "fix versions", "fix version/s") or None,
        estimate=int(estimate) // 60 or None if re.fullmatch(r"[0-9]{1,9}", estimate) else None,
    )


def _times(row: _Row, ticket: str, people: Mapping[str, str], zone: tzinfo) -> tuple[list[Timed], list[str]]:
    """What was logged, and what of it can't be read."""
    times: list[Timed] = []
    bad: list[str] = []
    for cell in row.get("log work", ()):
        try:
            times.append(_time(cell, ticket, people, zone))
        except (ValueError, OverflowError) as error:
            bad.append(f"a log of {ticket} can't be read: {error}")
    return times, bad


def _time(cell: str, ticket: str, people: Mapping[str, str], zone: tzinfo) -> Timed:
    parts = cell.rsplit(";", 3)
    if len(parts) != 4 or not re.fullmatch(r"[0-9]{1,9}", parts[3].strip()):
        raise ValueError(f"{shown(cell)} is no comment, date, person and number of seconds")
    comment, at, who, seconds = (part.strip() for part in parts)
    name = hashlib.sha256("\x1f".join((at, who, seconds, comment)).encode("utf-8", "replace")).hexdigest()[:16]
    person = people.get(who, who)
    return logged(ticket, name, _day(at), int(seconds), zone=zone, person=person, text=" ".join(comment.split()))


def _changed(row: _Row, zone: tzinfo) -> datetime | None:
    try:
        day = _day(_one(row, "updated"))
        return wall(zone, day.year, day.month, day.day)
    except ValueError:
        return None


def _day(text: str) -> date:
    """`05/Oct/26 9:10 AM`, `2026-10-05 09:10`, `05.10.2026`; 10/05/2026 with AM or PM has the month first."""
    match = _DATE.match(text)
    clock = _CLOCK.fullmatch(text[match.end() :]) if match else None
    if match is None or (clock is None and match.end() < len(text)):
        raise ValueError(f"{shown(text)} is no date")
    first, middle, last = match[1], match[2].rstrip(".").casefold(), match[3]
    if not middle.isdecimal():
        month = _MONTH.get(middle[:4]) or _MONTH.get(middle[:3])
        if month is None:
            raise ValueError(f"{shown(text)} names no month that is known")
        year, day = int(last), int(first)
    elif len(first) == 4:
        year, month, day = int(first), int(middle), int(last)
    else:
        american = "/" in match[0] and clock is not None and clock["half"] is not None
        year, month, day = int(last), *((int(first), int(middle)) if american else (int(middle), int(first)))
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        raise ValueError(f"{shown(text)} is no date") from None
