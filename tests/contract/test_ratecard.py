"""The most specific rate wins, and says so in plain words."""

from dataclasses import replace
from datetime import date

import pytest

from git_bill.contract.agreement import Contract
from git_bill.contract.rate import Rate
from git_bill.contract.ratecard import Job, Price, price
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
    assert price(contract(*rates), Job(contributor=who, activity=activity)) == Price(
        amount=Money.parse(hourly), reason=reason
    )


def test_activity_comes_before_contributor() -> None:
    both = contract(rate("85.00 EUR", contributor="jonas"), rate("95.00 EUR", activity="development"))
    assert price(both, Job(contributor="jonas", activity="development")) == Price(
        amount=Money.parse("95.00 EUR"), reason="rate for development"
    )


def test_no_rate_names_contract_contributor_and_activity() -> None:
    found = price(contract(rate("95.00 EUR", activity="development")), Job(contributor="mira", activity="meeting"))
    assert isinstance(found, Problem)
    assert found.rule == "no-rate"
    assert found.message == "contract acme-2026 has no rate for meeting by mira"
    assert '[[contracts.rates]] hourly = "80.00 EUR"' in found.hint


def test_two_rates_for_the_same_work_are_a_problem_of_the_contract() -> None:
    twice = contract(rate("80.00 EUR"), rate("90.00 EUR"))
    assert [message for _, message, _ in twice.problems()] == ["rates 1 and 2 are for the same work"]


def test_work_with_an_agent_has_its_own_rate_or_the_contributors() -> None:
    plain = contract(*CARD)
    assert price(plain, Job(contributor="mira", activity="development", agent=True)) == Price(
        amount=Money.parse("95.00 EUR"), reason="rate for development, as for work without an AI agent"
    )
    cheap, cheaper = replace(rate("50.00 EUR"), agent=True), replace(rate("40.00 EUR", activity="testing"), agent=True)
    own = contract(*CARD, cheap, cheaper)
    assert price(own, Job(contributor="jonas", activity="development", agent=True)) == Price(
        amount=Money.parse("50.00 EUR"), reason="rate for work with an AI agent"
    )
    assert price(own, Job(contributor="mira", activity="testing", agent=True)) == Price(
        amount=Money.parse("40.00 EUR"), reason="rate for testing with an AI agent"
    )
    assert price(own, Job(contributor="jonas", activity="development")) == price(
        plain, Job(contributor="jonas", activity="development")
    )
    assert isinstance(price(contract(cheap), Job(contributor="mira", activity="development")), Problem)


def test_a_rate_for_what_is_not_billed_is_a_problem_of_the_contract() -> None:
    cheap = replace(rate("50.00 EUR"), agent=True)
    assert list(contract(rate("80.00 EUR"), cheap).problems()) == []
    none = replace(contract(rate("80.00 EUR"), cheap), agents="none")
    assert [(name, message) for name, message, _ in none.problems()] == [
        ("agents", 'rate 2 is for work with an AI agent, which agents = "none" does not bill')
    ]
