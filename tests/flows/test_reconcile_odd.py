"""Reconcile where books and money don't fit at first sight: corrections, losses, words that cross, hands in files."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.flows.shelf import invoice, line
from tests.flows.till import Bureau, bureau, euros, paper, row
from tests.repositories import live_in, run
from tests.twins.forge import MemoryForge

from git_bill.custody.ledger import short
from git_bill.flows.bookkeeping import till
from git_bill.flows.paid import Said, by_hand, from_remittance
from git_bill.flows.paid_back import undone, write_off
from git_bill.invoice.draft import Correction, Reversal
from git_bill.layout import proposal_file
from git_bill.problem import Exit, Stop
from git_bill.receivable.booked import booked
from git_bill.receivable.payment import Payments
from git_bill.receivable.verdict import Verdict

ONE, TWO = "INV-2026-0032", "INV-2026-0033"


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Bureau:
    """Two open invoices, over 226.10 and 452.20 EUR."""
    return bureau(tmp_path / "books", "2", "4")


def corrected(mira: Bureau, hours: str = "2") -> None:
    """The first invoice is cancelled by CN-2026-0001, and INV-2026-0034 stands for it."""
    first = mira.shelf
    made = invoice("CN-2026-0001", head=short(first.head))
    of = Reversal(number=ONE, issue_date=made.issue_date, entries="waive", because="address")
    first.freeze(replace(made, reverses=of))
    new = invoice("INV-2026-0034", line(hours), head=short(first.head))
    first.freeze(replace(new, corrects=Correction(number=ONE, issue_date=made.issue_date, credit_note="CN-2026-0001")))


@pytest.mark.parametrize(("came", "settles"), [("226,10", "226.10"), ("100,00", "100.00"), ("300,00", "226.10")])
def test_a_payment_that_names_a_cancelled_invoice_is_proposed_for_its_replacement(
    mira: Bureau, came: str, settles: str
) -> None:
    corrected(mira)
    found = mira.reconcile(paper(row(f"Rechnung {ONE}", came)))
    [asked] = found.proposed
    assert dict(asked.invoices) == {"INV-2026-0034": euros(settles)}
    assert asked.because in {f"it names {ONE}, which INV-2026-0034 replaces", "it names another invoice, too"}
    yes = Verdict(remittance=asked.remittance, invoices=asked.invoices, by="mira", score=asked.score)
    assert mira.reconcile(words=[yes]).problems == ()


def test_the_replacement_itself_is_matched_as_any_other(mira: Bureau) -> None:
    corrected(mira)
    assert [each.invoice for each in mira.reconcile(paper(row("INV-2026-0034", "226,10"))).matched] == ["INV-2026-0034"]


def test_money_for_what_was_written_off_says_how_to_take_it(mira: Bureau) -> None:
    [lost] = mira.say(
        lambda desk: write_off(desk, ONE, None, "uncollectable", Said(on=mira.clock.day, because="insolvent"))
    ).records.write_offs
    [asked] = mira.reconcile(paper(row(ONE, "22,61"))).proposed
    assert f"git bill paid --undo {lost.id}" in asked.because
    mira.say(lambda desk: undone(desk, [lost.id], "a quota came"))
    [again] = mira.reconcile().proposed
    assert dict(again.invoices) == {ONE: euros("22.61")}


def test_a_half_that_a_person_recorded_is_not_booked_again_as_the_other_half(mira: Bureau) -> None:
    on = mira.clock.day.replace(month=11, day=19)
    mira.say(lambda desk: by_hand(desk, [ONE], Said(on=on, amount=euros("113.05"))))
    found = mira.reconcile(paper(row(ONE, "113,05")))
    assert [each.as_ for each in found.aside] == ["same"]
    assert (found.matched, mira.open()) == ((), "113.05 EUR")
    other = mira.reconcile(paper(row(ONE, "113,05", day="05.12.2026"), name="december.csv"))
    assert [str(each.settles) for each in other.matched] == ["113.05 EUR"]
    assert mira.open() == "0.00 EUR"


def test_the_banks_money_counts_once_the_word_for_it_is_taken_back(mira: Bureau) -> None:
    on = mira.clock.day.replace(month=11, day=19)
    [said] = mira.say(lambda desk: by_hand(desk, [ONE], Said(on=on))).records.allocations
    mira.reconcile(paper(row(ONE, "226,10")))
    mira.say(lambda desk: undone(desk, [said.id], "it was the bank's"))
    assert mira.open() == "226.10 EUR"
    mira.reconcile()
    assert mira.open() == "0.00 EUR"
    assert [each.rail for each in mira.paid.remittances.values()] == ["bank"]


def merged(mira: Bureau, old: str, new: str) -> None:
    """The open proposal, edited by a person and merged."""
    top = mira.shelf.top
    [branch] = mira.books.proposals()
    run(top, "switch", "-q", f"pay/{branch.name}")
    path = top / proposal_file(branch.name)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    run(top, "commit", "-qam", "Edited", "--allow-empty")
    run(top, "switch", "-q", "main")
    run(top, "merge", "-q", "--no-ff", "-m", "Merge", f"pay/{branch.name}")


ASKED = f'{ONE} = "100.00 EUR"'


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (f"{{ {ASKED} }}", "{}", "no-invoice"),
        (ASKED, f'{ONE} = "-100.00 EUR"', "over-paid"),
        (ASKED, f'{ONE} = "226.10 EUR"', "too-much-settled"),
        (ASKED, f'{ONE} = "100.00 USD"', "wrong-currency"),
        (ASKED, 'INV-9999 = "100.00 EUR"', "unknown-number"),
        (ASKED, '"\\u001b[2J<b>" = "100.00 EUR"', "unknown-number"),
        (ASKED, f'{ONE} = "50.00 EUR", CN-2026-0001 = "50.00 EUR"', "unknown-number"),
    ],
)
def test_a_proposal_that_was_edited_wrongly_is_told_with_its_file(mira: Bureau, old: str, new: str, rule: str) -> None:
    mira.forge = MemoryForge(head=lambda branch: "0" * 40)
    mira.reconcile(paper(row(ONE, "100,00")))
    merged(mira, old, new)
    found = mira.reconcile()
    assert [(each.rule, each.severity) for each in found.problems] == [(rule, "warning")]
    assert (found.problems[0].file or "").startswith("billing/proposals/")
    assert (mira.open(), len(found.proposed)) == ("226.10 EUR", 1), "it is asked again"


def test_the_same_money_twice_in_a_proposal_counts_once(mira: Bureau) -> None:
    mira.forge = MemoryForge(head=lambda branch: "0" * 40)
    mira.reconcile(paper(row(ONE, "100,00")))
    top = mira.shelf.top
    [branch] = mira.books.proposals()
    text = run(top, "show", f"pay/{branch.name}:{proposal_file(branch.name)}")
    block = text[text.index("[[matches]]") :]
    merged(mira, block, f"{block}\n\n{block}")
    found = mira.reconcile()
    assert [each.rule for each in found.problems] == ["decided"]
    assert mira.open() == "126.10 EUR"


def test_a_word_on_the_terminal_is_not_overridden_by_an_older_proposal(mira: Bureau) -> None:
    """Part of it was taken meanwhile: the fee that the proposal told of is no explanation any more."""
    [came] = mira.reconcile(paper(row("Ihre Rechnung", "220,00", "Acme GmbH"))).remittances
    said = Said(on=mira.clock.day, amount=euros("200.00"))
    mira.say(lambda desk: from_remittance(desk, [TWO], came, said))
    older = {"difference": "fee", "score": Decimal("0.5"), "where": "billing/proposals/older.toml"}
    word = Verdict(remittance=came, invoices={ONE: euros("226.10")}, by="mira", **older)  # type: ignore[arg-type]
    found = mira.reconcile(words=[word])
    assert [each.rule for each in found.problems] == ["decided"]
    assert (mira.open(), mira.open(TWO)) == ("226.10 EUR", "252.20 EUR")


def test_money_that_went_out_takes_back_no_more_than_was_paid(mira: Bureau) -> None:
    [asked] = mira.reconcile(paper(row(f"zurück {ONE}", "-500,00"))).unmatched
    word = Verdict(remittance=asked, invoices={ONE: euros("-500.00")}, by="mira")
    found = mira.reconcile(words=[word])
    assert [each.rule for each in found.problems] == ["over-allocated"]
    assert mira.open() == "226.10 EUR"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('settles = "226.10 EUR"', 'settles = "226.10 USD"'),
        ('amount = "226.10 EUR"\nsettles', 'amount = "226.10 USD"\nsettles'),
        ("[[remittances]]", "[[elsewhere]]"),
    ],
)
def test_a_payments_file_that_a_hand_made_senseless_stops_with_a_word(mira: Bureau, old: str, new: str) -> None:
    mira.reconcile(paper(row(ONE, "226,10")))
    path = "billing/payments/2026-11.toml"
    text = (mira.shelf.top / path).read_text()
    assert old in text
    cut = text.replace(old, new)
    if "elsewhere" in new:
        cut = text[: text.index("[[remittances]]")] + text[text.index("[[allocations]]") :]
    mira.shelf.put({path: cut})
    with pytest.raises(Stop) as stopped:
        till(mira.books.here())
    assert stopped.value.exit_code == int(Exit.SETTINGS)
    assert "A-" in stopped.value.problems[0].message or "R-" in stopped.value.problems[0].message


def test_the_order_and_the_names_of_files_change_nothing(mira: Bureau, tmp_path: Path) -> None:
    """Law 9: and what was read once is known under any name."""
    first = paper(row(ONE, "226,10"), row(TWO, "100,00"), name="a.csv")
    second = paper(row(TWO, "352,20", day="25.11.2026"), name="b.csv")
    other = bureau(tmp_path / "other", "2", "4")
    mira.reconcile(first, second)
    other.reconcile(second, first)
    assert set(mira.paid.remittances) == set(other.paid.remittances)
    assert {each.number: each.open for each in mira.owed.values()} == {
        each.number: each.open for each in other.owed.values()
    }
    again = mira.reconcile(replace(first, name="renamed.csv"))
    assert (again.new, again.known) == ((), 2)


def test_a_number_that_was_claimed_and_voided_is_nobodys(mira: Bureau) -> None:
    mira.shelf.claim("INV-2026-0034", void="a test")
    found = mira.reconcile(paper(row("INV-2026-0034", "77,00")))
    assert (found.matched, [dict(each.invoices) for each in found.proposed]) in [((), []), ((), [{}])]
    assert mira.open() == "226.10 EUR"


def test_two_clients_that_pay_from_one_account_are_told_apart_by_what_they_name(mira: Bureau) -> None:
    """A steward pays for both: the account alone applies nothing."""
    theirs = invoice("INV-2026-0034", head=short(mira.shelf.head))
    globex = replace(theirs.client, name="Globex AG")
    mira.shelf.freeze(replace(theirs, client_id="globex", client=globex))
    steward = "Treuhand Nord"
    mira.reconcile(paper(row(ONE, "226,10", steward), name="1.csv"))
    for each in mira.reconcile().proposed:
        yes = Verdict(remittance=each.remittance, invoices=each.invoices, by="mira", score=each.score)
        mira.reconcile(words=[yes])
    found = mira.reconcile(paper(row("Rechnung", "226,10", steward, day="25.11.2026"), name="2.csv"))
    assert found.matched == ()
    assert mira.open("INV-2026-0034") == "226.10 EUR"


def test_an_id_may_be_cut_short_where_it_is_put_aside(mira: Bureau) -> None:
    [name] = mira.reconcile(paper(row("nichts", "7,77", "Niemand", iban=""))).unmatched
    word = Verdict(remittance=name[:8], invoices={}, by="mira", aside="private")
    assert [each.remittance for each in mira.reconcile(words=[word]).aside] == [name]


def test_without_the_key_of_a_sealed_account_nothing_comes_twice(mira: Bureau) -> None:
    """A CSV file names no account, and a job may not read the one of the settings."""
    settings = mira.shelf.top / "billing/billing.toml"
    whole = settings.read_text()
    statement = paper(row(ONE, "226,10"))
    mira.reconcile(statement)
    mira.shelf.put({"billing/billing.toml": whole.replace('"DE02120300000000202051"', '"sealed:0123abcd:YWdl"')})
    assert mira.reconcile(statement).new == ()
    later = mira.reconcile(paper(row("INV-2026-0033", "452,20"), name="later.csv"))
    assert [each.account for each in later.new] == ["DE02120300000000202051"]
    mira.shelf.put({"billing/billing.toml": whole})
    assert mira.reconcile(statement, paper(row("INV-2026-0033", "452,20"), name="later.csv")).new == ()


def test_nothing_is_folded_again_for_each_word(mira: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words on different money are reckoned at once: as many folds for fifty as for one."""
    rows = [row(f"Sache {at}", f"{at + 1},17", f"Person {at}", iban="") for at in range(30)]
    names = list(mira.reconcile(paper(*rows)).unmatched)
    assert len(names) == 30
    folds: list[int] = []
    real = booked

    def counted(months: tuple[Payments, ...]) -> object:
        folds.append(len(months))
        return real(months)

    monkeypatch.setattr("git_bill.flows.bookkeeping.booked", counted)
    mira.reconcile(words=[Verdict(remittance=name, invoices={}, by="mira", aside="private") for name in names])
    assert len(mira.paid.aside) == 30
    assert len(folds) < 8


def test_an_auditor_looks_and_changes_nothing(mira: Bureau) -> None:
    """Nothing new is no deed; anything else is refused whole."""
    statement = paper(row(ONE, "226,10"))
    mira.reconcile(statement)
    tip = mira.books.tip()
    mira.roles = ("auditor",)
    assert mira.reconcile(statement).new == ()
    with pytest.raises(Stop, match="role"):
        mira.reconcile(paper(row(TWO, "452,20"), name="later.csv"))
    with pytest.raises(Stop, match="role"):
        mira.say(lambda desk: by_hand(desk, [TWO], Said(on=mira.clock.day)))
    assert mira.books.tip() == tip
