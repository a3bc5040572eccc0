"""Surcharges by hand: as a price above the card, one that the contract does not give needs a person's reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from git_bill.contract.rate import Rate
from git_bill.contract.terms import Discount
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Conversion, Draft
from git_bill.invoice.drafting import build
from git_bill.invoice.guardrails import Guardrails
from git_bill.money import Money
from git_bill.problem import Problem, errors

if TYPE_CHECKING:
    from tests.invoice.conftest import World

EXPRESS = Allowance(charge=True, amount=Money.parse("50.00 EUR"), reason="Express")
AGREED = "agreed by phone on 3 November"
LOYALTY = Discount(percent=Decimal(10), reason="Loyalty discount")
HANDLING = Discount(percent=Decimal(5), charge=True, reason="Handling")
SAID = 'say why: allowances = [{ charge = true, …, because = "agreed by phone on 3 November" }]'


def found(draft: Draft, basis: Basis, rule: str = "surcharge-not-agreed") -> list[Problem]:
    return [problem for problem in draft_problems(draft, basis, name="x") if problem.rule == rule]


def on_line(draft: Draft, *allowances: Allowance, because: str | None = None) -> Draft:
    return replace(draft, lines=(replace(draft.lines[0], allowances=allowances, because=because),))


def test_a_surcharge_of_a_line_needs_a_reason(world: "World") -> None:
    """Two hours at 95.00 and 50.00 for express: the contract gives 190.00."""
    basis = world.basis(world.entry("W-a", 120))
    draft = world.draft(basis)
    (wrong,) = found(on_line(draft, EXPRESS), basis)
    assert (wrong.severity, wrong.message, wrong.hint) == (
        "error",
        "line 1 has a surcharge of 50.00 EUR that contract acme-2026 does not give",
        SAID,
    )
    for said in (
        on_line(draft, EXPRESS, because=AGREED),
        on_line(draft, replace(EXPRESS, because=AGREED)),
    ):
        (note,) = found(said, basis)
        assert (note.severity, note.hint) == ("info", f"because: {AGREED}")
        assert errors(draft_problems(said, basis, name="x")) == ()


def test_a_surcharge_of_the_whole_needs_one_too(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 120))
    draft = world.draft(basis)
    (wrong,) = found(replace(draft, allowances=(EXPRESS,)), basis)
    assert wrong.message == "the draft has a surcharge of 50.00 EUR that contract acme-2026 does not give"
    assert wrong.severity == "error"
    (note,) = found(replace(draft, allowances=(replace(EXPRESS, because=AGREED),)), basis)
    assert note.severity == "info"
    two = (replace(EXPRESS, because=AGREED), replace(EXPRESS, reason="Weekend"))
    (wrong,) = found(replace(draft, allowances=two), basis)
    assert (wrong.severity, wrong.message[:35]) == ("error", "the draft has a surcharge of 100.00")


def test_what_the_contract_gives_is_no_news_and_more_than_that_is(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 120), contract=world.contract(discounts=(HANDLING,)))
    draft = world.draft(basis)
    assert found(draft, basis) == []
    (wrong,) = found(replace(draft, allowances=(replace(draft.allowances[0], percent=Decimal(10)),)), basis)
    assert wrong.message == "the draft has a surcharge of 9.50 EUR that contract acme-2026 does not give"


def test_a_discount_that_is_left_out_is_told(world: "World") -> None:
    """10 % of 190.00 are the client's."""
    for of in ("invoice", "lines"):
        loyalty = replace(LOYALTY, of=of)
        basis = world.basis(world.entry("W-a", 120), contract=world.contract(discounts=(loyalty,)))
        draft = world.draft(basis)
        assert found(draft, basis, "discount-left-out") == []
        (told,) = found(on_line(replace(draft, allowances=())), basis, "discount-left-out")
        where = "the draft" if of == "invoice" else "line 1"
        assert (told.severity, told.message) == (
            "warning",
            f"{where} leaves out 19.00 EUR of the discounts that contract acme-2026 gives",
        )


def test_a_surcharge_of_a_day_is_one(world: "World") -> None:
    contract = world.contract(kind="daily", rates=(Rate(daily=Money.parse("760.00 EUR")),))
    basis = world.basis(world.entry("W-a", 400), contract=contract)
    draft = world.draft(basis)
    marked = replace(draft, lines=(replace(draft.lines[0], allowances=(EXPRESS,), set=("allowances",)),))
    assert [problem.severity for problem in found(marked, basis)] == ["error"]


@pytest.mark.parametrize("discounts", [(), (LOYALTY,), (HANDLING, replace(LOYALTY, above=Money.parse("100.00 EUR")))])
def test_in_another_currency_nothing_is_questioned_that_was_agreed(
    world: "World", discounts: tuple[Discount, ...]
) -> None:
    contract = world.contract(invoice_currency="USD", discounts=discounts)
    basis = world.basis(world.entry("W-a", 77), contract=contract, guardrails=Guardrails(max_discount=Decimal(5)))
    rate = Conversion(currency="EUR", rate=Decimal("1.0895"), on=date(2026, 10, 30), source="ECB")
    draft = build(basis, contract, world.period, world.tax, draft_id="D-aaaaaaaaaaaa", conversion=rate).draft
    rules = {problem.rule for problem in draft_problems(draft, basis, name="x")}
    assert rules.isdisjoint({"surcharge-not-agreed", "discount-left-out", "max-discount"})
    half = replace(draft, lines=(replace(draft.lines[0], quantity=draft.lines[0].quantity / 2),))
    assert "max-discount" in {problem.rule for problem in draft_problems(half, basis, name="x")}
