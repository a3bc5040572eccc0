"""Guardrails: each has a name, a reason and a weight, told in docs/guardrails.md and changed in the settings."""

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from git_bill.contract.terms import Discount, Milestone, Retainer
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft
from git_bill.invoice.guardrails import GUARDRAILS, Guardrails
from git_bill.money import Money
from git_bill.period import Period, month
from git_bill.problem import Problem
from git_bill.shape import read
from git_bill.workspace import Settings

if TYPE_CHECKING:
    from tests.invoice.conftest import World

PAGE = (Path(__file__).parents[2] / "docs" / "guardrails.md").read_text(encoding="utf-8")
NOVEMBER = month(date(2026, 11, 1))
FIFTEEN = Guardrails(max_discount=Decimal(15))


def found(draft: Draft, basis: Basis) -> dict[str, Problem]:
    return {problem.rule: problem for problem in draft_problems(draft, basis, name="x")}


def of(world: "World", *worked: Any, **over: Any) -> dict[str, Problem]:
    basis = world.basis(*worked, **over)
    return found(world.draft(basis), basis)


def test_the_page_tells_of_each_as_the_code_has_it() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:3] == "| `"]
    expected = [
        [f"`{name}`", each.flags, each.why, each.severity, f"`{each.on_with}`" if each.on_with else "always"]
        for name, each in GUARDRAILS.items()
    ]
    assert rows == expected


def test_the_page_s_settings_are_settings() -> None:
    text = PAGE.partition("```toml\n")[2].partition("```")[0]
    given = tomllib.loads(text)["guardrails"]
    assert set(given["severity"]) <= GUARDRAILS.keys()
    owner = '[[contributors]]\nid = "m"\nname = "M"\nemails = []\ntimezone = "UTC"\nroles = ["owner"]\n'
    issuer = '[issuer]\nname = "M"\ncountry = "DE"\ntimezone = "UTC"\n'
    result = read(Settings, f"schema = 1\n{issuer}{owner}{text}", "x.toml")
    assert [problem for problem in result.problems if problem.severity == "error"] == []
    assert result.value is not None
    assert result.value.guardrails.severity == {"weekend-work": "warning", "billed-ticket": "off"}
    assert all(getattr(result.value.guardrails, each.on_with) for each in GUARDRAILS.values() if each.on_with)


@pytest.mark.parametrize("weight", ["off", "info", "warning", "error"])
def test_each_weighs_what_the_settings_say(world: "World", weight: Any) -> None:
    sunday = world.entry("W-a", 60, 4)
    usual = of(world, sunday)
    assert (usual["weekend-work"].severity, usual["first-invoice"].severity) == ("info", "info")
    changed = of(world, sunday, guardrails=Guardrails(severity={"weekend-work": weight}))
    assert (changed["weekend-work"].severity if "weekend-work" in changed else "off") == weight
    assert changed.keys() | {"weekend-work"} == usual.keys()


def test_what_a_person_gave_a_reason_for_stays_a_note(world: "World") -> None:
    strict = Guardrails(severity={"rate-above-card": "error", "rate-below-card": "error"})
    basis = world.basis(world.entry("W-a", 60), guardrails=strict)
    draft = world.draft(basis)
    (line,) = draft.lines
    dear = replace(line, unit_price=Money.parse("120.00 EUR"))
    assert found(replace(draft, lines=(dear,)), basis)["rate-above-card"].severity == "error"
    said = replace(draft, lines=(replace(dear, because="agreed by phone"),))
    assert found(said, basis)["rate-above-card"].severity == "info"
    off = replace(basis, guardrails=Guardrails(severity={"rate-above-card": "off"}))
    assert "rate-above-card" not in found(said, off)


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    problems = list(Guardrails(severity={"weekend": "off"}).problems())
    assert problems == [("severity", "there is no guardrail 'weekend'", 'did you mean weekend-work = "off"?')]
    ((_, _, hint),) = Guardrails(severity={"zzz": "off"}).problems()
    assert hint.startswith("known: sign-off-above, max-discount")


def test_old_work(world: "World") -> None:
    worked = world.entry("W-a", 60, 1), world.entry("W-b", 60, 2)
    told = of(world, *worked, guardrails=Guardrails(max_age_days=29))["old-work"]
    assert (told.severity, told.message) == ("warning", "1 entry is older than 29 days, the first of 2026-10-01")
    assert "old-work" not in of(world, *worked, guardrails=Guardrails(max_age_days=30))
    assert "old-work" not in of(world, *worked)


def test_a_ticket_that_was_billed_before(world: "World") -> None:
    first = world.basis(world.entry("W-a", 60), world.entry("W-c", 60, ticket="WEB-9"))
    october = world.issue(world.draft(first), first)
    later = [world.entry("W-b", 60, date(2026, 11, 3)), world.entry("W-d", 60, date(2026, 11, 3), ticket="WEB-8")]
    basis = world.basis(*first.worked.values(), *later, invoices=(october,))
    told = found(world.draft(basis, NOVEMBER), basis)
    assert told["billed-ticket"].message == "a ticket was billed before: WEB-5 (INV-2026-0032)"
    assert told["billed-ticket"].severity == "info"
    assert "period-overlap" not in told


def test_a_number_is_another_ticket_in_another_project(world: "World") -> None:
    first = world.basis(world.entry("W-a", 60, ticket="12"))
    october = world.issue(world.draft(first), first)
    other = world.entry("W-b", 60, date(2026, 11, 3), ticket="12", project="api")
    basis = world.basis(*first.worked.values(), other, invoices=(october,))
    assert "billed-ticket" not in found(world.draft(basis, NOVEMBER), basis)


def test_days_that_an_invoice_has_already(world: "World") -> None:
    first = world.basis(world.entry("W-a", 60))
    october = world.issue(world.draft(first), first)
    rest = Period(date(2026, 10, 16), date(2026, 11, 15))
    basis = world.basis(*first.worked.values(), world.entry("W-b", 60, 20), invoices=(october,))
    told = found(world.draft(basis, rest), basis)["period-overlap"]
    assert told.message == "INV-2026-0032 has days of this period, too: 2026-10-16..2026-10-31"
    other = replace(basis, invoices=(replace(october, contract="acme-2025"),))
    assert "period-overlap" not in found(world.draft(other, rest), other)


def test_lines_with_another_price_are_no_duplicates(world: "World") -> None:
    """What a retainer holds and what is above it are one ticket at two prices."""
    terms = Retainer(fee=Money.parse("900.00 EUR"), time=600)
    contract = world.contract(kind="retainer", retainer=terms)
    basis = world.basis(world.entry("W-a", 700), contract=contract)
    draft = world.draft(basis)
    texts = [line.description for line in draft.lines if line.entries]
    assert len(texts) == 2
    assert len(set(texts)) == 1
    told = found(draft, basis)
    assert "duplicate-line" not in told
    twice = replace(draft, lines=(*draft.lines, draft.lines[1]))
    assert "duplicate-line" in found(twice, basis)


def test_what_the_contract_grants_is_no_unusual_discount(world: "World") -> None:
    granted = (
        Discount(percent=Decimal(20), of="lines", reason="Launch"),
        Discount(percent=Decimal(10), reason="Loyalty"),
        Discount(amount=Money.parse("30.00 EUR"), reason="Voucher"),
    )
    contract = world.contract(discounts=granted)
    basis = world.basis(world.entry("W-a", 120), contract=contract, guardrails=FIFTEEN)
    draft = world.draft(basis)
    assert draft.allowances
    assert draft.lines[0].allowances
    assert "max-discount" not in found(draft, basis)
    own = Allowance(percent=Decimal(20), reason="Because it is you")
    of_line = replace(draft, lines=(replace(draft.lines[0], allowances=(*draft.lines[0].allowances, own)),))
    # 190.00 − 20 % are 152.00 as agreed; another 20 % of 190.00 makes it 114.00, which is 25 % less.
    assert found(of_line, basis)["max-discount"].message.startswith("25.0 % below what was agreed, more than 15 %")
    of_all = replace(draft, allowances=(*draft.allowances, own))
    assert found(of_all, basis)["max-discount"].message.startswith("20.0 %")
    small = replace(own, percent=Decimal(15))
    assert "max-discount" not in found(replace(draft, allowances=(*draft.allowances, small)), basis)


def test_less_on_one_line_is_not_hidden_by_a_big_one(world: "World") -> None:
    """A fee of 5000.00 beside it makes 50 % off two hours only 2 % of the whole, and it is 50 % all the same."""
    milestone = Milestone(id="beta", name="Beta", amount=Money.parse("5000.00 EUR"), on=date(2026, 10, 20))
    basis = world.basis(world.entry("W-a", 120), contract=world.contract(milestones=(milestone,)), guardrails=FIFTEEN)
    draft = world.draft(basis)
    assert [len(line.bills) for line in draft.lines] == [0, 1]
    assert "max-discount" not in found(draft, basis)
    half = replace(draft.lines[0], unit_price=Money.parse("47.50 EUR"))
    assert "50.0 %" in found(replace(draft, lines=(half, draft.lines[1])), basis)["max-discount"].message


def test_work_that_a_retainer_holds_is_no_discount(world: "World") -> None:
    terms = Retainer(fee=Money.parse("900.00 EUR"), time=600, overage=Money.parse("60.00 EUR"))
    contract = world.contract(kind="retainer", retainer=terms)
    basis = world.basis(world.entry("W-a", 700), contract=contract, guardrails=FIFTEEN)
    assert "max-discount" not in found(world.draft(basis), basis)
