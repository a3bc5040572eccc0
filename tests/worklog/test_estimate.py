"""An estimate's minutes are those that `collect` allocates; nothing is counted twice, nothing unproven is counted."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worklog.workday import BERLIN, CLIENTS, ORIGINS, at, commit, key, name

from git_bill.period import Period
from git_bill.worklog.estimate import Estimated, estimated, total
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.manifest import collect_worklog

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
PEOPLE = ("mira", "jonas")


def estimate(*records: Evidence, days: Period | None = OCTOBER) -> Estimated:
    return estimated(records, PEOPLE, BERLIN, days)


@st.composite
def commits(draw: st.DrawFn) -> Evidence:
    """A commit in the last days of October, on one of three repositories, by one of two people."""
    instant = at("2026-10-28 08:00") + timedelta(minutes=draw(st.integers(0, 4 * 24 * 60)))
    number = draw(st.integers(0, 10**9))
    return Evidence(
        key=key(str(number)),
        kind="commit",
        source=draw(st.sampled_from(sorted(ORIGINS))),
        contributor=draw(st.sampled_from(PEOPLE)),
        at=instant,
        text=draw(st.sampled_from(("Work", "docs: Work", "fix: Work"))),
        ticket=draw(st.sampled_from((None, "WEB-5", "WEB-6"))),
        minutes=draw(st.none() | st.integers(0, 300)),
        parents=draw(st.sampled_from((1, 1, 1, 2))),
        files=draw(st.sampled_from((None, 0, 3))),
        added=draw(st.none() | st.integers(0, 700)),
        deleted=draw(st.none() | st.integers(0, 50)),
        together=draw(st.sampled_from(((), (), PEOPLE))),
        proven=draw(st.sampled_from((True, True, True, False))),
        agent=draw(st.sampled_from(("", "", "Claude"))),
    )


@given(st.lists(commits(), max_size=25, unique_by=lambda record: record.key))
@settings(max_examples=150, deadline=None)
def test_the_minutes_are_those_of_collect(records: list[Evidence]) -> None:
    collected = collect_worklog(
        evidence=records,
        previous={},
        origins=ORIGINS,
        zones=dict.fromkeys(PEOPLE, BERLIN),
        clients=CLIENTS,
    )
    entries = [entry for manifest in collected.manifests.values() for entry in manifest.entries.values()]
    found = estimate(*records, days=None)
    assert total(found.shares).expected == sum(e.minutes for e in entries if e.state == "estimated")
    assert found.unproven == sum(e.minutes for e in entries if e.state == "unproven")
    assert found.overlap == sum(lost.minutes for lost in collected.lost)


@given(st.lists(commits(), max_size=25, unique_by=lambda record: record.key))
@settings(max_examples=100, deadline=None)
def test_the_days_of_two_periods_add_up(records: list[Evidence]) -> None:
    halves = (Period(date(2026, 10, 1), date(2026, 10, 29)), Period(date(2026, 10, 30), date(2026, 11, 30)))
    parts = [total(estimate(*records, days=half).shares).expected for half in halves]
    assert sum(parts) == total(estimate(*records, days=None).shares).expected


def test_a_session_that_began_before_the_first_day_is_cut_at_midnight() -> None:
    found = estimate(commit("a", "2026-09-30 23:40"), commit("b", "2026-10-01 00:15"))
    assert [(share.day, share.minutes) for share in found.shares] == [(date(2026, 10, 1), 15)]
    before = estimate(
        commit("a", "2026-09-30 23:40"), commit("b", "2026-10-01 00:15"), days=Period(*[date(2026, 9, 30)] * 2)
    )
    assert [(share.fact, share.minutes) for share in before.shares] == [(name("a"), 60), (name("b"), 10)]


def test_a_commit_in_two_clones_counts_once() -> None:
    one = commit("a", "2026-10-05 10:00")
    both = estimate(one, commit("a", "2026-10-05 10:00", source="api"))
    assert total(both.shares).expected == total(estimate(one).shares).expected == 60
    assert both.silent == {name("a"): "same-moment"}


def test_parallel_repositories_share_one_timeline() -> None:
    found = estimate(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 10:20", source="api"))
    assert [(share.source, share.minutes) for share in found.shares] == [("api", 17), ("web-shop", 60)]


def test_days_with_a_single_commit_are_known() -> None:
    found = estimate(
        commit("a", "2026-10-05 10:00"),
        commit("b", "2026-10-06 10:00"),
        commit("c", "2026-10-06 10:30"),
        commit("d", "2026-10-07 10:00", minutes=30),
    )
    assert [(share.day.day, share.alone) for share in found.shares] == [(5, True), (6, False), (6, False), (7, False)]


def test_the_unproven_is_summed_and_not_shared_out() -> None:
    found = estimate(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-06 10:00", minutes=540, proven=False))
    assert (total(found.shares).expected, found.unproven) == (60, 540)


def test_the_range_of_a_sum_is_narrower_than_the_sum_of_ranges() -> None:
    found = estimate(*(commit(str(day), f"2026-10-{day:02} 10:00") for day in range(5, 25)))
    low, expected, high = total(found.shares)
    assert sum(share.low for share in found.shares) < low < expected < high < sum(share.high for share in found.shares)


def test_nothing_is_nothing() -> None:
    assert estimate() == Estimated(shares=(), unproven=0, overlap=0, silent={})
    assert total(()) == (0, 0, 0)


def test_work_with_agents_is_told_apart() -> None:
    found = estimate(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 10:30", agent="Claude"))
    assert {share.fact: share.agent for share in found.shares} == {name("a"): False, name("b"): True}
