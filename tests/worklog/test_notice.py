"""What `collect` says of new and changed entries: time that went to another client, and odd days."""

from tests.worklog.workday import Workday, commit


def test_time_that_went_to_another_client_is_told_once() -> None:
    day = Workday()
    assert day.collect(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 10:30")).notices == ()
    forged = day.collect(commit("x", "2026-10-05 23:00", source="beta-app", minutes=24 * 60))
    assert forged.notices == (
        "acme loses 1h22m of 2026-10-05 to beta: git bill status --overlaps",
        "long days, check them: 24h on 2026-10-05",
    )
    assert day.collect().notices == ()


def test_what_keeps_some_of_its_time_or_gave_way_to_the_same_client_is_no_news() -> None:
    day = Workday()
    assert (
        day.collect(
            commit("a", "2026-10-05 10:00", minutes=30),
            commit("b", "2026-10-05 10:01", source="api"),
            commit("x", "2026-10-06 10:00", source="beta-app", minutes=30),
            commit("c", "2026-10-06 10:00"),
        ).notices
        == ()
    )


def test_of_many_odd_days_the_first_are_named() -> None:
    day = Workday()
    told = day.collect(*(commit(f"a{n}", f"2026-10-{n:02} 23:30", minutes=13 * 60) for n in range(5, 10)))
    assert told.notices == (
        "long days, check them: 13h on 2026-10-05, 13h on 2026-10-06, 13h on 2026-10-07 and 2 more",
    )
    night = day.collect(commit("n", "2026-11-05 23:30", agent="Claude"), commit("m", "2026-11-05 12:00"))
    assert night.notices == ("work with AI agents at night: 45m on 2026-11-05",)
