"""The most specific rate wins, and says so in plain words."""

from datetime import date

import pytest

from git_bill.contract.agreement import Contract, Rate
from git_bill.contract.ratecard import Price, price
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.worklog.entry import Activity


def rate(hourly: str, contributor: str | None = None, activity: Activity | None = None) -> Rate:
    return Rate(hourly=Money.parse(hourly), contributor=contributor, activity=activity)


CARD = (
    rate("80.00 EUR"),
    rate("85.00 EUR", contributor="jonas"),
    rate("95.00 EUR", activity="development"),
    rate("99.00 EUR", contributor="jonas", activity="development"),
)


def contract(*rates: Rate) -> Contract:
    return Contract(id="acme-2026", from_=date(2026, 1, 1), currency="EUR", rates=rates)


@pytest.mark.parametrize("rates", [CARD, CARD[::-1]])
@pytest.mark.parametrize(
    ("who", "activity", "hourly", "reason"),
    [
        ("mira", "meeting", "80.00 EUR", "the default rate"),
        ("jonas", "meeting", "85.00 EUR", "rate for jonas"),
        ("mira", "development", "95.00 EUR", "rate for development"),
        ("jonas", "development", "99.00 EUR", "rate for development by jonas"),
    ],
)
def test_the_most_specific_rate_wins_wherever_it_stands(
    rates: tuple[Rate, ...], who: str, activity: Activity, hourly: str, reason: str
) -> None:
    assert price(contract(*rates), who, activity) == Price(hourly=Money.parse(hourly), reason=reason)


def test_activity_comes_before_contributor() -> None:
    both = contract(rate("85.00 EUR", contributor="jonas"), rate("95.00 EUR", activity="development"))
    assert price(both, "jonas", "development") == Price(hourly=Money.parse("95.00 EUR"), reason="rate for development")


def test_no_rate_names_contract_contributor_and_activity() -> None:
    found = price(contract(rate("95.00 EUR", activity="development")), "mira", "meeting")
    assert isinstance(found, Problem)
    assert found.rule == "no-rate"
    assert found.message == "contract acme-2026 has no rate for meeting by mira"
    assert '[[contracts.rates]] hourly = "80.00 EUR"' in found.hint


def test_two_rates_for_the_same_work_are_a_problem_of_the_contract() -> None:
    twice = contract(rate("80.00 EUR"), rate("90.00 EUR"))
    assert [message for _, message, _ in twice.problems()] == ["rates 1 and 2 are for the same work"]
