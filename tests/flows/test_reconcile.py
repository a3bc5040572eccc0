"""Reconcile: what is sure is applied once, what is not is asked about, and what a person said stays."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.flows.till import Bureau, Paper, bureau, euros, paper, row
from tests.repositories import live_in, run
from tests.twins.forge import MemoryForge
from tests.twins.rail import MemoryRail

from git_bill.effects import EnsureLink
from git_bill.flows import load
from git_bill.flows.desk import Desk
from git_bill.flows.paid import Said, by_hand
from git_bill.flows.paid_back import undone
from git_bill.layout import proposal_file
from git_bill.problem import Stop
from git_bill.receivable.payment import Payments
from git_bill.receivable.settling import Proposals
from git_bill.receivable.verdict import Verdict


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Bureau:
    """Two open invoices, over 226.10 and 452.20 EUR."""
    return bureau(tmp_path / "books", "2", "4")


def test_a_clear_payment_is_applied_and_recorded_with_its_reasons(mira: Bureau) -> None:
    found = mira.reconcile(paper(row("Rechnung INV-2026-0032", "226,10")))
    [matched] = found.matched
    assert (matched.invoice, matched.settles, matched.how) == ("INV-2026-0032", euros("226.10"), "matched")
    assert "names INV-2026-0032" in matched.reasons
    assert mira.open() == "0.00 EUR"
    assert mira.open("INV-2026-0033") == "452.20 EUR"
    assert found.paid == ("INV-2026-0032",)
    assert mira.ledger()[-1] == "payment"


def test_the_same_file_again_changes_nothing(mira: Bureau) -> None:
    statement = paper(row("Rechnung INV-2026-0032", "226,10"), row("Miete", "-900,00", "Vermieter"))
    mira.reconcile(statement)
    tip = mira.books.tip()
    again = mira.reconcile(statement)
    assert (again.new, again.matched, mira.books.tip()) == ((), (), tip)


def test_what_was_spent_is_not_kept(mira: Bureau) -> None:
    mira.reconcile(paper(row("Miete", "-900,00", "Vermieter"), row("INV-2026-0032", "226,10")))
    assert [each.amount for each in mira.paid.remittances.values()] == [euros("226.10")]


def test_a_file_with_an_error_leaves_nothing_of_any_file(mira: Bureau) -> None:
    broken = Paper(name="broken.csv", content=paper(row("INV-2026-0033", "4x2,20")).content)
    before = mira.books.tip()
    with pytest.raises(Stop) as stopped:
        mira.reconcile(paper(row("INV-2026-0032", "226,10")), broken)
    assert stopped.value.exit_code == 1
    assert stopped.value.problems[0].file == "broken.csv"
    assert stopped.value.problems[0].line == 2
    assert mira.books.tip() == before


def test_a_cent_with_a_crafted_reference_is_only_asked_about(mira: Bureau) -> None:
    found = mira.reconcile(paper(row("INV-2026-0032", "0,01", "Stranger", iban="DE02500105170137075030")))
    assert found.matched == ()
    assert [each.because for each in found.proposed] == ["it is less than a hundredth of what is open"]
    assert mira.open() == "226.10 EUR"


def test_a_person_says_yes_to_a_proposal(mira: Bureau) -> None:
    [asked] = mira.reconcile(paper(row("INV-2026-0032", "100,00"))).proposed
    yes = Verdict(remittance=asked.remittance, invoices=asked.invoices, by="mira", score=asked.score)
    found = mira.reconcile(words=[yes])
    assert [each.how for each in found.confirmed] == ["confirmed"]
    assert mira.open() == "126.10 EUR"


def test_what_a_person_took_back_is_never_matched_again_by_itself(mira: Bureau) -> None:
    statement = paper(row("Rechnung INV-2026-0032", "226,10"))
    [matched] = mira.reconcile(statement).matched
    mira.say(lambda desk: undone(desk, [matched.id], "not theirs"))
    assert mira.open() == "226.10 EUR"
    found = mira.reconcile(statement)
    assert found.matched == ()
    assert [each.because for each in found.proposed] == ["a person took this back before"]


def test_money_recorded_by_hand_is_recognised_when_the_bank_tells_of_it(mira: Bureau) -> None:
    on = mira.clock.day.replace(month=11, day=19)
    mira.say(lambda desk: by_hand(desk, ["INV-2026-0032"], Said(on=on)))
    found = mira.reconcile(paper(row("Rechnung INV-2026-0032", "226,10")))
    assert [(each.as_, mira.paid.remittances[each.of].rail) for each in found.aside] == [("same", "hand")]
    assert (found.proposed, found.unmatched, mira.open()) == ((), {}, "0.00 EUR")
    twice = mira.reconcile(paper(row("Rechnung INV-2026-0032", "226,10", day="21.11.2026"), name="later.csv"))
    assert [each.because for each in twice.proposed] == ["what it names is paid already"]  # a second payment is one


def test_one_transfer_less_a_fee_for_two_invoices(mira: Bureau) -> None:
    found = mira.reconcile(paper(row("INV-2026-0032 und INV-2026-0033", "663,30")))
    assert {each.invoice: str(each.settles) for each in found.matched} == {
        "INV-2026-0032": "226.10 EUR",
        "INV-2026-0033": "452.20 EUR",
    }
    assert {each.difference for each in found.matched} == {None, "fee"}
    assert sum(each.amount.amount for each in found.matched) == euros("663.30").amount
    assert {str(each.open) for each in mira.owed.values()} == {"0.00 EUR"}


@pytest.fixture
def stripe(mira: Bureau) -> MemoryRail:
    """Where the first invoice can be paid."""
    rail = MemoryRail()
    mira.rails = {"stripe": rail}
    rail.ensure_link(EnsureLink(key="D-1", number="INV-2026-0032", amount=euros("226.10")))
    return rail


def test_a_providers_payment_with_its_payout_at_the_bank(mira: Bureau, stripe: MemoryRail) -> None:
    stripe.pay("https://pay.example/1", fee="7.10", payer="mueller@example.com")
    stripe.pay_out("219.00")
    [matched] = mira.reconcile().matched
    assert (matched.invoice, matched.amount, matched.settles) == ("INV-2026-0032", euros("219.00"), euros("226.10"))
    assert matched.difference == "fee"
    assert mira.open() == "0.00 EUR"
    credit = row("STRIPE 8374 PAYOUT", "219,00", "Stripe Payments Europe", iban="", day="05.11.2026")
    bank = mira.reconcile(paper(credit))
    assert {each.as_ for each in bank.aside} == {"transfer"}
    assert (bank.proposed, bank.unmatched) == ((), {})


def test_a_chargeback_opens_the_invoice_and_a_dispute_and_a_win_closes_it(mira: Bureau, stripe: MemoryRail) -> None:
    payment = stripe.pay("https://pay.example/1", fee="7.10")
    mira.reconcile()
    dispute = stripe.charge_back(payment)
    found = mira.reconcile()
    assert [str(each.settles) for each in found.matched] == ["-226.10 EUR"]
    assert found.disputes == ("DS-INV-2026-0032-1",)
    assert mira.open() == "226.10 EUR"
    assert mira.ledger()[-2:] == ["payment", "dispute-opened"]
    assert mira.reconcile().new == ()
    stripe.win(dispute)
    mira.reconcile()
    assert mira.open() == "0.00 EUR"


def test_a_debit_that_failed_leaves_the_invoice_open_and_nothing_to_decide(mira: Bureau, stripe: MemoryRail) -> None:
    payment = stripe.pay("https://pay.example/1", is_debit=True)
    assert mira.reconcile().new == ()
    stripe.settle(payment, works=False)
    found = mira.reconcile()
    assert (found.proposed, found.unmatched, found.disputes, mira.open()) == ((), {}, (), "226.10 EUR")


def test_a_refund_opens_the_invoice_by_what_went_back(mira: Bureau, stripe: MemoryRail) -> None:
    payment = stripe.pay("https://pay.example/1", fee="7.10")
    mira.reconcile()
    stripe.refund(payment, "26.10")
    mira.reconcile()
    assert mira.open() == "26.10 EUR"


def test_a_rail_that_is_away_keeps_no_file_from_being_read(mira: Bureau, stripe: MemoryRail) -> None:
    stripe.away = True
    found = mira.reconcile(paper(row("Rechnung INV-2026-0032", "226,10")))
    assert found.unasked
    assert found.problems
    assert mira.open() == "0.00 EUR"


def test_unsure_ones_are_proposed_on_a_branch_and_a_merge_confirms_them(mira: Bureau) -> None:
    mira.forge = MemoryForge()
    statement = paper(row("INV-2026-0032", "100,00"), row("INV-2026-0033", "50,00", day="21.11.2026"))
    found = mira.reconcile(statement)
    assert len(found.proposed) == 2
    [branch] = mira.books.proposals()
    content = mira.books.at(branch.commit).read(proposal_file(branch.name))
    assert content is not None
    assert b'INV-2026-0032 = "100.00 EUR"' in content
    assert mira.reconcile(statement).proposed == ()  # asked already
    top = mira.shelf.top
    path = top / proposal_file(branch.name)
    run(top, "switch", "-q", f"pay/{branch.name}")
    text = path.read_text()
    at = text.index("take = true", text.index("50.00 EUR"))
    path.write_text(text[:at] + "take = false" + text[at + len("take = true") :])
    run(top, "commit", "-qam", "One of them")
    run(top, "switch", "-q", "main")
    run(top, "merge", "-q", "--no-ff", "-m", "Merge", f"pay/{branch.name}")
    merged = mira.reconcile()
    assert [(each.invoice, each.how, each.by) for each in merged.confirmed] == [("INV-2026-0032", "confirmed", "mira")]
    assert (mira.open(), mira.open("INV-2026-0033")) == ("126.10 EUR", "452.20 EUR")
    assert {each.as_ for each in mira.paid.aside.values()} == {"other"}
    assert mira.books.proposals() == ()
    assert load.read_file(mira.books.here(), Proposals, proposal_file(branch.name)) is None
    assert mira.reconcile(statement).proposed == ()


def test_a_proposal_that_asks_for_more_than_is_open_is_told_and_not_booked(mira: Bureau) -> None:
    [asked] = mira.reconcile(paper(row("INV-2026-0032", "100,00"))).proposed
    more = Verdict(remittance=asked.remittance, invoices={"INV-2026-0032": euros("900.00")}, by="mira", where="x.toml")
    found = mira.reconcile(words=[more])
    assert [each.rule for each in found.problems] == ["over-paid"]
    assert mira.open() == "226.10 EUR"


def test_who_may_not_keep_accounts_records_nothing(mira: Bureau) -> None:
    mira.roles = ("contributor",)
    with pytest.raises(Stop, match="role"):
        mira.reconcile(paper(row("Rechnung INV-2026-0032", "226,10")))
    assert mira.paid.remittances == {}


def test_a_person_who_says_the_same_twice_pays_once(mira: Bureau) -> None:
    def paid(desk: Desk) -> Payments:
        return by_hand(desk, ["INV-2026-0032"], Said(on=mira.clock.day, amount=euros("100.00")))

    assert not mira.say(paid).records.is_empty
    assert mira.say(paid).records.is_empty
    assert mira.open() == "126.10 EUR"
