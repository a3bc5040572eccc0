"""Time as a quantity with a unit: hours where two decimals hold them exactly, else minutes at a price per 60."""

from collections.abc import Mapping
from decimal import Decimal

from git_bill.invoice.draft import Line, Unit
from git_bill.invoice.issued import InvoiceLine

_HOUR = 60
_UNITS: Mapping[Unit, str] = {"HUR": "h", "MIN": "min", "DAY": "days", "C62": "x", "KMT": "km", "SMI": "mi"}


def of_minutes(minutes: int) -> tuple[Decimal, Unit, Decimal]:
    """Quantity, unit and base quantity: 45 → (0.75, HUR, 1), 50 → (50, MIN, 60).

    Source: 0.83 h × 95.00 is not 50 min × 95.00 ÷ 60 (EN 16931 BT-149 exists for this); 3 minutes are 0.05 h.
    """
    if minutes % 3 == 0:
        return Decimal(minutes) / _HOUR, "HUR", Decimal(1)
    return Decimal(minutes), "MIN", Decimal(_HOUR)


def quantity_text(line: Line | InvoiceLine) -> str:
    """`12.5 h`"""
    unit = "day" if line.unit == "DAY" and line.quantity == 1 else _UNITS[line.unit]
    return f"{line.quantity.normalize():f} {unit}"


def in_minutes(line: Line | InvoiceLine) -> Decimal | None:
    """The time that a line bills, None for days and pieces."""
    if line.unit == "HUR":
        return line.quantity * _HOUR
    return line.quantity if line.unit == "MIN" else None


def hourly_price(line: Line) -> Decimal | None:
    """What a line asks for one hour, None for days and pieces."""
    if line.unit == "HUR":
        return line.unit_price.amount / line.base_quantity
    return line.unit_price.amount * _HOUR / line.base_quantity if line.unit == "MIN" else None
