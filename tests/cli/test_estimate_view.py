"""An estimate in words: days, ranges, names, and the calendar."""

from collections.abc import Sequence
from datetime import date

import pytest

from git_bill.cli.estimate_calendar import bar, calendar, hours
from git_bill.cli.estimate_view import days_text, listed, range_text, whole_text
from git_bill.cli.output import Line, Span
from git_bill.period import Period
from git_bill.worklog.estimate import Share

TODAY = date(2026, 11, 22)
AUTUMN = Period(date(2026, 10, 1), date(2026, 11, 30))


def share(day: date, minutes: int = 90, *, alone: bool = False) -> Share:
    return Share(
        contributor="mira",
        day=day,
        source="web-shop",
        ticket="",
        fact="web-shop:0",
        low=minutes,
        minutes=minutes,
        high=minutes,
        alone=alone,
        agent=False,
    )


def texts(lines: Sequence[Line]) -> list[str]:
    return ["".join(span if isinstance(span, str) else span.text for span in spans(line)).rstrip() for line in lines]


def spans(line: Line) -> Sequence[str | Span]:
    return (line,) if isinstance(line, (str, Span)) else line


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-10-01", "2026-11-30", "October and November 2026"),
        ("2026-12-01", "2027-01-31", "December 2026 and January 2027"),
        ("2026-11-01", "2026-11-30", "November 2026"),
        ("2026-01-01", "2026-11-30", "January to November 2026"),
        ("2025-07-01", "2026-06-30", "July 2025 to June 2026"),
        ("2025-01-01", "2025-12-31", "2025"),
        ("2024-01-01", "2025-12-31", "2024 to 2025"),
        ("2026-10-12", "2026-11-30", "since 12 October 2026"),
        ("2026-10-05", "2026-10-05", "5 October 2026"),
        ("2026-10-05", "2026-10-09", "5 to 9 October 2026"),
        ("2026-09-28", "2026-10-02", "28 September to 2 October 2026"),
        ("2025-12-28", "2026-01-02", "28 December 2025 to 2 January 2026"),
        ("0001-01-01", "2026-10-09", "until 9 October 2026"),
    ],
)
def test_days(first: str, last: str, told: str) -> None:
    assert days_text(Period(date.fromisoformat(first), date.fromisoformat(last)), TODAY) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(0, 35, "0 min to 35 min"), (35, 120, "35 min to 2 h"), (599, 600, "9 to 10 h"), (3799, 474001, "63 to 7,901 h")],
)
def test_ranges_are_rounded_outwards(low: int, high: int, told: str) -> None:
    assert range_text(low, high) == told


def test_long_sums_are_told_in_hours() -> None:
    assert (whole_text(4280), whole_text(60_000), whole_text(1_772_530)) == ("71 h 20 min", "1,000 h", "29,542 h")


def test_lists() -> None:
    assert (listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")) == ("a", "a and b", "a, b or c")


def test_a_calendar_shows_weeks_and_only_days_that_have_been(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    work = [share(date(2026, 10, 1)), share(date(2026, 10, 3), 5), share(date(2026, 11, 20), 180)]
    lines = texts(calendar(work, AUTUMN, TODAY))
    assert len(lines) == 9
    assert lines[:2] == [
        "             Mon    Tue    Wed    Thu    Fri    Sat    Sun      week",
        "  28 Sep                         1:30      ·   0:05      ·      1:35  ━━━━━━━━━━━━━━━",
    ]
    assert lines[2] == "   5 Oct       ·      ·      ·      ·      ·      ·      ·"
    assert (
        lines[-1]
        == "  16 Nov       ·      ·      ·      ·   3:00      ·      ·      3:00  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━"
    )
    assert texts(calendar([share(date(2026, 11, 23))], AUTUMN, date(2026, 11, 23)))[-1].count("·") == 0


@pytest.mark.parametrize("columns", [60, 66, 72, 80, 200])
def test_a_calendar_fits_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    work = [share(date(2026, 10, day), 60 * day) for day in range(1, 24)]
    assert max(map(len, texts(calendar(work, AUTUMN, TODAY)))) <= columns


def test_a_day_with_one_commit_is_dim() -> None:
    lines = calendar([share(date(2026, 10, 1), alone=True), share(date(2026, 10, 2))], AUTUMN, TODAY)
    assert {Span("   1:30", "dim"), "   1:30"} <= {*spans(lines[1])}


def test_long_times_are_told_by_month_or_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    months = texts(calendar([share(date(2025, 12, 31), 6000), share(date(2026, 11, 1), 3000)], None, TODAY))
    assert (len(months), months[1]) == (12, "Jan 2026      ·")
    assert months[0] == "Dec 2025  100 h  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━"
    years = texts(calendar([share(date(2005, 4, 7), 6000), share(date(2026, 11, 1), 90_000)], None, TODAY))
    assert (len(years), years[0], years[1]) == (22, "    2005    100 h  ━━", "    2006        ·")


def test_no_work_is_no_calendar() -> None:
    assert calendar([], AUTUMN, TODAY) == []


def test_bars_and_figures() -> None:
    assert [bar(minutes, 600, 10) for minutes in (0, 1, 30, 300, 600)] == ["", "╸", "╸", "━━━━━", "━━━━━━━━━━"]
    assert bar(600, 600, -5) == ""
    assert (hours(5), hours(75), hours(60_030)) == ("0:05", "1:15", "1,000 h")
