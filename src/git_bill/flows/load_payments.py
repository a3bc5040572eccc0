"""Read what is recorded of money from a snapshot. Wrong files stop with all their problems at once."""

from typing import TypeVar

from git_bill.flows.load import read_all, read_file
from git_bill.layout import CURSORS, PAYMENTS, payments_file
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Stop, errors
from git_bill.receivable.booked import Booked, booked
from git_bill.receivable.payment import Payments
from git_bill.receivable.rail import Cursors

T = TypeVar("T")


def payment_months(snapshot: Snapshot) -> tuple[Payments, ...]:
    """All payments files, oldest month first. Stops (exit 3) at those that can't be read."""
    return tuple(month for _, month in sorted(read_all(snapshot, Payments, PAYMENTS).items()))


def payments(snapshot: Snapshot) -> Booked:
    """What stands of all payments files."""
    return booked(payment_months(snapshot))


def payment_month(snapshot: Snapshot, month: str) -> Payments:
    """One month's file (`yyyy-mm`), empty where there is none."""
    return _one(snapshot, Payments, payments_file(month)) or Payments()


def cursors(snapshot: Snapshot) -> Cursors:
    """How far each rail was read."""
    return _one(snapshot, Cursors, CURSORS) or Cursors()


def _one(snapshot: Snapshot, shape: type[T], path: str) -> T | None:
    """One file, None where there is none. Stops (exit 3) with all its problems."""
    found = read_file(snapshot, shape, path)
    if found is not None and (found.value is None or errors(found.problems)):
        raise Stop(Exit.SETTINGS, found.problems)
    return found.value if found is not None else None
