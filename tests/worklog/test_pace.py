"""Machine pace: seen where more lines come within minutes than hands write, told and never counted."""

from tests.worklog.workday import Workday, commit, minutes

from git_bill.worklog.evidence import Evidence
from git_bill.worklog.pace import PACE_FLAG


def burst(count: int = 5, *, gap: int = 2, added: int = 400, **facts: str) -> list[Evidence]:
    return [commit(f"c{n}", f"2026-10-05 10:{n * gap:02}", added=added, deleted=0, **facts) for n in range(count)]


def flags(*commits: Evidence) -> tuple[str, ...]:
    day = Workday()
    day.collect(*commits)
    return day.only().entry.flags


def test_many_big_changes_within_minutes_are_flagged() -> None:
    assert PACE_FLAG in flags(*burst())


def test_few_small_or_slow_ones_are_not() -> None:
    assert PACE_FLAG not in flags(*burst(4))
    assert PACE_FLAG not in flags(*burst(added=20))
    assert PACE_FLAG not in flags(*burst(gap=11))


def test_work_that_names_its_agent_needs_no_flag() -> None:
    assert PACE_FLAG not in flags(*burst(agent="Claude"))


def test_one_big_commit_before_small_ones_took_its_own_time() -> None:
    first, *rest = burst(added=20)
    big = commit("c0", "2026-10-05 10:00", added=5000)
    assert first != big
    assert PACE_FLAG not in flags(big, *rest)


def test_a_fast_hour_is_never_more_than_an_hour() -> None:
    slow, fast = Workday(), Workday()
    slow.collect(commit("c0", "2026-10-05 10:00", added=400), commit("c4", "2026-10-05 10:08", added=400))
    fast.collect(*burst())
    assert minutes(fast.live) == minutes(slow.live)
