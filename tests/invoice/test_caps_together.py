"""Caps beside what a person decided, and several parts of a cap that are rounded as one."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.invoice.conftest import World

from git_bill.contract.limit import Cap
from git_bill.contract.terms import Order, Rounding
from git_bill.invoice.capping import Limit, free_rooms
from git_bill.invoice.draft import Line
from git_bill.invoice.part import Kept, Scope
from git_bill.money import Money

HOUR = Line(
    description="Checkout",
    quantity=Decimal(1),
    unit_price=Money.parse("95.00 EUR"),
    entries={"W-a": 60},
    set=("description",),
)


def test_a_line_that_a_person_keeps_takes_its_part_of_a_cap(world: World) -> None:
    contract = world.contract(cap="190.00 EUR per invoice")
    basis = world.basis(world.entry("W-a", 60), contract=contract)
    scope = Scope(basis=basis, contract=contract, period=world.period, items=(), kept=Kept(lines=(HOUR,)))
    assert [room.left for room in free_rooms(scope)] == [95]
    assert [room.left for room in free_rooms(replace(scope, kept=Kept(lines=(HOUR, HOUR, HOUR))))] == [0]


def test_a_budget_holds_what_is_billed_beside_the_work_and_a_cap_does_not(world: World) -> None:
    order = Order(number="4500012345", budget=Money.parse("500.00 EUR"))
    contract = world.contract(cap="190.00 EUR per invoice", orders=(order,))
    scope = Scope(basis=world.basis(contract=contract), contract=contract, period=world.period, items=(), kept=Kept())
    assert [room.left for room in free_rooms(scope)] == [190, 500]
    with_fee = replace(scope, reserved=Money.parse("450.00 EUR"))
    assert [room.left for room in free_rooms(with_fee)] == [190, 50]


def test_of_tickets_that_are_rounded_up_together_the_one_over_its_cap_gives_way(world: World) -> None:
    """67 minutes of a day are billed as 75, and the eight more go to the ticket with the most, which has no room."""
    contract = world.contract(
        rounding=Rounding(to=15, mode="up", per="day"), caps=(Cap(time=60, per="ticket", only=("WEB-5",)),)
    )
    basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 7, ticket="WEB-6"), contract=contract)
    draft = world.draft(basis)
    billed = {entry: minutes for line in draft.lines for entry, minutes in line.entries.items()}
    assert billed["W-b"] == 7
    assert 0 < billed["W-a"] < 60
    assert {name: left.minutes for name, left in draft.not_billed.items()} == {"W-a": 60 - billed["W-a"]}


@pytest.mark.parametrize(
    ("only", "ticket", "about"),
    [((), "WEB-5", "WEB-5"), (("WEB-5",), "WEB-5", "WEB-5"), (("WEB-5",), "WEB-6", None), ((), None, None)],
)
def test_a_cap_of_tickets_counts_those_that_it_names_or_all_that_have_one(
    world: World, only: tuple[str, ...], ticket: str | None, about: str | None
) -> None:
    limit = Limit(cap=Cap(time=60, per="ticket", only=only), day=480)
    assert limit.about(world.entry("W-a", 60, ticket=ticket).entry) == about


@pytest.mark.parametrize("cap", [Cap(time=600, per="contract"), Cap(amount=Money.parse("900.00 EUR"), per="contract")])
def test_only_work_takes_of_a_cap(world: World, cap: Cap) -> None:
    basis = world.basis(world.entry("W-a", 60))
    fee = replace(HOUR, entries={}, bills=("fee:support:2026-11",))
    settled = replace(HOUR, bills=("milestone:beta",))
    for line, taken in ((HOUR, Decimal(60) if cap.time else Decimal(95)), (fee, Decimal(0)), (settled, Decimal(0))):
        assert Limit(cap=cap, day=480).taken([line], basis) == {"": taken}
