"""A person's words on a remittance, right and wrong in every way that a file can be edited."""

from datetime import UTC, date, datetime

import pytest

from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Allocation, Stamp
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.settling import settle

STAMP = Stamp(at=datetime(2026, 12, 1, tzinfo=UTC), by="mira")
DAY = date(2026, 11, 20)


def money(text: str) -> Money:
    return Money.parse(text if " " in text else f"{text} EUR")


def document(number: str, amount: str) -> Open:
    asked = money(amount)
    return Open(number=number, client="acme", names=("Acme",), open=asked, gross=asked, issued=DAY, due=DAY)


OPENS = {
    each.number: each
    for each in (
        document("ONE", "100.00"),
        document("TWO", "50.00"),
        document("DOLLARS", "100.00 USD"),
        document("CN", "-40.00"),
        document("CN-DOLLARS", "-40.00 USD"),
        document("DONE", "0.00"),
        document("DINARS", "100.125 KWD"),
    )
}


def answer(
    came: str, invoices: dict[str, str], difference: Difference | None = None
) -> tuple[Allocation, ...] | Problem:
    remittance = Remittance(id="R-aaaaaaaaaaaa", rail="bank", booked=DAY, amount=money(came))
    said = {number: money(amount) for number, amount in invoices.items()}
    return settle(remittance, remittance.amount, said, OPENS, how="by-hand", stamp=STAMP, difference=difference)


@pytest.mark.parametrize(
    ("came", "invoices", "difference", "rule"),
    [
        ("100.00", {}, None, "no-invoice"),
        ("100.00", {"NOBODY": "100.00"}, None, "unknown-number"),
        ("100.00", {"<script>": "100.00"}, None, "unknown-number"),
        ("100.00", {"ONE": "-100.00"}, None, "over-paid"),
        ("100.00", {"ONE": "0.00"}, None, "wrong-amount"),
        ("100.00", {"ONE": "99.995"}, None, "wrong-amount"),
        ("100.00", {"ONE": "100.01"}, None, "over-paid"),
        ("100.00", {"DONE": "100.00"}, None, "over-paid"),
        ("100.00", {"ONE": "50.00 USD"}, None, "wrong-currency"),
        ("100.00", {"ONE": "50.00", "DOLLARS": "50.00 USD"}, None, "two-currencies"),
        ("60.00", {"DOLLARS": "100.00 USD", "CN-DOLLARS": "-40.00 USD"}, None, "two-currencies"),
        ("60.00", {"CN": "-40.00"}, None, "wrong-direction"),
        ("60.00", {"ONE": "100.00"}, None, "too-much-settled"),
        ("60.00", {"ONE": "100.00"}, "part", "too-much-settled"),  # a proposal of a part, edited upwards
        ("60.00", {"ONE": "100.00"}, "over", "too-much-settled"),
        ("60.00", {"ONE": "100.00"}, "twice", "too-much-settled"),
        ("-40.00", {"CN": "-41.00"}, "fee", "over-paid"),
        ("-40.00", {"ONE": "40.00"}, None, "wrong-direction"),
    ],
)
def test_what_can_not_be(came: str, invoices: dict[str, str], difference: Difference | None, rule: str) -> None:
    found = answer(came, invoices, difference)
    assert isinstance(found, Problem)
    assert found.rule == rule
    assert found.hint


@pytest.mark.parametrize(
    ("came", "invoices", "difference", "amounts"),
    [
        ("145.00", {"ONE": "100.00", "TWO": "50.00"}, "fee", ["96.67 EUR", "48.33 EUR"]),
        ("105.00", {"ONE": "100.00", "TWO": "50.00", "CN": "-40.00"}, "fee", ["96.67 EUR", "48.33 EUR", "-40.00 EUR"]),
        ("92.00", {"DOLLARS": "100.00 USD"}, None, ["92.00 EUR"]),
        ("-39.00", {"CN": "-40.00"}, "fee", ["-39.00 EUR"]),
        ("-37.00", {"CN-DOLLARS": "-40.00 USD"}, None, ["-37.00 EUR"]),
        ("100.001 KWD", {"DINARS": "100.125 KWD"}, "fee", ["100.001 KWD"]),
        ("15000 JPY", {"DOLLARS": "100.00 USD"}, None, ["15000 JPY"]),
    ],
)
def test_what_came_is_shared_to_the_smallest_coin(
    came: str, invoices: dict[str, str], difference: Difference | None, amounts: list[str]
) -> None:
    found = answer(came, invoices, difference)
    assert not isinstance(found, Problem)
    assert [str(each.amount) for each in found] == amounts
    assert [str(each.settles) for each in found] == [str(money(each)) for each in invoices.values()]
