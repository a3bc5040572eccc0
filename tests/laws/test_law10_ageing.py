"""Law 10: ageing buckets partition the open amounts; what stands agrees with what was recorded, as of any date."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.cashier import FIRST, Cashier, cashiers

from git_bill.money import total
from git_bill.receivable.ageing import BUCKETS, CREDIT, ageing, bucket
from git_bill.receivable.booked import booked
from git_bill.receivable.credit import credits
from git_bill.receivable.receivable import receivables

DAYS = st.integers(-5, 200).map(lambda days: FIRST + timedelta(days=days))


@given(cashiers(), DAYS)
@settings(max_examples=150, deadline=None)
def test_the_buckets_partition_what_is_open(cashier: Cashier, day: date) -> None:
    documents, paid = cashier.till.invoices, cashier.till.paid
    owed, left_over = receivables(documents, paid, day), credits(documents, paid, day)
    aged = ageing(owed, left_over, day)
    for client in ("acme", "globex"):
        open_ones = [each.open for each in owed if each.client == client]
        theirs = [each.amount for each in left_over if each.client == client]
        sums = [each.open for each in aged if each.client == client]
        assert total(sums, "EUR") == total(open_ones, "EUR") - total(theirs, "EUR")
    for each in aged:
        assert tuple(each.amounts) == BUCKETS
        assert all(amount.amount * (-1 if name == CREDIT else 1) >= 0 for name, amount in each.amounts.items())
    late = [each for each in owed if each.open.amount > 0]
    for name in BUCKETS[1:]:
        mine = total((each.open for each in late if bucket((day - each.due).days) == name), "EUR")
        assert mine == total((each.amounts[name] for each in aged), "EUR")


@given(cashiers(), DAYS)
@settings(max_examples=150, deadline=None)
def test_as_of_a_day_is_what_was_known_of_that_day(cashier: Cashier, day: date) -> None:
    """The fold as of a day is the fold over only those records that count by then."""
    till = cashier.till
    until = {name: each for name, each in till.paid.remittances.items() if each.booked <= day}
    kept = [
        replace(
            month,
            remittances=tuple(each for each in month.remittances if each.id in until),
            allocations=tuple(each for each in month.allocations if each.remittance in until),
            write_offs=tuple(each for each in month.write_offs if each.on <= day),
            set_offs=tuple(each for each in month.set_offs if each.on <= day),
        )
        for month in till.months
    ]
    documents = [each for each in till.invoices if each.issue_date <= day]
    then = booked(kept)
    assert [each.open for each in receivables(documents, then)] == [
        each.open for each in receivables(till.invoices, till.paid, day)
    ]


@given(cashiers(), DAYS)
@settings(max_examples=150, deadline=None)
def test_credit_as_of_a_day_is_what_nothing_issued_by_then_had_used(cashier: Cashier, day: date) -> None:
    till, paid = cashier.till, cashier.till.paid
    issued = {each.number: each.issue_date for each in till.invoices}
    expected = {}
    for name, remittance in paid.remittances.items():
        own = [each for each in paid.allocations if each.remittance == name and each.invoice]
        used = total((each.amount for each in own if issued[each.invoice] <= day), "EUR")
        back = [each for each in paid.allocations if each.returns == name and paid.day(each) <= day]
        left = remittance.amount - used + total((each.settles for each in back), "EUR")
        if own and remittance.booked <= day and left.amount > 0:
            expected[name] = left
    assert {each.remittance: each.amount for each in credits(till.invoices, paid, day)} == expected


def test_where_buckets_begin() -> None:
    assert [bucket(days) for days in (-3, 0, 1, 30, 31, 60, 61, 90, 91)] == [
        *["not due"] * 2,
        *["1-30"] * 2,
        *["31-60"] * 2,
        *["61-90"] * 2,
        "over 90",
    ]
    assert ageing((), (), FIRST) == ()
