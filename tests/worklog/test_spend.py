"""Time that a message states: the forms of four tools, and what is wrong with a malformed one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.worklog.directives import trailers
from git_bill.worklog.spend import Agreed, Stated, Units, duration, stated, units_on


def said(message: str) -> Stated:
    return stated(message, trailers(message))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h30m", 90),
        ("90m", 90),
        ("1.5h", 90),
        ("1,5h", 90),
        ("2h", 120),
        ("1h 30m", 90),
        ("2 hours, 5 mins", 125),
        ("0m", 0),
        ("-15m", -15),
        ("1h -15m", 45),
        ("-1h 30m", -90),
        ("1d 2h", 600),
        ("0.5d", 240),
    ],
)
def test_a_duration_is_written_in_several_ways(text: str, minutes: int) -> None:
    assert duration(text) == minutes
    assert said(f"subject\n\nTime: {text}\n").minutes == minutes


@pytest.mark.parametrize(
    ("message", "minutes"),
    [
        ("WEB-5 cart\n\nSpent: 90\n", 90),
        ("WEB-5 cart\n\nSpent: 1,5h\n", 90),
        ("WEB-5 cart\n\n/spend 1h30m\n\nand more\n", 90),
        ("WEB-5 cart\n\n/spent 1h -15m\n", 45),
        ("WEB-12 #time 1d 2h", 600),
        ("WEB-12 #time 2h 30m the checkout #comment done", 150),
        ("WEB-12 #TIME 45m", 45),
        ("cart\n\ntime: 1h\nTIME: 30m\nTicket: WEB-5\n", 90),
        ("Time: 1h in the subject\n\nTicket: WEB-5\n", None),
        ("fix #time parsing, see /spend and a/spend 1h", None),
        ("no #timeless 1h", None),
    ],
)
def test_what_a_message_states(message: str, minutes: int | None) -> None:
    assert said(message) == Stated(spends=said(message).spends)
    assert said(message).minutes == minutes


def test_time_of_another_day_is_no_time_of_the_commits_own() -> None:
    found = said("cart\n\n/spend 1h 2026-10-03\n/spend 2026-10-01 30m\n/spend 15m 2026-10-03\n")
    assert found.minutes == 0
    assert found.elsewhere == ((date(2026, 10, 1), 30), (date(2026, 10, 3), 75))


def test_a_day_and_a_week_are_what_was_agreed() -> None:
    assert duration("1d 1h", Units(day=6 * 60)) == 7 * 60
    assert duration("0.1w", Units(week=30 * 60)) == 3 * 60


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *(
            (text, "is not a duration")
            for text in ("see above", "1h90", "", "1:30", "O(n log n)", "1h\x1b[31m", "--5m")
        ),
        ("9" * 5000 + "h", "is not a duration"),
        ("0.01h", "is not in whole minutes"),
        ("1w", "is longer than a day"),
        ("1h 2026-02-31", "2026-02-31 is not a day"),
    ],
)
def test_a_malformed_one_is_refused_with_an_example_and_the_others_count(text: str, why: str) -> None:
    found = said(f"subject\n\nTime: {text}\nTime: 20m\n")
    assert found.minutes == 20
    ((directive, told),) = found.wrong
    assert directive == "Time:"
    assert why in told
    assert "write it like" in told
    assert len(told) < 200


@given(st.text(max_size=80) | st.text("0123456789.,-+ hdwm#time/spend\n", max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    for message in (text, f"x\n\nTime: {text}", f"x\n/spend {text}", f"x #time {text}"):
        assert all(abs(spend.minutes) <= 24 * 60 for spend in said(message).spends)


def test_a_message_of_ten_megabytes_is_read() -> None:
    assert said("subject #time 5m\n" + "/spend 1h -\n#time 1" * 600_000).minutes is not None


def test_a_day_and_a_week_are_what_was_agreed_for_the_time() -> None:
    old = Agreed(first=date(2026, 1, 1), last=date(2026, 9, 30), units=Units(day=450, week=4 * 450))
    new = Agreed(first=date(2026, 10, 1), units=Units(day=480, week=5 * 480))
    assert units_on(date(2026, 9, 30), (new, old)) == old.units
    assert units_on(date(2026, 10, 1), (new, old)) == new.units
    assert units_on(date(2025, 12, 31), (new, old)) == Units()
    assert stated("x #time 1d", (), old.units).minutes == 450
    assert stated("x\n\n/spend 0.5w", (), old.units).minutes == 900


def test_where_two_agreements_hold_the_least_counts() -> None:
    one = Agreed(first=date(2026, 1, 1), units=Units(day=450, week=3000))
    other = Agreed(first=date(2026, 1, 1), units=Units(day=480, week=2400))
    assert units_on(date(2026, 10, 5), (one, other)) == Units(day=450, week=2400)
