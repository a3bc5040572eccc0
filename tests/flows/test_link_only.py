"""An issuer whom clients pay by link alone: no bank is asked for where a link will be, nor where nothing is paid."""

from pathlib import Path

import pytest
from tests.flows.desk import CLOCK, Desk, desk
from tests.flows.journey import approved, drafted
from tests.flows.test_issue_rail import run
from tests.repositories import live_in
from tests.twins.rail import MemoryRail

from git_bill.adapters.tables import vat_table, wording
from git_bill.flows.credit import correction
from git_bill.flows.merge import merge
from git_bill.invoice.replacing import Wish
from git_bill.problem import errors


@pytest.fixture
def mira(tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    live_in(environment, monkeypatch)
    books = desk(tmp_path / "books")
    settings = tmp_path / "books/billing/billing.toml"
    bank = '[issuer.bank]\niban = "DE02120300000000202051"\n'
    settings.write_text(settings.read_text(encoding="utf-8").replace(bank, "[stripe]\n"), encoding="utf-8")
    return books


def test_an_invoice_and_what_corrects_it_need_no_bank(mira: Desk) -> None:
    drafted(mira)
    approved(mira)
    (first,) = run(mira, MemoryRail()).issued
    assert (first.invoice.issuer.bank, first.invoice.payment_link) == (None, "https://pay.example/1")
    made = correction(
        mira.books, CLOCK, vat_table(), first.invoice.number, Wish(set={"order": "4711"}), words=wording()
    )
    (other,) = mira.do(made).made
    approved(mira, other.name)
    note, second = run(mira, MemoryRail()).issued
    assert note.invoice.payment_link is None
    assert second.invoice.payment_link == "https://pay.example/1"


def test_without_links_there_is_nowhere_to_pay(mira: Desk) -> None:
    settings = mira.top / "billing/billing.toml"
    text = settings.read_text(encoding="utf-8").replace("[stripe]\n", "[stripe]\nlinks = false\n")
    settings.write_text(text, encoding="utf-8")
    drafted(mira)
    result = mira.do(merge(mira.books, CLOCK, vat_table(), "acme-2026-10", by="mira"))
    assert result is not None
    assert [problem.rule for problem in errors(result.problems)] == ["no-bank"]
