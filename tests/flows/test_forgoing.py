"""Whose word it takes: a merge confirms payments only by who keeps the accounts, and a loss has one name or another."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.flows.shelf import SETTINGS
from tests.flows.till import Bureau, bureau, euros, paper, row
from tests.repositories import live_in, run
from tests.twins.forge import MemoryForge

from git_bill.effects import Flow
from git_bill.flows.check_payments import proposal_problems
from git_bill.flows.desk import Recorded, record_said
from git_bill.flows.paid import Said, by_hand, from_remittance
from git_bill.flows.proposals import settled
from git_bill.layout import proposal_file
from git_bill.money import Money
from git_bill.problem import Exit, Stop
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.settling import Proposal
from git_bill.receivable.verdict import Verdict

ONE = "INV-2026-0032"
PEOPLE = SETTINGS + "".join(
    f"""
[[contributors]]
id = "{name}"
name = "{name.title()}"
emails = ["{name}@example.net"]
timezone = "Europe/Berlin"
roles = ["{role}"]
"""
    for name, role in (("ann", "accountant"), ("tom", "contributor"))
)
ANN, TOM, EVE = (("-c", f"user.name={name}", "-c", f"user.email={name}@example.net") for name in ("ann", "tom", "eve"))


@pytest.fixture
def mira(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """2261.00 EUR open, books that an accountant keeps, too."""
    live_in(environment, monkeypatch)
    made = bureau(tmp_path / "books", "20")
    made.shelf.put({"billing/billing.toml": PEOPLE})
    made.forge = MemoryForge(head=lambda branch: "0" * 40)
    return made


def asked(mira: Bureau, amount: str = "100,00") -> str:
    """A branch that asks what some money is for; its name."""
    mira.reconcile(paper(row(ONE, amount)))
    [branch] = mira.books.proposals()
    return branch.name


def merge(mira: Bureau, name: str, *me: str) -> None:
    """Somebody merges it, in git alone."""
    run(mira.shelf.top, *me, "merge", "-q", "--no-ff", "-m", "Merge", f"pay/{name}")


@pytest.mark.parametrize("me", [TOM, EVE])
def test_a_merge_by_who_does_not_keep_the_accounts_confirms_nothing(mira: Bureau, me: tuple[str, ...]) -> None:
    name = asked(mira)
    merge(mira, name, *me)
    found = mira.reconcile()
    told = next(each for each in found.problems if each.rule == "not-theirs-to-confirm")
    assert (told.file, "mira, ann may" in told.hint, me[-1].split("=")[1] in told.message) == (
        proposal_file(name),
        True,
        True,
    )
    assert (found.confirmed, mira.open()) == ((), "2261.00 EUR")
    assert mira.books.here().read(proposal_file(name)) is not None, "it stays"
    [known] = mira.paid.remittances
    mira.reconcile(words=[Verdict(remittance=known, invoices={ONE: euros("100.00")}, by="ann")])
    assert [each.rule for each in mira.reconcile().problems] == ["decided"], "what is decided is cleared away"
    assert mira.books.here().read(proposal_file(name)) is None


def test_a_merge_by_an_accountant_confirms(mira: Bureau) -> None:
    merge(mira, asked(mira), *ANN)
    assert [(each.by, each.settles) for each in mira.reconcile().confirmed] == [("ann", euros("100.00"))]


def test_the_forge_tells_who_merged(mira: Bureau) -> None:
    top, forge = mira.shelf.top, mira.forge
    assert isinstance(forge, MemoryForge)
    listed = PEOPLE.replace('id = "tom"', 'id = "tom"\naccounts = ["tom"]').replace(
        'id = "ann"', 'id = "ann"\naccounts = ["ann"]'
    )
    mira.shelf.put({"billing/billing.toml": listed})
    name = asked(mira)
    merge(mira, name, *ANN)
    [number] = forge.hosted.pulls
    forge.merge(number, by="tom", merged_as=run(top, "rev-parse", "HEAD"))
    assert "not-theirs-to-confirm" in [each.rule for each in mira.reconcile().problems]
    forge.hosted.pulls[number] = replace(forge.hosted.pulls[number], merged_by="ann")
    assert [each.by for each in mira.reconcile().confirmed] == ["ann"]


def say(mira: Bureau, by: str, said: Said, source: str = "") -> Flow[Recorded]:
    def make(desk):  # type: ignore[no-untyped-def]
        return from_remittance(desk, [ONE], source, said) if source else by_hand(desk, [ONE], said)

    return record_said(mira.books, mira.clock, by, make, "Say so")


@pytest.mark.parametrize("kind", ["fee", "discount", "withholding"])
def test_an_accountant_gives_no_more_up_than_a_little(mira: Bureau, kind: Difference) -> None:
    said = Said(on=mira.clock.day, amount=euros("2200.00"), difference=kind)
    with pytest.raises(Stop, match=r"61\.00 EUR of INV-2026-0032 would be given up as") as stopped:
        mira.run(say(mira, "ann", said))
    assert stopped.value.exit_code == Exit.SIGN_OFF_MISSING
    assert 'write-off INV-2026-0032 --amount "61.00 EUR"' in (stopped.value.problems[0].hint or "")
    assert mira.open() == "2261.00 EUR"
    mira.run(say(mira, "ann", replace(said, amount=euros("2216.00"))))
    assert mira.open() == "0.00 EUR"


def test_an_owner_gives_it_up_unless_two_are_asked_for(mira: Bureau) -> None:
    said = Said(on=mira.clock.day, amount=euros("0.01"), difference="fee")
    two = '\n[guardrails]\nsign_off_above = "100.00 EUR"\nsign_offs = 2\n'
    mira.shelf.put({"billing/billing.toml": PEOPLE.replace('["accountant"]', '["approver"]') + two})
    with pytest.raises(Stop, match="2 people sign off"):
        mira.run(say(mira, "mira", said))
    mira.shelf.put({"billing/billing.toml": PEOPLE})
    mira.run(say(mira, "mira", said))
    assert mira.open() == "0.00 EUR"


def test_of_what_came_before_and_of_what_is_proposed(mira: Bureau) -> None:
    name = asked(mira)
    [known] = mira.paid.remittances
    with pytest.raises(Stop, match="given up as fee"):
        mira.run(say(mira, "ann", Said(on=mira.clock.day, difference="fee"), known))
    yes = Verdict(remittance=known, invoices={ONE: euros("2261.00")}, by="ann", difference="fee")
    with pytest.raises(Stop, match="given up as fee"):
        mira.reconcile(words=[yes], again=True)
    assert mira.open() == "2261.00 EUR"
    top = mira.shelf.top
    run(top, "switch", "-q", f"pay/{name}")
    path = top / proposal_file(name)
    path.write_text(path.read_text().replace('"100.00 EUR" }', '"2261.00 EUR" }').replace('"part"', '"fee"'))
    run(top, "commit", "-qam", "All of it")
    run(top, "switch", "-q", "main")
    [note] = proposal_problems(mira.books, name)
    assert (note.rule, note.severity) == ("sign-off", "info")
    assert "2161.00 EUR" in note.message
    assert "mira" in note.message
    merge(mira, name, *ANN)
    found = mira.reconcile()
    assert ("no-sign-off", proposal_file(name)) in [(each.rule, each.file) for each in found.problems]
    assert (found.confirmed, mira.open()) == ((), "2261.00 EUR")


def test_by_merging_an_owner_signs_it_off(mira: Bureau) -> None:
    name = asked(mira)
    top = mira.shelf.top
    run(top, "switch", "-q", f"pay/{name}")
    path = top / proposal_file(name)
    path.write_text(path.read_text().replace('"100.00 EUR" }', '"2261.00 EUR" }').replace('"part"', '"fee"'))
    run(top, "commit", "-qam", "All of it")
    run(top, "switch", "-q", "main")
    merge(mira, name)
    mira.reconcile()
    assert mira.open() == "0.00 EUR"


def test_the_pull_request_says_what_it_settles_and_what_is_given_up(mira: Bureau) -> None:
    asked(mira)
    forge = mira.forge
    assert isinstance(forge, MemoryForge)
    [body] = forge.hosted.bodies.values()
    assert "100.00 EUR of INV" in body
    [known] = mira.paid.remittances.values()
    found = Proposal(remittance=known.id, take=True, invoices={ONE: euros("2261.00")}, difference="fee")
    assert settled(found, known) == f"2261.00 EUR of {ONE}; 2161.00 EUR more than came: fee"


def test_of_money_in_another_currency_what_it_is_worth_counts(mira: Bureau) -> None:
    said = Said(on=mira.clock.day, amount=Money.parse("1.00 USD"), difference="exchange")
    with pytest.raises(Stop, match=r"2261\.00 EUR of INV-2026-0032 would be given up as exchange"):
        mira.run(say(mira, "ann", said))
