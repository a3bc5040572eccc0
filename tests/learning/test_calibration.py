"""A person's calibration: shrunk, conformal, and worked out by hand where that is possible."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.learning.calibration import Calibration, Day, Prior, calibrate, quantile, score

PRIOR = Prior(
    least=5,
    most=60,
    half_life=10**6,
    cap=600,
    narrowest=25,
    weight=1.0,
    stand_in=10,
    scores=(-1.0, -0.5, 0.0, 0.5, 1.0),
)
SHARED = (40, 85)


def days(*actual: int, expected: int = 60) -> list[Day]:
    """Confirmed days, each with one estimate of 10 to 120 minutes."""
    return [Day(actual=minutes, parts=((10, expected, 120),)) for minutes in actual]


def test_few_days_tell_nothing() -> None:
    assert calibrate(days(30, 30, 30, 30), PRIOR, SHARED) == Calibration()


def test_days_without_an_estimate_tell_nothing() -> None:
    none = [Day(actual=120, parts=()), Day(actual=60, parts=((0, 0, 0),))]
    assert calibrate([*days(30, 30, 30, 30), *none], PRIOR, SHARED) == Calibration()


def test_the_factor_is_shrunk_towards_one_by_a_day() -> None:
    found = calibrate(days(*[30] * 9), PRIOR, SHARED)
    assert (found.factor, found.days) == (54, 9)  # (271/541) to the power of 9/10


def test_much_evidence_is_believed() -> None:
    assert calibrate(days(*[30] * 60), PRIOR, SHARED).factor == pytest.approx(50, abs=1)


def test_newer_days_weigh_more() -> None:
    prior = Prior(**{name: getattr(PRIOR, name) for name in Prior.__slots__} | {"half_life": 3})
    assert calibrate(days(*[120] * 10, *[30] * 10), prior, SHARED).factor < 75
    assert calibrate(days(*[30] * 10, *[120] * 10), prior, SHARED).factor > 140


def test_one_wild_day_counts_to_the_cap() -> None:
    wild = calibrate(days(60, 60, 60, 60, 60, 3000), PRIOR, SHARED)
    assert wild.factor == calibrate(days(60, 60, 60, 60, 60, 600), PRIOR, SHARED).factor


def test_a_steady_person_gets_a_narrower_range_than_a_moody_one() -> None:
    steady = calibrate(days(*[60] * 60), PRIOR, SHARED)
    moody = calibrate(days(*[5, 175] * 30), PRIOR, SHARED)
    assert steady.low < moody.low
    assert steady.high < moody.high
    assert steady.apply((10, 60, 120)) == (47, 60, 75)  # who says yes to everything measures nothing


@settings(deadline=None)
@given(st.lists(st.integers(0, 900), min_size=10, max_size=40))
def test_ranges_hold_four_of_five_of_the_days_they_were_made_of(actual: list[int]) -> None:
    found = calibrate(days(*actual), PRIOR, SHARED)
    low, _, high = found.apply((10, 60, 120))
    assert sum(low - 1 <= minutes <= high + 1 for minutes in actual) >= 0.6 * len(actual)  # others stand in for some


@settings(deadline=None)
@given(
    st.tuples(st.integers(0, 60), st.integers(0, 90), st.integers(0, 90)).map(lambda p: (p[0], p[0] + p[1], sum(p))),
    st.integers(20, 500),
    st.integers(0, 400),
    st.integers(0, 400),
)
def test_an_estimate_stays_in_order_and_is_never_lost(
    part: tuple[int, int, int], factor: int, low: int, high: int
) -> None:
    found = Calibration(factor=factor, low=low, high=high, days=9).apply(part)
    assert 0 <= found[0] <= found[1] <= found[2]
    assert (found[1] == 0) == (part[1] == 0)


def test_without_days_an_estimate_is_left_alone() -> None:
    assert Calibration().apply((1, 2, 3)) == (1, 2, 3)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(60, 0), (90, 0.5), (120, 1), (180, 2), (35, -0.5), (10, -1)],
)
def test_one_estimates_score_is_the_share_of_its_spread(actual: int, expected: float) -> None:
    assert score(actual, [(10, 60, 120)], SHARED) == pytest.approx(expected)


def test_within_the_error_that_a_sum_shares_the_score_is_that_of_its_parts_together() -> None:
    assert score(400, [(10, 60, 120)] * 4, SHARED) == pytest.approx(160 / 240)


def test_a_quantile_counts_the_day_to_come() -> None:
    ten = [(float(n), 1.0) for n in range(1, 11)]
    assert quantile(ten, 0.9) == 10  # nine of ten would leave out one of eleven
    assert quantile(ten, 0.5) == 6
    assert quantile([*ten, (100.0, 100.0)], 0.5) == 100
