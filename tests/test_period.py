"""Days, periods and durations as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.period import Period, format_duration, month, parse_day, parse_duration, parse_period

TODAY = date(2026, 11, 4)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h30m", 90),
        ("45m", 45),
        ("2h", 120),
        ("1.5h", 90),
        ("1,25h", 75),
        ("0.05h", 3),
        ("90m", 90),
        ("-15m", -15),
        ("-1.5h", -90),
        (" 1H 30M ", 90),
        ("0m", 0),
    ],
)
def test_durations_as_people_write_them(text: str, minutes: int) -> None:
    assert parse_duration(text) == minutes


@pytest.mark.parametrize("text", ["", "-", "90", "h", "1:30", "1h30", "30m1h", "1.5", "1.5m", "1e3h", "٣h", "9999999h"])
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r'is not a duration; write it like "1h30m", "45m" or "1.5h"'):
        parse_duration(text)


def test_parts_of_minutes_are_not_rounded_silently() -> None:
    with pytest.raises(ValueError, match=r"'0.33h' is not in whole minutes"):
        parse_duration("0.33h")


@pytest.mark.parametrize(("minutes", "text"), [(90, "1h30m"), (45, "45m"), (120, "2h"), (0, "0m"), (-75, "-1h15m")])
def test_durations_are_written_short(minutes: int, text: str) -> None:
    assert format_duration(minutes) == text


@given(st.integers(-(10**7), 10**7))
def test_writing_and_reading_a_duration_changes_nothing(minutes: int) -> None:
    assert parse_duration(format_duration(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("this-month", date(2026, 11, 1), date(2026, 11, 30)),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-10-05", date(2026, 10, 5), date(2026, 10, 5)),
        ("2026-10-05..2026-11-01", date(2026, 10, 5), date(2026, 11, 1)),
    ],
)
def test_periods_as_people_write_them(text: str, first: date, last: date) -> None:
    assert parse_period(text, TODAY) == Period(first, last)


@pytest.mark.parametrize(
    "text", ["", "october", "2026-13", "0000", "2026-Q5", "2026-10-32", "2026-10-05..", "..", "x..y"]
)
def test_what_is_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a period; write it like 2026-10, 2026-Q3, last-month or "):
        parse_period(text, TODAY)


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match=r"ends \(2026-10-01\) before it starts \(2026-10-02\)"):
        parse_period("2026-10-02..2026-10-01", TODAY)


def test_there_is_no_month_before_the_first() -> None:
    with pytest.raises(ValueError, match="is not a period"):
        parse_period("last-month", date.min)


def test_a_whole_month_and_a_day_are_written_as_one() -> None:
    assert str(month(date(2026, 10, 5))) == "2026-10"
    assert str(month(date(999, 1, 1))) == "0999-01"
    assert str(Period(date(2026, 10, 5), date(2026, 10, 5))) == "2026-10-05"
    assert str(Period(date(2026, 10, 1), date(2026, 10, 30))) == "2026-10-01..2026-10-30"
    assert str(Period(date(2026, 10, 1), date(2026, 11, 30))) == "2026-10-01..2026-11-30"


@given(st.dates(), st.integers(0, 800))
def test_writing_and_reading_a_period_changes_nothing(first: date, days: int) -> None:
    last = min(first, date.max - timedelta(days=days)) + timedelta(days=days)
    period = Period(min(first, last), last)
    assert parse_period(str(period), TODAY) == period


@given(st.dates())
def test_a_month_holds_its_days_and_no_others(day: date) -> None:
    period = month(day)
    assert day in period
    assert period.first.day == 1
    if period.last < date.max:
        assert (period.last + timedelta(days=1)).day == 1
        assert period.last + timedelta(days=1) not in period


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-05", date(2026, 10, 5)),
        ("today", TODAY),
        ("yesterday", date(2026, 11, 3)),
        ("mon", date(2026, 11, 2)),
        ("Tuesday", date(2026, 11, 3)),
        ("wed", date(2026, 10, 28)),
        ("thurs", date(2026, 10, 29)),
    ],
)
def test_days_as_people_write_them(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@given(st.dates(min_value=date(1970, 1, 1)), st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_a_weekday_is_the_last_one_and_never_today(today: date, name: str) -> None:
    day = parse_day(name, today)
    assert f"{day:%a}".lower() == name
    assert timedelta(days=1) <= today - day <= timedelta(days=7)


@pytest.mark.parametrize("text", ["", "m", "monxday", "2026-10", "32", "someday", "05.10.2026"])
def test_what_is_no_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day; write it like 2026-10-05, yesterday or mon"):
        parse_day(text, TODAY)
