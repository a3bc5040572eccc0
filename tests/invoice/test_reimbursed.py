"""Expenses on a draft: one line each, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.invoice.conftest import CONTRACT, ISSUER, OCTOBER, World

from git_bill.adapters.tables import wording
from git_bill.contract.expense import Expense
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Applies, Discount, ExpenseTerms
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Line
from git_bill.invoice.drafting import build
from git_bill.invoice.due import days_beside, expenses_worth
from git_bill.invoice.recorded import recorded_problems
from git_bill.invoice.totals import draft_totals, net_of
from git_bill.money import Money
from git_bill.period import month
from git_bill.problem import errors

NOVEMBER = month(date(2026, 11, 1))
OUTSIDE = Tax(category="O", reason_code="VATEX-EU-O", note="Not subject to VAT", source="Art. 44")


def expense(paid: str | None = "119.00 EUR", day: int | date = 5, **over: Any) -> Expense:
    """A train ticket with 19 % VAT, of a day of October."""
    given: dict[str, Any] = {
        "day": date(2026, 10, day) if isinstance(day, int) else day,
        "by": "mira",
        "at": datetime(2026, 10, 30, 9, tzinfo=UTC),
        "text": "Train to Munich",
        "amount": Money.parse(paid) if paid else None,
        "tax": Decimal(19) if paid else Decimal(0),
        "project": "web-shop",
    }
    return Expense(**given | over)


def books(
    world: World, *work: Any, spent: Mapping[str, Expense], terms: ExpenseTerms | None = None, **over: Any
) -> Basis:
    """Books with expenses under Acme's contract."""
    contract = over.pop("contract", CONTRACT)
    return world.basis(*work, contract=replace(contract, expenses=terms or ExpenseTerms()), expenses=spent, **over)


def billed(world: World, basis: Basis) -> Sequence[Line]:
    return world.draft(basis).lines


def test_an_expense_is_a_line_of_its_own_day_under_the_treatment_of_the_work(world: World) -> None:
    """An ancillary supply follows the main one: 100.00 net, taxed with the 60 minutes of work."""
    basis = books(world, world.entry("W-a", 60), spent={"X-a": expense()})
    draft = world.draft(basis)
    work, train = draft.lines
    assert dict(work.entries) == {"W-a": 60}
    assert (train.description, train.detail, train.unit) == ("Train to Munich", "5 Oct 2026", "C62")
    assert train.quantity == 1
    assert (str(train.unit_price), train.tax, train.allowances) == ("100.00 EUR", None, ())
    assert (train.first, train.last, train.bills) == (date(2026, 10, 5), date(2026, 10, 5), ("expense:X-a",))
    assert str(draft_totals(draft).tax) == "37.05 EUR"  # 19 % of 195.00
    assert not errors(draft_problems(draft, basis, name="acme-2026-10"))


def test_a_mark_up_is_a_surcharge_of_its_line(world: World) -> None:
    """100.00 + 10 % = 110.00; an agreed price of a kilometre holds everything, what is passed through stays."""
    terms = ExpenseTerms(mark_up=Decimal(10), mark_up_as="Bearbeitung")
    drive = expense(None, kilometres=Decimal(84), rate=Money.parse("0.30 EUR"))
    spent = {"X-a": expense(), "X-b": drive, "X-c": expense("50.00 EUR", pass_through=True)}
    train, drove, fee = billed(world, books(world, spent=spent, terms=terms))
    assert [(a.charge, a.percent, a.reason) for a in train.allowances] == [(True, Decimal(10), "Bearbeitung")]
    assert [str(net_of(line)) for line in (train, drove, fee)] == ["110.00 EUR", "25.20 EUR", "50.00 EUR"]
    assert train.reason == "119.00 EUR paid, 100.00 EUR without the 19 % VAT that is recovered"
    assert (drove.quantity, drove.unit) == (Decimal(84), "KMT")
    assert fee.tax is not None


def test_a_mark_up_that_nobody_named_is_called_in_the_clients_language(world: World) -> None:
    basis = books(world, spent={"X-a": expense()}, terms=ExpenseTerms(mark_up=Decimal(10)))
    german = replace(basis.engagement, client=replace(basis.engagement.client, language="de"))
    for found, word in ((basis, "Handling"), (replace(basis, engagement=german, words=wording()), "Bearbeitung")):
        [train] = billed(world, found)
        assert [each.reason for each in train.allowances] == [word]


def test_what_is_passed_through_is_exempt_beside_taxed_work(world: World) -> None:
    basis = books(world, world.entry("W-a", 60), spent={"X-a": expense("50.00 EUR", pass_through=True)})
    draft = world.draft(basis)
    assert draft.lines[1].tax is not None
    assert (draft.lines[1].tax.category, draft.lines[1].tax.reason_code) == ("E", "VATEX-EU-79-C")
    assert "79" in (draft.lines[1].tax.note or "")
    groups = draft_totals(draft).groups
    assert [(g.category, str(g.base), str(g.tax)) for g in groups] == [
        ("S", "95.00 EUR", "18.05 EUR"),
        ("E", "50.00 EUR", "0.00 EUR"),
    ]
    assert not errors(draft_problems(draft, basis, name="acme-2026-10"))


def test_what_is_outside_the_scope_is_never_mixed(world: World) -> None:
    """EN 16931 BR-O-11."""
    basis = books(world, world.entry("W-a", 60), spent={"X-a": expense("50.00 EUR", pass_through=True)})
    draft = build(basis, basis.engagement.contracts[0], OCTOBER, OUTSIDE, draft_id="D-a").draft
    assert [line.tax for line in draft.lines] == [None, None]


def test_a_small_business_recovers_no_vat(world: World) -> None:
    small = replace(ISSUER, tax_scheme="small-business")
    (line,) = billed(world, books(world, spent={"X-a": expense()}, issuer=small))
    assert str(line.unit_price) == "119.00 EUR"


def test_only_what_the_contract_bears_and_nobody_dropped_is_billed(world: World) -> None:
    spent = {
        "X-a": expense(project="infra"),
        "X-b": expense(dropped="paid by the client"),
        "X-c": expense(day=date(2026, 11, 2)),
        "X-d": expense(text="Hotel"),
    }
    shop = replace(CONTRACT, applies=Applies(project=("web-shop",)))
    assert [line.description for line in billed(world, books(world, spent=spent, contract=shop))] == ["Hotel"]


def test_each_is_billed_once_and_late_ones_with_the_next_draft(world: World) -> None:
    first = books(world, spent={"X-a": expense()})
    invoice = world.issue(world.draft(first), first)
    spent = {"X-a": expense(), "X-b": expense(day=20, text="Hotel"), "X-c": expense(day=date(2026, 9, 3), text="Book")}
    basis = books(world, spent=spent, invoices=(invoice,))
    assert [line.bills for line in world.draft(basis, NOVEMBER).lines] == [("expense:X-b",)]
    held = replace(basis, held={"acme/acme-2026/expense:X-b": "acme-2026-10-2"})
    assert not world.draft(held, NOVEMBER).lines


def test_a_line_that_a_person_changed_is_not_made_again(world: World) -> None:
    from git_bill.invoice.updating import redraft

    basis = books(world, spent={"X-a": expense(), "X-b": expense(text="Hotel")})
    base = world.draft(basis)
    mine = replace(base, lines=(replace(base.lines[0], description="Fahrt"), base.lines[1]))
    again = redraft(basis, basis.engagement.contracts[0], OCTOBER, world.tax, base=base, current=mine).draft
    assert [line.description for line in again.lines] == ["Fahrt", "Hotel"]
    removed = replace(base, lines=base.lines[1:])
    less = redraft(basis, basis.engagement.contracts[0], OCTOBER, world.tax, base=base, current=removed).draft
    assert [line.description for line in less.lines] == ["Hotel"]


@pytest.mark.parametrize(
    ("wrong", "rule", "message"),
    [
        (
            expense("50.00 USD"),
            "expense-currency",
            "expense X-a (2026-10-05, Train to Munich) is in USD, contract acme-2026 in EUR",
        ),
        (
            expense(None, kilometres=Decimal(84)),
            "no-travel-rate",
            "expense X-a (2026-10-05, Train to Munich) has no price of a kilometre",
        ),
        (
            expense("900.00 EUR"),
            "expense-above-most",
            "expense X-a (2026-10-05, Train to Munich) is above the 500.00 EUR that contract acme-2026 allows without "
            "the client's word",
        ),
    ],
)
def test_what_can_not_be_billed_is_left_out_and_said(world: World, wrong: Expense, rule: str, message: str) -> None:
    terms = ExpenseTerms(most=Money.parse("500.00 EUR"))
    basis = books(world, spent={"X-a": wrong, "X-b": expense(text="Hotel")}, terms=terms)
    drafted = world.drafted(basis)
    assert [line.description for line in drafted.draft.lines] == ["Hotel"]
    assert [(p.rule, p.severity, p.message) for p in drafted.problems] == [(rule, "warning", message)]
    (found,) = (p for p in recorded_problems(basis) if p.rule == rule)
    assert (found.file, found.at) == ("billing/expenses/acme/2026-10.toml", ("expenses", "X-a"))


def test_the_clients_word_lets_a_large_one_through(world: World) -> None:
    terms = ExpenseTerms(most=Money.parse("500.00 EUR"))
    agreed = expense("900.00 EUR", agreed="Anna Schmidt, by mail")
    (line,) = billed(world, books(world, spent={"X-a": agreed}, terms=terms))
    assert line.reason.endswith("; agreed by Anna Schmidt, by mail")


def test_what_is_recorded_later_is_told_of_a_draft(world: World) -> None:
    basis = books(world, spent={"X-a": expense()})
    draft = world.draft(basis)
    more = books(world, spent={"X-a": expense(), "X-b": expense(text="Hotel")})
    found = draft_problems(draft, more, name="acme-2026-10")
    assert [p.message for p in found if p.rule == "expenses-moved"] == [
        "1 expense is not on the draft, the first 'Hotel'"
    ]
    dropped = books(world, spent={"X-a": expense(dropped="mine")})
    assert "unknown-item" in {p.rule for p in errors(draft_problems(draft, dropped, name="acme-2026-10"))}
    dearer = replace(draft, lines=(replace(draft.lines[0], unit_price=Money.parse("120.00 EUR")),))
    assert "not-as-agreed" in {p.rule for p in errors(draft_problems(dearer, basis, name="acme-2026-10"))}


def test_checks_tell_of_receipts_and_of_what_no_contract_bears(world: World) -> None:
    twice: dict[str, Any] = {"receipt": "billing/receipts/acme/abc-train.pdf", "receipt_hash": "abc"}
    spent = {
        "X-a": expense(day=date(2025, 12, 31)),
        "X-b": expense("30.00 EUR"),
        "X-c": expense("300.00 EUR"),
        "X-d": expense(**twice),
        "X-e": expense(**twice),
    }
    terms = ExpenseTerms(receipt_above=Money.parse("100.00 EUR"))
    found = {p.rule: (p.severity, p.message) for p in recorded_problems(books(world, spent=spent, terms=terms))}
    assert found == {
        "expense-without-contract": (
            "warning",
            "nothing bills expense X-a (2025-12-31, Train to Munich): no contract covers the day",
        ),
        "no-receipt": ("info", "without a receipt: X-c"),
        "repeated-receipt": ("warning", "X-d and X-e have the same receipt"),
    }


def test_expenses_alone_make_a_draft_due(world: World) -> None:
    basis = books(world, spent={"X-a": expense(day=date(2026, 9, 3)), "X-b": expense(day=7)})
    contract = basis.engagement.contracts[0]
    assert days_beside(basis, contract, None, OCTOBER.last) == [date(2026, 9, 3), date(2026, 10, 7)]
    assert days_beside(basis, contract, OCTOBER, OCTOBER.last) == [date(2026, 10, 7)]
    assert str(expenses_worth(basis, contract)) == "200.00 EUR"


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("above", [None, "85.00 EUR"])
def test_what_is_passed_through_has_no_part_in_a_discount(world: World, above: str | None, outside: bool) -> None:
    """Of 285.00 of work, or what is above 85.00 of it, whatever is passed through beside it."""
    terms = Discount(percent=Decimal(10), above=Money.parse(above) if above else None, reason="Volume discount")
    contract = replace(CONTRACT, discounts=(terms,))
    spent = {"X-a": expense("500.00 EUR", pass_through=True, tax=Decimal(0))}
    basis = books(world, world.entry("W-a", 180), spent=spent, contract=contract)
    draft = build(basis, basis.engagement.contracts[0], OCTOBER, OUTSIDE, draft_id="D-a").draft if outside else None
    totals = draft_totals(draft or world.draft(basis))
    assert (str(totals.lines), str(totals.allowances)) == ("785.00 EUR", "20.00 EUR" if above else "28.50 EUR")


def test_a_sum_off_the_whole_takes_nothing_off_what_is_passed_through(world: World) -> None:
    terms = Discount(amount=Money.parse("10.00 EUR"), reason="Gift")
    spent = {"X-a": expense("500.00 EUR", pass_through=True, tax=Decimal(0))}
    contract = replace(CONTRACT, discounts=(terms,))
    found = draft_totals(world.draft(books(world, world.entry("W-a", 180), spent=spent, contract=contract)))
    assert [(g.category, str(g.base)) for g in found.groups] == [("S", "275.00 EUR"), ("E", "500.00 EUR")]
