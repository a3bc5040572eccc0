"""Reviews as work: ten minutes at most, an activity of their own, and never more than the session they lie in."""

from datetime import date
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worklog.test_measured import timer
from tests.worklog.workday import BERLIN, ORIGINS, Workday, at, commit, minutes

from git_bill.worklog.cut import cut
from git_bill.worklog.day import ground
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.piece import Origin


def review(number: int, when: str, said: str = "1", **facts: Any) -> Evidence:
    """Mira's review of a pull request of the web shop."""
    given: dict[str, Any] = {
        "key": f"review:{number}:{said}@0",
        "kind": "review",
        "source": "web-shop",
        "contributor": "mira",
        "at": at(when),
        "text": "Keep the cart",
        "state": "approved",
    }
    return Evidence(**{**given, **facts})


def pull(number: int, contributor: str) -> Evidence:
    return Evidence(
        key=f"pull:{number}@0", kind="pull", source="web-shop", contributor=contributor, at=at("2026-10-05 08:00")
    )


def silent(day: Workday) -> list[tuple[str, str]]:
    return [(v.evidence, v.rule) for v in day.collect().verdicts]


def test_a_review_by_itself_is_ten_minutes_of_review() -> None:
    day = Workday()
    day.collect(review(12, "2026-10-05 10:00", ticket="WEB-5"))
    entry = day.only().entry
    assert (entry.low, entry.minutes, entry.high) == (2, 10, 30)
    assert (entry.at, entry.activity, entry.ticket) == (("09:50/10:00",), "review", "WEB-5")
    assert (entry.text, entry.evidence) == ("Review of #12: Keep the cart", ("web-shop:review:12:1",))
    assert entry.is_estimate
    assert entry.flags == ()
    assert day.collect().changed == 0


@pytest.mark.parametrize("when", ["10:05", "10:20", "10:38", "11:00", "11:19", "11:20"])
def test_inside_a_session_it_adds_nothing_to_the_session(when: str) -> None:
    session = (commit("one", "2026-10-05 10:00"), commit("two", "2026-10-05 11:20"))
    without, reviewed = Workday(), Workday()
    without.collect(*session)
    reviewed.collect(*session, review(12, f"2026-10-05 {when}"))
    assert minutes(reviewed.live) == minutes(without.live)
    assert all("overlap" not in item.entry.flags for item in reviewed.live)


def test_nor_where_the_session_ends_in_what_was_partly_seen_before() -> None:
    session = (commit("one", "2026-10-05 10:00"), commit("two", "2026-10-05 11:20", partly=("a" * 40,)))
    without, reviewed = Workday(), Workday()
    without.collect(*session)
    reviewed.collect(*session, review(12, "2026-10-05 11:00"))
    assert minutes(reviewed.live) == minutes(without.live)


def test_it_takes_its_share_of_the_session() -> None:
    day = Workday()
    day.collect(commit("one", "2026-10-05 10:00"), commit("two", "2026-10-05 11:20"), review(12, "2026-10-05 11:00"))
    shares = {item.entry.activity: item.entry.at for item in day.live}
    assert shares == {"development": ("09:00/10:00", "10:33/10:50", "11:00/11:20"), "review": ("10:50/11:00",)}


def test_in_a_pause_of_a_session_it_has_no_minutes_and_a_verdict() -> None:
    day = Workday()
    day.collect(commit("one", "2026-10-05 10:00"), commit("two", "2026-10-05 11:20"), review(12, "2026-10-05 10:20"))
    assert [item.entry.activity for item in day.live] == ["development"]
    assert silent(day) == [("web-shop:review:12:1", "counted")]


def test_the_commit_or_review_before_bounds_it() -> None:
    day = Workday()
    day.collect(
        commit("one", "2026-10-05 10:00"),
        review(12, "2026-10-05 10:04"),
        review(13, "2026-10-05 10:07", ticket="WEB-9"),
    )
    shares = {item.entry.ticket: item.entry.at for item in day.live if item.entry.activity == "review"}
    assert shares == {None: ("10:00/10:04",), "WEB-9": ("10:04/10:07",)}


def test_another_state_of_a_review_is_the_same_review() -> None:
    day = Workday()
    day.collect(review(12, "2026-10-05 10:00"), review(12, "2026-10-05 10:00", key="review:12:1@1", state="dismissed"))
    assert minutes(day.live) == 10


def test_reviews_of_ones_own_pull_request_and_of_others_accounts_are_no_work() -> None:
    day = Workday()
    day.collect(
        pull(12, "mira"),
        review(12, "2026-10-05 10:00"),
        pull(13, ""),
        review(13, "2026-10-05 12:00", contributor="rita"),
    )
    assert day.live == []
    assert silent(day) == [("web-shop:review:12:1", "own-pull")]


def test_before_the_first_day_it_is_history() -> None:
    day = Workday(origins={**ORIGINS, "web-shop": Origin(client="acme", since=date(2026, 10, 6))})
    day.collect(review(12, "2026-10-05 10:00"), review(13, "2026-10-06 00:04"))
    assert [(item.entry.day, item.entry.minutes) for item in day.live] == [(date(2026, 10, 6), 4)]
    assert silent(day) == [("web-shop:review:12:1", "before-since")]


def test_a_timer_comes_before_it_and_it_comes_before_an_estimate_of_another_client() -> None:
    day = Workday(origins={**ORIGINS, "timers": Origin(client="beta")})
    day.collect(timer("09:55", "10:30"), review(12, "2026-10-05 10:00"))
    assert [item.entry.at for item in day.live if item.entry.activity == "review"] == [("09:50/09:55",)]
    other = Workday()
    other.collect(commit("one", "2026-10-05 10:05", source="beta-app"), review(12, "2026-10-05 10:00"))
    assert [item.entry.at for item in other.live] == [("09:05/09:50", "10:00/10:05"), ("09:50/10:00",)]
    assert next(item.entry.flags for item in other.live) == ("overlap",)


def test_what_is_confirmed_of_reviews_calibrates_no_commits() -> None:
    day = Workday()
    day.collect(*(review(number, f"2026-10-{number:02} 10:00") for number in range(5, 13)))
    for item in day.live:
        day.edit("set", item.id, minutes=60)
    day.collect(commit("new", "2026-11-03 10:00"))
    assert day.of("new").entry.minutes == 60
    assert day.of("new").entry.model == "session-2026.11"


def test_the_pieces_sum_to_the_estimate_across_midnight() -> None:
    found = cut((review(12, "2026-10-06 00:03"),), ORIGINS, {"mira": BERLIN})
    assert [(p.low, p.expected, p.high) for p in found.pieces] == [(1, 7, 21), (1, 3, 9)]


MOMENTS = st.lists(st.integers(0, 600), max_size=6, unique=True)


@settings(deadline=None)
@given(MOMENTS, MOMENTS, st.randoms(use_true_random=False))
def test_whatever_is_reviewed_no_minute_counts_twice_and_no_order_matters(
    commits: list[int], reviews: list[int], order: Random
) -> None:
    """Each review adds ten minutes at most, and takes none that a session counts from the day."""
    work = [commit(f"c{n}", f"2026-10-05 {8 + n // 60:02}:{n % 60:02}") for n in commits]
    given_ = [review(n, f"2026-10-05 {8 + n // 60:02}:{n % 60:02}") for n in reviews]
    alone, both, shuffled = Workday(), Workday(), Workday()
    alone.collect(*work)
    both.collect(*work, *given_)
    mixed = [*work, *given_]
    order.shuffle(mixed)
    shuffled.collect(*mixed)
    assert shuffled.manifests == both.manifests
    assert minutes(alone.live) <= minutes(both.live) <= minutes(alone.live) + 10 * len(reviews)
    taken = sorted(i for w in both.live for i in ground(w.entry.at, w.entry.day, BERLIN))
    assert all(one.end <= other.start for one, other in pairwise(taken))
    assert sum(i.minutes for i in taken) == minutes(both.live)


def test_a_review_of_which_nobody_knows_when_it_was_given_claims_nothing() -> None:
    day = Workday()
    day.collect(review(12, "2026-10-05 10:00", minutes=0))
    assert day.live == []
    assert silent(day) == [("web-shop:review:12:1", "no-minutes")]
