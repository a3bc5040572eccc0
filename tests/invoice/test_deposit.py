"""Deposits come off as they were billed: after the discounts, and at the rate of exchange, of their own invoice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from git_bill.contract.agreement import Contract
from git_bill.contract.terms import Discount, Milestone
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Conversion, Draft
from git_bill.invoice.drafting import build
from git_bill.invoice.issued import Invoice
from git_bill.invoice.issuing import invoice_problems
from git_bill.invoice.totals import draft_totals, net_of
from git_bill.money import Money, total
from git_bill.period import Period, month
from git_bill.problem import errors

if TYPE_CHECKING:
    from tests.invoice.conftest import World

TEN = Discount(percent=Decimal(10), reason="Loyalty discount")
START = Milestone(id="start", name="Deposit", amount=Money.parse("5000.00 EUR"), on=date(2026, 10, 1), deposit=True)


def end(amount: str, day: date = date(2026, 11, 10), name: str = "end") -> Milestone:
    return Milestone(id=name, name="Launch", amount=Money.parse(amount), on=day)


def rate(text: str) -> Conversion:
    return Conversion(currency="EUR", rate=Decimal(text), on=date(2026, 10, 30), source="ECB")


def billed(
    world: "World", contract: Contract, *rates: str | None, invoices: tuple[Invoice, ...] = ()
) -> tuple[list[Invoice], Basis, Draft]:
    """A month after the other from October on, each at its rate; the last one stays a draft, without a problem."""
    for number, each in enumerate(rates):
        basis = world.basis(contract=contract, invoices=invoices)
        days = month(date(2026 + (9 + number) // 12, (9 + number) % 12 + 1, 1))
        conversion = None if each is None else rate(each)
        draft = build(basis, contract, days, world.tax, draft_id="D-aaaaaaaaaaaa", conversion=conversion).draft
        wrong = errors(draft_problems(draft, basis, name="d"))
        assert [problem.message for problem in wrong] == []
        if number < len(rates) - 1:
            issued = world.issue(draft, basis, f"INV-2026-00{32 + number}", days.last)
            assert [p for p in errors(invoice_problems(issued)) if p.rule != "no-exchange-rate"] == []
            invoices = (*invoices, issued)
    return list(invoices), basis, draft


def test_a_deposit_with_a_discount_of_the_whole(world: "World") -> None:
    """20,000.00 less 10 % are 18,000.00: 4,500.00 in advance, 13,500.00 at the end."""
    contract = world.contract(kind="fixed", milestones=(START, end("20000.00 EUR")), discounts=(TEN,))
    (deposit,), _, final = billed(world, contract, None, None)
    assert str(deposit.totals.net) == "4500.00 EUR"
    assert [str(net_of(line)) for line in final.lines] == ["20000.00 EUR", "-4500.00 EUR"]
    (discount,) = final.allowances
    assert (discount.percent, str(discount.base)) == (Decimal(10), "20000.00 EUR")
    assert str(draft_totals(final).net) == "13500.00 EUR"


@pytest.mark.parametrize(
    ("discount", "last"),
    [
        (replace(TEN, until=date(2026, 10, 31)), "15500.00 EUR"),  # 10 % of the deposit alone: 20,000.00 − 4,500.00
        (replace(TEN, from_=date(2026, 11, 1)), "13000.00 EUR"),  # only at the end: 20,000.00 − 2,000.00 − 5,000.00
        (Discount(amount=Money.parse("100.00 EUR"), reason="Welcome"), "15000.00 EUR"),  # on each: 19,900.00 − 4,900.00
        (replace(TEN, above=Money.parse("6000.00 EUR")), "13600.00 EUR"),  # of 14,000.00: 18,600.00 − 5,000.00
        (replace(TEN, charge=True), "16500.00 EUR"),  # 22,000.00 − 5,500.00
    ],
)
def test_each_discount_counts_where_it_was_given(world: "World", discount: Discount, last: str) -> None:
    contract = world.contract(kind="fixed", milestones=(START, end("20000.00 EUR")), discounts=(discount,))
    _, _, final = billed(world, contract, None, None)
    assert str(draft_totals(final).net) == last


def test_a_deposit_beside_work_has_its_part_of_the_discount(world: "World") -> None:
    """Lines of 333.33 and 5,000.00 share 533.33 in proportion: 33.33 and 500.00."""
    other = end("333.33 EUR", date(2026, 10, 5), "first")
    contract = world.contract(kind="fixed", milestones=(START, other, end("20000.00 EUR")), discounts=(TEN,))
    _, _, final = billed(world, contract, None, None)
    assert str(net_of(final.lines[-1])) == "-4500.00 EUR"


def test_in_another_currency_every_part_is_at_the_rate_of_the_deposit(world: "World") -> None:
    """5,000.00 EUR were 5,500.00 USD at 1.1; what takes them off again is 5,500.00 USD, whatever the rates are then."""
    parts = (START, end("3000.00 EUR"), end("9999.99 EUR", date(2026, 12, 10), "late"))
    contract = world.contract(kind="fixed", milestones=parts[:2], invoice_currency="USD")
    (deposit,), basis, first = billed(world, contract, "1.1", "1.2")
    assert [str(net_of(line)) for line in first.lines] == ["3600.00 USD", "-3600.00 USD"]
    assert first.lines[1].bills == ("deduct:start:1",)
    assert first.lines[1].reason == (
        "paid in advance with INV-2026-0032, deducted once; 3272.73 EUR was 3600.00 USD then"
    )
    more = replace(contract, milestones=parts)
    issued = world.issue(first, basis, "INV-2026-0033", date(2026, 11, 30))
    later = world.basis(contract=more, invoices=(deposit, issued))
    days = month(date(2026, 12, 1))
    last = build(later, more, days, world.tax, draft_id="D-b", conversion=rate("0.9")).draft
    assert errors(draft_problems(last, later, name="d")) == ()
    back = total((net_of(line) for line in (*first.lines, *last.lines) if line.quantity < 0), "USD")
    assert str(back) == "-5500.00 USD"


def test_a_deposit_never_makes_an_invoice_of_less_than_nothing(world: "World") -> None:
    """5,500.00 USD were paid; 5,000.00 EUR are 4,500.00 USD when the rest is billed."""
    contract = world.contract(kind="fixed", milestones=(START, end("5000.00 EUR")), invoice_currency="USD")
    _, _, final = billed(world, contract, "1.1", "0.9")
    assert Money.zero("USD") <= draft_totals(final).net < Money.parse("0.02 USD")


def test_less_than_what_was_paid_is_found(world: "World") -> None:
    contract = world.contract(kind="fixed", milestones=(START, end("20000.00 EUR")), invoice_currency="USD")
    _, basis, final = billed(world, contract, "1.1", "1.2")
    back = replace(final.lines[1], unit_price=Money.parse("1.00 USD"))
    found = errors(draft_problems(replace(final, lines=(final.lines[0], back)), basis, name="d"))
    assert [(p.rule, p.message) for p in found] == [
        ("not-as-agreed", "line 2 takes off 1.00 USD, 5500.00 USD were paid in advance")
    ]


def test_another_clients_deposit_is_not_this_ones(world: "World") -> None:
    """Contracts of two clients may have one name."""
    contract = world.contract(kind="fixed", milestones=(START, end("20000.00 EUR")), invoice_currency="USD")
    (deposit,), _, _ = billed(world, contract, "1.1", "1.1")
    strangers = replace(deposit, client_id="beta", number="INV-2026-0040")
    dear = replace(strangers.lines[0], unit_price=Money.parse("9999.00 USD"), net=Money.parse("9999.00 USD"))
    basis = world.basis(contract=contract, invoices=(deposit, replace(strangers, lines=(dear,))))
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    final = build(basis, contract, period, world.tax, draft_id="D-b", conversion=rate("1.1")).draft
    assert str(net_of(final.lines[1])) == "-5500.00 USD"
