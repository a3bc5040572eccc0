"""Work at the edges of days: midnight, the end of a billed period, and the nights on which the clock changes."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.worklog.test_measured import timer
from tests.worklog.workday import NEW_YORK, ORIGINS, Workday, at, commit, minutes

from git_bill.worklog.effort import SESSION
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.piece import Origin

OPENING = SESSION.openings[2]  # of the size that `commit` has


def edge(name: str, minute: int, **facts: Any) -> Evidence:
    """A commit so many minutes after the midnight that ends October in Berlin."""
    day, rest = divmod(minute, 24 * 60)
    text = f"2026-{'11-01' if day == 0 else '10-31'} {rest // 60:02}:{rest % 60:02}"
    return commit(name, text, **facts)


@given(st.integers(-120, 120), st.integers(1, 90))
def test_a_session_across_midnight_is_split_and_nothing_is_gained_or_lost(first: int, gap: int) -> None:
    day = Workday()
    day.collect(edge("one", first, ticket="WEB-5"), edge("two", first + gap, ticket="WEB-5"))
    within = gap if gap <= SESSION.whole else SESSION.whole + (gap - SESSION.whole) // 2
    assert minutes(day.live) == OPENING.expected + within
    before = max(0, min(OPENING.expected, OPENING.expected - first)) + max(0, min(within, within - first - gap))
    assert sum(w.entry.minutes for w in day.live if w.entry.day == date(2026, 10, 31)) == before
    assert {w.entry.day for w in day.live} <= {date(2026, 10, 31), date(2026, 11, 1)}
    lows, highs = (sum(getattr(w.entry, end) for w in day.live) for end in ("low", "high"))
    assert lows <= OPENING.expected + within <= highs


def test_the_period_edge_bills_each_month_its_own_part() -> None:
    day = Workday()
    day.collect(edge("one", -10, ticket="WEB-5"), edge("two", 20, ticket="WEB-5"))
    october, november = day.live
    assert (october.entry.at, november.entry.at) == (("22:50/23:50", "23:58/24:00"), ("00:00/00:20",))
    assert november.entry.evidence == october.entry.evidence[1:]
    day.bill("INV-2026-0032", [october])
    again = day.collect()
    assert (again.added, again.changed, again.lost) == (0, 0, ())
    assert day.worked[november.id] == november
    day.collect(edge("three", 60, ticket="WEB-5"))
    assert minutes(day.live) == minutes([october, november]) + 27
    assert "late" not in day.worked[november.id].entry.flags


def test_a_commit_of_the_next_month_reaches_into_a_billed_one_as_late_work() -> None:
    day = Workday()
    day.collect(edge("one", -200))
    day.bill("INV-2026-0032", day.live)
    day.collect(edge("two", 20, ticket="WEB-6"))
    _, late, new = day.live
    assert (late.entry.at, late.entry.flags) == (("23:20/24:00",), ("weekend", "late"))
    assert (new.entry.at, new.entry.flags) == (("00:00/00:20",), ("weekend", "single-commit-day"))


def test_the_day_is_the_contributors_own() -> None:
    day = Workday()
    day.collect(
        commit("hers", "2026-11-01 00:30"), commit("his", "2026-10-31 19:30", contributor="jonas", text="Paging")
    )
    days = {(w.entry.by, w.entry.day, w.entry.minutes) for w in day.live}
    assert days == {
        ("mira", date(2026, 10, 31), 30),
        ("mira", date(2026, 11, 1), 30),
        ("jonas", date(2026, 10, 31), 60),
    }
    assert at("2026-10-31 19:30", NEW_YORK) == at("2026-11-01 00:30")


@pytest.mark.parametrize(
    ("day", "until", "took", "place"),
    [
        ("2026-10-25 01:30", "2026-10-25 03:30", 180, "01:30/03:30"),  # 02:00 to 03:00 comes twice
        ("2026-03-29 01:30", "2026-03-29 03:30", 60, "01:30/03:30"),  # and not at all
    ],
)
def test_a_timer_over_a_clock_change_is_as_long_as_it_ran(day: str, until: str, took: int, place: str) -> None:
    books = Workday(origins={**ORIGINS, "timers": Origin(client="acme", project="web-shop")})
    books.collect(timer("09:00", at=at(day), until=at(until)))
    assert (books.only().entry.minutes, books.only().entry.at) == (took, (place,))


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2026-03-29", 23), ("2026-10-24", 24)])
def test_a_day_holds_as_many_minutes_as_its_clock_shows(day: str, hours: int) -> None:
    books = Workday()
    stated = (commit(str(n), f"{day} {10 + n}:00", f"Work {n}", ticket=f"WEB-{n}", minutes=9 * 60) for n in range(3))
    books.collect(*stated)
    assert minutes(books.live) == min(27, hours) * 60


@pytest.mark.parametrize(
    ("first", "second", "counted"),
    [
        ("2026-10-25 02:50", "2026-10-25 03:05", 15 + 30),  # 75 minutes passed
        ("2026-03-29 01:50", "2026-03-29 03:05", 15),  # 15 minutes passed
    ],
)
def test_a_session_over_a_clock_change_counts_the_minutes_that_passed(first: str, second: str, counted: int) -> None:
    books = Workday()
    books.collect(commit("one", first), commit("two", second))
    assert minutes(books.live) == OPENING.expected + counted
