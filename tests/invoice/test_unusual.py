"""Flags: what makes a reviewer look twice, each with a stable name."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from git_bill.contract.limit import Cap
from git_bill.contract.party import Bank
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Draft
from git_bill.invoice.guardrails import Guardrails
from git_bill.invoice.unusual import SIGN_OFF_RULES, unusual
from git_bill.money import Money
from git_bill.period import month
from git_bill.problem import Problem

if TYPE_CHECKING:
    from tests.invoice.conftest import World


def flags(draft: Draft, basis: Basis) -> dict[str, Problem]:
    return {problem.rule: problem for _, problem in unusual(draft, basis, basis.engagement.contracts[0], "x")}


def of(world: "World", *worked: Any, **over: Any) -> dict[str, Problem]:
    basis = world.basis(*worked, **over)
    return flags(world.draft(basis), basis)


def test_the_first_invoice_and_a_new_account(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 60))
    draft = world.draft(basis)
    assert flags(draft, basis)["first-invoice"].message == "this is the first invoice to Acme GmbH"
    moved = replace(world.issuer, bank=Bank(iban="DE75512108001245126199"))
    later = replace(basis, invoices=(world.issue(draft, basis),))
    assert flags(draft, later).keys() == {"billed-ticket", "period-overlap"}
    found = flags(draft, replace(later, issuer=moved))["new-account"]
    assert (found.severity, found.message) == ("warning", "it asks to pay to a NEW account, other than INV-2026-0032")


@pytest.mark.parametrize(
    ("limit", "needed"), [("100.00 EUR", True), ("113.05 EUR", False), ("113.04 EUR", True), ("9999.00 USD", True)]
)
def test_a_sign_off_above_an_amount(world: "World", limit: str, needed: bool) -> None:
    """95.00 net are 113.05 gross; an amount in another currency can't be compared, so it asks."""
    found = of(world, world.entry("W-a", 60), guardrails=Guardrails(sign_off_above=limit))
    assert ("sign-off-above" in found) == needed
    assert "sign-off-above" in SIGN_OFF_RULES


def test_a_discount_above_the_limit(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 120), guardrails=Guardrails(max_discount=Decimal(15)))
    draft = world.draft(basis)
    (line,) = draft.lines
    cheap = replace(draft, lines=(replace(line, unit_price=Money.parse("80.00 EUR")),))
    assert (
        flags(cheap, basis)["max-discount"].message
        == "15.8 % below what was agreed, more than 15 %: it needs a sign-off"
    )
    fewer = replace(draft, lines=(replace(line, quantity=Decimal("1.5")),))
    assert "max-discount" in flags(fewer, basis)
    assert "max-discount" not in flags(
        replace(draft, lines=(replace(line, unit_price=Money.parse("81.00 EUR")),)), basis
    )


def test_caps(world: "World") -> None:
    hours = (world.entry("W-a", 120),)
    assert "cap-near" in of(world, *hours, contract=world.contract(cap="200.00 EUR per month"))
    assert "cap-near" not in of(world, *hours, contract=world.contract(cap="300.00 EUR per month"))
    assert "cap-reached" in of(world, *hours, contract=world.contract(cap="100.00 EUR per month"))


def test_estimates_that_nobody_confirmed(world: "World") -> None:
    found = of(world, world.entry("W-a", 60), world.entry("W-b", 90, 6, state="estimated", model="session-2026.11"))[
        "unconfirmed"
    ]
    assert found.message == "1h30m of 2h30m are estimates that nobody confirmed"


def test_long_days_count_all_clients(world: "World") -> None:
    limits = Guardrails(max_hours_per_day=600)
    found = of(world, world.entry("W-a", 360), world.entry("W-b", 300, client="globex"), guardrails=limits)
    assert found["long-day"].message == "Mira Kovac has 11h on 2026-10-05, more than 10h"
    assert "long-day" not in of(world, world.entry("W-a", 360), world.entry("W-b", 300, by="jonas"), guardrails=limits)


def test_weekends_and_late_work(world: "World") -> None:
    first = world.basis(world.entry("W-a", 60))
    october = world.issue(world.draft(first), first)
    basis = world.basis(
        world.entry("W-a", 60),
        world.entry("W-b", 60, 9),
        world.entry("W-c", 60, date(2026, 11, 1)),
        invoices=(october,),
    )
    found = flags(world.draft(basis, month(date(2026, 11, 1))), basis)
    assert found["weekend-work"].message == "work on weekends: 2026-11-01"
    assert found["late-work"].message.startswith("1 entry is from before 2026-11-01")


def test_descriptions_that_tell_the_client_nothing(world: "World") -> None:
    found = of(
        world,
        world.entry("W-a", 60, text="wip"),
        world.entry("W-b", 60, 6, ticket=None, text="login"),
        world.entry("W-c", 60, 6, ticket=None, text="login", project="infra"),
    )
    assert found["vague-description"].message == "line 1 does not tell the client what was done: 'WEB-5 Wip'"
    assert found["duplicate-line"].message == "lines 2 and 3 have the same description"
    assert found["no-ticket"].message == "2 of 3 lines name no ticket"
    assert "no-ticket" not in of(world, world.entry("W-b", 60, ticket=None))


@pytest.mark.parametrize(
    ("rule", "at", "message"),
    [
        ("vague-description", 0, "5 lines do not tell the client what was done: 1 'Wip', 2 'Wip', 3 'Wip' and 2 more"),
        ("duplicate-line", 1, "lines 1 and 2, 1 and 3, 1 and 4 and 1 more have the same description"),
    ],
)
def test_many_lines_are_told_of_once(world: "World", rule: str, at: int, message: str) -> None:
    draft = world.draft(world.basis(world.entry("W-a", 60)))
    draft = replace(draft, lines=5 * (replace(draft.lines[0], description="Wip"),))
    found = unusual(draft, world.basis(), world.contract(), "acme-2026-10")
    told = [(at, problem.message) for at, problem in found if problem.rule == rule]
    assert told == [(("lines", at, "description"), message)]


def test_what_collect_found_is_passed_on(world: "World") -> None:
    many = [world.entry(f"W-{n}", 30, n, flags=("one commit on this day",)) for n in (5, 6, 7, 8)]
    assert of(world, *many)["entry-flag"].message == "4 entries: one commit on this day (W-5, W-6, W-7 and 1 more)"


def test_only_the_cap_that_left_work_out_is_reached(world: "World") -> None:
    """WEB-5 has its 2 h; the month's 1,000.00 is not in sight."""
    hours = [world.entry("W-a", 180), world.entry("W-b", 180, 6, ticket="WEB-6", text="search")]
    ticket = Cap(time=120, per="ticket", only=("WEB-5",))
    month = Cap(amount=Money.parse("1000.00 EUR"), per="month")
    contract = world.contract(caps=(ticket, month))
    basis = world.basis(*hours, contract=contract)
    found = unusual(world.draft(basis), basis, contract, "acme-2026-10")
    said = [problem.message for _, problem in found if problem.rule == "cap-reached"]
    assert said == ["the cap of 2h per ticket for WEB-5 is reached; what exceeds it is carried over"]
