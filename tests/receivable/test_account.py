"""An account's names, and statements that do not meet."""

from datetime import date
from decimal import Decimal

import pytest

from git_bill import shape
from git_bill.money import Money
from git_bill.receivable.account import Statement, canonical, discontinuity, gaps, normalized, same_account
from git_bill.receivable.remittance import Remittance, identify

IBAN = "DE02120300000000202051"


@pytest.mark.parametrize(
    "other",
    [
        IBAN,
        "de02 1203 0000 0000 2020 51",
        "12030000/202051",
        "12030000/0000202051",
        "0000202051",
        "202051",
        f"{IBAN}EUR",
    ],
)
def test_one_account(other: str) -> None:
    assert same_account(IBAN, other)
    assert same_account(other, IBAN)
    assert canonical(other, ["CH9300762011623852957", IBAN]) == IBAN


@pytest.mark.parametrize("other", ["", "2051", "50880050/0000202051", "999999", "DE89370400440532013000"])
def test_another_account(other: str) -> None:
    assert not same_account(IBAN, other)


def test_decoration_is_dropped() -> None:
    assert normalized("1291.99.348EUR") == "129199348"
    assert normalized("TRIODOSBANK/0390123456") == "TRIODOSBANK/0390123456"
    assert canonical("stripe", []) == "stripe"


def euro(amount: int) -> Money:
    """In euros."""
    return Money(Decimal(amount), "EUR")


def statement(number: str, days: tuple[int, int], bounds: tuple[int, int] | None, moved: int) -> Statement:
    """Of some days in November. `bounds`: opening and closing balance."""
    return Statement(
        file=f"{number}.xml",
        feed="camt.053",
        account=IBAN,
        currency="EUR",
        number=number,
        opening=None if bounds is None else euro(bounds[0]),
        closing=None if bounds is None else euro(bounds[1]),
        moved=euro(moved),
        entries=1,
        first=date(2026, 11, days[0]),
        last=date(2026, 11, days[1]),
    )


def test_a_whole_statement_is_no_problem() -> None:
    assert discontinuity(statement("1", (1, 2), (100, 150), 50)) is None
    assert discontinuity(statement("1", (1, 2), None, 50)) is None


def test_what_is_missing_in_a_statement_is_told() -> None:
    problem = discontinuity(statement("1", (1, 2), (100, 160), 50))
    assert problem is not None
    assert "10 EUR is missing" in problem.message


def test_gaps_are_found_in_whatever_order_files_come() -> None:
    one, two, three = (
        statement("1", (1, 2), (100, 150), 50),
        statement("2", (3, 4), (150, 170), 20),
        statement("3", (5, 6), (170, 180), 10),
    )
    assert list(gaps([three, one, two])) == []
    (problem,) = gaps([three, one])
    assert problem.file == "3.xml"
    assert "2026-11-02 to 2026-11-05" in problem.hint


def test_overlapping_statements_have_no_gap() -> None:
    assert list(gaps([statement("1", (1, 4), (100, 170), 70), statement("2", (3, 6), (150, 180), 30)])) == []


def test_a_remittance_is_written_and_read_as_it_is() -> None:
    remittance = Remittance(
        id=identify("bank", IBAN, "x"),
        rail="bank",
        account=IBAN,
        booked=date(2026, 11, 20),
        amount=euro(1190),
        text='hostile "text"\u202e',
        rate=Decimal("1.0895"),
        fee=euro(3),
    )
    found = shape.read(Remittance, shape.write(remittance), "x.toml")
    assert found.problems == ()
    assert found.value == remittance
    assert shape.read(Remittance, shape.write(remittance).replace("1190", "0"), "x.toml").problems[0].line == 5
