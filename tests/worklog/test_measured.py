"""Recorded time: whose it is, which state of it counts, and what it takes from the estimates of commits."""

from datetime import date, datetime
from typing import Any

import pytest
from tests.worklog.workday import BERLIN, ORIGINS, Workday, at, commit, minutes

from git_bill.worklog.assignment import Match, Route
from git_bill.worklog.entry import short_hash
from git_bill.worklog.evidence import Evidence, from_lines, to_line
from git_bill.worklog.piece import Origin

LATER = at("2026-10-06 08:00")


def timer(begin: str, end: str | None = None, thing: str = "", **facts: Any) -> Evidence:
    """Mira's timer on 5 October, from and to a time of day; with `minutes` and no end a day's sum."""
    starts = at(f"2026-10-05 {begin}")
    state = facts.pop("said", "0")
    given: dict[str, Any] = {
        "key": f"{short_hash(thing or begin)}@{state}",
        "kind": "timer",
        "source": "timers",
        "contributor": "mira",
        "at": starts,
        "until": at(f"2026-10-05 {end}") if end else None,
        "committed": LATER,
    }
    return Evidence(**{**given, **facts})


def workday(origin: Origin | None = None) -> Workday:
    return Workday(origins={**ORIGINS, "timers": origin or Origin(client="acme", project="web-shop")})


def test_a_timer_is_an_entry_of_its_minutes() -> None:
    day = workday()
    day.collect(timer("09:10", "10:15", text="WEB-5 checkout", ticket="WEB-5"))
    entry = day.only().entry
    assert (entry.minutes, entry.at, entry.range, entry.ticket, entry.model) == (
        65,
        ("09:10/10:15",),
        (),
        "WEB-5",
        None,
    )


def test_a_timer_across_midnight_is_of_both_days() -> None:
    day = workday()
    day.collect(timer("23:00", None, until=at("2026-10-06 01:00")))
    assert [(w.entry.day, w.entry.minutes) for w in day.live] == [(date(2026, 10, 5), 60), (date(2026, 10, 6), 60)]


def test_the_latest_state_counts_and_nothing_after_it_was_removed() -> None:
    first, second = timer("09:00", "10:00"), timer("09:00", "11:00", said="1", committed=at("2026-10-07 08:00"))
    for order in ((first, second), (second, first)):
        day = workday()
        day.collect(*order)
        assert day.only().entry.minutes == 120
    entry = day.only().id
    day.collect(timer("09:00", "11:00", said="removed", state="removed", committed=at("2026-10-08 08:00")))
    assert entry not in day.worked or day.worked[entry].entry.minutes == 0


def test_a_commit_made_while_a_timer_ran_adds_nothing_and_one_outside_does() -> None:
    day = workday()
    day.collect(timer("09:00", "10:00"), commit("a", "2026-10-05 09:50", ticket="WEB-5"))
    assert minutes(day.live) == 60
    assert day.of("a").entry.flags == ()
    day.collect(commit("b", "2026-10-05 15:00"))
    assert minutes(day.live) == 60 + 60


def test_a_commit_right_after_a_timer_says_nothing_of_the_time_before_it() -> None:
    day = workday()
    day.collect(timer("09:45", "10:00"), commit("a", "2026-10-05 10:02"))
    assert minutes(day.live) == 17
    other = workday(Origin(client="beta"))
    other.collect(timer("09:45", "10:00"), commit("a", "2026-10-05 10:02"))
    assert minutes(other.live) == 60


def test_a_days_sum_stands_for_the_estimates_of_its_project() -> None:
    day = workday()
    day.collect(
        timer("00:00", minutes=90),
        commit("a", "2026-10-05 10:00"),
        commit("b", "2026-10-05 15:00"),
        commit("c", "2026-10-05 18:00", source="beta-app"),
    )
    assert minutes(w for w in day.live if w.client == "acme") == 90
    assert minutes(w for w in day.live if w.client == "beta") == 60
    (entry,) = (w.entry for w in day.live if w.entry.minutes == 90)
    assert entry.at == ("09:30/10:00", "14:00/15:00")


def test_a_days_sum_without_commits_has_no_place() -> None:
    day = workday()
    day.collect(timer("00:00", minutes=90))
    assert (day.only().entry.minutes, day.only().entry.at) == (90, ())


def test_meetings_win_over_estimates_and_lose_to_timers() -> None:
    day = workday()
    day.collect(
        timer("10:00", "11:00", kind="calendar", text="Planning"),
        timer("10:30", "12:00", text="checkout"),
        commit("a", "2026-10-05 10:20", ticket="WEB-5"),
    )
    found = {w.entry.text: (w.entry.activity, w.entry.at) for w in day.live}
    assert found["Planning"] == ("meeting", ("10:00/10:30",))
    assert found["checkout"] == ("development", ("10:30/12:00",))
    assert found["Work"] == ("development", ("09:20/10:00",))


def test_busy_hours_use_minutes_and_are_of_no_client() -> None:
    day = workday(Origin(client="internal"))
    day.collect(timer("09:30", "10:00", kind="busy"), commit("a", "2026-10-05 10:00"))
    assert [(w.client, w.entry.minutes) for w in day.live] == [("acme", 30), ("internal", 30)]
    assert next(w.entry for w in day.live if w.client == "internal").flags == ("busy",)


def test_heartbeats_win_over_estimates_alone() -> None:
    day = workday()
    day.collect(
        timer("09:30", "10:00", kind="heartbeat"),
        timer("09:45", "10:00", kind="calendar", text="Daily"),
        commit("a", "2026-10-05 10:00", ticket="WEB-5"),
    )
    assert sorted((w.entry.activity, w.entry.at) for w in day.live) == [
        ("development", ("09:00/09:30",)),
        ("development", ("09:30/09:45",)),
        ("meeting", ("09:45/10:00",)),
    ]


ROUTES = (
    Route(match=Match(project="web-*"), client="acme"),
    Route(match=Match(tag="BETA", text="call"), client="beta", project="beta-app"),
)


@pytest.mark.parametrize(
    ("facts", "client"),
    [
        ({"project": "Web-Shop"}, "acme"),
        ({"labels": ("beta",), "text": "a Call with Jo"}, "beta"),
        ({"labels": ("beta",)}, None),
        ({"text": "call"}, None),
        ({}, None),
    ],
)
def test_routes_say_whose_it_is_and_what_fits_none_is_told(facts: dict[str, Any], client: str | None) -> None:
    day = workday(Origin(client="", routes=ROUTES))
    result = day.collect(timer("09:00", "10:00", **facts))
    assert [w.client for w in day.live] == ([client] if client else [])
    assert [p.rule for p in result.problems] == ([] if client else ["no-route"])
    if not client:
        assert result.problems[0].message.startswith("1h of 'timers' are not counted")
        assert "match = {" in result.problems[0].hint
        assert [v.rule for v in result.verdicts] == ["no-route"]


@pytest.mark.parametrize(("named", "project"), [("Web Shop", "web-shop"), ("acme:api", "api"), ("else", ""), ("", "")])
def test_the_project_is_one_of_the_clients(named: str, project: str) -> None:
    day = workday(Origin(client="acme"))
    day.collect(timer("09:00", "10:00", project=named))
    assert day.only().entry.project == project


def test_a_tag_may_name_the_activity() -> None:
    day = workday()
    day.collect(timer("09:00", "10:00", labels=("shop", "Meeting")))
    assert day.only().entry.activity == "meeting"


def test_what_was_before_the_first_day_or_takes_no_minute_is_told() -> None:
    day = workday(Origin(client="acme", since=date(2026, 10, 5)))
    old = timer("09:00", None, at=at("2026-10-01 09:00"), until=at("2026-10-01 10:00"))
    result = day.collect(old, timer("12:00", "12:00"))
    assert day.live == []
    assert sorted(v.rule for v in result.verdicts) == ["before-since", "no-minutes"]


def test_time_taken_back_and_time_of_another_day() -> None:
    day = workday()
    result = day.collect(
        commit("a", "2026-10-05 10:00", ticket="WEB-5", minutes=60),
        commit("b", "2026-10-05 12:00", ticket="WEB-5", minutes=-15),
        commit("c", "2026-10-06 12:00", ticket="WEB-5", minutes=0, spent=((date(2026, 10, 2), 45),)),
    )
    assert result.problems == ()
    assert {w.entry.day: w.entry.minutes for w in day.live} == {
        date(2026, 10, 5): 45,
        date(2026, 10, 6): 0,
        date(2026, 10, 2): 45,
    }


def test_nothing_to_take_back_is_told_and_makes_no_time_negative() -> None:
    day = workday()
    result = day.collect(
        commit("a", "2026-10-05 10:00", ticket="WEB-5", minutes=10),
        commit("b", "2026-10-05 12:00", ticket="WEB-5", minutes=-15),
    )
    assert minutes(day.live) == 0
    (problem,) = result.problems
    assert (problem.rule, "takes back 5m for WEB-5" in problem.message) == ("nothing-to-take-back", True)


def test_records_are_read_back_from_their_lines() -> None:
    some = [
        timer("09:00", "10:00", project="web", client="Acme", labels=("a", "b")),
        commit("a", "2026-10-05 10:00", spent=((date(2026, 10, 3), 60), (date(2026, 10, 4), -15))),
    ]
    assert from_lines("".join(f"{to_line(one)}\n" for one in some), "e.jsonl") == (tuple(some), ())
    bad = to_line(some[1]).replace("2026-10-03", "soon")
    assert from_lines(bad, "e.jsonl")[1][0].rule == "broken-evidence"


def test_a_day_that_is_off_flags_the_work_on_it() -> None:
    day = workday()
    off = Evidence(
        key="x@1", kind="off", source="days-off", contributor="mira", at=datetime(2026, 10, 5, tzinfo=BERLIN)
    )
    result = day.collect(timer("09:00", "10:00"), off)
    assert (day.only().entry.flags, result.problems) == (("day-off",), ())
