"""What is unusual about entries."""

from datetime import date

from tests.worklog.workday import Workday, commit


def flags(day: Workday, short: str) -> tuple[str, ...]:
    return day.of(short).entry.flags


def test_a_lone_commit_of_a_day_is_flagged_unless_it_states_its_time() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 10:00"),
        commit("b", "2026-10-06 10:00", minutes=60),
        commit("c", "2026-10-07 10:00"),
        commit("d", "2026-10-07 15:00", ticket="WEB-5"),
    )
    assert [flags(day, short) for short in "abcd"] == [("single-commit-day",), (), (), ()]


def test_saturdays_and_sundays_in_the_contributors_zone() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-09 19:00", contributor="jonas"), commit("b", "2026-10-10 00:30", source="api"))
    assert "weekend" not in flags(day, "a")
    assert [w.entry.flags for w in day.live if w.entry.day == date(2026, 10, 10)] == [("weekend", "single-commit-day")]


def test_work_in_a_billed_period_is_late_for_that_client_alone() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-20 10:00"), commit("x", "2026-10-20 15:00", source="beta-app"))
    day.bill("INV-2026-0032", [day.of("a")])
    day.collect(
        commit("b", "2026-10-05 10:00"),
        commit("c", "2026-10-21 10:00"),
        commit("y", "2026-10-05 15:00", source="beta-app"),
    )
    assert flags(day, "b") == ("late",)
    assert "late" not in flags(day, "c")
    assert "late" not in day.of("y", "beta-app").entry.flags
    assert flags(day, "a") == ()
