"""Corrections that lie in the work tree while a draft bills what was there before."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.flows.desk import CLOCK, Desk, desk
from tests.flows.journey import TODAY, drafted
from tests.repositories import live_in

from git_bill.adapters.tables import vat_table, wording
from git_bill.flows.check import check
from git_bill.flows.corrections import Facts, drop, edit
from git_bill.problem import Problem


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Desk:
    """October of Acme on a draft."""
    made = desk(tmp_path / "books")
    drafted(made)
    return made


def told(mira: Desk) -> list[Problem]:
    found = check(mira.books, vat_table(), wording(), today=TODAY)
    return [each for each in found if each.rule == "drafted-entry"]


def test_an_edit_that_is_not_recorded_is_told_of_the_draft_that_bills_the_entry(mira: Desk) -> None:
    assert told(mira) == []
    books = mira.books
    entry = mira.id_of("Login form")
    mira.do(edit(books, CLOCK, [entry], Facts(minutes=45), by="mira", because="lunch"), books)
    (problem,) = told(mira)
    assert (problem.severity, problem.file) == ("warning", "billing/drafts/acme-2026-10.toml")
    assert problem.message == f"acme-2026-10 bills {entry} as recorded; what you changed of it is not committed yet"
    drafted(mira)
    assert told(mira) == []


def test_a_dropped_entry_is_told_too(mira: Desk) -> None:
    books = mira.books
    entry = mira.id_of("Login form")
    mira.do(drop(books, CLOCK, [entry], by="mira", because="private"), books)
    assert entry in told(mira)[0].message
