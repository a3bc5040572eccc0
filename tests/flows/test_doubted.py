"""A statement that does not add up is read, and nothing in it is applied by itself; of another account it is told."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.flows.till import OWN, Bureau, Paper, bureau, euros, paper, row
from tests.repositories import live_in

from git_bill.flows.audit import tampered
from git_bill.flows.paid import Said, by_hand
from git_bill.problem import Stop

FOREIGN = "FR7630006000011234567890189"
ONE, TWO = "INV-2026-0032", "INV-2026-0033"


@pytest.fixture
def mira(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Two open invoices, over 226.10 and 452.20 EUR."""
    live_in(environment, monkeypatch)
    return bureau(tmp_path / "books", "2", "4")


def mt940(*entries: tuple[str, str], closing: str, account: str = OWN, name: str = "a.sta") -> Paper:
    """A statement that opens with nothing. Entries: amount, text."""
    lines = "".join(
        f":61:2611201120C{amount}NTRFNONREF\n:86:166?00GUTSCHRIFT?20{text}?32Acme GmbH\n" for amount, text in entries
    )
    head = f":20:X\n:25:{account}\n:28C:1/1\n:60F:C261120EUR0,\n"
    return Paper(name=name, content=f"{head}{lines}:62F:C261120EUR{closing}\n-\n")


def test_of_a_statement_that_does_not_add_up_nothing_is_applied_by_itself(mira: Bureau) -> None:
    found = mira.reconcile(mt940(("0,01", "foo"), ("226,10", ONE), closing="0,01"))
    assert found.matched == ()
    [asked] = [each for each in found.proposed if each.invoices]
    assert "closing balance" in asked.because
    assert [each.because for each in mira.reconcile().proposed if each.invoices] == [asked.because], "and in later runs"
    assert mira.open() == "226.10 EUR"


def test_of_one_that_adds_up_it_is(mira: Bureau) -> None:
    assert len(mira.reconcile(mt940(("0,01", "foo"), ("226,10", ONE), closing="226,11")).matched) == 1


def test_another_account_than_the_own_is_told_until_it_is_declared(mira: Bureau) -> None:
    foreign = mt940(("226,10", ONE), closing="226,10", account=FOREIGN)
    found = mira.reconcile(foreign)
    assert len(found.matched) == 1
    [told] = [each for each in found.problems if each.rule == "undeclared-account"]
    assert (told.severity, told.file) == ("warning", "a.sta")
    assert f'account = "{FOREIGN}"' in told.hint
    settings = (mira.shelf.top / "billing" / "billing.toml").read_text()
    mira.shelf.put({"billing/billing.toml": f'{settings}\n[[accounts]]\naccount = "{FOREIGN}"\n'})
    assert "undeclared-account" not in {each.rule for each in mira.reconcile(foreign).problems}


@pytest.mark.parametrize(
    ("method", "same"),
    [("", True), ("bank transfer", True), ("SEPA", True), ("cash", False), ("Wise", False)],
)
def test_money_that_came_in_another_way_is_never_what_a_bank_tells_of(mira: Bureau, method: str, *, same: bool) -> None:
    said = Said(on=mira.clock.day.replace(month=11, day=20), method=method, amount=euros("100.00"))
    mira.say(lambda desk: by_hand(desk, [ONE], said))
    found = mira.reconcile(paper(row(ONE, "100,00")))
    assert [each.as_ for each in found.aside] == (["same"] if same else [])


def test_nothing_goes_on_where_payments_are_not_what_was_recorded(mira: Bureau) -> None:
    mira.reconcile(paper(row(ONE, "226,10")))
    file = "billing/payments/2026-11.toml"
    text = (mira.shelf.top / file).read_text()
    lost = """
[[write_offs]]
id = "O-aaaaaaaaaaaa"
invoice = "INV-2026-0033"
amount = "452.20 EUR"
as = "goodwill"
because = "x"
on = 2026-11-23
by = "mira"
at = 2026-11-23T00:00:00Z
"""
    mira.shelf.put({file: text + lost})
    assert [each.rule for each in tampered(mira.books)] == ["payment-not-recorded"]
    with pytest.raises(Stop, match="O-aaaaaaaaaaaa"):
        mira.reconcile()
