"""The page of an estimate: nothing on it looks like an invoice, and its lines lead to its sum."""

from dataclasses import replace
from decimal import Decimal

import pytest

from git_bill.adapters.tables import wording
from git_bill.invoice.document.estimate_page import Item, Sheet, estimate_page
from git_bill.money import Money

RATE = Money(Decimal("95.00"), "EUR")
ITEMS = (
    Item(description="WEB-1: Totals", detail="5 Oct 2026", minutes=87, net=Money(Decimal("137.75"), "EUR")),
    Item(description="x\x1b[31m", detail="", minutes=0, net=Money(Decimal("0.00"), "EUR")),
    Item(description="WEB-2: Cart", detail="", minutes=60, net=Money(Decimal("95.00"), "EUR")),
)
SHEET = Sheet(
    author=("Mira Kovac", "mira@example.net"),
    country="DE",
    period="October 2026",
    where="web-shop",
    commits=1234,
    minutes=147,
    range="2 to 4 h",
    rate=RATE,
    net=Money(Decimal("232.75"), "EUR"),
    items=ITEMS,
)


def test_it_is_marked_and_asks_for_no_money() -> None:
    page = estimate_page(SHEET, wording())
    assert (page["title"], page["watermark"]) == ("Estimate", "ESTIMATE, not an invoice")
    assert (page["number"], page["payment"], page["client"], page["ledger"]) == ("", None, [], "")
    assert page["intro"] == [
        "Estimated from the times of 1,234 commits; nobody has confirmed it. "
        "In 8 of 10 cases the whole lies within 2\u00a0to\u00a04\u00a0h."
    ]


def test_lines_with_a_rate_carry_amounts() -> None:
    page = estimate_page(SHEET, wording())
    told = [
        (line["description"], line["quantity"], line["price"], line["net"], line["carried"]) for line in page["lines"]
    ]
    assert told == [
        ("WEB-1: Totals", "1 h 27 min", "95.00", "137.75", "137.75"),
        ("x", "0 min", "95.00", "0.00", "137.75"),
        ("WEB-2: Cart", "1 h", "95.00", "95.00", "232.75"),
    ]
    assert [(row["label"], row["value"], row["strong"]) for row in page["totals"]] == [
        ("Time", "2 h 27 min", False),
        ("Net amount", "232.75", True),
    ]


def test_lines_without_one_carry_hours() -> None:
    bare = tuple(replace(item, net=None) for item in ITEMS)
    page = estimate_page(replace(SHEET, rate=None, net=None, items=bare), wording())
    assert [(line["quantity"], line["price"], line["net"], line["carried"]) for line in page["lines"]] == [
        ("", "", "1 h 27 min", "1 h 27 min"),
        ("", "", "0 min", "1 h 27 min"),
        ("", "", "1 h", "2 h 27 min"),
    ]
    assert page["totals"] == [{"label": "Time", "value": "2 h 27 min", "currency": "", "strong": True}]
    assert page["notes"] == []


@pytest.mark.parametrize(("country", "paper"), [("DE", "a4"), ("US", "us-letter"), (None, "a4")])
def test_the_paper_is_the_countrys(country: str | None, paper: str) -> None:
    assert estimate_page(replace(SHEET, country=country), wording())["paper"] == paper


def test_what_no_font_shows_does_not_keep_it_from_being_printed() -> None:
    items = (replace(ITEMS[0], description="修正結帳頁面"), replace(ITEMS[1], description="Fix the 🚀 rocket"))
    page = estimate_page(replace(SHEET, author=("Mira 🚀", "🎉"), items=items), wording())
    assert page["issuer"] == ["Mira"]
    assert [line["description"] for line in page["lines"]] == ["…", "Fix the rocket"]
