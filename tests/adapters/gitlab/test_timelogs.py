"""What was booked on GitLab: by whom, on what, for which day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.testbed.faults import Fault
from tests.testbed.gitlab import GitLabServer

from git_bill.adapters.gitlab.forge import GitLab
from git_bill.forge import Booking
from git_bill.problem import Stop

Spend = Callable[[str], Any]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitLabServer]:
    made = GitLabServer(tmp_path / "gitlab")
    yield made
    made.close()


@pytest.fixture
def spend(server: GitLabServer) -> Spend:
    """Mira books on her only issue."""
    token = server.account("mira", "Mira Kovac", "mira@example.net")
    project = server.project("mira/shop", "mira")
    server.rest(token, "POST", f"projects/{project.id}/issues", title="Keep the cart")
    return lambda text: server.rest(token, "POST", f"projects/{project.id}/issues/1/notes", body=f"/spend {text}")


def forge(server: GitLabServer, *, job: bool = False, repository: str = "mira/shop") -> GitLab:
    return GitLab(repository, api=server.origin, token="glpat-mira", job=job, sleep=lambda seconds: None)


def booked(server: GitLabServer, since: datetime | None = None) -> tuple[Booking, ...]:
    found = forge(server).bookings(since)
    assert found is not None
    return found


def test_each_booking_has_its_day(server: GitLabServer, spend: Spend) -> None:
    spend("1h30m 2026-10-03")
    spend("-15m")
    first, second = booked(server)
    assert first == Booking(
        account="mira", ticket="#1", title="Keep the cart", at=datetime(2026, 10, 3, tzinfo=UTC), seconds=5400
    )
    assert (second.seconds, second.at.date() > first.at.date()) == (-900, True)
    assert [one.seconds for one in booked(server, since=datetime(2026, 10, 4, tzinfo=UTC))] == [-900]


def test_every_page_is_read(server: GitLabServer, spend: Spend) -> None:
    for _ in range(8):
        spend("5m")
    assert [one.seconds for one in booked(server)] == [300] * 8


def test_where_nothing_is_told_nothing_is_known(server: GitLabServer, spend: Spend) -> None:
    spend("5m")
    assert forge(server, job=True).bookings() is None
    assert forge(server, repository="eve/hidden").bookings() is None
    old = {"errors": [{"message": "Field 'timelogs' doesn't exist on type 'Project'"}]}
    server.faults.order(Fault(status=200, document=old), path="/api/graphql", times=1)
    assert forge(server).bookings() is None


def test_a_gitlab_that_is_down_stops_and_is_asked_again_first(server: GitLabServer, spend: Spend) -> None:
    spend("5m")
    server.faults.order(Fault(status=502, document={}), path="/api/graphql", times=1)
    assert len(booked(server)) == 1
    server.faults.order(Fault(status=502, document={}), path="/api/graphql", times=99)
    with pytest.raises(Stop):
        forge(server).bookings()


def test_an_answer_that_is_none_is_told(server: GitLabServer, spend: Spend) -> None:
    answer = {"data": {"project": {"timelogs": {"nodes": [{"timeSpent": 5, "user": {"username": "mira"}}]}}}}
    server.faults.order(Fault(status=200, document=answer), path="/api/graphql", times=1)
    with pytest.raises(Stop, match="spentAt"):
        forge(server).bookings()
