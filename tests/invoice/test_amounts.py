"""Amounts that no document can hold are told of the draft, before a number is asked for."""

from typing import TYPE_CHECKING

import pytest

from git_bill.contract.rate import Rate
from git_bill.invoice.checks import draft_problems
from git_bill.money import Money
from git_bill.problem import errors

if TYPE_CHECKING:
    from tests.invoice.conftest import World


@pytest.mark.parametrize(("hourly", "wrong"), [("800000000000000.00 EUR", False), ("999999999999999.99 EUR", True)])
def test_a_draft_comes_to_what_a_file_can_hold(world: "World", hourly: str, wrong: bool) -> None:
    """1 h and 19 % of it: 952,000,000,000,000.00 has 15 digits, 1,189,999,999,999,999.99 has 16."""
    contract = world.contract(rates=(Rate(hourly=Money.parse(hourly)),))
    basis = world.basis(world.entry("W-a", 60), contract=contract)
    found = [problem.rule for problem in errors(draft_problems(world.draft(basis), basis, name="acme-2026-10"))]
    assert found == (["too-large"] if wrong else [])
