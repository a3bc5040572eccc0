"""Each line bears the rate of its day: Directive 2006/112/EC Art. 63 to 66, 93, 95, over real changes of rates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.invoice.conftest import ACME, ISSUER, World

from git_bill.contract.agreement import Contract
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Fee, Milestone
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.drafting import build
from git_bill.invoice.tax_point import decided
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money
from git_bill.period import Period

RULES = ("tax-point", "tax-point-open", "tax-point-late", "tax-rate-changed", "other-tax", "tax-differs")


def month(year: int, number: int, days: int) -> Period:
    return Period(date(year, number, 1), date(year, number, days))


def eur(amount: str) -> Money:
    return Money.parse(f"{amount} EUR")


@pytest.fixture
def world() -> World:
    return World()


def contract(world: World, **over: Any) -> Contract:
    return world.contract(**{"from_": date(2019, 1, 1)} | over)


def books(world: World, country: str, *worked: Any, **over: Any) -> Basis:
    vat_id = {"DE": ISSUER.vat_id}.get(country, f"{country}123456789")
    sides = {
        "issuer": replace(ISSUER, country=country, vat_id=vat_id),
        "client": replace(ACME, country=country, vat_id=vat_id),
    }
    return world.basis(*worked, **{"contract": contract(world), **sides, **over})


def drafted(basis: Basis, period: Period, **over: Any) -> Draft:
    tax = decided(basis, period)
    assert isinstance(tax, Tax), tax
    return build(basis, basis.engagement.contracts[0], period, tax, draft_id="D-aaaaaaaaaaaa", **over).draft


def rates(draft: Draft) -> list[str]:
    return [f"{(line.tax or draft.tax).rate.normalize():f}" for line in draft.lines]


def said(draft: Draft, basis: Basis) -> list[tuple[str, str]]:
    found = draft_problems(draft, basis, name="acme")
    return [(problem.rule, problem.severity) for problem in found if problem.rule in RULES]


CHANGES = [
    ("EE", date(2025, 7, 1), "22", "24"),
    ("RO", date(2025, 8, 1), "19", "21"),
    ("FI", date(2024, 9, 1), "24", "25.5"),
    ("DE", date(2020, 7, 1), "19", "16"),
    ("DE", date(2021, 1, 1), "16", "19"),
    ("SK", date(2025, 1, 1), "20", "23"),
]


@pytest.mark.parametrize(("country", "change", "old", "new"), CHANGES)
def test_work_of_both_sides_of_a_change_on_one_draft(
    world: World, country: str, change: date, old: str, new: str
) -> None:
    """Two VAT groups, each of its own rate (Art. 63, 93)."""
    before, after = date.fromordinal(change.toordinal() - 1), change
    worked = (
        world.entry("W-a", 60, before, ticket="WEB-1", activity="development"),
        world.entry("W-b", 120, after, ticket="WEB-2", activity="development"),
    )
    basis = books(world, country, *worked)
    draft = drafted(basis, Period(before, after))
    assert rates(draft) == [old, new]
    groups = draft_totals(draft).groups
    assert [(f"{g.rate.normalize():f}", g.base) for g in groups] == [(old, eur("95.00")), (new, eur("190.00"))]
    warned = [("tax-point-late", "warning")] if country == "RO" else []
    assert said(draft, basis) == warned


def test_a_line_over_a_change_asks_for_two_drafts(world: World) -> None:
    worked = (world.entry("W-a", 60, date(2025, 7, 31)), world.entry("W-b", 60, date(2025, 8, 1)))
    basis = books(world, "RO", *worked)
    draft = drafted(basis, Period(date(2025, 7, 1), date(2025, 8, 31)))
    assert said(draft, basis) == [("tax-rate-changed", "error")]


def test_late_work_keeps_the_rate_of_its_day(world: World) -> None:
    """June was billed; what turns up for it joins July's draft, and bears June's 19 %."""
    june, july = month(2020, 6, 30), month(2020, 7, 31)
    on_time = world.entry("W-a", 60, date(2020, 6, 5))
    basis = books(world, "DE", on_time)
    issued = world.issue(drafted(basis, june), basis, day=date(2020, 7, 1))
    late = world.entry("W-b", 60, date(2020, 6, 9), ticket="WEB-9")
    now = world.entry("W-c", 60, date(2020, 7, 2))
    basis = replace(books(world, "DE", on_time, late, now), invoices=(issued,))
    draft = drafted(basis, july)
    assert sorted(rates(draft)) == ["16", "19"]
    assert draft.tax.rate == Decimal(16)
    assert said(draft, basis) == []


def test_a_line_whose_rate_is_not_its_days_is_found(world: World) -> None:
    june, july = month(2020, 6, 30), month(2020, 7, 31)
    on_time = world.entry("W-a", 60, date(2020, 6, 5))
    basis = books(world, "DE", on_time)
    issued = world.issue(drafted(basis, june), basis, day=date(2020, 7, 1))
    basis = replace(books(world, "DE", on_time, world.entry("W-b", 60, date(2020, 6, 9))), invoices=(issued,))
    draft = drafted(basis, july)
    wrong = replace(draft, lines=tuple(replace(line, tax=None) for line in draft.lines))
    assert said(wrong, basis) == [("tax-point", "error")]
    meant = replace(wrong, lines=tuple(replace(line, because="accepted in July") for line in wrong.lines))
    assert said(meant, basis) == [("tax-point", "info")]


@pytest.mark.parametrize(
    ("country", "period", "both", "rules"),
    [
        ("DE", month(2020, 6, 30), ("19", "16"), []),  # UStG § 27(1)
        ("RO", month(2025, 7, 31), ("19", "21"), []),  # Codul fiscal art. 291(6)
        ("SK", month(2024, 12, 31), ("20", "23"), [("tax-point-open", "error")]),  # § 19(4), § 27(5)
        ("FI", month(2024, 8, 31), ("24", "25.5"), [("tax-point-open", "error")]),  # AVL § 15
        ("EE", month(2025, 6, 30), ("22", "24"), [("tax-point-open", "error")]),  # KMS § 11
        ("LU", month(2022, 12, 31), ("17", "16"), [("tax-point-open", "error")]),  # not built in
    ],
)
def test_a_fee_in_advance_over_a_change(
    world: World, country: str, period: Period, both: tuple[str, str], rules: list[tuple[str, str]]
) -> None:
    """Art. 65, 93, 95: the day it is done, or the day it is paid, as the state has it."""
    fee = Fee(id="care", name="Care", amount=eur("100.00"), in_advance=True)
    basis = books(world, country, contract=contract(world, kind="subscription", fees=(fee,), from_=period.first))
    draft = drafted(basis, period)
    assert [line.last == period.last for line in draft.lines] == [True, False]
    assert tuple(rates(draft)) == both
    assert said(draft, basis) == rules


def test_a_person_decides_of_what_is_paid_in_advance(world: World) -> None:
    fee = Fee(id="care", name="Care", amount=eur("100.00"), in_advance=True)
    period = month(2024, 12, 31)
    basis = books(world, "SK", contract=contract(world, kind="subscription", fees=(fee,), from_=period.first))
    draft = drafted(basis, period)
    paid = replace(draft.lines[1], tax=None, because="paid on 20 December", set=("tax", "because"))
    answered = replace(draft, lines=(draft.lines[0], paid))
    assert {severity for _, severity in said(answered, basis)} == {"info"}


def test_a_milestone_has_the_rate_of_its_completion(world: World) -> None:
    """Its work is pinned on it, and lies on both sides."""
    parts = (Milestone(id="beta", name="Beta", amount=eur("1000.00"), on=date(2020, 6, 20)),)
    worked = (world.entry("W-a", 60, date(2020, 6, 5)), world.entry("W-b", 60, date(2020, 7, 5)))
    terms = contract(world, kind="fixed", milestones=parts)
    basis = books(world, "DE", *worked, contract=terms)
    draft = drafted(basis, Period(date(2020, 6, 1), date(2020, 7, 31)))
    assert (rates(draft), said(draft, basis)) == (["19"], [])


@pytest.mark.parametrize(
    ("country", "paid", "done", "tax"),
    [
        # DE: all of it at 19 %, less what was taxed at 16 % (UStG § 27(1) sentence 3)
        ("DE", month(2020, 12, 31), month(2021, 1, 31), "110.00"),
        # SK: what was paid before stays at 20 %, the rest of 500 bears 23 %
        ("SK", month(2024, 12, 31), month(2025, 1, 31), "115.00"),
    ],
)
def test_a_deposit_from_before_the_change(world: World, country: str, paid: Period, done: Period, tax: str) -> None:
    parts = (
        Milestone(id="start", amount=eur("500.00"), on=paid.last, deposit=True),
        Milestone(id="end", amount=eur("1000.00"), on=done.last),
    )
    terms = contract(world, kind="fixed", milestones=parts)
    basis = books(world, country, contract=terms)
    first = drafted(basis, paid)
    assert len(set(rates(first))) == 1
    issued = world.issue(first, basis, day=paid.last)
    basis = replace(basis, invoices=(issued,))
    final = drafted(basis, done)
    assert draft_totals(final).net == eur("500.00")
    assert draft_totals(final).tax == eur(tax)
    assert said(final, basis) == []


def test_withholding_is_that_of_the_document_and_not_of_the_work(world: World) -> None:
    """PT: 25 % until 2024, 23 % since; a December is billed in January (CIRS art. 101: when it is paid)."""
    december = Period(date(2024, 12, 1), date(2024, 12, 31))
    basis = books(world, "PT", world.entry("W-a", 60, date(2024, 12, 5)))
    for today, rate in ((None, "25"), (date(2024, 12, 31), "25"), (date(2025, 1, 3), "23")):
        found = decided(replace(basis, today=today), december)
        assert isinstance(found, Tax)
        assert [each.rate for each in found.withholding] == [Decimal(rate)]


def test_lines_of_the_drafts_own_days_have_no_treatment_of_their_own(world: World) -> None:
    basis = books(world, "DE", world.entry("W-a", 60))
    draft = drafted(basis, World.period)
    assert [line.tax for line in draft.lines] == [None]
    assert isinstance(draft.lines[0], Line)
