"""Reconcile: what is sure is applied once, what is not is asked about, and what a person said stays."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.flows.till import Bureau, Paper, bureau, euros, paper, row
from tests.repositories import live_in, run
from tests.twins.forge import MemoryForge
from tests.twins.rail import MemoryRail

from git_bill.effects import EnsureLink, EnsurePullRequest, Refused
from git_bill.flows import apply, load
from git_bill.flows.desk import Desk
from git_bill.flows.disputes_at import disputes
from git_bill.flows.paid import Said, by_hand
from git_bill.flows.paid_back import undone
from git_bill.flows.reconcile import reconcile
from git_bill.layout import proposal_file
from git_bill.problem import Exit, Stop, stop
from git_bill.rail import Rail
from git_bill.receivable.payment import Payments
from git_bill.receivable.remittance import provider_id
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


def test_the_plan_names_each_match_before_it_is_applied(mira: Bureau) -> None:
    """What `--dry-run` shows."""
    need = mira.need(paper(row("Rechnung INV-2026-0032", "226,10"), row("INV-2026-0033", "50,00")))
    shown = apply.preview(reconcile(need))
    assert isinstance(shown, apply.Preview)
    [line] = shown.plan.details
    assert line.startswith("226.10 EUR of INV-2026-0032 by 226.10 EUR on 2026-11-20 from 'Acme GmbH'")
    assert mira.open() == "226.10 EUR"


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
    found = mira.reconcile(paper(row("INV-2026-0032 und INV-2026-0033", "668,30")))
    assert {each.invoice: str(each.settles) for each in found.matched} == {
        "INV-2026-0032": "226.10 EUR",
        "INV-2026-0033": "452.20 EUR",
    }
    assert {each.difference for each in found.matched} == {None, "fee"}
    assert sum(each.amount.amount for each in found.matched) == euros("668.30").amount
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
    assert found.won == ()
    stripe.win(dispute)
    assert mira.reconcile().won == found.disputes
    assert mira.open() == "0.00 EUR"
    assert mira.reconcile().won == found.disputes  # until a person ends it


def test_two_chargebacks_of_one_invoice_are_two_disputes(mira: Bureau, stripe: MemoryRail) -> None:
    payment = stripe.pay("https://pay.example/1")
    mira.reconcile()
    lost = stripe.charge_back(payment, part="100.00")
    stripe.charge_back(payment, part="26.10")
    found = mira.reconcile()
    assert set(found.disputes) == {"DS-INV-2026-0032-1", "DS-INV-2026-0032-2"}
    kept = disputes(mira.books.at(mira.books.tip() or ""))
    assert {str(each.amount) for each in kept.values()} == {"100.00 EUR", "26.10 EUR"}
    stripe.win(lost)
    (won,) = mira.reconcile().won
    assert str(kept[won].amount) == "100.00 EUR"


def test_what_goes_and_comes_back_on_one_day_is_settled_in_one_run(mira: Bureau, stripe: MemoryRail) -> None:
    """Ids tell nothing of the order: here the one that comes back stands before the one that went."""
    payment = stripe.pay("https://pay.example/1")
    mira.reconcile()
    first = next(n for n in range(2, 99) if provider_id("stripe", f"txn_{n}") > provider_id("stripe", f"txn_{n + 1}"))
    for cents in range(1, first - 1):
        stripe.pay_out(f"0.{cents:02}")
    stripe.win(stripe.charge_back(payment))
    assert len(mira.reconcile().matched) == 2
    assert mira.open() == "0.00 EUR"


def test_a_payment_that_was_charged_back_before_anybody_looked_is_a_dispute(mira: Bureau, stripe: MemoryRail) -> None:
    """Its deadline counts as any other; what paid no invoice of ours is none."""
    stripe.charge_back(stripe.pay("https://pay.example/1", fee="7.10"))
    found = mira.reconcile()
    assert (found.disputes, mira.open()) == (("DS-INV-2026-0032-1",), "226.10 EUR")
    (dispute,) = disputes(mira.books.at(mira.books.tip() or "")).values()
    assert (str(dispute.amount), str(dispute.evidence_due)) == ("226.10 EUR", "2026-12-01")


def test_a_chargeback_of_what_paid_no_invoice_of_ours_is_no_dispute(mira: Bureau, stripe: MemoryRail) -> None:
    stripe.ensure_link(EnsureLink(key="D-9", number="OLD-1999-0001", amount=euros("10.00")))
    stripe.charge_back(stripe.pay("https://pay.example/2"))
    assert mira.reconcile().disputes == ()


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


def test_a_rail_without_a_key_keeps_nothing_else_from_being_done(mira: Bureau) -> None:
    class Locked(Mapping[str, Rail]):
        def __getitem__(self, name: str) -> Rail:
            raise stop(Exit.SETTINGS, "no-stripe-key", "there is no key", "export one")

        def __iter__(self) -> Iterator[str]:
            return iter(("stripe",))

        def __len__(self) -> int:
            return 1

    mira.rails = Locked()
    found = mira.reconcile(paper(row("Rechnung INV-2026-0032", "226,10")))
    assert (found.unasked, mira.open()) == (True, "0.00 EUR")
    assert "no-stripe-key" in [each.rule for each in found.problems]


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
    assert [each for each in mira.paid.remittances if not mira.paid.is_decided(each)] == list(merged.unmatched)
    assert list(merged.unmatched.values()) == ["a person said that it is not for INV-2026-0033"]
    assert mira.books.proposals() == ()
    assert load.read_file(mira.books.here(), Proposals, proposal_file(branch.name)) is None
    assert mira.reconcile(statement).proposed == ()


def test_what_payers_write_is_text_in_the_proposal_and_its_pull_request(mira: Bureau) -> None:
    forge = mira.forge = MemoryForge(head=lambda branch: "0" * 40)
    evil = "INV-2026-0032 '''\"\"\" take = false # | <img src=x onerror=x> [x](http://evil.example) @mira #1 `x`\u202e"
    [asked] = mira.reconcile(paper(row(evil.replace('"', '""').join('""'), "100,00", "\x1b[31mEve\x07"))).proposed
    [branch] = mira.books.proposals()
    content = mira.books.at(branch.commit).read(proposal_file(branch.name))
    assert content is not None
    assert not [each for each in ("\x1b", "\x07", "\u202e") if each in content.decode()]
    [read] = tomllib.loads(content.decode())["matches"]
    assert (read["money"], read["take"]) == (asked.money, True)
    [body] = forge.hosted.bodies.values()
    [line] = [each for each in body.splitlines() if "100.00" in each]
    assert not {"<", "\x1b", "\u202e"} & set(line)
    assert line.replace("\\|", "").count("|") == 5, "no column more than there are"
    for live in (" [x]", "@mira", "#1 ", " `x`"):
        assert live not in line


def test_an_accountant_clears_away_what_is_decided(mira: Bureau) -> None:
    mira.roles = ("accountant",)
    mira.forge = MemoryForge(head=lambda branch: "0" * 40)
    mira.reconcile(paper(row("INV-2026-0032", "100,00")))
    [branch] = mira.books.proposals()
    run(mira.shelf.top, "merge", "-q", "--no-ff", "-m", "Merge", f"pay/{branch.name}")
    mira.reconcile()
    assert mira.books.proposals() == ()


def test_a_pull_request_that_was_not_opened_is_opened_by_the_next_run(mira: Bureau) -> None:
    forge = mira.forge = MemoryForge(head=lambda branch: "0" * 40)
    statement = paper(row("INV-2026-0032", "100,00"))
    forge.refusals[EnsurePullRequest] = Refused(reason="GitHub is down", remedy="wait")
    found = mira.reconcile(statement)
    assert "pull-request-later" in {each.rule for each in found.problems}
    forge.away, forge.refusals = True, {}
    away = mira.reconcile(paper(row("INV-2026-0033", "452,20"), name="b.csv"))
    assert len(away.matched) == 1
    assert "pull-request-later" in {each.rule for each in away.problems}
    forge.away = False
    mira.reconcile()
    [number] = forge.hosted.pulls
    assert "100.00 EUR" in forge.hosted.bodies[number]
    forge.close(number)
    mira.reconcile(statement)
    assert [each.state for each in forge.hosted.pulls.values()] == ["closed"], "a person closed it"


def test_a_merge_can_not_confirm_what_names_no_invoice(mira: Bureau) -> None:
    mira.forge = MemoryForge()
    mira.reconcile(paper(row("INV-2026-0032", "226,10")))
    found = mira.reconcile(paper(row("INV-2026-0032 nochmals", "226,10", day="25.11.2026"), name="b.csv"))
    assert [(each.because, dict(each.invoices)) for each in found.proposed] == [("what it names is paid already", {})]
    assert (mira.books.proposals(), found.pull) == ((), None)


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


def test_an_account_that_is_declared_later_brings_nothing_twice(mira: Bureau) -> None:
    """A CSV file names no account; the one that documents ask to pay to is taken."""
    settings = mira.shelf.top / "billing/billing.toml"
    whole = settings.read_text()
    mira.shelf.put({"billing/billing.toml": whole.replace('[issuer.bank]\niban = "DE02120300000000202051"\n', "")})
    statement = paper(row("Rechnung INV-2026-0032", "226,10"))
    mira.reconcile(statement)
    mira.shelf.put({"billing/billing.toml": whole})
    assert mira.reconcile(statement).new == ()
    assert len(mira.paid.remittances) == 1


def test_of_a_private_account_only_what_fits_is_kept(mira: Bureau) -> None:
    settings = mira.shelf.top / "billing/billing.toml"
    private = '\n[[accounts]]\naccount = "DE02120300000000202051"\nkeep = "matched"\n'
    mira.shelf.put({"billing/billing.toml": settings.read_text() + private})
    found = mira.reconcile(paper(row("Rechnung INV-2026-0032", "226,10"), row("Erbschaft", "5000,00", "Oma", iban="")))
    assert [each.text for each in mira.paid.remittances.values()] == ["Rechnung INV-2026-0032"]
    assert found.unmatched == {}
