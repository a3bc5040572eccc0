"""Late interest: the statutes' arithmetic, day by day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.adapters.tables import vat_table
from git_bill.contract.base_rate import BaseRate, BaseSeries, half_year
from git_bill.contract.tax.merging import doubled, merged
from git_bill.contract.tax.table import VatTable
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.interest import LateClaim, LateTerms, Owed, first_late_day, late_claim, stretches
from git_bill.shape import read

ISSUED = date(2026, 1, 1)


def terms(country: str, *, business: bool = True, agreed: str | None = None, issued: date = ISSUED) -> LateTerms:
    table = vat_table()
    rule = table.countries[country].legal.late_on(issued, business=business)
    assert rule is not None
    of = "ecb" if rule.base == "ecb" else country
    return LateTerms(
        rule=rule,
        of=of,
        series=table.base_rates.get(of, BaseSeries()),
        agreed=Decimal(agreed) if agreed else None,
        place=country,
    )


def claimed(country: str, amount: str, due: date, as_of: date, **more: str | bool | None) -> LateClaim:
    found = late_claim([Owed(first=due, amount=Money.parse(amount))], due, as_of, terms(country, **more))  # type: ignore[arg-type]
    assert isinstance(found, LateClaim)
    return found


def worth(found: LateClaim) -> tuple[str, str, str | None]:
    return str(found.rate), str(found.interest), str(found.cost) if found.cost else None


def test_great_britain_fixes_the_rate_when_interest_starts_and_the_sum_by_the_debt() -> None:
    """101 days from 1 September 2025 at 4.25 + 8: 5000 × 0.1225 × 101 ÷ 365 = 169.486…"""
    due = date(2025, 8, 31)
    assert worth(claimed("GB", "5000.00 GBP", due, due + timedelta(101))) == ("12.25", "169.49 GBP", "70.00 GBP")
    over = claimed("GB", "5000.00 GBP", due, date(2026, 3, 31))  # Bank Rate was 3.75 from 18 December on
    assert [(each.rate, each.days) for each in over.stretches] == [(Decimal("12.25"), 212)]
    for debt, cost in (("999.99", "40"), ("1000.00", "70"), ("9999.99", "70"), ("10000.00", "100")):
        assert worth(claimed("GB", f"{debt} GBP", due, date(2025, 9, 30)))[2] == f"{cost}.00 GBP"


@pytest.mark.parametrize(
    ("country", "day", "rate", "cost"),
    [
        ("ES", date(2026, 3, 1), "10.15", "40.00 EUR"),
        ("ES", date(2026, 8, 1), "10.40", "40.00 EUR"),
        ("NL", date(2024, 3, 1), "12.50", "40.00 EUR"),  # e-justice: 12.50 % since 1 January 2024
        ("FR", date(2026, 3, 1), "12.15", "40.00 EUR"),
        ("DE", date(2026, 3, 2), "10.27", "40.00 EUR"),
        ("AT", date(2023, 3, 1), "11.08", "40.00 EUR"),  # solidbau.at
        ("BE", date(2025, 3, 1), "11.5", "40.00 EUR"),  # 3.15 + 8, rounded up to a half; Schoups
        ("BE", date(2026, 3, 1), "10.5", "40.00 EUR"),  # embuild.be
        ("IE", date(2024, 8, 1), "12.25", "40.00 EUR"),  # enterprise.gov.ie
        ("DK", date(2024, 3, 1), "11.75", "310.00 DKK"),  # selandiaadvokater.dk
        ("PL", date(2026, 3, 2), "14.00", "40.00 EUR"),
        ("CH", date(2026, 3, 2), "5", None),
    ],
)
def test_rates_and_fixed_sums_by_country(country: str, day: date, rate: str, cost: str | None) -> None:
    currency = {"DK": "DKK", "PL": "PLN", "CH": "CHF"}.get(country, "EUR")
    found = claimed(country, f"1000.00 {currency}", day - timedelta(10), day)
    assert (worth(found)[0], worth(found)[2]) == (rate, cost)


def test_a_half_year_has_its_own_base_rate_and_a_leap_year_366_days() -> None:
    due = date(2023, 12, 1)
    found = claimed("NL", "1000.00 EUR", due, date(2024, 7, 31))
    assert [(str(each.first), str(each.last), each.days, str(each.rate), each.year) for each in found.stretches] == [
        ("2023-12-02", "2023-12-31", 30, "12.00", 365),
        ("2024-01-01", "2024-06-30", 182, "12.50", 366),
        ("2024-07-01", "2024-07-31", 31, "12.25", 366),
    ]
    by_hand = Fraction(120 * 30, 365) + Fraction(125 * 182, 366) + Fraction("122.5") * 31 / 366
    assert found.interest.amount == round(by_hand, 2)


def test_a_consumer_has_another_rule_or_none() -> None:
    found = claimed("DE", "1000.00 EUR", date(2026, 1, 12), date(2026, 3, 2), business=False)
    assert (worth(found)[0], found.cost) == ("6.27", None)
    for country in ("FR", "GB", "ES", "PL"):
        assert vat_table().countries[country].legal.late_on(ISSUED, business=False) is None


def test_an_agreed_rate_goes_before_the_law_s() -> None:
    due, day = date(2026, 1, 12), date(2026, 8, 1)
    found = claimed("ES", "1000.00 EUR", due, day, agreed="6")
    assert [(str(each.rate), each.base) for each in found.stretches] == [("6", None)]
    assert str(found.cost) == "40.00 EUR"
    assert claimed("GB", "1000.00 GBP", due, day, agreed="6").cost is None  # s. 5A goes with statutory interest


def test_a_due_date_on_a_day_off_is_the_next_working_day_where_the_law_says_so() -> None:
    saturday, holiday = date(2026, 5, 23), date(2026, 5, 25)  # Whit Monday
    assert holiday.weekday() == 0
    assert first_late_day(saturday, terms("DE")) == date(2026, 5, 27)
    assert first_late_day(saturday, terms("ES")) == date(2026, 5, 24)
    assert first_late_day(saturday, replace(terms("DE"), place="XX")) == date(2026, 5, 26)  # nobody knows its holidays


def test_nothing_is_claimed_before_the_debt_is_late_or_without_a_debt() -> None:
    due = date(2026, 3, 2)
    owed = [Owed(first=due, amount=Money.parse("1000.00 EUR"))]
    assert late_claim(owed, due, due, terms("ES")) is None
    found = late_claim(owed, due, due + timedelta(1), terms("ES"))
    assert isinstance(found, LateClaim)
    assert found.interest == Money.parse("0.28 EUR")
    assert late_claim([], due, date(2026, 4, 1), terms("ES")) is None
    paid = [*owed, Owed(first=due + timedelta(1), amount=Money.parse("0.00 EUR"))]
    assert late_claim(paid, due, date(2026, 4, 1), terms("ES")) is None


def test_a_payment_makes_the_rest_bear_less_and_leaves_the_fixed_sum() -> None:
    due = date(2026, 3, 2)
    owed = [
        Owed(first=due, amount=Money.parse("1000.00 EUR")),
        Owed(first=date(2026, 3, 13), amount=Money.parse("400.00 EUR")),
        Owed(first=date(2026, 3, 23), amount=Money.parse("0.00 EUR")),
    ]
    found = late_claim(owed, due, date(2026, 4, 30), terms("ES"))
    assert isinstance(found, LateClaim)
    assert [(str(each.open), each.days) for each in found.stretches] == [("1000.00 EUR", 10), ("400.00 EUR", 10)]
    assert found.interest == Money.parse("3.89 EUR")  # 14000 × 0.1015 ÷ 365 = 3.893…
    assert str(found.cost) == "40.00 EUR"


def test_a_base_rate_that_nobody_wrote_down_is_asked_for() -> None:
    due = date(2031, 3, 3)
    found = late_claim([Owed(first=due, amount=Money.parse("1.00 EUR"))], due, date(2031, 8, 1), terms("DE"))
    assert isinstance(found, Problem)
    assert (found.rule, found.severity) == ("no-base-rate", "warning")
    assert found.hint.startswith("write it into billing/tax/base-rates.toml:\n")
    assert found.message == (
        "late interest can't be told: the Basiszinssatz (§ 247 BGB) of the half-year from 2031-01-01 is not known here"
    )
    told = found.hint.partition(":\n")[2].replace('"…"', '"1.77"')
    own = read(VatTable, told, "own")
    assert own.value is not None
    assert own.value.source == "…, seen on …"
    rate = merged((vat_table(), own.value)).base_rates["DE"].rate_on(due)
    assert rate is not None
    assert rate.rate == Decimal("1.77")


def test_rows_of_base_rates_are_whole_half_years_once_each() -> None:
    table = vat_table()
    assert list(doubled(table)) == []
    for series in table.base_rates.values():
        assert series.name
        assert series.source
        starts = [rate.from_ for rate in series.rates]
        assert starts[0] == date(2019, 1, 1)
        assert starts == sorted(starts)
        assert all(half_year(day + timedelta(190)) == later for day, later in pairwise(starts))
    row = BaseRate(from_=date(2026, 3, 1), rate=Decimal(2))
    assert [hint for _, _, hint in row.problems()] == ["write it like from = 2026-01-01"]
    rows = ", ".join(f"{{ from = 2027-01-01, rate = '{rate}' }}" for rate in (2, 3))
    found = read(VatTable, f"schema = 1\n[base_rates.ecb]\nrates = [{rows}]", "own")
    assert found.value is not None
    assert [each.message for each in doubled(found.value)] == [
        "base_rates.ecb.rates has two entries for the same from 2027-01-01"
    ]


DAYS = st.dates(date(2019, 1, 1), date(2025, 12, 31))
CENTS = st.integers(1, 10**9).map(lambda cents: Money(Decimal(cents).scaleb(-2), "EUR"))


def exact(owed: list[Owed], first: date, last: date, law: LateTerms) -> Fraction:
    found = stretches(owed, first, last, law)
    assert not isinstance(found, Problem)
    assert sum(each.days for each in found) == (last - first).days + 1
    return sum((each.interest for each in found), Fraction())


@given(country=st.sampled_from(["DE", "ES", "AT", "BE"]), days=st.lists(DAYS, min_size=3, max_size=3), amount=CENTS)
def test_interest_of_two_periods_is_that_of_both(country: str, days: list[date], amount: Money) -> None:
    first, middle, last = sorted(days)
    owed, law = [Owed(first=first, amount=amount)], terms(country)
    parts = exact(owed, first, middle, law)
    parts += exact(owed, middle + timedelta(1), last, law) if middle < last else 0
    assert parts == exact(owed, first, last, law)


@given(due=DAYS, late=st.integers(-400, 400), amounts=st.lists(CENTS, min_size=2, max_size=2))
def test_interest_grows_by_the_day_and_with_the_debt_and_is_none_before(
    due: date, late: int, amounts: list[Money]
) -> None:
    law, today = terms("ES"), min(due + timedelta(late), date(2025, 12, 30))
    small, whole = min(amounts), amounts[0] + amounts[1]

    def claim(amount: Money, day: date) -> Decimal:
        found = late_claim([Owed(first=due, amount=amount)], due, day, law)
        assert not isinstance(found, Problem)
        assert (found is None) == (day <= due)
        return found.interest.amount if found is not None else Decimal(0)

    assert claim(small, today) <= claim(small, today + timedelta(1))
    assert claim(small, today) <= claim(whole, today)
    cents = Decimal("0.01")  # each of three is rounded by itself
    assert abs(claim(whole, today) - claim(amounts[0], today) - claim(amounts[1], today)) <= cents


@given(due=DAYS, gaps=st.lists(st.integers(1, 90), min_size=1, max_size=4), amount=CENTS)
def test_payments_never_make_the_interest_more(due: date, gaps: list[int], amount: Money) -> None:
    law, last = terms("ES"), min(due + timedelta(sum(gaps)), date(2026, 6, 30))
    owed, day, rest = [Owed(first=due, amount=amount)], due, amount
    for gap in gaps:
        day += timedelta(gap)
        rest = (rest * Decimal("0.5")).rounded()
        owed.append(Owed(first=day, amount=rest))
    whole = late_claim(owed[:1], due, last, law)
    less = late_claim(owed, due, last, law)
    assert isinstance(whole, LateClaim)
    assert isinstance(less, LateClaim)
    assert less.interest <= whole.interest
    assert less.cost == whole.cost
