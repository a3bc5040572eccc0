"""Rating: time to price entries, whole drafts from manifest entries to totals, on one core.

    python benchmarks/rating.py [--most 100000]

Goal: 100,000 entries within 5 s of processor time, and linear growth: the time of one entry stays the same.
"""

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.limit import Cap
from git_bill.contract.party import Client, Issuer
from git_bill.contract.rate import Multiplier, Rate
from git_bill.contract.tax.table import VatTable
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Discount, Retainer, Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.drafting import build
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money
from git_bill.period import Period
from git_bill.worklog.entry import Activity, Entry, Worked

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
ACTIVITIES: tuple[Activity, ...] = ("development", "review", "testing", "meeting")
TAX = Tax(category="S", rate=Decimal(19))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A contract to price under, and what is special about it."""

    name: str
    over: Mapping[str, Any]


def euro(text: str) -> Money:
    """`"95.00"` in euros."""
    return Money(Decimal(text), "EUR")


CARD = (
    Rate(hourly=euro("80.00")),
    Rate(hourly=euro("95.00"), activity="development"),
    Rate(hourly=euro("110.00"), contributor="p7", activity="review"),
)
TERMS = (
    Terms(name="hourly, per ticket and day", over={}),
    Terms(name="rounded per invoice", over={"rounding": Rounding(to=15, per="invoice")}),
    Terms(
        name="multipliers and a discount",
        over={
            "multipliers": (
                Multiplier(factor=Decimal("1.5"), name="Weekend", weekdays=("sat", "sun")),
                Multiplier(factor=Decimal("1.25"), name="Night", start="22:00", end="06:00"),
            ),
            "discounts": (Discount(percent=Decimal(5), of="lines", reason="Loyalty"),),
        },
    ),
    Terms(name="cap in money", over={"caps": (Cap(amount=euro("100000.00"), per="invoice"),)}),
    Terms(name="cap per ticket", over={"caps": (Cap(time=20 * 60, per="ticket"),)}),
    Terms(
        name="daily, caps per ticket and year",
        over={
            "kind": "daily",
            "rates": (Rate(daily=euro("760.00")),),
            "caps": (Cap(amount=euro("2000000.00"), per="contract"), Cap(amount=euro("900.00"), per="ticket")),
        },
    ),
    Terms(name="daily", over={"kind": "daily", "rates": (Rate(daily=euro("760.00"), hourly=euro("95.00")),)}),
    Terms(
        name="retainer, carried over",
        over={"kind": "retainer", "retainer": Retainer(fee=euro("1800.00"), time=20 * 60, carry=2)},
    ),
)


def entries(many: int) -> dict[str, Worked]:
    """So many entries over a year, by twenty people, ten to a ticket."""
    found = {}
    for number in range(many):
        entry = Entry(
            day=FIRST + timedelta(days=number * 364 // many),
            by=f"p{number % 20}",
            ticket=f"WEB-{number // 10}",
            project=f"shop-{number % 3}",
            activity=ACTIVITIES[number % 4],
            minutes=7 + number % 90,
            state="confirmed",
            at=("09:10/11:00",),
            text=f"Make part {number} of the checkout faster",
            evidence=(f"shop:{number:012x}",),
        )
        found[f"W-{number:012}"] = Worked(id=f"W-{number:012}", client="acme", entry=entry)
    return found


def seconds(worked: Mapping[str, Worked], terms: Terms) -> float:
    """What drafting and adding up take."""
    given: dict[str, Any] = {
        "id": "acme-2026",
        "from_": FIRST,
        "currency": "EUR",
        "rounding": Rounding(to=15),
        "rates": CARD,
        **terms.over,
    }
    contract = Contract(**given)
    issuer = Issuer(name="Mira Kovac Software", country="DE", timezone="Europe/Berlin", email="mira@example.net")
    engagement = Engagement(client=Client(name="Acme GmbH", country="DE"), contracts=(contract,))
    basis = Basis(issuer=issuer, client="acme", engagement=engagement, vat=VatTable(), worked=worked)
    start = time.process_time()
    drafted = build(basis, contract, Period(FIRST, LAST), TAX, draft_id="D-bench")
    draft_totals(drafted.draft)
    taken = time.process_time() - start
    billed = {entry for line in drafted.draft.lines for entry in line.entries} | drafted.draft.not_billed.keys()
    assert len(billed) == len(worked), f"{terms.name}: {len(worked) - len(billed)} entries got lost"
    return taken


def main() -> None:
    """Each contract at growing sizes: seconds, microseconds for one entry, and growth per tenfold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=100_000)
    most = parser.parse_known_args()[0].most
    sizes = [size for size in (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000) if size <= most]
    made = {size: entries(size) for size in sizes}
    print(f"{'contract':30}" + "".join(f"{size:>18,}" for size in sizes))
    for terms in TERMS:
        cells = []
        for size in sizes:
            taken = seconds(made[size], terms)
            cells.append(f"{taken:7.2f} s {taken / size * 1e6:5.0f} µs")
        print(f"{terms.name:30}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
