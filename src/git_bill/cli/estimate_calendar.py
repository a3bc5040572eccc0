"""An estimate's hours as a calendar: a line per week with its days, per month or per year where there are many."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from git_bill.cli.output import Line, Span, bold, dim, terminal_width
from git_bill.period import Period
from git_bill.worklog.estimate import Share

_WEEKS, _MONTHS = 18, 36  # up to so many lines
_WIDEST_BAR = 28
_CELLS = range(6, 8)  # wide, by the terminal
_LABEL = 9
_LONG = 1_000 * 60  # minutes


def calendar(shares: Sequence[Share], days: Period | None, today: date) -> list[Line]:
    """Lines from the first to the last day with work. A day with a single commit is dim."""
    minutes: dict[date, int] = defaultdict(int)
    for share in shares:
        minutes[share.day] += share.minutes
    if not minutes:
        return []
    first, last = min(minutes), max(minutes)
    if (last - first).days < 7 * _WEEKS:
        alone = {share.day for share in shares if share.alone}
        return list(_weeks(minutes, alone, days or Period(first, last), today))
    if 12 * (last.year - first.year) + last.month - first.month < _MONTHS:
        return list(_bars(_by(minutes, "%b %Y")))
    return list(_bars(_by(minutes, "%Y")))


def hours(minutes: int) -> str:
    """`3:20`, for figures below each other; what is long, in whole hours: `1,842 h`."""
    if minutes >= _LONG:
        return f"{round(minutes / 60):,} h"
    return f"{minutes // 60:,}:{minutes % 60:02}"


def bar(minutes: int, most: int, room: int) -> str:
    """A line as long as its share of the longest, which takes the room there is; the least is half a cell."""
    width = min(_WIDEST_BAR, room)
    halves = max(1, round(2 * width * minutes / most)) if minutes and width > 0 else 0
    return "━" * (halves // 2) + "╸" * (halves % 2)


def _weeks(minutes: Mapping[date, int], alone: set[date], days: Period, today: date) -> Iterator[Line]:
    monday = min(minutes) - timedelta(days=min(minutes).weekday())
    weeks: dict[date, list[date]] = {}
    while monday <= max(minutes):
        weeks[monday] = [monday + timedelta(days=n) for n in range(7)]
        monday += timedelta(days=7)
    cell = _CELLS.stop - 1 if terminal_width() >= _LABEL + 8 * _CELLS.stop else _CELLS.start
    names = [f"{day:%a}" for day in next(iter(weeks.values()))]
    yield dim(" " * _LABEL + "".join(name.rjust(cell) for name in names) + "week".rjust(cell + 3))
    sums = {monday: sum(minutes.get(day, 0) for day in week) for monday, week in weeks.items()}
    room = terminal_width() - _LABEL - 8 * cell - 6
    for monday, week in weeks.items():
        label = dim(f"{monday.day} {monday:%b}".rjust(_LABEL - 1) + " ")
        texts = [_text(minutes.get(day), been=day in days and day <= today).rjust(cell) for day in week]
        cells = [dim(t) if day in alone or day not in minutes else t for day, t in zip(week, texts, strict=True)]
        total = bold(hours(sums[monday]).rjust(cell + 3)) if sums[monday] else ""
        yield (label, *cells, total, "  ", Span(bar(sums[monday], max(sums.values()), room), "green"))


def _text(minutes: int | None, *, been: bool) -> str:
    if minutes is None:
        return "·" if been else ""
    return hours(minutes)


def _by(minutes: Mapping[date, int], form: str) -> dict[str, int]:
    """Months or years from first to last, those without work too."""
    sums: dict[str, int] = {}
    day = min(minutes).replace(day=1)
    while day <= max(minutes):
        sums.setdefault(f"{day:{form}}", 0)
        day = (day + timedelta(days=31)).replace(day=1)
    for day, worked in minutes.items():
        sums[f"{day:{form}}"] += worked
    return sums


def _bars(sums: Mapping[str, int]) -> Iterator[Line]:
    figures = {label: f"{round(worked / 60):,} h" for label, worked in sums.items()}
    width = max(map(len, figures.values()))
    room = terminal_width() - _LABEL - width - 4
    for label, worked in sums.items():
        figure = bold(figures[label].rjust(width)) if worked else dim("·".rjust(width))
        yield (
            dim(label.rjust(_LABEL - 1) + " "),
            " ",
            figure,
            "  ",
            Span(bar(worked, max(sums.values()), room), "green"),
        )
