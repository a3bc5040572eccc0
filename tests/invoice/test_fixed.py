"""Fixed prices: milestones billed once when they are completed, deposits deducted once from the last."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from git_bill.contract.terms import Fee, Milestone
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money
from git_bill.period import Period, month
from git_bill.problem import errors

if TYPE_CHECKING:
    from tests.invoice.conftest import World

NOVEMBER = month(date(2026, 11, 1))
PRICE = Money.parse("20000.00 EUR")
THIRDS = (
    Milestone(id="design", name="Design", percent=Decimal("33.33"), tag="v0.1"),
    Milestone(id="beta", name="Beta version", percent=Decimal("33.33"), pull_request=12),
    Milestone(id="launch", name="Launch", percent=Decimal("33.34"), on=date(2026, 11, 20)),
)


def test_a_milestone_is_billed_when_its_tag_is_there_and_settles_the_work(world: "World") -> None:
    contract = world.contract(kind="fixed", price=PRICE, milestones=THIRDS)
    work = world.entry("W-a", 600)
    waiting = world.basis(work, contract=contract)
    assert world.draft(waiting).lines == ()
    basis = world.basis(work, contract=contract, happened={"tag:v0.1": date(2026, 10, 20)})
    (line,) = world.draft(basis).lines
    assert (line.description, line.quantity, line.unit, str(line.unit_price)) == (
        "Design",
        Decimal(1),
        "C62",
        "6666.00 EUR",
    )
    assert line.entries == {"W-a": 600}
    assert line.bills == ("milestone:design",)
    assert line.reason == "fixed price, 33.33 % of 20000.00 EUR: completed by tag v0.1 on 2026-10-20"


def test_a_milestone_is_billed_once(world: "World") -> None:
    contract = world.contract(kind="fixed", price=PRICE, milestones=THIRDS)
    happened = {"tag:v0.1": date(2026, 10, 20), "pull:12": date(2026, 11, 5)}
    basis = world.basis(contract=contract, happened=happened)
    issued = world.issue(world.draft(basis), basis)
    later = world.basis(contract=contract, happened=happened, invoices=(issued,))
    assert world.draft(later).lines == ()
    assert [line.bills for line in world.draft(later, NOVEMBER).lines] == [("milestone:beta",), ("milestone:launch",)]
    held = world.basis(contract=contract, happened=happened, held={"acme/acme-2026/milestone:design": "other"})
    assert world.draft(held).lines == ()


def test_parts_of_a_price_sum_to_it_exactly(world: "World") -> None:
    price = Money.parse("10000.01 EUR")
    parts = tuple(
        Milestone(id=f"part-{n}", percent=share, on=date(2026, 10, n))
        for n, share in enumerate((Decimal("33.3"), Decimal("33.3"), Decimal("33.4")), 1)
    )
    draft = world.draft(world.basis(contract=world.contract(kind="fixed", price=price, milestones=parts)))
    assert len(draft.lines) == 3
    assert draft_totals(draft).net == price


def test_beside_an_hourly_contract_a_milestone_is_a_line_more(world: "World") -> None:
    setup = Milestone(id="setup", name="Set-up", amount=Money.parse("500.00 EUR"), on=date(2026, 10, 1))
    draft = world.draft(world.basis(world.entry("W-a", 60), contract=world.contract(milestones=(setup,))))
    assert [(line.unit, str(line.unit_price)) for line in draft.lines] == [("HUR", "95.00 EUR"), ("C62", "500.00 EUR")]
    assert draft.lines[1].entries == {}


def test_a_deposit_is_deducted_once_from_the_last_milestone_at_its_own_tax(world: "World") -> None:
    """UStG § 14(5): 20,000.00 less the deposit of 5,000.00; the tax on the deposit was owed with its own invoice."""
    contract = world.contract(
        kind="fixed",
        milestones=(
            Milestone(
                id="start", name="Deposit", amount=Money.parse("5000.00 EUR"), on=date(2026, 10, 1), deposit=True
            ),
            Milestone(id="beta", name="Beta", amount=Money.parse("8000.00 EUR"), on=date(2026, 11, 10)),
            Milestone(id="end", name="Launch", amount=Money.parse("12000.00 EUR"), on=date(2026, 12, 10)),
        ),
    )
    basis = world.basis(contract=contract)
    deposit = world.issue(world.draft(basis), basis)
    assert str(deposit.totals.gross) == "5950.00 EUR"
    second = world.basis(contract=contract, invoices=(deposit,))
    part = world.issue(world.draft(second, NOVEMBER), second, "INV-2026-0033", date(2026, 12, 1))
    assert [line.bills for line in part.lines] == [("milestone:beta",)]
    third = world.basis(contract=contract, invoices=(deposit, part))
    final = world.issue(world.draft(third, month(date(2026, 12, 1))), third, "INV-2026-0034", date(2027, 1, 4))
    assert [line.bills for line in final.lines] == [("milestone:end",), ("deduct:start",)]
    back = final.lines[1]
    assert (back.quantity, str(back.unit_price), str(back.net)) == (Decimal(-1), "5000.00 EUR", "-5000.00 EUR")
    assert back.detail == "INV-2026-0032, 2 November 2026"
    assert back.tax == deposit.tax
    assert str(final.totals.net) == "7000.00 EUR"
    whole = [str(i.totals.gross) for i in (deposit, part, final)]
    assert whole == ["5950.00 EUR", "9520.00 EUR", "8330.00 EUR"]  # 23,800.00 in all: 20,000.00 and 19 %
    fourth = world.basis(contract=contract, invoices=(deposit, part, final))
    assert world.draft(fourth, month(date(2027, 1, 1))).lines == ()


@pytest.mark.parametrize("asked", [frozenset({"milestone:extra"}), frozenset[str]()])
def test_what_nothing_completes_is_billed_when_somebody_asks(world: "World", asked: frozenset[str]) -> None:
    from git_bill.invoice.fixed import milestones
    from git_bill.invoice.part import Kept, Scope

    extra = Milestone(id="extra", name="Extra", amount=Money.parse("100.00 EUR"))
    basis = world.basis(contract=world.contract(milestones=(extra,)))
    period = Period(date(2026, 10, 1), date(2026, 10, 31))
    scope = Scope(
        basis=basis, contract=basis.engagement.contracts[0], period=period, items=(), kept=Kept(), asked=asked
    )
    assert len(milestones(scope).lines) == len(asked)


DEPOSIT = Milestone(id="start", amount=Money.parse("1000.00 EUR"), deposit=True, on=date(2026, 10, 1))
FINAL = Milestone(id="end", amount=Money.parse("5000.00 EUR"), on=date(2026, 10, 20))


def test_a_deposit_that_was_issued_meanwhile_must_be_deducted(world: "World") -> None:
    """The final draft was made while the deposit was only a draft: issued as it is, it would be paid twice."""
    contract = world.contract(kind="fixed", milestones=(DEPOSIT, FINAL))
    final = world.draft(world.basis(contract=contract, held={"acme/acme-2026/deposit:start": "other"}))
    first = world.basis(contract=contract, held={"acme/acme-2026/milestone:end": "other"})
    basis = world.basis(contract=contract, invoices=(world.issue(world.draft(first), first),))
    (problem,) = errors(draft_problems(final, basis, name="d", final=True))
    assert problem.message == "-1000.00 EUR is not deducted: paid in advance with INV-2026-0032, deducted once"
    assert errors(draft_problems(world.draft(basis), basis, name="d", final=True)) == ()


def test_no_deposit_is_due_once_all_it_is_for_was_billed(world: "World") -> None:
    contract = world.contract(kind="fixed", milestones=(DEPOSIT, FINAL))
    before = world.basis(contract=contract, held={"acme/acme-2026/deposit:start": "other"})
    after = world.basis(contract=contract, invoices=(world.issue(world.draft(before), before),))
    assert world.draft(after).lines == ()


QUARTER = Milestone(id="start", percent=Decimal(25), deposit=True, on=date(2026, 8, 1))
BETA = Milestone(id="beta", percent=Decimal(60), on=date(2026, 10, 5))
LAUNCH = Milestone(id="launch", percent=Decimal(40), on=date(2026, 10, 20))


def test_a_deposit_is_not_billed_beside_the_last_milestone(world: "World") -> None:
    contract = world.contract(kind="fixed", price=PRICE, milestones=(QUARTER, BETA, LAUNCH))
    basis = world.basis(contract=contract)
    draft = world.draft(basis)
    assert [line.bills for line in draft.lines] == [("milestone:beta",), ("milestone:launch",)]
    assert draft_totals(draft).net == PRICE
    early = world.draft(basis, Period(date(2026, 10, 1), date(2026, 10, 10)))
    assert [line.bills for line in early.lines] == [("deposit:start",), ("milestone:beta",)]


def test_an_open_deposit_is_told_beside_the_last_milestone_and_wrong_after_it(world: "World") -> None:
    contract = world.contract(kind="fixed", price=PRICE, milestones=(QUARTER, BETA, LAUNCH))
    deposit = world.draft(world.basis(contract=contract), Period(date(2026, 8, 1), date(2026, 8, 31)))
    assert [line.bills for line in deposit.lines] == [("deposit:start",)]
    held = world.basis(contract=contract, held={"acme/acme-2026/deposit:start": "acme-2026-08"})
    final = world.draft(held)
    (told,) = [each for each in draft_problems(final, held, name="d") if each.rule == "deposit-on-a-draft"]
    assert told.severity == "warning"
    assert "the open draft acme-2026-08" in told.message
    after = world.basis(contract=contract, invoices=(world.issue(final, held),))
    (problem,) = errors(draft_problems(deposit, after, name="d", final=True))
    assert (problem.rule, problem.message) == (
        "deposit-too-late",
        "the contract is fully billed; delete the draft",
    )


def test_a_deposit_is_deducted_up_to_what_there_is_and_the_rest_later(world: "World") -> None:
    """5,000.00 paid, the last milestone of 2,000.00 and two fees of 2,500.00 after it: 500.00 more than nothing."""
    paid = Milestone(id="start", amount=Money.parse("5000.00 EUR"), deposit=True, on=date(2026, 9, 1))
    end = Milestone(id="end", amount=Money.parse("2000.00 EUR"), on=date(2026, 10, 20))
    months = (date(2026, 12, 1), date(2027, 1, 1))
    more = tuple(Fee(id=f"fee-{d:%m}", amount=Money.parse("2500.00 EUR"), from_=d, until=month(d).last) for d in months)
    contract = world.contract(kind="fixed", milestones=(paid, end), fees=more)
    invoices: tuple[Invoice, ...] = ()
    nets = []
    for number, day in enumerate((date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)), 32):
        basis = world.basis(contract=contract, invoices=invoices)
        draft = world.draft(basis, month(day))
        assert errors(draft_problems(draft, basis, name="d", final=True)) == ()
        issued = world.issue(draft, basis, f"INV-2026-00{number}", month(day).last)
        invoices = (*invoices, issued)
        nets.append(str(issued.totals.net))
    assert nets == ["5000.00 EUR", "0.00 EUR", "0.00 EUR", "2000.00 EUR"]
    assert [i.lines[-1].bills for i in invoices[1:]] == [("deduct:start:1",), ("deduct:start:2",), ("deduct:start:3",)]


def test_less_than_nothing_is_not_issued_and_nothing_is_told(world: "World") -> None:
    setup = Milestone(id="setup", amount=Money.parse("500.00 EUR"), on=date(2026, 10, 1))
    basis = world.basis(contract=world.contract(milestones=(setup,)))
    draft = replace(world.draft(basis), prepaid=Money.parse("952.00 EUR"))
    (problem,) = errors(draft_problems(draft, basis, name="d", final=True))
    assert (problem.rule, problem.message) == ("below-zero", "the invoice asks the client to pay -357.00 EUR")
    even = replace(draft, prepaid=Money.parse("595.00 EUR"))
    assert [p.severity for p in draft_problems(even, basis, name="d") if p.rule == "zero-total"] == ["warning"]
