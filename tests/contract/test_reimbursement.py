"""Which contract bills an expense, what it comes to net, and how what is passed through is taxed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.agreement import Contract
from git_bill.contract.expense import Expense, Expenses
from git_bill.contract.reimbursement import contract_for, cost, passed_through
from git_bill.contract.tax.case import Tax
from git_bill.contract.terms import Applies, ExpenseTerms
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.shape import read, write

TRAIN = Expense(
    day=date(2026, 10, 5),
    by="mira",
    at=datetime(2026, 10, 6, 9, tzinfo=UTC),
    text="Train to Munich",
    amount=Money.parse("120.00 EUR"),
)
DRIVE = replace(TRAIN, amount=None, kilometres=Decimal(84), rate=Money.parse("0.30 EUR"), rate_source="BRKG § 5(2)")
TERMS = ExpenseTerms()
S19 = Tax(category="S", rate=Decimal(19))


def net(expense: Expense, terms: ExpenseTerms = TERMS, *, recovers: bool = True) -> tuple[str, str, str] | None:
    found = cost(expense, terms, recovers=recovers)
    return (f"{found.quantity:f}", found.unit, str(found.price)) if found else None


@pytest.mark.parametrize(
    ("paid", "tax", "expected"),
    [
        ("120.00 EUR", "0", "120.00 EUR"),
        ("119.00 EUR", "19", "100.00 EUR"),
        ("120.00 EUR", "19", "100.84 EUR"),  # 100.8403…
        ("107.01 EUR", "7", "100.01 EUR"),  # 100.0093…
        ("0.01 EUR", "19", "0.01 EUR"),  # 0.0084…
        ("1100 JPY", "10", "1000 JPY"),
    ],
)
def test_vat_that_is_recovered_is_taken_off_once(paid: str, tax: str, expected: str) -> None:
    assert net(replace(TRAIN, amount=Money.parse(paid), tax=Decimal(tax))) == ("1", "C62", expected)


def test_who_recovers_no_vat_passes_on_what_was_paid() -> None:
    small = cost(replace(TRAIN, tax=Decimal(19)), TERMS, recovers=False)
    assert small is not None
    assert (str(small.price), small.why) == ("120.00 EUR", "120.00 EUR paid, VAT included that is not recovered")


def test_what_is_passed_through_is_billed_as_it_was_paid() -> None:
    through = replace(TRAIN, tax=Decimal(19), pass_through=True)
    assert net(through) == ("1", "C62", "120.00 EUR")


def test_a_distance_has_the_contracts_price_before_the_laws() -> None:
    assert net(DRIVE) == ("84", "KMT", "0.30 EUR")
    agreed = ExpenseTerms(kilometre=Money.parse("0.42 EUR"))
    assert net(DRIVE, agreed) == ("84", "KMT", "0.42 EUR")
    assert net(replace(DRIVE, rate=None)) is None
    miles = replace(DRIVE, kilometres=None, miles=Decimal(52), rate=Money.parse("0.45 GBP"))
    assert net(miles, agreed) == ("52", "SMI", "0.45 GBP")


def test_a_day_away_says_which() -> None:
    vienna = replace(
        TRAIN, amount=None, per_diem="full", country="AT", rate=Money.parse("50.00 EUR"), rate_source="as agreed"
    )
    found = cost(vienna, TERMS, recovers=True)
    assert found is not None
    assert (str(found.price), found.why) == ("50.00 EUR", "a whole day away in AT at 50.00 EUR (as agreed)")


def test_the_first_contract_bills_it_whose_term_and_project_fit() -> None:
    def contract(name: str, **over: object) -> Contract:
        return Contract(**{"id": name, "from_": date(2026, 1, 1), "currency": "EUR", **over})  # type: ignore[arg-type]

    old = contract("old", until=date(2026, 9, 30))
    shop = contract("shop", applies=Applies(project=("web-shop",)))
    tickets = contract("tickets", applies=Applies(ticket=("WEB-",)))
    rest, last = contract("rest"), contract("last")

    def found(expense: Expense, *contracts: Contract) -> str | None:
        chosen = contract_for(expense, contracts)
        return chosen.id if chosen else None

    assert found(TRAIN, old, shop, rest, last) == "rest"
    assert found(replace(TRAIN, project="web-shop"), old, shop, rest) == "shop"
    assert found(replace(TRAIN, day=date(2026, 9, 1)), old, rest) == "old"
    assert found(replace(TRAIN, ticket="OPS-1"), tickets, rest) == "rest"
    assert found(replace(TRAIN, ticket="WEB-1"), tickets, rest) == "tickets"
    assert found(TRAIN, tickets, rest) == "tickets"
    assert found(TRAIN, old, shop) is None


def test_what_is_passed_through_is_exempt_in_the_eu_and_never_mixed_with_what_is_outside() -> None:
    """Directive 2006/112/EC Art. 79(c), VATEX-EU-79-C; EN 16931 BR-O-11."""
    exempt = passed_through(S19, "Paid in your name", eu=True)
    assert isinstance(exempt, Tax)
    assert (exempt.category, exempt.rate, exempt.reason_code, exempt.note) == (
        "E",
        Decimal(0),
        "VATEX-EU-79-C",
        "Paid in your name",
    )
    assert passed_through(Tax(category="O"), "…", eu=True) is None
    assert passed_through(Tax(category="G"), "…", eu=False) is None
    undecided = passed_through(Tax(category="S", rate=Decimal(10)), "…", eu=False)
    assert isinstance(undecided, Problem)
    assert undecided.rule == "pass-through-undecided"


@given(st.integers(1, 10**9), st.decimals(0, 99, places=1))
def test_net_and_its_vat_make_up_what_was_paid(cents: int, tax: Decimal) -> None:
    """Law: rounded once, so the net is within half a cent of the exact one."""
    paid = Money(Decimal(cents).scaleb(-2), "EUR")
    found = cost(replace(TRAIN, amount=paid, tax=tax), TERMS, recovers=True)
    assert found is not None
    assert abs(found.price.amount * (100 + tax) / 100 - paid.amount) <= Decimal("0.005") * (100 + tax) / 100


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('amount = "1.00 EUR", kilometres = "5"', "amount: an expense is an amount, a distance or a per diem"),
        ('tax = "19"', "amount: an expense is an amount, a distance or a per diem"),
        ('kilometres = "-5"', "kilometres: is not more than nothing"),
        ('amount = "0.00 EUR"', "amount: is not more than nothing"),
        ('amount = "1.00 EUR", tax = "100"', "tax: is a percentage of VAT, from 0 to below 100"),
        ('kilometres = "5", tax = "19"', "tax: is of an amount that was paid"),
        ('per_diem = "full"', "country: and per_diem go together"),
        ('amount = "1.00 EUR", receipt = "billing/receipts/acme/../../x"', "receipt"),
        ('amount = "1.00 EUR", receipt = "/etc/passwd"', "receipt"),
    ],
)
def test_a_file_of_expenses_tells_what_is_wrong_with_its_line(line: str, message: str) -> None:
    facts = 'day = 2026-10-05, by = "mira", at = 2026-10-06T09:00:00Z, text = "x"'
    text = f"schema = 1\n\n[expenses]\nX-a = {{ {facts}, {line} }}\n"
    found = read(Expenses, text, "billing/expenses/acme/2026-10.toml")
    assert found.value is None
    assert any(message in problem.message for problem in found.problems), found.problems
    assert {problem.line for problem in found.problems} == {4}
    assert all(problem.hint for problem in found.problems)


def test_what_is_written_is_read_again() -> None:
    kept = Expenses(expenses={"X-a": TRAIN, "X-b": DRIVE})
    assert read(Expenses, write(kept), "x").value == kept
