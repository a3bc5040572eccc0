"""Discounts and surcharges of a contract, call-outs and the least that is billed."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from git_bill.contract.terms import CallOut, Discount, EarlyPayment, Order
from git_bill.invoice.totals import draft_totals, net_of
from git_bill.money import Money

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
