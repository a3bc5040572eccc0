"""The issue date: today, never before the series' last, never in the future."""

from datetime import date

import pytest

from git_bill.invoice.dating import issue_date
from git_bill.problem import Problem

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("asked", "last", "expected"),
    [
        (TODAY, None, TODAY),
        (TODAY, date(2026, 11, 2), TODAY),
        (TODAY, date(2026, 11, 3), date(2026, 11, 3)),  # a clock that is behind
        (date(2026, 10, 31), date(2026, 10, 30), date(2026, 10, 31)),
        (date(2026, 11, 3), None, date(2026, 11, 3)),  # it is tomorrow somewhere
    ],
)
def test_the_date(asked: date, last: date | None, expected: date) -> None:
    assert issue_date(asked, TODAY, last) == expected


def test_neither_back_nor_ahead() -> None:
    back = issue_date(date(2026, 10, 1), TODAY, date(2026, 10, 30))
    ahead = issue_date(date(2026, 11, 4), TODAY, None)
    assert isinstance(back, Problem)
    assert isinstance(ahead, Problem)
    assert back.message == "the issue date 2026-10-01 is before the last document of the series (2026-10-30)"
    assert ahead.message == "the issue date 2026-11-04 lies in the future"
