"""What is left of what was paid in advance."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.balance import Grant, available, left, month_name, month_number, month_of
from git_bill.period import month

H = Decimal(60)
JAN = month_number(date(2026, 1, 31))


def grants(*hours: int, carry: int) -> list[Grant]:
    return [Grant(month=JAN + n, amount=h * H, last=JAN + n + carry) for n, h in enumerate(hours)]


def test_without_carry_over_what_is_left_expires_with_its_month() -> None:
    some = grants(20, 20, carry=0)
    assert available(some, [(JAN, 14 * H)], JAN) == 6 * H
    assert available(some, [(JAN, 14 * H)], JAN + 1) == 20 * H


def test_the_oldest_is_used_first_and_expires_first() -> None:
    """20 h a month, kept for a month: 14 h in January leave 6; 10 h in February take these and 4 of its own."""
    some = grants(20, 20, 20, carry=1)
    used = [(JAN, 14 * H), (JAN + 1, 10 * H)]
    assert [amount / H for amount in left(some, used).values()] == [0, 16, 20]
    assert available(some, used, JAN + 2) == 36 * H


def test_late_work_of_an_old_month_takes_from_what_counted_then() -> None:
    some = grants(20, 20, carry=0)
    assert available(some, [(JAN + 1, 5 * H), (JAN, 20 * H)], JAN) == 0
    assert available(some, [(JAN + 1, 5 * H), (JAN, 20 * H)], JAN + 1) == 15 * H


def test_months_are_numbered_without_a_gap_at_the_end_of_a_year() -> None:
    assert [month_name(JAN + n) for n in (-1, 0, 11, 12)] == ["2025-12", "2026-01", "2026-12", "2027-01"]
    assert [month_number(date(2025, 12, 1)), month_number(date(2027, 1, 1))] == [JAN - 1, JAN + 12]
    assert month_of(JAN + 11) == month(date(2026, 12, 24))


@given(
    hours=st.lists(st.integers(0, 40), min_size=1, max_size=8),
    carry=st.integers(0, 3),
    use=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 60)), max_size=12),
    order=st.randoms(use_true_random=False),
)
def test_the_balance_is_a_fold_that_neither_makes_nor_loses_time(
    hours: list[int], carry: int, use: list[tuple[int, int]], order: object
) -> None:
    some = grants(*hours, carry=carry)
    used = [(JAN + month, Decimal(amount)) for month, amount in use]
    rest = left(some, used)
    assert all(0 <= amount <= grant.amount for grant, amount in rest.items())
    taken = sum((grant.amount - amount for grant, amount in rest.items()), Decimal(0))
    assert taken <= sum((amount for _, amount in used), Decimal(0))
    order.shuffle(used)  # type: ignore[attr-defined]
    assert left(order.sample(some, len(some)), used) == rest  # type: ignore[attr-defined]
