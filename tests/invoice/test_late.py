"""Which work is late: of days that an invoice under the same contract had, before the draft's own."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.invoice.conftest import CONTRACT, World

from git_bill.invoice.basis import late_for
from git_bill.invoice.draft import Line
from git_bill.invoice.drafting import late_of
from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.period import Period

FIRST_HALF = Period(date(2026, 10, 1), date(2026, 10, 15))
RETAINER = Line(
    description="Retainer",
    quantity=Decimal(1),
    unit="C62",
    unit_price=Money.parse("450.00 EUR"),
    bills=("retainer:2026-11",),
)


def invoice(world: World) -> Invoice:
    basis = world.basis(world.entry("W-aaaaaaaaaaaa", 60))
    return world.issue(world.draft(basis, FIRST_HALF), basis)


@pytest.mark.parametrize(("day", "late"), [(14, FIRST_HALF), (15, None), (16, None)])
def test_the_first_day_of_a_draft_is_its_own_whatever_was_billed_before(
    world: World, day: int, late: Period | None
) -> None:
    basis = world.basis(invoices=(invoice(world),))
    rest = Period(date(2026, 10, 15), date(2026, 10, 31))
    assert late_of(basis, CONTRACT, rest, date(2026, 10, day)) == late


def test_an_invoice_under_another_contract_makes_nothing_late(world: World) -> None:
    billed = invoice(world)
    assert late_for(date(2026, 10, 5), [billed], CONTRACT.id) == FIRST_HALF
    assert late_for(date(2026, 10, 5), [billed], "acme-2027") is None
    assert late_for(date(2026, 10, 16), [billed], CONTRACT.id) is None


def test_an_invoice_of_what_is_paid_in_advance_leaves_its_days_open(world: World) -> None:
    basis = world.basis()
    paid = world.issue(replace(world.draft(basis, FIRST_HALF), lines=(RETAINER,)), basis)
    assert late_for(date(2026, 10, 5), [paid], CONTRACT.id) is None
