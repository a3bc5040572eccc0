"""What a person recorded before the bank told of it: by a short number, by the payer, or asked about."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.flows.till import ACME, Bureau, bureau, euros, paper, row
from tests.repositories import live_in

from git_bill.flows.paid import Said, by_hand, from_remittance
from git_bill.flows.paid_back import returned

SAID = date(2026, 11, 19)


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Bureau:
    """Open invoices over 226.10, 452.20 and once more 226.10 EUR."""
    return bureau(tmp_path / "books", "2", "4", "2")


def say(mira: Bureau, number: str = "INV-2026-0032", on: date = SAID) -> None:
    mira.say(lambda desk: by_hand(desk, [number], Said(on=on)))


@pytest.mark.parametrize("text", ["Rechnung 0032 vom 2.11.", "Rechnung 32", "danke", ""])
def test_a_short_number_or_the_payer_is_enough(mira: Bureau, text: str) -> None:
    say(mira)
    found = mira.reconcile(paper(row(text, "226,10")))
    assert [(each.as_, mira.paid.remittances[each.of].rail) for each in found.aside] == [("same", "hand")]
    assert (found.matched, found.proposed, found.unmatched) == ((), (), {})
    assert mira.open("INV-2026-0034") == "226.10 EUR"


def test_the_number_of_another_open_invoice_is_another_payment(mira: Bureau) -> None:
    say(mira)
    found = mira.reconcile(paper(row("INV-2026-0034", "226,10")))
    assert [each.invoice for each in found.matched] == ["INV-2026-0034"]
    assert found.aside == ()


def test_of_two_records_with_the_amount_a_person_is_asked(mira: Bureau) -> None:
    say(mira)
    say(mira, "INV-2026-0034")
    (asked,) = mira.reconcile(paper(row("danke", "226,10"))).proposed
    assert "git bill paid --undo R-" in asked.because
    assert asked.invoices == {}


def test_from_nobody_that_is_known_it_is_asked_about(mira: Bureau) -> None:
    say(mira)
    found = mira.reconcile(paper(row("danke", "226,10", payer="", iban="")))
    assert [each.because for each in found.proposed if "recorded by hand for INV-2026-0032" in each.because]
    assert (found.aside, found.matched) == ((), ())


@pytest.mark.parametrize("day", ["30.11.2026", "08.11.2026"])
def test_eleven_days_apart_it_is_another_payment(mira: Bureau, day: str) -> None:
    say(mira)
    assert mira.reconcile(paper(row("danke", "226,10", day=day))).aside == ()


def test_each_record_meets_one(mira: Bureau) -> None:
    say(mira)
    found = mira.reconcile(paper(row("danke", "226,10"), row("vielen Dank", "226,10", day="21.11.2026")))
    assert len(found.aside) == 1
    assert [each.invoice for each in found.matched] == []  # no number: the next open one is asked about, not taken
    assert len(found.proposed) + len(found.unmatched) == 1


def test_the_banks_debit_of_what_a_person_gave_back(mira: Bureau) -> None:
    mira.reconcile(paper(row("INV-2026-0032 und mehr", "300,00")))
    (asked,) = mira.paid.remittances
    mira.say(lambda desk: from_remittance(desk, ["INV-2026-0032"], asked, Said(on=SAID)))
    mira.say(lambda desk: returned(desk, asked, Said(on=date(2026, 12, 1))))
    out = row("INV-2026-0032 zu viel", "-73,90", day="02.12.2026", iban=ACME)
    found = mira.reconcile(paper(out, name="december.csv"))
    assert [each.as_ for each in found.aside] == ["same"]
    assert (found.proposed, found.unmatched, mira.open()) == ((), {}, "0.00 EUR")
    assert mira.paid.rest(asked) == euros("0.00")
