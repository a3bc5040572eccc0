"""Money that goes back at the bank: which payment it takes back, and what a person is asked where nobody can tell."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.flows.till import ACME, Bureau, Paper, bureau, euros, paper, row
from tests.repositories import live_in

from git_bill.adapters.tables import vat_table
from git_bill.flows import load
from git_bill.flows.bookkeeping import till
from git_bill.flows.paid import Said, by_hand, from_remittance
from git_bill.flows.paid_back import returned
from git_bill.flows.receivables import owed
from git_bill.problem import Stop
from git_bill.receivable.verdict import Verdict

BACK = date(2026, 12, 3)


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Bureau:
    """Two open invoices of the same amount, 226.10 EUR."""
    return bureau(tmp_path / "books", "2", "2")


def pay(mira: Bureau, number: str, day: str = "20.11.2026") -> None:
    mira.reconcile(paper(row(f"Rechnung {number}", "226,10", day=day), name=f"{number}.csv"))


def back(text: str, amount: str = "-226,10", iban: str = ACME, name: str = "december.csv") -> Paper:
    return paper(row(text, amount, day="03.12.2026", iban=iban), name=name)


def test_a_returned_payment_opens_its_invoice_from_that_day(mira: Bureau) -> None:
    pay(mira, "INV-2026-0032")
    found = mira.reconcile(back("Retoure INV-2026-0032 MD06"))
    assert [(each.invoice, str(each.settles)) for each in found.matched] == [("INV-2026-0032", "-226.10 EUR")]
    assert (found.proposed, found.unmatched, mira.open()) == ((), {}, "226.10 EUR")
    assert mira.paid.day(found.matched[0]) == BACK
    assert len(mira.paid.by_invoice["INV-2026-0032"]) == 2  # what was paid stays told


def test_by_the_payers_account_alone_where_only_one_payment_fits(mira: Bureau) -> None:
    pay(mira, "INV-2026-0032")
    mira.reconcile(back("Rücklastschrift"))
    assert mira.open() == "226.10 EUR"


def test_a_payment_and_its_return_in_one_file(mira: Bureau) -> None:
    went = row("Retoure INV-2026-0032", "-226,10", day="03.12.2026", iban="")
    mira.reconcile(paper(row("INV-2026-0032", "226,10", iban=""), went))
    assert mira.open() == "226.10 EUR"


def test_of_two_equal_payments_a_person_is_asked_which(mira: Bureau) -> None:
    pay(mira, "INV-2026-0032")
    pay(mira, "INV-2026-0033", "21.11.2026")
    (asked,) = mira.reconcile(back("Rücklastschrift")).proposed
    assert asked.invoices == {"INV-2026-0033": euros("-226.10")}
    assert asked.because == "several payments may be the one that it returns"
    assert len(asked.others) == 1
    assert {mira.open(), mira.open("INV-2026-0033")} == {"0.00 EUR"}
    said = Verdict(remittance=asked.remittance, invoices=asked.invoices, by="mira", score=asked.score)
    assert mira.reconcile(words=[said]).confirmed[0].settles == euros("-226.10")
    assert mira.open("INV-2026-0033") == "226.10 EUR"


def test_the_number_tells_two_equal_payments_apart(mira: Bureau) -> None:
    pay(mira, "INV-2026-0032")
    pay(mira, "INV-2026-0033", "21.11.2026")
    mira.reconcile(back("Retoure INV-2026-0033"))
    assert (mira.open(), mira.open("INV-2026-0033")) == ("0.00 EUR", "226.10 EUR")


def test_nothing_is_returned_twice_and_what_was_paid_again_may_be(mira: Bureau) -> None:
    pay(mira, "INV-2026-0032")
    mira.reconcile(back("Retoure INV-2026-0032"))
    twice = paper(row("Retoure INV-2026-0032", "-226,10", day="04.12.2026"), name="twice.csv")
    found = mira.reconcile(twice)
    assert found.matched == ()
    assert mira.open() == "226.10 EUR"
    mira.reconcile(paper(row("INV-2026-0032", "226,10", day="05.12.2026"), name="again.csv"))
    assert mira.open() == "0.00 EUR"
    mira.reconcile(paper(row("Retoure INV-2026-0032", "-226,10", day="08.12.2026"), name="thrice.csv"))
    assert mira.open() == "226.10 EUR"


def test_without_account_or_number_it_is_only_asked_about(mira: Bureau) -> None:
    pay(mira, "INV-2026-0032")
    (asked,) = mira.reconcile(back("Rücklastschrift", iban="DE02500105170137075030")).proposed
    assert asked.invoices == {"INV-2026-0032": euros("-226.10")}
    assert "neither an account nor a number" in asked.because
    assert mira.open() == "0.00 EUR"


def test_a_debit_that_names_what_was_paid_and_is_no_return_is_only_asked_about(mira: Bureau) -> None:
    pay(mira, "INV-2026-0032")
    (asked,) = mira.reconcile(back("Erstattung INV-2026-0032", "-100,00")).proposed
    assert asked.invoices == {"INV-2026-0032": euros("-100.00")}
    assert asked.because == "money that went out is only ever proposed"


def test_a_return_of_what_nobody_knows_says_how_to_book_it_and_stays_in_sight(mira: Bureau) -> None:
    found = mira.reconcile(back("Rücklastschrift INV-2026-0032"))
    ((name, because),) = found.unmatched.items()
    assert because.endswith(f"git bill paid INV-… --from {name}")
    tip = mira.books.tip()
    assert tip is not None
    here = mira.books.at(tip)
    standing = owed(till(here), load.workspace(here), vat_table(), mira.clock.day)
    assert [each.id for each in standing.unknown] == [name]


def test_by_hand_what_went_back_opens_what_it_names(mira: Bureau) -> None:
    found = mira.reconcile(back("Rücklastschrift INV-2026-0032"))
    (name,) = found.unmatched
    with pytest.raises(Stop, match=r"nothing in EUR was paid for INV-2026-0032"):
        mira.say(lambda desk: from_remittance(desk, ["INV-2026-0032"], name, Said(on=BACK)))
    pay(mira, "INV-2026-0032", "04.12.2026")
    mira.say(lambda desk: from_remittance(desk, ["INV-2026-0032"], name, Said(on=BACK)))
    assert mira.open() == "226.10 EUR"


def test_what_went_out_is_not_given_back_once_more(mira: Bureau) -> None:
    (name,) = mira.reconcile(back("Rücklastschrift INV-2026-0032")).unmatched
    with pytest.raises(Stop, match=r"is money that went out") as stopped:
        mira.say(lambda desk: returned(desk, name, Said(on=BACK)))
    assert f"git bill paid INV-… --from {name}" in stopped.value.problems[0].hint


def test_a_return_of_what_a_person_recorded_before_opens_it(mira: Bureau) -> None:
    mira.say(lambda desk: by_hand(desk, ["INV-2026-0032"], Said(on=date(2026, 11, 19))))
    pay(mira, "INV-2026-0032")
    mira.reconcile(back("Retoure INV-2026-0032"))
    assert mira.open() == "226.10 EUR"


def test_a_purchase_that_speaks_of_returns_is_not_kept(mira: Bureau) -> None:
    assert mira.reconcile(back("Einkauf, keine Retoure", "-20,00")).new == ()
