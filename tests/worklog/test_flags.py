"""What is unusual about entries."""

from datetime import date

from tests.worklog.workday import CLIENTS, ZONES, Workday, commit

from git_bill.worklog.manifest import collect_worklog


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


def test_more_than_a_day_has_room_for_is_flagged_whoever_it_is_for() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 23:00", minutes=11 * 60),
        commit("x", "2026-10-05 12:00", source="beta-app", minutes=61),
        commit("b", "2026-10-06 23:00", minutes=12 * 60),
        commit("y", "2026-10-05 23:00", contributor="jonas", minutes=60),
    )
    assert ["long-day" in flags(day, short) for short in "ab"] == [True, False]
    assert "long-day" in day.of("x", "beta-app").entry.flags
    assert "long-day" not in flags(day, "y")
    limited = collect_worklog(
        evidence=day.evidence, previous={}, origins=day.origins, zones=ZONES, clients=CLIENTS, longest=8 * 60
    )
    found = {item.entry.day.day for item in limited.worked.values() if "long-day" in item.entry.flags}
    assert found == {5, 6}


def test_what_agents_did_at_night_is_flagged_and_what_people_did_is_not() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 22:20", agent="Claude"),
        commit("b", "2026-10-06 22:00", agent="Claude"),
        commit("c", "2026-10-08 03:00", agent="Claude"),
        commit("d", "2026-10-09 23:00"),
    )
    assert ["agent-night" in flags(day, short) for short in "abcd"] == [True, False, True, False]
    assert day.collect().changed == 0


def test_an_entry_that_gives_way_to_itself_is_not_contested() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 11:00"), commit("b", "2026-10-05 12:00", minutes=120))
    assert "overlap" not in day.only().entry.flags
