"""What a kilometre, a mile or a day away is worth by law."""

from datetime import date

import pytest

from git_bill.adapters.tables import travel_table
from git_bill.contract.travel import Distance, TravelRate, day_rate, distance_rate
from git_bill.problem import Problem

TABLE = travel_table()


@pytest.mark.parametrize(
    ("country", "per", "day", "price"),
    [
        ("DE", "kilometre", date(2026, 10, 5), "0.30 EUR"),  # EStG § 9(1) No. 4a, BRKG § 5(2)
        ("AT", "kilometre", date(2024, 12, 31), "0.42 EUR"),
        ("AT", "kilometre", date(2025, 1, 1), "0.50 EUR"),  # BGBl. I 144/2024
        ("CH", "kilometre", date(2025, 6, 1), "0.70 CHF"),
        ("CH", "kilometre", date(2026, 1, 1), "0.75 CHF"),
        ("NL", "kilometre", date(2026, 6, 1), "0.23 EUR"),
        ("BE", "kilometre", date(2025, 6, 30), "0.4415 EUR"),
        ("BE", "kilometre", date(2025, 7, 1), "0.4449 EUR"),
        ("ES", "kilometre", date(2026, 6, 1), "0.26 EUR"),  # Orden HFP/792/2023
        ("GB", "mile", date(2026, 4, 5), "0.45 GBP"),  # ITEPA 2003 s. 230
        ("GB", "mile", date(2026, 4, 6), "0.55 GBP"),
        ("US", "mile", date(2025, 6, 1), "0.70 USD"),
        ("US", "mile", date(2026, 6, 1), "0.725 USD"),
    ],
)
def test_distances_have_their_countrys_price_of_the_day(country: str, per: Distance, day: date, price: str) -> None:
    found = distance_rate(TABLE, country, per, day)
    assert isinstance(found, TravelRate)
    assert str(found.price) == price
    assert found.source


@pytest.mark.parametrize(
    ("country", "per", "day", "message", "hint"),
    [
        ("GB", "kilometre", date(2026, 6, 1), "GB counts miles, no kilometres", "say how many miles: --miles 52"),
        ("DE", "mile", date(2026, 6, 1), "DE counts kilometres, no miles", "say how many kilometres: --km 84"),
        (
            "NL",
            "kilometre",
            date(2027, 6, 1),
            "the price of a kilometre in NL on 2027-06-01 is not built in",
            'say the agreed price: --rate "0.23 EUR"',
        ),
        (
            "FR",
            "kilometre",
            date(2026, 6, 1),
            "the price of a kilometre in FR on 2026-06-01 is not built in",
            'say the agreed price: --rate "0.30 EUR"',
        ),
    ],
)
def test_what_is_not_known_is_asked_for(country: str, per: Distance, day: date, message: str, hint: str) -> None:
    found = distance_rate(TABLE, country, per, day)
    assert isinstance(found, Problem)
    assert (found.rule, found.message, found.hint) == ("no-travel-rate", message, hint)


def test_days_away_at_home_and_abroad() -> None:
    """EStG § 9(4a): 28 EUR for 24 hours, 14 EUR for a day of arrival or departure or with more than 8 hours."""
    on = date(2026, 10, 5)
    found = [day_rate(TABLE, "DE", "DE", stay, on) for stay in ("full", "part")]
    assert [str(each.price) for each in found if isinstance(each, TravelRate)] == ["28.00 EUR", "14.00 EUR"]
    abroad = day_rate(TABLE, "DE", "AT", "full", on)
    assert isinstance(abroad, Problem)
    assert abroad.message == "the per diem for a traveller from DE for a full day in AT on 2026-10-05 is not built in"
    by_the_hour = day_rate(TABLE, "AT", "AT", "part", on)
    assert isinstance(by_the_hour, Problem)


def test_no_two_rates_hold_on_one_day() -> None:
    for rates in (
        [((r.country, r.per), r.from_, r.until) for r in TABLE.mileage],
        [((r.country, r.abroad), r.from_, r.until) for r in TABLE.per_diem],
    ):
        for number, (of, first, last) in enumerate(rates):
            for other, begin, end in rates[number + 1 :]:
                assert of != other or (last or date.max) < begin or (end or date.max) < first
