"""Months of a fee before its first bill: told once, with the command that bills them."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from git_bill.contract.terms import Fee, Retainer
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money
from git_bill.period import Period, month
from git_bill.problem import Problem

if TYPE_CHECKING:
    from tests.invoice.conftest import World

SUPPORT = Fee(id="support", name="Support plan", amount=Money.parse("450.00 EUR"))
CARE = Retainer(name="Care", fee=Money.parse("900.00 EUR"), time=600)
NOVEMBER = month(date(2026, 11, 1))


def lost(draft: Draft, basis: Basis) -> list[Problem]:
    return [problem for problem in draft_problems(draft, basis, name="x") if problem.rule == "fee-never-billed"]


def test_the_months_before_the_first_bill(world: "World") -> None:
    """The contract is of January; the first draft is October's."""
    basis = world.basis(contract=world.contract(fees=(SUPPORT,)))
    draft = world.draft(basis)
    (told,) = lost(draft, basis)
    assert (told.severity, told.message, told.hint) == (
        "warning",
        "Support plan of 2026-01 to 2026-09, 4050.00 EUR, was never billed, and no later draft will",
        "bill it: git bill draft --client acme --period 2026-01-01..2026-09-30\n"
        "if it is not owed, let it begin later: from = 2026-10-01",
    )
    asked = world.draft(
        replace(basis, held={f"acme/acme-2026/{i}": "x" for line in draft.lines for i in line.bills}),
        Period(date(2026, 1, 1), date(2026, 9, 30)),
    )
    assert str(draft_totals(asked).net) == "4050.00 EUR"
    held = {f"acme/acme-2026/{item}": "other" for line in asked.lines for item in line.bills}
    assert lost(draft, replace(basis, held=held)) == []
    later = replace(basis, invoices=(world.issue(draft, basis),))
    assert lost(world.draft(later, NOVEMBER), later) == []


@pytest.mark.parametrize(
    ("over", "told"),
    [
        (
            {"retainer": CARE, "kind": "retainer", "from_": date(2026, 8, 15)},
            "Care of 2026-08 to 2026-09, 1393.55 EUR,",
        ),
        ({"fees": (replace(SUPPORT, from_=date(2026, 9, 1)),)}, "Support plan of 2026-09, 450.00 EUR,"),
        ({"fees": (replace(SUPPORT, every="quarter", in_advance=False),)}, None),
        ({"fees": (replace(SUPPORT, from_=date(2026, 10, 1)),)}, None),
        ({"fees": (replace(SUPPORT, from_=date(2027, 1, 1)),)}, None),
    ],
    ids=["retainer", "one month", "nothing billed yet", "nothing before", "not yet"],
)
def test_what_is_lost(world: "World", over: dict[str, object], told: str | None) -> None:
    basis = world.basis(contract=world.contract(**over))
    found = [problem.message for problem in lost(world.draft(basis), basis)]
    assert [message[: len(told or "")] for message in found] == ([told] if told else [])
