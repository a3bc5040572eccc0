"""Which kind of invoice a draft becomes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from git_bill.contract.terms import Milestone
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.kind import kind_of
from git_bill.money import Money

if TYPE_CHECKING:
    from tests.invoice.conftest import World

FEE = Money.parse("1000.00 EUR")
PARTS = (
    Milestone(id="start", amount=FEE, on=date(2026, 10, 1), deposit=True),
    Milestone(id="alpha", amount=FEE, on=date(2026, 10, 9)),
    Milestone(id="beta", amount=FEE, on=date(2026, 11, 9)),
)


def line(item: str) -> Line:
    quantity = Decimal(-1 if item.startswith("deduct:") else 1)
    return Line(description=item, quantity=quantity, unit="C62", unit_price=FEE, bills=(item,))


def of(world: "World", *items: str) -> Draft:
    return replace(world.draft(world.basis(world.entry("W-a", 60))), lines=tuple(map(line, items)))


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        (("deposit:start",), "deposit"),
        (("deposit:start", "milestone:alpha"), "part"),
        (("milestone:alpha",), "part"),
        (("milestone:beta", "deduct:start"), "final"),
        (("milestone:alpha", "milestone:beta"), "invoice"),
        (("fee:support:2026-10",), "invoice"),
    ],
)
def test_its_lines_say_what_it_is(world: "World", items: tuple[str, ...], kind: str) -> None:
    contract = world.contract(kind="fixed", milestones=PARTS)
    basis = world.basis(contract=contract)
    assert kind_of(of(world, *items), basis, contract) == kind


def test_the_last_part_after_earlier_ones_is_final(world: "World") -> None:
    contract = world.contract(kind="fixed", milestones=PARTS)
    basis = world.basis(contract=contract)
    earlier = world.issue(of(world, "milestone:alpha"), basis)
    assert kind_of(of(world, "milestone:beta"), replace(basis, invoices=(earlier,)), contract) == "final"


def test_hours_beside_a_milestone_are_a_plain_invoice(world: "World") -> None:
    contract = world.contract(milestones=PARTS)
    assert kind_of(of(world, "milestone:alpha"), world.basis(contract=contract), contract) == "invoice"


def test_what_a_person_set_stays(world: "World") -> None:
    contract = world.contract()
    draft = replace(of(world, "milestone:alpha"), kind="simplified", set=("kind",))
    assert kind_of(draft, world.basis(contract=contract), contract) == "simplified"
