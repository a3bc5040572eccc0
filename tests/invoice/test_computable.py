"""What a draft's totals need, and what counts as labour."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.invoice.conftest import World

from git_bill.invoice.allowance import Allowance
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.totals import draft_totals, is_computable, sums_of
from git_bill.money import Money

WORK = Line(description="Checkout", quantity=Decimal(10), unit_price=Money.parse("100.00 EUR"))
TRAIN = Line(
    description="Train",
    quantity=Decimal(1),
    unit="C62",
    unit_price=Money.parse("200.00 EUR"),
    bills=("expense:X-aaaaaaaaaaaa",),
)


def draft(world: World, *lines: Line, **over: Any) -> Draft:
    return replace(world.draft(world.basis()), lines=lines, **over)


def allowance(**over: Any) -> Allowance:
    return Allowance(reason="Loyalty discount", **over)


@pytest.mark.parametrize(
    ("allowances", "labour"),
    [
        ((), "1000.00 EUR"),
        ((allowance(percent=Decimal(10)),), "900.00 EUR"),  # the other 20.00 go off the train
        ((allowance(amount=Money.parse("60.00 EUR"), charge=True),), "1050.00 EUR"),
    ],
)
def test_labour_is_work_with_its_part_of_discounts_and_surcharges(
    world: World, allowances: tuple[Allowance, ...], labour: str
) -> None:
    assert sums_of(draft(world, WORK, TRAIN, allowances=allowances)).labour == Money.parse(labour)


def test_what_comes_to_nothing_has_no_part_in_a_surcharge(world: World) -> None:
    back = replace(WORK, quantity=Decimal(-10))
    fee = allowance(amount=Money.parse("60.00 EUR"), charge=True)
    assert sums_of(draft(world, WORK, back, allowances=(fee,))).labour == Money.zero("EUR")


DOLLARS = Money.parse("5.00 USD")


@pytest.mark.parametrize(
    ("line", "over"),
    [
        ({"base_quantity": Decimal(0)}, {}),
        ({"unit_price": DOLLARS}, {}),
        ({"allowances": (allowance(amount=DOLLARS),)}, {}),
        ({}, {"allowances": (allowance(percent=Decimal(5), base=DOLLARS),)}),
        ({}, {"prepaid": DOLLARS}),
        ({}, {"rounding": DOLLARS}),
        ({}, {"first": date(2026, 11, 1)}),
    ],
)
def test_what_a_person_broke_has_no_totals(world: World, line: dict[str, Any], over: dict[str, Any]) -> None:
    own = allowance(amount=Money.parse("5.00 EUR"), base=Money.parse("50.00 EUR"))
    whole = draft(world, replace(WORK, allowances=(own,)), allowances=(own,), prepaid=Money.parse("1.00 EUR"))
    assert is_computable(whole)
    assert not is_computable(replace(whole, lines=(replace(whole.lines[0], **line),), **over))


def test_a_draft_of_one_day_has_totals(world: World) -> None:
    assert is_computable(draft(world, WORK, first=date(2026, 10, 5), last=date(2026, 10, 5)))


@pytest.mark.parametrize("own", [True, False])
def test_a_percentage_of_no_lines_is_nothing(world: World, own: bool) -> None:
    found = draft(world, allowances=(allowance(percent=Decimal(10), tax=world.tax if own else None),))
    assert is_computable(found)
    assert str(draft_totals(found).gross) == "0.00 EUR"
