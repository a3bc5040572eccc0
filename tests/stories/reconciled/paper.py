"""Statements on disk, as the bank lets them be downloaded."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.receivable.feeds.bank import Booking, History, camt
from tests.stories.freelancer import Freelancer


def booking(amount: str, text: str, day: str = "2026-11-20", **more: str) -> Booking:
    """A line of the account."""
    return Booking(day=date.fromisoformat(day), amount=Decimal(amount), text=text, **more)  # type: ignore[arg-type]


def statement(mira: Freelancer, *bookings: Booking, name: str = "november.xml", opening: str = "1000") -> Path:
    """A camt.053 beside the books."""
    path = mira.folder / name
    path.write_bytes(camt(History(bookings=bookings, opening=Decimal(opening)), 0, len(bookings)))
    return path


def open_amounts(mira: Freelancer, *words: str) -> dict[str, str]:
    """Number → what is open, of what is."""
    found = mira.json("status", "--receivables", *words)
    return {row["invoice"]: row["open"] for row in found["receivables"]}
