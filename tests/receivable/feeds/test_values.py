"""Amounts and days as banks write them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.receivable.feeds import feed
from git_bill.receivable.feeds.values import amount, comma_amount, day, decided_order


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1 234,56", "1234.56"), ("1'234.56", "1234.56"),
        ("-5", "-5"), ("5-", "-5"), ("(5.00)", "-5"), ("+5,00", "5"), ("5,00 D", "-5"), ("5,00 S", "-5"),
        ("5,00 H", "5"), ("5.00 CR", "5"), ("EUR 5,00", "5"), ("5,00 €", "5"), ("-€5.00", "-5"), ("$1,190.00", "1190"),
        ("1.234.567", "1234567"), ("0,125", "0.125"), (".5", "0.5"), ("\u22125,00", "-5"), ("1\u202f190,00", "1190"),
    ],
)  # fmt: skip
def test_an_amount(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "-", "abc", "1.2.3,4,5", "1,23,456.7.8", "1e5", "0x10", "NaN", "1" * 16, "12.34.56"]
)
def test_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        amount(text)


def test_thousands_or_decimals() -> None:
    with pytest.raises(ValueError, match="can be thousands or decimals"):
        amount("1,234")
    assert amount("1,234", ",") == Decimal("1.234")
    assert amount("1,234", ".") == Decimal(1234)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_is_read_as_it_was_written(value: Decimal) -> None:
    assert amount(f"{value:,.2f}", ".") == value
    assert amount(f"{value:.2f}".replace(".", ","), ",") == value
    assert amount(f"{value:,.2f}") == value


@pytest.mark.parametrize(("text", "value"), [("380115,12", "380115.12"), ("9,", "9"), ("001,12", "1.12"), ("0,", "0")])
def test_an_amount_of_mt940(text: str, value: str) -> None:
    assert comma_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("2026-11-20", "", date(2026, 11, 20)), ("20261120", "", date(2026, 11, 20)),
        ("2026-11-20T09:00:00Z", "", date(2026, 11, 20)), ("20.11.2026", "", date(2026, 11, 20)),
        ("20.11.26", "dmy", date(2026, 11, 20)), ("11/20/2026", "mdy", date(2026, 11, 20)),
        ("20/11/2026", "dmy", date(2026, 11, 20)), ("01/02/2026", "dmy", date(2026, 2, 1)),
        ("01/02/2026", "mdy", date(2026, 1, 2)), ("20 Nov 2026", "", date(2026, 11, 20)),
        ("20-nov.-2026", "", date(2026, 11, 20)), ("Nov 20, 2026", "", date(2026, 11, 20)),
        ("3. März 2026", "", date(2026, 3, 3)), ("20 décembre 2026", "", date(2026, 12, 20)),
        ("6/17'26", "mdy", date(2026, 6, 17)), ("03/25/099", "mdy", date(1999, 3, 25)),
        ("20/11/97", "dmy", date(1997, 11, 20)),
    ],
)  # fmt: skip
def test_a_day(text: str, order: str, value: date) -> None:
    assert day(text, order) == value


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "31.02.2026", "20 Foo 2026", "1/2"])
def test_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day"):
        day(text)


def test_the_order_of_a_file() -> None:
    assert decided_order(["01/02/2026", "13/02/2026"]) == "dmy"
    assert decided_order(["01/02/2026", "02/13/2026"]) == "mdy"
    assert decided_order(["01/02/2026", "03/02/2026"]) == ""
    assert decided_order(["13/02/2026", "02/13/2026"]) == ""
    assert decided_order(["01/11/2026", "02/11/2026", "03/11/2026", "01/12/2026"]) == "dmy"


def test_equal_entries_are_counted_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_MOST_EQUALS", 100)
    first = date(2026, 1, 1)
    equals = feed._Equals()
    for at in range(3_000):
        assert equals.add(first + timedelta(days=at // 3), f"{at // 3}-{at % 3 // 2}") == (at % 3 == 1)
    assert equals.held <= 100
    assert sum(map(len, equals.days.values())) == equals.held
    assert equals.add(first + timedelta(days=999), "999-0") == 2
