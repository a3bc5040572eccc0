"""The disputed amount is what a credit note would give back; and the credit note that gives an amount with tax up."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flows.shelf import TAX, invoice, line
from tests.receivable.dispute.cases import euro

from git_bill.invoice.allowance import Allowance
from git_bill.invoice.crediting import Wish, credit
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import Sums, draft_totals, net_of, totals
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.dispute.amount import wish_for, worth

LOW = replace(TAX, rate=Decimal(7))


def issued(*lines: str, discount: str = "") -> Invoice:
    """Lines of hours at 95.00; the second under a lower rate; a discount of the whole."""
    items = tuple(line(hours, tax=LOW if number == 2 else None) for number, hours in enumerate(lines, 1))
    given = (Allowance(amount=euro(discount), reason="as agreed"),) if discount else ()
    found = replace(invoice("INV-2026-0032", *items, head="0" * 12), allowances=given)
    nets = [(item.tax or TAX, item.net) for item in items]
    return replace(found, totals=totals(Sums(currency="EUR", tax=TAX, nets=nets, allowances=given)))


def test_lines_are_worth_their_net_with_their_tax() -> None:
    one = issued("2", "1", "4")
    assert worth(one, (), (1,)) == euro("226.10")
    assert worth(one, (), (2,)) == euro("101.65")
    assert worth(one, (), (1, 2)) == euro("327.75")
    assert worth(one, (), ()) == one.totals.to_transfer
    assert worth(issued("2", "1", "4", discount="66.50"), (), (1,)) < euro("226.10")  # type: ignore[operator]
    wrong = worth(one, (), (7,))
    assert isinstance(wrong, Problem)
    assert wrong.rule == "no-such-line"


@pytest.mark.parametrize("gross", ["226.10", "119.00", "0.01", "100.00", "99.99"])
def test_a_credit_note_gives_up_an_amount_with_tax(gross: str) -> None:
    one = issued("2", "1", "4")
    wish = wish_for(one, (), (1,), euro(gross), entries="waive", because="half of Friday")
    assert isinstance(wish, Wish)
    made = credit(one, (), wish, draft_id="D-x")
    assert isinstance(made, Draft)
    given_up = draft_totals(made).to_transfer
    assert Money(Decimal(0), "EUR") <= euro(gross) - given_up <= euro("0.01")


@settings(max_examples=40)
@given(st.integers(2, 90), st.integers(1, 90), st.integers(1, 10000))
def test_never_more_than_was_said_is_given_up(first: int, second: int, cents: int) -> None:
    one = issued(f"{Decimal(first) / 4:f}", f"{Decimal(second) / 4:f}")
    most = worth(one, (), ())
    assert isinstance(most, Money)
    gross = Money(min(Decimal(cents) / 100, most.amount), "EUR")
    wish = wish_for(one, (), (), gross, entries="waive", because=None)
    if isinstance(wish, Problem):  # a cent that no net comes to
        assert gross.amount < Decimal("0.03")
        return
    made = credit(one, (), wish, draft_id="D-x")
    assert isinstance(made, Draft)
    off = gross - draft_totals(made).to_transfer
    assert 0 <= off.amount <= Decimal("0.03")


def test_a_discount_of_the_whole_changes_the_mix_of_taxes_and_not_the_amount() -> None:
    one = issued("200", "900", "4", discount="18000.00")
    wish = wish_for(one, (), (), euro("50000.00"), entries="waive", because=None)
    assert isinstance(wish, Wish)
    made = credit(one, (), wish, draft_id="D-x")
    assert isinstance(made, Draft)
    assert 0 <= (euro("50000.00") - draft_totals(made).to_transfer).amount <= Decimal("0.02")


def test_more_than_is_left_is_refused() -> None:
    one = issued("2", "1", "4")
    wrong = wish_for(one, (), (1,), euro("226.11"), entries="waive", because=None)
    assert isinstance(wrong, Problem)
    assert (wrong.rule, "226.10" in wrong.message) == ("more-than-open", True)
    assert net_of(one.lines[0]) == euro("190.00")
