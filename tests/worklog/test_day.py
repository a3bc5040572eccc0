"""Local days across clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.worklog.day import (
    by_day,
    clock_text,
    day_of,
    ground,
    is_clock,
    is_time,
    minute_of,
    parse_time,
    whole_day,
)
from git_bill.worklog.interval import Interval, length

BERLIN = ZoneInfo("Europe/Berlin")
# Midnight that does not exist or comes twice, half-hour changes, odd offsets.
ZONES = [
    ZoneInfo(zone)
    for zone in ("Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "America/Havana", "Australia/Lord_Howe",
                 "Asia/Kathmandu", "Asia/Beirut", "UTC")
]  # fmt: skip
MINUTES = st.integers(minute_of(datetime(2009, 1, 1, tzinfo=UTC)), minute_of(datetime(2027, 1, 1, tzinfo=UTC)))


@settings(deadline=None)
@given(MINUTES, st.sampled_from(ZONES))
def test_a_minute_lies_in_its_day(minute: int, zone: ZoneInfo) -> None:
    day = day_of(minute, zone)
    whole = whole_day(day, zone)
    assert whole.start <= minute < whole.end
    assert whole.end == whole_day(day + timedelta(days=1), zone).start


@settings(deadline=None)
@given(MINUTES, st.integers(1, 3000), st.sampled_from(ZONES))
def test_pieces_of_an_interval_are_written_and_read_back(start: int, minutes: int, zone: ZoneInfo) -> None:
    pieces = by_day(Interval(start, start + minutes), zone)
    assert length(piece for _, piece in pieces) == minutes
    assert [day for day, _ in pieces] == sorted({day for day, _ in pieces})
    for day, piece in pieces:
        text = clock_text(piece, zone)
        assert is_clock(text)
        assert ground([text], day, zone) == (piece,)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)]
)
def test_days_have_23_to_25_hours(day: date, hours: int) -> None:
    assert whole_day(day, BERLIN).minutes == hours * 60


def test_the_last_day_of_the_calendar() -> None:
    assert whole_day(date.max, BERLIN).minutes == 24 * 60


def test_a_time_that_comes_twice_carries_its_offset() -> None:
    first = minute_of(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert clock_text(Interval(first, first + 60), BERLIN) == "02:30+02:00/02:30+01:00"
    assert clock_text(Interval(first - 60, first - 30), BERLIN) == "01:30/02:00+02:00"


def test_up_to_midnight() -> None:
    start = parse_time("23:10", date(2026, 10, 5), BERLIN)
    assert clock_text(Interval(start, start + 50), BERLIN) == "23:10/24:00"


def test_what_a_changed_zone_makes_impossible_is_left_out() -> None:
    assert ground(["02:30/03:10", "10:00/11:00"], date(2026, 3, 29), BERLIN) == ground(
        ["10:00/11:00"], date(2026, 3, 29), BERLIN
    )


@pytest.mark.parametrize("text", ["09:10", "9:10/10:00", "09:10-09:55", "09:10/24:01", "24:00/24:00", "09:10/ 09:55"])
def test_no_interval(text: str) -> None:
    assert not is_clock(text)
    with pytest.raises(ValueError, match='write it like "09:10/09:55"'):
        ground([text], date(2026, 10, 5), BERLIN)


def test_no_time() -> None:
    assert is_time("14:00")
    assert not is_time("24:00")
    with pytest.raises(ValueError, match='write it like "14:00"'):
        parse_time("2pm", date(2026, 10, 5), BERLIN)
