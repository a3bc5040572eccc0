"""What is no table of a statement."""

import pytest
from tests.receivable.feeds.bank import headings

from git_bill.receivable.feeds.detect import read


@pytest.mark.parametrize("above", ["", "a remark\n"])
def test_a_row_of_too_many_columns_is_refused_before_it_is_looked_at(above: str) -> None:
    columns = ";".join(f"Date{number}" for number in range(100_000))
    found = read(f"{above}Date;Amount;{columns}\n2026-11-20;1;2\n".encode(), "x.csv", headings=headings())
    assert found.value is None
    (problem,) = found.problems
    assert (problem.rule, problem.file, problem.line) == ("not-a-statement", "x.csv", 1 + above.count("\n"))
    assert "100,002 columns" in problem.message
    assert "2026-11-20;1190.00;EUR" in problem.hint


def test_some_hundred_columns_are_a_table() -> None:
    more = ";".join(f"x{number}" for number in range(490))
    found = read(f"Date;Amount;Currency;{more}\n2026-11-20;-1.5;EUR\n".encode(), "x.csv", headings=headings())
    assert found.value is not None
    assert str(found.value[0].remittances[0].amount) == "-1.50 EUR"
