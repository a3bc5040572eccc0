"""A person's no: the money stays undecided and visible, and just that match is not proposed again."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.flows.till import Bureau, bureau, paper, row
from tests.repositories import live_in
from tests.twins.forge import MemoryForge

from git_bill.flows.audit import examine
from git_bill.flows.desk import Desk
from git_bill.flows.paid import Said, from_remittance
from git_bill.receivable.settling import Proposal
from git_bill.receivable.verdict import Verdict

STATEMENT = paper(row("INV-2026-0032", "100,00"))


@pytest.fixture
def mira(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Two open invoices, over 226.10 and 452.20 EUR."""
    live_in(environment, monkeypatch)
    return bureau(tmp_path / "books", "2", "4")


def no(asked: Proposal) -> Verdict:
    return Verdict(remittance=asked.remittance, invoices={}, by="mira", rejects=tuple(asked.invoices), because="no")


def test_what_is_not_for_these_invoices_stays_unknown_and_is_not_asked_again(mira: Bureau) -> None:
    [asked] = mira.reconcile(STATEMENT).proposed
    mira.reconcile(words=[no(asked)])
    assert mira.ledger()[-1] == "rejected"
    assert not mira.paid.is_decided(asked.remittance)
    for found in (mira.reconcile(), mira.reconcile(STATEMENT)):
        assert found.proposed == ()
        assert found.unmatched == {asked.remittance: "a person said that it is not for INV-2026-0032"}
    tip = mira.books.tip()
    mira.reconcile(words=[no(asked)])  # said twice is said once
    assert mira.books.tip() == tip


def test_a_person_may_still_say_that_it_is(mira: Bureau) -> None:
    [asked] = mira.reconcile(STATEMENT).proposed
    mira.reconcile(words=[no(asked)])

    def after_all(desk: Desk) -> object:
        return from_remittance(desk, ["INV-2026-0032"], asked.remittance, Said(on=mira.clock.day))

    mira.say(after_all)  # type: ignore[arg-type]
    assert mira.open() == "126.10 EUR"


def test_the_next_likely_one_is_proposed_in_its_place(mira: Bureau) -> None:
    """Money of no name fits both; after a no to one, the other is asked about."""
    [asked] = mira.reconcile(paper(row("INV-2026-0032 INV-2026-0033", "452,20"))).proposed
    found = mira.reconcile(words=[no(asked)])
    assert all(each.invoices.keys() != asked.invoices.keys() for each in found.proposed)
    assert {each.because for each in found.proposed} <= {
        f"a person said that it is not for {', '.join(asked.invoices)}"
    }
    assert len(found.proposed) + len(found.unmatched) == 1


def test_what_was_rejected_is_audited(mira: Bureau) -> None:
    [asked] = mira.reconcile(STATEMENT).proposed
    mira.reconcile(words=[no(asked)])
    audited = examine(mira.books)
    assert [each.what for each in audited.checks][-1] == "payments are what was recorded: 1 decision"
    assert [each for each in audited.problems if each.rule.startswith("payment")] == []
    path = mira.shelf.top / "billing/payments/2026-11.toml"
    mira.shelf.put({"billing/payments/2026-11.toml": path.read_text().replace('INV-2026-0032"]', 'INV-2026-0033"]')})
    assert [each.rule for each in examine(mira.books).problems] == ["payment-changed"]


def test_a_no_ends_the_proposal_on_its_branch(mira: Bureau) -> None:
    """Else merging it later would say yes to it."""
    mira.forge = MemoryForge()
    [asked] = mira.reconcile(STATEMENT).proposed
    assert len(mira.books.proposals()) == 1
    mira.reconcile(words=[no(asked)], again=True)
    assert mira.books.proposals() == ()


def test_credit_of_one_client_is_not_taken_for_another_by_a_proposal_either(mira: Bureau) -> None:
    [asked] = mira.reconcile(STATEMENT).proposed
    aside = Verdict(remittance=asked.remittance, invoices={}, by="mira", aside="credit", of="globex")
    mira.reconcile(words=[aside])
    found = mira.reconcile(words=[Verdict(remittance=asked.remittance, invoices=asked.invoices, by="mira")])
    assert [each.rule for each in found.problems] == ["no-credit"]
    assert mira.open() == "226.10 EUR"


def test_a_no_to_money_of_which_nothing_is_open(mira: Bureau) -> None:
    """A second payment names no invoice that it takes anything off."""
    mira.reconcile(paper(row("INV-2026-0032", "226,10")))
    [asked] = mira.reconcile(paper(row("INV-2026-0032", "226,10", day="25.11.2026"), name="later.csv")).proposed
    assert asked.invoices == {}
    found = mira.reconcile(words=[no(asked)])
    assert found.proposed == ()
    assert found.unmatched == {asked.remittance: "a person said that it is not for these"}
