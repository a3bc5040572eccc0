"""Purchase orders: which number a draft has, and a budget that holds whatever is billed under it."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from git_bill.contract.limit import Cap
from git_bill.contract.terms import Discount, Fee, Order, Rounding
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import NotBilled
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money
from git_bill.period import Period, month
from git_bill.problem import errors

if TYPE_CHECKING:
    from tests.invoice.conftest import World

NOVEMBER = month(date(2026, 11, 1))
FIRST = Order(number="4500", budget=Money.parse("500.00 EUR"))
SECOND = Order(number="4501", budget=Money.parse("500.00 EUR"))
HOSTING = Fee(id="hosting", amount=Money.parse("120.00 EUR"), from_=date(2026, 11, 1))


def test_a_budget_holds_work_and_fees_and_the_rest_waits(world: "World") -> None:
    """500.00 less the fee of 120.00 leave exactly four hours at 95.00."""
    contract = world.contract(orders=(FIRST,), fees=(HOSTING,), rounding=Rounding())
    draft = world.draft(world.basis(world.entry("W-a", 300), contract=contract))
    assert (draft.order, str(draft_totals(draft).net)) == ("4500", "500.00 EUR")
    assert draft.not_billed == {"W-a": NotBilled(minutes=60, because="cap", then="carry")}


def test_the_next_order_is_taken_when_one_is_used_up(world: "World") -> None:
    exact = Order(number="4500", budget=Money.parse("190.00 EUR"))
    contract = world.contract(orders=(exact, SECOND), rounding=Rounding())
    work = [world.entry("W-a", 150), world.entry("W-b", 120, date(2026, 11, 5))]
    basis = world.basis(*work, contract=contract)
    october = world.issue(world.draft(basis), basis)
    assert (october.order, str(october.totals.net)) == ("4500", "190.00 EUR")
    later = world.basis(*work, contract=contract, invoices=(october,))
    november = world.draft(later, NOVEMBER)
    assert (november.order, str(draft_totals(november).net)) == ("4501", "237.50 EUR")  # with what waited


def test_fees_beyond_a_budget_are_an_error(world: "World") -> None:
    small = Order(number="4500", budget=Money.parse("100.00 EUR"))
    basis = world.basis(contract=world.contract(orders=(small,), fees=(HOSTING,)))
    (problem,) = errors(draft_problems(world.draft(basis), basis, name="d", final=True))
    assert problem.message == "120.00 EUR is above the 100.00 EUR that is left of order 4500"


def test_what_a_month_waives_is_of_the_work_of_that_month(world: "World") -> None:
    """Two months on one draft: each has its own four hours, and none lends its rest to the other."""
    cap = Cap(time=240, per="month", then="waive")
    contract = world.contract(caps=(cap,), rounding=Rounding())
    work = [world.entry("W-a", 300), world.entry("W-b", 60, date(2026, 11, 5))]
    both = Period(date(2026, 10, 1), date(2026, 11, 30))
    draft = world.draft(world.basis(*work, contract=contract), both)
    assert sum(sum(line.entries.values()) for line in draft.lines) == 300
    assert draft.not_billed == {"W-a": NotBilled(minutes=60, because="cap", then="waive")}


def test_what_a_budget_has_left_is_told_in_one_way(world: "World") -> None:
    """Billed were 171.00, with the discount of the whole: 19.00 are left, for the choice of the order and for work."""
    orders = (Order(number="4500", budget=Money.parse("190.00 EUR")), SECOND)
    contract = world.contract(
        orders=orders, discounts=(Discount(percent=Decimal(10), reason="Loyalty"),), rounding=Rounding()
    )
    work = [world.entry("W-a", 120), world.entry("W-b", 120, date(2026, 11, 5))]
    basis = world.basis(*work, contract=contract)
    later = world.basis(*work, contract=contract, invoices=(world.issue(world.draft(basis), basis),))
    november = world.draft(later, NOVEMBER)
    assert (november.order, str(draft_totals(november).lines)) == ("4500", "19.00 EUR")
