"""The clock: zones, and what sets it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from git_bill.adapters.clock import SystemClock, instant
from git_bill.problem import Exit, Stop

LATE = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)


def test_today_is_a_zone_s() -> None:
    clock = SystemClock(fixed=LATE)
    assert clock.today("Europe/Berlin") == date(2026, 11, 1)
    assert clock.today("America/Los_Angeles") == date(2026, 10, 31)


def test_a_given_day_stands_for_today_but_not_for_the_clock_s() -> None:
    clock = SystemClock(fixed=LATE, day=date(2026, 11, 15))
    assert clock.today("Europe/Berlin") == date(2026, 11, 15)
    assert clock.clock_today("Europe/Berlin") == date(2026, 11, 1)
    assert clock.now() == LATE


def test_now_is_the_system_s_in_utc_and_whole_seconds() -> None:
    now = SystemClock().now()
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)
    assert (now.utcoffset(), now.microsecond) == (timedelta(0), 0)


def test_instants() -> None:
    assert instant("2026-11-02T09:00:00+01:00") == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert instant("2026-11-02") == datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["now", "2026-11-02T09:00:00", "2026-13-01"])
def test_what_is_no_instant_stops(text: str) -> None:
    with pytest.raises(Stop) as stopped:
        instant(text)
    assert stopped.value.exit_code == Exit.USAGE
