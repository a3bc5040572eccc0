"""What is left of what was agreed: retainers until when, caps, orders, milestones, fees."""

from datetime import date
from typing import TYPE_CHECKING

from git_bill.contract.limit import Cap
from git_bill.contract.terms import Fee, Milestone, Order, Retainer, Rounding
from git_bill.invoice.grouping import Item
from git_bill.invoice.outlook import Coming, Left, Stage, Used, outlook
from git_bill.money import Money

if TYPE_CHECKING:
    from tests.invoice.conftest import World

TODAY = date(2026, 11, 10)
CARE = Retainer(fee=Money.parse("1800.00 EUR"), time=20 * 60, carry=1)


def test_what_a_retainer_has_left_counts_work_that_nobody_billed(world: "World") -> None:
    contract = world.contract(kind="retainer", retainer=CARE, rounding=Rounding())
    old, new = world.entry("W-a", 840), world.entry("W-b", 60, date(2026, 11, 5))
    basis = world.basis(old, new, contract=contract)
    issued = world.issue(world.draft(basis), basis)
    later = world.basis(old, new, contract=contract, invoices=(issued,))
    found = outlook(later, contract, (Item(worked=new, minutes=60),), TODAY)
    assert found.retainer == (
        Left(left="5h", until=date(2026, 11, 30)),
        Left(left="20h", until=date(2026, 12, 31)),
    )
    assert found.fees == (Coming(name="Retainer 2026-12", amount=CARE.fee, on=date(2026, 12, 1)),)


def test_caps_and_orders_say_how_much_is_used(world: "World") -> None:
    order = Order(number="4500", budget=Money.parse("1000.00 EUR"), until=date(2026, 12, 31))
    contract = world.contract(
        caps=(Cap(time=240, per="ticket"), Cap(amount=Money.parse("380.00 EUR"), per="contract")),
        orders=(order,),
        rounding=Rounding(),
    )
    work = world.entry("W-a", 120)
    basis = world.basis(work, contract=contract)
    issued = world.issue(world.draft(basis), basis)
    more = world.entry("W-b", 30, date(2026, 11, 5))
    later = world.basis(work, more, contract=contract, invoices=(issued,))
    found = outlook(later, contract, (Item(worked=more, minutes=30),), TODAY)
    assert found.caps == (
        Used(name="4h per ticket for WEB-5", used="2h", most="4h", percent=50),
        Used(name="380.00 EUR per contract", used="190.00 EUR", most="380.00 EUR", percent=50),
    )
    assert found.orders == (
        Used(name="4500", used="190.00 EUR", most="1000.00 EUR", percent=19, until=date(2026, 12, 31)),
    )


def test_milestones_say_what_they_wait_for_and_fees_when_they_come(world: "World") -> None:
    price = Money.parse("5000.00 EUR")
    contract = world.contract(
        kind="fixed",
        milestones=(
            Milestone(id="beta", name="Beta", amount=price, tag="v1.0"),
            Milestone(id="launch", amount=price, pull_request=7),
            Milestone(id="extra", amount=price),
        ),
        fees=(Fee(id="hosting", amount=Money.parse("90.00 EUR"), every="quarter", in_advance=False),),
    )
    basis = world.basis(contract=contract, happened={"tag:v1.0": date(2026, 11, 3)})
    found = outlook(basis, contract, (), TODAY)
    assert [(each.due, each.waits_for) for each in found.stages] == [
        (date(2026, 11, 3), "tag v1.0"),
        (None, "pull request #7"),
        (None, "somebody to ask for it"),
    ]
    assert found.stages[0] == Stage(
        id="milestone:beta", name="Beta", price=price, due=date(2026, 11, 3), waits_for="tag v1.0", billed=None
    )
    assert found.fees == (Coming(name="hosting 2026-Q4", amount=Money.parse("90.00 EUR"), on=date(2026, 12, 31)),)


def test_of_what_is_over_only_what_is_open_is_told(world: "World") -> None:
    over = world.contract(until=date(2026, 10, 31), kind="retainer", retainer=CARE)
    assert outlook(world.basis(contract=over), over, (), TODAY).is_empty
