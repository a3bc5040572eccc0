"""Minutes that an editor noted for a commit: each once, and none beside another measure of the same day."""

from datetime import date
from typing import Any

import pytest
from tests.worklog.test_measured import timer, workday
from tests.worklog.workday import ORIGINS, Workday, at, commit, key, minutes

from git_bill.worklog.evidence import Evidence
from git_bill.worklog.piece import Origin

CART = commit("cart", "2026-10-05 10:00")


def note(of: Evidence, took: int, block: str = "a", day: int = 5) -> Evidence:
    """A block of a commit's note."""
    return Evidence(
        key=f"note:{of.key}@{block}",
        kind="note",
        source=of.source,
        contributor=of.contributor,
        at=of.at,
        spent=((date(2026, 10, day), took),),
        commit=of.key,
    )


def test_noted_minutes_stand_in_place_of_an_estimate() -> None:
    day = Workday()
    day.collect(CART, note(CART, 40))
    entry = day.only().entry
    assert (entry.minutes, entry.at, entry.model) == (40, ("09:20/10:00",), None)


@pytest.mark.parametrize(
    "other",
    [
        timer("09:00", "10:00"),
        timer("00:00", minutes=60),
        timer("09:00", "10:00", kind="heartbeat"),
    ],
)
def test_what_a_timer_measured_too_counts_once(other: Evidence) -> None:
    day = workday()
    day.collect(CART, note(CART, 60), other)
    assert minutes(day.live) == 60


@pytest.mark.parametrize(
    "other",
    [
        timer("14:00", "15:00", kind="calendar"),
        timer("14:00", "15:00", at=at("2026-10-06 14:00"), until=at("2026-10-06 15:00")),
    ],
)
def test_a_meeting_or_another_days_timer_measured_something_else(other: Evidence) -> None:
    day = workday()
    day.collect(CART, note(CART, 40), other)
    assert minutes(day.live) == 100


def test_another_clients_timer_measured_something_else() -> None:
    day = Workday(origins={**ORIGINS, "timers": Origin(client="beta", project="beta-app")})
    day.collect(CART, note(CART, 40), timer("14:00", "15:00"))
    assert minutes(day.live) == 100


@pytest.mark.parametrize("origin", ["covers", "partly"])
def test_a_block_that_rewriting_carried_along_counts_once(origin: str) -> None:
    facts: dict[str, Any] = {origin: (key("cart"),)}
    again = commit("again", "2026-10-05 14:00", **facts)
    for order in (1, -1):
        day = Workday()
        day.collect(*(CART, note(CART, 40), again, note(again, 40), note(again, 10, "b"))[::order])
        assert minutes(day.live) == 50
