"""Days as lines bill them: whole and half ones of a person, each by its name."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from git_bill.invoice.draft import Line
from git_bill.invoice.issued import InvoiceLine
from git_bill.worklog.entry import Worked

Whose: TypeAlias = tuple[str, date]  # a person's day

WHOLE, HALF = Decimal(1), Decimal("0.5")
_SHARES = {"day": WHOLE, "half-day": HALF}


def share_of(item: str) -> tuple[Whose, Decimal] | None:
    """`half-day:mira:2026-10-05:2` → Mira's 5 October, and half of it; None for what is no day."""
    kind, _, about = item.partition(":")
    if kind not in _SHARES:
        return None
    person, day = about.split(":")[:2]
    return (person, date.fromisoformat(day)), _SHARES[kind]


def day_by_day(line: Line | InvoiceLine, worked: Mapping[str, Worked]) -> Iterator[Line | InvoiceLine]:
    """A line of days as one for each of them, with its share and its entries; any other line as it is.

    What is not as the days say stays with the line as a whole: a quantity or a discount of an amount by hand, work of
    another day.
    """
    shares: dict[Whose, Decimal] = defaultdict(Decimal)
    for found in map(share_of, line.bills):
        if found is not None:
            shares[found[0]] += found[1]
    entries: dict[Whose, dict[str, int]] = defaultdict(dict)
    for name, minutes in line.entries.items():
        if name in worked:
            entries[worked[name].entry.by, worked[name].entry.day][name] = minutes
    by_hand = line.quantity != sum(shares.values()) or any(each.percent is None for each in line.allowances)
    if len(shares) < 2 or by_hand or entries.keys() != shares.keys():
        yield line
        return
    allowances = tuple(replace(each, base=None, amount=None) for each in line.allowances)
    for day, share in shares.items():
        yield replace(line, quantity=share, entries=entries[day], allowances=allowances)
