"""CSV exports of time trackers: the columns' names tell whose export it is, one `Form` for each program."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from git_bill.sources.faults import Faults
from git_bill.sources.timers.timed import Timed, Timers, closing, in_order, instant, shown, wrong

_TIMES = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
_YES = {"yes": True, "true": True, "no": False, "false": False}
_NUMERIC = re.compile(r"(?P<one>[0-9]{1,2})(?P<mark>[./-])(?P<two>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A program's export: the columns that tell it, and where to find what. Names are compared in lower case.

    `start` and `end`: one column with an instant, or a date and a time. `hours`: where only a duration is told.
    `month_first`: how a date such as 10/05/2026 is read where the file does not show it.
    """

    program: str
    marks: frozenset[str]
    start: tuple[str, ...] = ("start date", "start time")
    end: tuple[str, ...] = ("end date", "end time")
    hours: str | None = None
    text: tuple[str, ...] = ("description", "task")
    person: tuple[str, ...] = ("email",)
    billable: str = "billable"
    month_first: bool = True
    example: str


def read(text: str, file: str, zone: tzinfo, form: Form) -> Timers:
    """Rows in a zone's wall clock; instants with an offset keep theirs. Equal rows are two entries."""
    rows = list(rows_of(text))
    head = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if not form.marks <= set(head):
        missing = ", ".join(sorted(form.marks - set(head)))
        message = f"this is no CSV export of {form.program}: it has no column {missing}"
        return Timers(problems=(wrong(file, 1, message, form.example, error=True),))
    at = head.index(form.start[0])
    month_first = _month_first(form, (cells[at] for _, cells in rows[1:] if len(cells) > at))
    times: list[Timed] = []
    faults = Faults()
    for number, cells in faults.watched(rows[1:]):
        row = {name: cell.strip() for name, cell in zip(head, cells, strict=False)}
        try:
            times.append(_timed(form, row, zone, month_first=month_first))
        except ValueError as error:
            faults.append(wrong(file, number, str(error), form.example))
    return in_order(times, faults, whole=False)


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the line that each ends on. What is no CSV any more ends them."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff").replace("\0", ""), newline=""))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error:  # a field of more than 128 KiB: a quote that nobody closed
        yield reader.line_num, ["a quote that is not closed"]


def _timed(form: Form, row: Mapping[str, str], zone: tzinfo, *, month_first: bool) -> Timed:
    begin = _instant([row.get(name, "") for name in form.start], zone, month_first=month_first)
    if form.hours is not None:
        end = begin + timedelta(minutes=int(_hours(row.get(form.hours, "")) * 60))
    else:
        end = closing(begin, _instant([row.get(name, "") for name in form.end], zone, month_first=month_first))
    who = " ".join(row[name] for name in form.person if row.get(name))
    names = (who, row.get("client", ""), row.get("project", ""), *(row.get(name, "") for name in form.text))
    facts = (form.program, begin.isoformat(), *names)
    return Timed(
        key=f"{form.program}:{hashlib.sha256(chr(31).join(facts).encode('utf-8', 'replace')).hexdigest()[:16]}",
        begin=begin,
        end=end,
        text=next((row[name] for name in form.text if row.get(name)), ""),
        tags=tuple(tag.strip() for tag in row.get("tags", "").split(",") if tag.strip()),
        project=row.get("project", ""),
        client=row.get("client", ""),
        person=who,
        billable=_YES.get(row.get(form.billable, "").lower()),
        placed=form.hours is None,
    )


def _instant(parts: Sequence[str], zone: tzinfo, *, month_first: bool) -> datetime:
    if len(parts) == 1 and "T" in parts[0]:
        return instant(parts[0], zone)
    day = _date(parts[0], month_first=month_first)
    return datetime.combine(day, _time(parts[1]) if len(parts) > 1 else time(), tzinfo=zone)


def _date(text: str, *, month_first: bool) -> date:
    """ISO, `10/05/2026`, `10-05-2026` in the given order, `05.10.2026` with the day first."""
    try:
        if match := _NUMERIC.fullmatch(text):
            one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
            return date(year, one, two) if month_first and match["mark"] != "." else date(year, two, one)
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise ValueError(f"{shown(text)} is no date") from None


def _time(text: str) -> time:
    for form in _TIMES:
        try:
            return datetime.strptime(text.upper(), form).time()  # noqa: DTZ007  wall clock; the zone is joined later
        except ValueError:
            continue
    raise ValueError(f"{shown(text)} is no time of day")


def _hours(text: str) -> Decimal:
    """`1.5`, `1,5`, `1:30`."""
    if match := re.fullmatch(r"([0-9]{1,3}):([0-9]{2})", text):
        return int(match[1]) + Decimal(match[2]) / 60
    if re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?", text):
        return Decimal(text.replace(",", "."))
    raise ValueError(f"{shown(text)} is no number of hours")


def _month_first(form: Form, dates: Iterable[str]) -> bool:
    """A number above 12 tells which one is the day, for the whole file."""
    found = [match for text in dates if (match := _NUMERIC.fullmatch(text.strip()))]
    if any(int(match["one"]) > 12 for match in found):
        return False
    return form.month_first or any(int(match["two"]) > 12 for match in found)
