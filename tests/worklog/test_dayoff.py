"""Days off: what a person says of a day counts, whatever a calendar says."""

from dataclasses import replace
from datetime import date, timedelta

from tests.worklog.workday import BERLIN, at

from git_bill.worklog.dayoff import days_off, told
from git_bill.worklog.evidence import Evidence

DAY = date(2026, 10, 5)
NOW = at("2026-10-06 09:00")
ZONES = {"mira": BERLIN}
CALENDAR = Evidence(key="abc@1", kind="off", source="calendar", contributor="mira", at=at("2026-10-05 00:00"))


def said(*known: Evidence, off: bool, hours: int = 0) -> tuple[Evidence, ...]:
    return tuple(told([DAY], "mira", BERLIN, off=off, known=known, now=NOW + timedelta(hours=hours)))


def test_a_calendar_and_a_person_may_both_say_it() -> None:
    assert days_off([CALENDAR], ZONES) == {("mira", DAY)}
    assert days_off([CALENDAR, *said(CALENDAR, off=True)], ZONES) == {("mira", DAY)}
    assert days_off([replace(CALENDAR, state="removed")], ZONES) == frozenset()


def test_a_person_takes_back_what_a_calendar_says_and_may_say_it_again() -> None:
    undone = said(CALENDAR, off=False)
    assert days_off([CALENDAR, *undone], ZONES) == frozenset()
    assert said(CALENDAR, *undone, off=False) == ()
    again = said(CALENDAR, *undone, off=True, hours=1)
    assert days_off([CALENDAR, *undone, *again], ZONES) == {("mira", DAY)}


def test_nothing_is_taken_back_that_nobody_said() -> None:
    assert said(off=False) == ()
    first = said(off=True)
    assert said(*first, off=True) == ()
