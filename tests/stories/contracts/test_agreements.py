"""What was agreed beside hours: retainer, fixed price with deposit, support fee, cap, order; as the client reads it."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

CARE = """
[[contracts]]
id = "care"
from = 2026-01-01
kind = "retainer"
currency = "EUR"
applies = { activity = ["support"] }
retainer = { name = "Care", fee = "1800.00 EUR", time = "20h", carry = 1, overage = "110.00 EUR" }
[[contracts.rates]]
hourly = "95.00 EUR"
"""
SHOP = """
[[contracts]]
id = "shop"
from = 2026-01-01
kind = "fixed"
currency = "EUR"
price = "20000.00 EUR"
applies = { activity = ["development", "testing", "review", "documentation"] }
[[contracts.milestones]]
id = "start"
name = "Deposit"
percent = "25%"
on = 2026-10-02
deposit = true
[[contracts.milestones]]
id = "beta"
name = "Beta version"
percent = "60%"
tag = "v1.0"
[[contracts.milestones]]
id = "launch"
name = "Launch"
percent = "40%"
on = 2026-11-02
"""
OTHER = """
[[contracts]]
id = "other"
from = 2026-01-01
currency = "EUR"
applies = { activity = ["development", "testing", "review", "documentation"] }
[[contracts.rates]]
hourly = "95.00 EUR"
"""
HELP = """
[[contracts]]
id = "help"
from = 2026-01-01
currency = "EUR"
applies = { activity = ["meeting"] }
requires = ["order", "signed-timesheet"]
[[contracts.rates]]
hourly = "100.00 EUR"
[[contracts.fees]]
id = "hosting"
name = "Hosting"
amount = "90.00 EUR"
from = 2026-10-11
[[contracts.caps]]
time = "3h"
per = "ticket"
then = "waive"
[[contracts.orders]]
number = "4500012345"
from = 2026-11-01
budget = "1000.00 EUR"
"""


def agree(mira: Freelancer, *contracts: str) -> None:
    """Acme's file says other things from now on."""
    path = mira.books / "billing" / "clients" / "acme.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[[contracts]]")].rstrip() + "\n" + "".join(contracts), encoding="utf-8")


def works(mira: Freelancer, time: str, day: str, activity: str, ticket: str = "WEB-9") -> None:
    words = ("--client", "acme", "--on", day, "--activity", activity, "--ticket", ticket)
    mira.json("add", time, "Help with the shop", *words)


def issues(mira: Freelancer, found: dict[str, Any], today: str) -> dict[str, Any]:
    """Merge and issue what was drafted."""
    return mira.json("issue", found["draft"], "--today", today)


def billed(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(line["description"], line["quantity"], line["net"]) for line in found["lines"]]


def words(reason: dict[str, Any]) -> Iterator[str]:
    """Everything that `explain` says, in its order."""
    yield reason["text"]
    for inner in reason["because"]:
        yield from words(inner)


def explained(mira: Freelancer, subject: str) -> list[str]:
    found = mira.json("explain", subject)
    return [text for reason in found["because"] for text in words(reason)]


@pytest.mark.slow
def test_a_fixed_price_with_deposit_and_milestones_by_tag_and_date(mira: Freelancer) -> None:
    agree(mira, SHOP)
    deposit = mira.json("draft", "--deposit", "start", "--today", "2026-10-02")
    assert (deposit["draft"], billed(deposit)) == ("acme-deposit-start", [("Deposit", "1", "5000.00 EUR")])
    first = issues(mira, deposit, "2026-10-02")["number"]
    assert "waits for tag v1.0" in mira.bill("status", "--today", "2026-10-02").stdout
    mira.json("draft", "--deposit", "start", "--today", "2026-10-03", code=1)

    nothing = mira.json("draft", "--period", "2026-10", "--today", "2026-11-01")
    assert [p["rule"] for p in nothing["problems"]] == ["nothing-to-bill"]
    mira.git(mira.shop, "tag", "-a", "v1.0", "-m", "beta", at="2026-10-20T12:00:00+02:00")
    mira.json("collect")
    beta = mira.json("draft", "--today", "2026-11-01")
    assert billed(beta) == [("Beta version", "1", "12000.00 EUR")]
    assert beta["lines"][0]["reason"] == "fixed price, 60 % of 20000.00 EUR: completed by tag v1.0 on 2026-10-20"
    assert len(beta["lines"][0]["entries"]) > 3  # the work is settled with it
    issues(mira, beta, "2026-11-01")
    assert mira.json("status", "--today", "2026-11-02")["clients"] == []

    last = mira.json("draft", "--milestone", "launch", "--today", "2026-11-02")
    assert last["draft"] == "acme-milestone-launch"
    assert billed(last) == [("Launch", "1", "8000.00 EUR"), ("Deposit", "-1", "-5000.00 EUR")]
    number = issues(mira, last, "2026-11-02")["number"]
    said = explained(mira, number)
    assert any(f"paid in advance with {first}, deducted once" in text for text in said)
    assert any("fixed price, 40 % of 20000.00 EUR: due on 2026-11-02" in text for text in said)
    stages = mira.json("status", "--today", "2026-11-02")["agreed"][0]["milestones"]
    assert [stage["billed"] is not None for stage in stages] == [True, True, True]


@pytest.mark.slow
def test_a_support_fee_a_cap_per_ticket_an_order_and_a_signed_timesheet(mira: Freelancer) -> None:
    agree(mira, HELP, OTHER)
    works(mira, "4h", "2026-10-12", "meeting")
    works(mira, "1h", "2026-10-13", "meeting", "WEB-8")
    found = mira.json("draft", "--period", "2026-10", "--today", "2026-11-02")
    assert found["draft"] == "acme-help-2026-10"
    assert sorted(billed(found)) == [
        ("Hosting", "1", "60.97 EUR"),  # 90.00 − round(90.00 × 10 ÷ 31)
        ("Hosting", "1", "90.00 EUR"),
        ("WEB-8 Help with the shop", "1", "100.00 EUR"),
        ("WEB-9 Help with the shop", "3", "300.00 EUR"),
    ]
    (over,) = found["not_billed"].values()
    assert over == {"minutes": 60, "because": "cap", "then": "waive"}
    name = found["draft"]
    refused = mira.json("issue", name, "--today", "2026-11-02", code=1)
    missing = next(p for p in refused["problems"] if p["rule"] == "order-missing")
    assert missing["message"] == "contract help is billed under the client's purchase order, and none is for 2026-10-31"
    assert "--order 4500012345" in missing["hint"]
    found = mira.json("draft", "--period", "2026-10", "--order", "4500012345", "--today", "2026-11-02")
    refused = mira.json("issue", name, "--today", "2026-11-02", code=7)
    missing = next(p for p in refused["problems"] if p["rule"] == "timesheet-missing")
    assert missing["hint"] == f"keep it: git bill approve {name} --attach timesheet.pdf --as signed-timesheet"
    scan = mira.folder / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7 signed")
    kept = mira.json("approve", name, "--as", "signed-timesheet", "--attach", str(scan), "--today", "2026-11-02")
    assert kept["attachment"] == "signed-timesheet.pdf"
    assert mira.json("issue", name, "--today", "2026-11-02")["number"]
    (agreed,) = [each for each in mira.json("status", "--today", "2026-11-03")["agreed"] if each["contract"] == "help"]
    assert agreed["orders"] == [
        {"name": "4500012345", "used": "550.97 EUR", "most": "1000.00 EUR", "percent": 55, "until": None}
    ]
    assert agreed["fees"] == [{"name": "Hosting 2026-12", "amount": "90.00 EUR", "on": "2026-12-01"}]


@pytest.mark.slow
def test_a_year_of_a_retainer(mira: Freelancer) -> None:
    """Hours of work by month, and what each invoice says: what is held, what is above, the next month's fee."""
    agree(mira, CARE, OTHER)
    year = {1: 14, 2: 25, 3: 27, 4: 0, 5: 30, 6: 20, 7: 10, 8: 10, 9: 45}
    first = mira.json("draft", "--retainer", "2026-01", "--today", "2026-01-01")
    assert (first["draft"], billed(first)) == ("acme-care-retainer-2026-01", [("Care", "1", "1800.00 EUR")])
    issues(mira, first, "2026-01-01")
    held, above, numbers = {}, {}, {}
    for month, time in year.items():
        today = f"2026-{month + 1:02}-01"
        for number in range(0, time, 10):
            works(mira, f"{min(10, time - number)}h", f"2026-{month:02}-{10 + number // 10}", "support")
        found = mira.json("draft", "--period", f"2026-{month:02}", "--today", today)
        lines = found["lines"]
        held[month] = sum(float(line["quantity"]) for line in lines if line["unit_price"] == "0.00 EUR")
        above[month] = sum(float(line["quantity"]) for line in lines if line["unit_price"] == "110.00 EUR")
        assert [line["net"] for line in lines if line["description"] == "Care"] == ["1800.00 EUR"]
        numbers[month] = issues(mira, found, today)["number"]
    assert held == {1: 14, 2: 25, 3: 21, 4: 0, 5: 30, 6: 20, 7: 10, 8: 10, 9: 40}
    assert above == {1: 0, 2: 0, 3: 6, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 5}
    (care,) = [each for each in mira.json("status", "--today", "2026-10-01")["agreed"] if each["contract"] == "care"]
    assert care["retainer"] == [{"left": "20h", "until": "2026-11-30"}]
    said = explained(mira, numbers[3])
    assert any("held by the retainer: 21h of the 21h left in March 2026" in text for text in said)
    assert any("110.00 EUR an hour" in text for text in said)
    assert any("1800.00 EUR a month in advance, for 20h" in text for text in said)
