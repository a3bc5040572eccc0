"""What is owed and late: the claim beside it, in words, by the rules of the books."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.flows.shelf import ACME, STATED, Shelf, shelf
from tests.repositories import live_in

from git_bill.adapters.tables import vat_table
from git_bill.flows.explain import explain
from git_bill.flows.receivables import Lateness
from git_bill.flows.status import status
from git_bill.money import Money
from git_bill.worklog.reason import Reason

LATE = date(2026, 12, 22)


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def owed(tmp_path: Path) -> Shelf:
    """226.10 EUR, due on Wednesday, 2 December 2026."""
    made = shelf(tmp_path / "owed")
    made.issue("INV-2026-0032")
    return made


def late(books: Shelf, today: date) -> list[Reason]:
    lateness = Lateness(shipped=vat_table(), today=today)
    found = explain(books.books(), "INV-2026-0032", lateness=lateness)
    return [reason for reason in found.because if reason.kind.startswith("late")]


def test_an_overdue_invoice_says_what_may_be_claimed_and_by_what_law(owed: Shelf) -> None:
    assert late(owed, date(2026, 12, 2)) == []
    [said] = late(owed, LATE)
    assert said.text == (
        "20 days late: you may claim interest of 1.30 EUR and 40.00 EUR for the cost of recovery; "
        "the invoice does not ask for it"
    )
    assert [(reason.kind, reason.text) for reason in said.because] == [
        ("late-interest", "226.10 EUR × 10.52 % × 20 ÷ 365, 2026-12-03 to 2026-12-22"),
        ("late-rate", "10.52 % a year: 1.52 % + 9 points (§ 288 Abs. 2 BGB)"),
        (
            "late-base",
            "1.52 % is the Basiszinssatz (§ 247 BGB) for the half-year from 2026-07-01: "
            "Deutsche Bundesbank, Bekanntgabe des Basiszinssatzes",
        ),
        ("late-unsure", "1.52 % is from a secondary page: check it with the Bundesbank"),
        ("late-cost", "40.00 EUR for the cost of recovery: § 288 Abs. 5 BGB"),
        (
            "late-since",
            "it is late from 2026-12-03 on: a due date on a day off means the next working day (§ 193 BGB)",
        ),
    ]
    [found] = status(owed.books(), vat_table(), LATE).owed.rows
    assert found.late is not None
    assert (found.late.interest, found.late.cost) == (Money.parse("1.30 EUR"), Money.parse("40.00 EUR"))
    assert found.open == Money.parse("226.10 EUR")


def test_a_line_and_a_draft_say_nothing_of_it(owed: Shelf) -> None:
    lateness = Lateness(shipped=vat_table(), today=LATE)
    line = explain(owed.books(), "INV-2026-0032", line=1, lateness=lateness)
    assert all(not reason.kind.startswith("late") for reason in line.because)


def test_a_base_rate_that_is_missing_is_asked_for_and_then_read_from_the_books(owed: Shelf) -> None:
    day = date(2027, 1, 15)
    [said] = late(owed, day)
    assert said.kind == "late-unknown"
    assert "of the half-year from 2027-01-01 is not known here" in said.text
    assert "billing/tax/base-rates.toml" in said.because[0].text
    found = status(owed.books(), vat_table(), day)
    assert [(p.rule, p.severity) for p in found.problems if p.rule == "no-base-rate"] == [("no-base-rate", "warning")]
    assert found.owed.rows[0].late is None
    own = 'schema = 1\nsource = "Bundesbank"\n[base_rates.DE]\nrates = [{ from = 2027-01-01, rate = "2.00" }]\n'
    owed.put({"billing/tax/base-rates.toml": own})
    [said] = late(owed, day)
    assert [reason.ref for reason in said.because if reason.kind == "late-rate"] == ["10.52", "11.00"]
    assert not [p for p in status(owed.books(), vat_table(), day).problems if p.rule == "no-base-rate"]


def test_what_the_contract_agreed_goes_before_the_law(owed: Shelf) -> None:
    agreed = ACME.replace('currency = "EUR"\n', 'currency = "EUR"\nlate_interest = "6%"\n')
    owed.put({**STATED, "billing/clients/acme.toml": agreed})
    [said] = late(owed, LATE)
    rates = [reason.text for reason in said.because if reason.kind == "late-rate"]
    assert rates == ["6 % a year: as the contract says, in place of § 288 Abs. 2 BGB"]
