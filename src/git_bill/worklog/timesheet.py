"""`timesheet.csv` of an issued invoice: what was worked, when, and how much of it is billed. People read it too.

Its intervals are the frozen ground of every later allocation (decision D6), so it is read back exactly.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import get_args

from git_bill.problem import Problem
from git_bill.worklog.day import is_clock
from git_bill.worklog.entry import Activity, Worked

# A spreadsheet takes a cell that starts so for a formula (OWASP, CSV injection): it gets an apostrophe before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
_QUOTED = re.compile('[",\r\n]|^ | $')
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesheetRow:
    """One billed entry. Minutes are whole; `intervals` as in the entry, in the contributor's zone."""

    entry: str
    day: date
    contributor: str
    client: str
    project: str = ""
    ticket: str = ""
    activity: Activity = "development"
    worked_minutes: int
    billed_minutes: int
    intervals: tuple[str, ...] = ()
    text: str = ""
    agent: str = ""

    @classmethod
    def of(cls, worked: Worked, *, billed: int) -> "TimesheetRow":
        """The row of an entry of which an invoice bills so many minutes."""
        entry = worked.entry
        return cls(
            entry=worked.id,
            day=entry.day,
            contributor=entry.by,
            client=worked.client,
            project=entry.project,
            ticket=entry.ticket or "",
            activity=entry.activity,
            worked_minutes=entry.minutes,
            billed_minutes=billed,
            intervals=entry.at,
            text=entry.text,
            agent=entry.agent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """An issued, not reversed invoice: its number, client, days, issue date and timesheet."""

    number: str
    client: str
    first: date
    last: date
    issued: date
    rows: tuple[TimesheetRow, ...]


_ALL = tuple(field.name for field in fields(TimesheetRow))
COLUMNS = _ALL[:-1]  # and the last one where an entry has an agent


def write_timesheet(rows: Iterable[TimesheetRow]) -> bytes:
    """UTF-8 CSV (RFC 4180) with a head line. No cell is a formula. Agents have a column where there are any."""
    listed = tuple(rows)
    columns = _ALL if any(row.agent for row in listed) else COLUMNS
    lines = [",".join(columns)]
    for row in listed:
        values = (getattr(row, name) for name in columns)
        lines.append(",".join(cell(" ".join(v) if isinstance(v, tuple) else str(v)) for v in values))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")


def read_timesheet(content: bytes, file: str) -> tuple[tuple[TimesheetRow, ...], tuple[Problem, ...]]:
    """The rows that `write_timesheet` wrote, and a problem for each line that is none (`broken-timesheet`)."""
    rows: list[TimesheetRow] = []
    problems: list[Problem] = []
    reader = csv.DictReader(_LINE.findall(content.decode("utf-8", "replace")), strict=True)
    try:
        columns = tuple(reader.fieldnames or ())
        if columns not in {COLUMNS, _ALL}:
            return (), (_broken(file, 1, f"its head line is not {','.join(COLUMNS)}"),)
        for cells in reader:
            try:
                if None in cells or None in cells.values():
                    raise ValueError(f"it has not {len(columns)} cells")
                rows.append(_row({name: cells[name].removeprefix("'") for name in columns}))
            except ValueError as error:
                problems.append(_broken(file, reader.line_num, str(error)))
    except csv.Error as error:
        problems.append(_broken(file, reader.line_num, str(error)))
    return tuple(rows), tuple(problems)


def _row(cells: dict[str, str]) -> TimesheetRow:
    activity = next((a for a in get_args(Activity) if a == cells["activity"]), None)
    if activity is None:
        raise ValueError(f"{cells['activity']!r} is not an activity")
    intervals = tuple(cells["intervals"].split())
    wrong = next((text for text in intervals if not is_clock(text)), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not an interval of a day")
    return TimesheetRow(
        entry=cells["entry"],
        day=date.fromisoformat(cells["day"]),
        contributor=cells["contributor"],
        client=cells["client"],
        project=cells["project"],
        ticket=cells["ticket"],
        activity=activity,
        worked_minutes=int(cells["worked_minutes"]),
        billed_minutes=int(cells["billed_minutes"]),
        intervals=intervals,
        text=cells["text"],
        agent=cells.get("agent", ""),
    )


def cell(text: str) -> str:
    """A cell of CSV (RFC 4180) that no spreadsheet takes for a formula."""
    safe = f"'{text}" if text.startswith(_FORMULA) else text
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe


def _broken(file: str, line: int, why: str) -> Problem:
    return Problem(
        rule="broken-timesheet",
        message=f"this line is not a row of a timesheet: {why}",
        hint="an issued timesheet never changes: restore it with `git restore`",
        file=file,
        line=line,
    )
