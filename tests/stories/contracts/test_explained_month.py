"""A month of a retainer with carry-over, overage, a discount, an expense and another currency, explained."""

from dataclasses import replace
from typing import Any

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

CONTRACT = """
[[contracts]]
id = "care"
from = 2026-10-01
kind = "retainer"
currency = "EUR"
invoice_currency = "USD"
rounding = { to = "15m", mode = "up", per = "ticket-day" }
retainer = { name = "Care", fee = "900.00 EUR", time = "10h", carry = 1, overage = "120.00 EUR" }
[[contracts.rates]]
hourly = "95.00 EUR"
[[contracts.discounts]]
percent = "5%"
reason = "Loyalty discount"
"""
RATES = """schema = 1
rates = [
    { on = 2026-10-30, base = "EUR", currency = "USD", rate = "1.1000", source = "my bank" },
    { on = 2026-11-30, base = "EUR", currency = "USD", rate = "1.2000", source = "my bank" },
]
"""
DECEMBER = {"GIT_BILL_NOW": "2026-12-01T09:00:00+01:00"}


def told(reason: dict[str, Any]) -> list[str]:
    """What stands directly below a reason, the entries aside."""
    return [each["text"] for each in reason["because"] if each["kind"] != "entry"]


def november(mira: Freelancer) -> tuple[Freelancer, str]:
    """October leaves 4h45m of 10h; November needs 16h; a train ticket; in December, and the draft's name."""
    billing = mira.books / "billing"
    client = billing / "clients" / "acme.toml"
    text = client.read_text(encoding="utf-8")
    client.write_text(text[: text.index("\n[[contracts]]")] + CONTRACT, encoding="utf-8")
    (billing / "rates.toml").write_text(RATES, encoding="utf-8")
    october = mira.json("draft", "--period", "2026-10")
    mira.json("issue", october["draft"])
    mira = replace(mira, env=DECEMBER)
    mira.json("add", "12h40m", "Search index", "--on", "2026-11-04", "--ticket", "WEB-8")
    mira.json("add", "3h20m", "Checkout review", "--on", "2026-11-09", "--ticket", "WEB-9")
    mira.json("add", "--expense", "60.00 EUR", "Train to the client", "--on", "2026-11-12")
    name: str = mira.json("draft", "--period", "2026-11")["draft"]
    return mira, name


def test_each_line_says_why(mira: Freelancer) -> None:
    mira, name = november(mira)
    found = mira.json("explain", name)
    lines = next(each for each in found["because"] if each["kind"] == "lines")
    assert [each["text"] for each in lines["because"]] == [
        "line 1, WEB-8 Search index: 12.75 h that the retainer holds = 0.00 USD",
        "line 2, WEB-9 Checkout review: 2 h that the retainer holds = 0.00 USD",
        "line 3, WEB-9 Checkout review: 1.5 h × 144.00 USD = 216.00 USD",
        "line 4, Care (December 2026): 1 × 1,080.00 USD = 1,080.00 USD",
        "line 5, Train to the client (12 Nov 2026): 1 × 72.00 USD = 72.00 USD",
    ]
    held, rest, above, fee, train = lines["because"]
    assert told(held) == [
        "held by the retainer: 12h45m of the 14h45m left in November 2026 "
        "(4h45m from October 2026, 10h from November 2026) (contract care)",
        "after it can be used: 2h until the end of December 2026",
        "12h40m rounded to 12h45m (15m, up, per ticket and day)",
    ]
    assert told(rest) == [
        "held by the retainer: 2h of the 2h left in November 2026 (contract care)",
        "after it nothing is left",
    ]
    rate = "1 EUR = 1.2 USD (my bank, 2026-11-30)"
    assert told(above)[:2] == [
        "120.00 EUR an hour: the price above the retainer (contract care)",
        f"120.00 EUR is 144.00 USD at {rate}",
    ]
    assert told(fee) == [
        "900.00 EUR a month in advance, for 10h (contract care)",
        f"900.00 EUR is 1080.00 USD at {rate}",
    ]
    assert told(train)[-1] == f"60.00 EUR is 72.00 USD at {rate}"
    sums = {each["kind"]: each for each in found["because"]}
    assert sums["changed"]["text"] == "Loyalty discount -68.40 USD: 5 % of 1,368.00 USD"
    assert told(sums["changed"]) == ["contract care says so"]
    assert sums["net"]["text"].startswith("net 1,299.60 USD")
    assert f"prices are agreed in EUR: {rate}" in told(found)


def test_the_terms_say_what_is_left(mira: Freelancer) -> None:
    mira, name = november(mira)
    shown = mira.json("contract", "show", "acme", "care", "--on", "2026-11-30")["contracts"][0]
    retainer = next(term for term in shown["terms"] if term["topic"] == "retainer")
    assert retainer["state"] == "14h45m left in 2026-11, as billed so far"
    mira.json("issue", name)
    shown = mira.json("contract", "show", "acme", "care", "--on", "2026-12-01")["contracts"][0]
    retainer = next(term for term in shown["terms"] if term["topic"] == "retainer")
    assert retainer["state"] == "10h left in 2026-12, as billed so far"
    now = mira.json("contract", "simulate", "acme", "--with", "care")
    assert (now["period"], now["difference"]) == ("2026-11", "0.00 EUR")
