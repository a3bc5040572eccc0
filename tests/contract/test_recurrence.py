"""Recurring prices by days."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.agreement import Contract
from git_bill.contract.recurrence import prorated, spans
from git_bill.contract.terms import Fee
from git_bill.money import Money, total
from git_bill.period import Period, month

CONTRACT = Contract(id="hosting", from_=date(2026, 2, 10), until=date(2027, 1, 15), currency="EUR")
YEAR = Period(date(2026, 1, 1), date(2027, 12, 31))


def fee(**over: object) -> Fee:
    return Fee(**{"id": "hosting", "amount": Money.parse("450.00 EUR"), **over})  # type: ignore[arg-type]


def test_months_are_the_calendars_and_end_with_the_contract() -> None:
    found = list(spans(fee(), CONTRACT, YEAR))
    assert [span.name for span in found][:2] == ["2026-02", "2026-03"]
    assert found[0].agreed == Period(date(2026, 2, 10), date(2026, 2, 28))
    assert found[-1].name == "2027-01"
    assert found[-1].agreed == Period(date(2027, 1, 1), date(2027, 1, 15))
    assert len(found) == 12


def test_quarters_and_years_have_names_of_their_own() -> None:
    assert [s.name for s in spans(fee(every="quarter"), CONTRACT, YEAR)] == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
        "2027-Q1",
    ]
    assert [s.name for s in spans(fee(every="year"), CONTRACT, YEAR)] == ["2026", "2027"]


def test_a_fee_may_begin_and_end_within_its_contract() -> None:
    found = list(spans(fee(from_=date(2026, 3, 16), until=date(2026, 4, 30)), CONTRACT, YEAR))
    assert [s.agreed for s in found] == [Period(date(2026, 3, 16), date(2026, 3, 31)), month(date(2026, 4, 1))]


def test_nineteen_of_twenty_eight_days() -> None:
    """450.00 × 28/28 − round(450.00 × 9/28) = 450.00 − 144.64."""
    whole = month(date(2026, 2, 1))
    assert str(prorated(Money.parse("450.00 EUR"), whole, Period(date(2026, 2, 10), whole.last))) == "305.36 EUR"


def test_a_period_that_has_one_day_in_common_with_the_agreed_ones_counts() -> None:
    begins = fee(from_=date(2026, 3, 31))
    assert [s.agreed for s in spans(begins, CONTRACT, Period(date(2026, 3, 1), date(2026, 4, 1)))] == [
        Period(date(2026, 3, 31), date(2026, 3, 31)),
        month(date(2026, 4, 1)),
    ]


def test_the_first_day_of_a_month_of_thirty_costs_a_thirtieth() -> None:
    """100.00 ÷ 30: 3.33 through the first day, 6.67 through the second."""
    whole, price = month(date(2026, 4, 1)), Money.parse("100.00 EUR")
    days = [prorated(price, whole, Period(day, day)) for day in (date(2026, 4, 1), date(2026, 4, 2))]
    assert [str(each) for each in days] == ["3.33 EUR", "3.34 EUR"]


@given(
    amount=st.decimals(Decimal(0), Decimal(99_999), places=2),
    first=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    cuts=st.sets(st.integers(1, 27), max_size=6),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_the_parts_of_a_month_sum_to_the_month(amount: Decimal, first: date, cuts: set[int], currency: str) -> None:
    whole = month(first)
    price = Money(amount, currency).rounded()
    edges = [0, *sorted(cuts), whole.days]
    parts = [
        Period(whole.first + timedelta(days=a), whole.first + timedelta(days=b - 1))
        for a, b in itertools.pairwise(edges)
    ]
    assert total((prorated(price, whole, part) for part in parts), currency) == price


def test_the_first_month_that_a_calendar_has_is_prorated_too() -> None:
    first = Period(date.min, date(1, 1, 31))
    assert prorated(Money.parse("310.00 EUR"), first, Period(date.min, date(1, 1, 1))) == Money.parse("10.00 EUR")
