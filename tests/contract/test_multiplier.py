"""Multipliers: minutes apart by what each of them costs."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.multiplier import Time, apart, clocks, shared
from git_bill.contract.rate import Multiplier

NIGHT = Multiplier(factor=Decimal("1.25"), name="Night", start="22:00", end="06:00")
WEEKEND = Multiplier(factor=Decimal("1.5"), name="Weekend", weekdays=("sat", "sun"))
HOLIDAY = Multiplier(factor=Decimal(2), name="Holiday", holidays="DE-BE")
URGENT = Multiplier(factor=Decimal("1.5"), name="Urgent", labels=("urgent",))
QUIET = Multiplier(factor=Decimal("0.5"), name="Stand-by", labels=("standby",))
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, SATURDAY, UNITY = date(2026, 10, 5), date(2026, 10, 10), date(2026, 10, 3)


def found(time: Time, *multipliers: Multiplier) -> dict[str, int]:
    return {each.name if each else "": minutes for each, minutes in apart(time, multipliers).items()}


def test_a_session_into_the_night_falls_apart_at_ten() -> None:
    time = Time(day=MONDAY, minutes=180, clocks=clocks(["20:30/23:30"], MONDAY, BERLIN))
    assert found(time, NIGHT) == {"": 90, "Night": 90}


def test_the_night_goes_on_until_six() -> None:
    time = Time(day=MONDAY, minutes=120, clocks=clocks(["05:00/07:00"], MONDAY, BERLIN))
    assert found(time, NIGHT) == {"Night": 60, "": 60}


@pytest.mark.parametrize(
    ("day", "text", "minutes"),
    [
        (date(2026, 10, 25), "01:30/03:30", 180),
        (date(2026, 10, 25), "02:10+02:00/02:30+01:00", 80),
        (date(2026, 3, 29), "01:30/03:30", 60),
    ],
)
def test_when_clocks_are_changed_real_minutes_count(day: date, text: str, minutes: int) -> None:
    time = Time(day=day, minutes=minutes, clocks=clocks([text], day, BERLIN))
    assert found(time, NIGHT) == {"Night": minutes}


def test_an_hour_that_comes_twice_costs_more_both_times() -> None:
    day = date(2026, 10, 25)
    early = Multiplier(factor=Decimal(2), name="Early", start="02:00", end="03:00")
    time = Time(day=day, minutes=180, clocks=clocks(["01:30/03:30"], day, BERLIN))
    assert found(time, early) == {"": 60, "Early": 120}


def test_the_highest_counts_and_they_never_multiply() -> None:
    time = Time(day=SATURDAY, minutes=120, clocks=clocks(["21:00/23:00"], SATURDAY, BERLIN))
    assert found(time, NIGHT, WEEKEND) == {"Weekend": 120}
    assert found(Time(day=UNITY, minutes=60), WEEKEND, HOLIDAY) == {"Holiday": 60}  # 3 October 2026 is a Saturday


def test_less_counts_where_nothing_is_more() -> None:
    assert found(Time(day=MONDAY, minutes=60, labels=("StandBy",)), QUIET) == {"Stand-by": 60}
    assert found(Time(day=MONDAY, minutes=60, labels=("standby", "urgent")), QUIET, URGENT) == {"Urgent": 60}


def test_minutes_without_a_place_are_never_night_work() -> None:
    time = Time(day=SATURDAY, minutes=90, clocks=clocks(["22:00/22:30"], SATURDAY, BERLIN))
    assert found(time, NIGHT) == {"Night": 30, "": 60}
    assert found(time, NIGHT, WEEKEND) == {"Weekend": 90}


@given(
    spans=st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 300)), max_size=4),
    minutes=st.integers(0, 900),
    fewer=st.integers(0, 900),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_no_minute_is_lost(spans: list[tuple[int, int]], minutes: int, fewer: int, day: date) -> None:
    edges = [(start, min(1440, start + length)) for start, length in spans]
    time = Time(day=day, minutes=minutes, clocks=tuple(edges), labels=("urgent",))
    parts = apart(time, (NIGHT, WEEKEND, HOLIDAY, URGENT))
    assert sum(parts.values()) == minutes
    assert all(part > 0 for part in parts.values())
    assert sum(shared(parts, fewer).values()) == min(fewer, minutes)
