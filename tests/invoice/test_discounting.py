"""Discounts and surcharges of a contract, call-outs and the least that is billed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from git_bill.contract.agreement import Kind
from git_bill.contract.rate import Rate
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import CallOut, Discount, EarlyPayment, Order, Retainer, Rounding
from git_bill.invoice.allowance import Allowance, of_document
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.totals import draft_totals, net_of
from git_bill.money import Money
from git_bill.problem import errors

if TYPE_CHECKING:
    from tests.invoice.conftest import World

FIVE = Discount(percent=Decimal(5), reason="Loyalty discount", after_months=9)


def test_a_percentage_of_the_whole_lowers_the_tax_base(world: "World") -> None:
    """3 h × 95.00 = 285.00, less 5 % = 14.25, makes 270.75; 19 % of it are 51.44."""
    draft = world.draft(world.basis(world.entry("W-a", 180), contract=world.contract(discounts=(FIVE,))))
    found = draft_totals(draft)
    assert [str(m) for m in (found.lines, found.allowances, found.net, found.tax, found.gross)] == [
        "285.00 EUR",
        "14.25 EUR",
        "270.75 EUR",
        "51.44 EUR",
        "322.19 EUR",
    ]


def test_loyalty_counts_from_its_month_on(world: "World") -> None:
    young = world.contract(discounts=(FIVE,), from_=date(2026, 2, 1))
    assert world.draft(world.basis(world.entry("W-a", 180), contract=young)).allowances == ()


def test_a_volume_discount_is_of_what_is_above(world: "World") -> None:
    """10 h × 95.00 = 950.00; 10 % of the 450.00 above 500.00."""
    volume = Discount(percent=Decimal(10), above=Money.parse("500.00 EUR"), reason="Volume discount")
    draft = world.draft(world.basis(world.entry("W-a", 600), contract=world.contract(discounts=(volume,))))
    assert str(draft_totals(draft).allowances) == "45.00 EUR"
    small = world.draft(world.basis(world.entry("W-a", 60), contract=world.contract(discounts=(volume,))))
    assert small.allowances == ()


def test_a_surcharge_of_lines_is_for_its_activities_alone(world: "World") -> None:
    urgent = Discount(percent=Decimal(50), charge=True, of="lines", activity=("support",), reason="Emergency")
    work = [world.entry("W-a", 60), world.entry("W-b", 60, ticket="WEB-6", activity="support", text="server is down")]
    draft = world.draft(world.basis(*work, contract=world.contract(discounts=(urgent,))))
    assert [str(net_of(line)) for line in draft.lines] == ["95.00 EUR", "120.00 EUR"]  # 80.00 and half of it


def test_an_amount_never_takes_more_than_there_is(world: "World") -> None:
    voucher = Discount(amount=Money.parse("500.00 EUR"), reason="Voucher")
    draft = world.draft(world.basis(world.entry("W-a", 60), contract=world.contract(discounts=(voucher,))))
    assert str(draft_totals(draft).payable) == "0.00 EUR"


def test_coming_at_all_is_billed_once_for_each_day(world: "World") -> None:
    contract = world.contract(call_out=CallOut(fee=Money.parse("80.00 EUR")))
    work = [
        world.entry("W-a", 60, 5, activity="support"),
        world.entry("W-b", 60, 5, activity="support", ticket="WEB-6"),
        world.entry("W-c", 60, 6, activity="support"),
        world.entry("W-d", 60, 7),
    ]
    basis = world.basis(*work, contract=contract)
    line = world.draft(basis).lines[-1]
    assert (line.description, line.quantity, line.bills) == (
        "Call-out",
        Decimal(2),
        ("call-out:2026-10-05", "call-out:2026-10-06"),
    )


def test_an_invoice_with_work_bills_at_least_the_minimum(world: "World") -> None:
    contract = world.contract(minimum=Money.parse("150.00 EUR"))
    draft = world.draft(world.basis(world.entry("W-a", 60), contract=contract))
    assert [str(net_of(line)) for line in draft.lines] == ["95.00 EUR", "55.00 EUR"]
    assert len(world.draft(world.basis(world.entry("W-a", 120), contract=contract)).lines) == 1
    assert world.draft(world.basis(contract=contract)).lines == ()


def test_the_order_of_the_last_day_and_the_early_payment_stand_on_the_draft(world: "World") -> None:
    orders = (
        Order(number="4500012345", until=date(2026, 9, 30)),
        Order(number="4500012399", from_=date(2026, 10, 1)),
    )
    early = EarlyPayment(percent=Decimal(2), days=10)
    draft = world.draft(
        world.basis(world.entry("W-a", 60), contract=world.contract(orders=orders, early_payment=early))
    )
    assert (draft.order, draft.early_payment) == ("4500012399", early)


TEN = Discount(percent=Decimal(10), of="lines", reason="Friends")


def test_work_that_a_prepaid_amount_holds_has_no_discount(world: "World") -> None:
    """It is taken off again as a whole: a discount on it would be given back twice."""
    care = Retainer(fee=Money.parse("950.00 EUR"), amount=Money.parse("950.00 EUR"))
    contract = world.contract(kind="retainer", retainer=care, discounts=(TEN,), rounding=Rounding())
    draft = world.draft(world.basis(world.entry("W-a", 12 * 60), contract=contract))
    nets = [str(net_of(line)) for line in draft.lines if line.entries or line.quantity < 0]
    assert nets == ["950.00 EUR", "-950.00 EUR", "171.00 EUR"]  # above it 2 h × 95.00 less 10 %


@pytest.mark.parametrize("kind", ["hourly", "daily"])
def test_a_surcharge_of_lines_stays_below_the_cap(world: "World", kind: Kind) -> None:
    """190.00 are two hours without the surcharge, and a whole day is more than half a one with it."""
    dear = replace(TEN, charge=True)
    rates = (Rate(hourly=Money.parse("95.00 EUR"), daily=Money.parse("190.00 EUR")),)
    contract = world.contract(
        kind=kind, rates=rates, cap="190.00 EUR per invoice", discounts=(dear,), rounding=Rounding()
    )
    basis = world.basis(world.entry("W-a", 300), contract=contract)
    draft = world.draft(basis)
    assert str(draft_totals(draft).net) == {"hourly": "189.84 EUR", "daily": "104.50 EUR"}[kind]
    assert errors(draft_problems(draft, basis, name="d", final=True)) == ()


@pytest.mark.parametrize(
    "given",
    [
        Allowance(percent=Decimal(10), base=Money.parse("500.00 EUR"), reason="Volume"),
        Allowance(amount=Money.parse("50.00 EUR"), reason="Voucher"),
    ],
)
def test_a_stated_sum_of_the_whole_is_shared_by_the_taxes_of_its_lines(given: Allowance) -> None:
    """50.00 once, not once for each treatment; what is taken back bears none of it."""
    s19, exempt, s7 = (Tax(category=c, rate=Decimal(r)) for c, r in (("S", 19), ("E", 0), ("S", 7)))  # type: ignore[arg-type]
    nets = [(s19, Money.parse("900.00 EUR")), (exempt, Money.parse("100.00 EUR")), (s7, Money.parse("-300.00 EUR"))]
    found = of_document((given,), nets)
    assert [(each.tax, str(each.amount)) for each in found] == [(s19, "45.00 EUR"), (exempt, "5.00 EUR")]
    assert of_document(found, nets) == found  # an issued document states the same


def test_the_minimum_is_what_is_left_after_discounts(world: "World") -> None:
    contract = world.contract(minimum=Money.parse("150.00 EUR"), discounts=(FIVE,))
    basis = world.basis(world.entry("W-a", 60), contract=contract)
    draft = world.draft(basis)
    assert str(draft_totals(draft).net) == "150.00 EUR"
    assert errors(draft_problems(draft, basis, name="d", final=True)) == ()
    free = replace(FIVE, percent=Decimal(100))
    given = world.draft(world.basis(world.entry("W-a", 60), contract=replace(contract, discounts=(free,))))
    assert len(given.lines) == 1


@pytest.mark.parametrize("of", ["lines", "invoice"])
def test_discounts_together_take_no_more_than_there_is(world: "World", of: str) -> None:
    most = tuple(Discount(percent=Decimal(60), reason=reason, of=of) for reason in ("One", "Two"))  # type: ignore[arg-type]
    draft = world.draft(world.basis(world.entry("W-a", 60), contract=world.contract(discounts=most)))
    assert not draft_totals(draft).net


def test_a_line_that_a_person_discounts_below_nothing_is_wrong(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 60, ticket="WEB-6"))
    draft = world.draft(basis)
    less = replace(draft.lines[0], allowances=(Allowance(percent=Decimal(101), reason="Gift"),))
    wrong = errors(draft_problems(replace(draft, lines=(less, *draft.lines[1:])), basis, name="d"))
    assert [each.rule for each in wrong] == ["below-zero"]
