"""What of the money waits for somebody, for people and for programs."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from git_bill.cli.output import Line, Span, bold, dim, money
from git_bill.flows.pending import Pending
from git_bill.receivable.settling import told

_MOST = 5  # rows of one kind


def pending_text(found: Pending, today: date) -> list[Line]:
    """A line each, what has a last day first."""
    return list(_lines(found, today))


def _lines(found: Pending, today: date) -> Iterator[Line]:
    for each in found.disputes[:_MOST]:
        last: str | Span = ""
        if each.due is not None:
            last = Span(f"  evidence until {each.due}", "red" if each.due < today else "yellow")
        yield (bold(each.id), f"  {each.client}, {money(each.amount)} disputed since {each.on}", last)
    for path in found.merged:
        yield (bold(path), "  is merged and not booked yet")
    for branch, count in found.proposals.items():
        yield (bold(branch), f"  asks about {count} {'payment' if count == 1 else 'payments'}")
    for payment in found.undecided[:_MOST]:
        yield (bold(payment.id), f"  {told(payment)[:70]}", dim("  nobody decided on it"))
    if len(found.undecided) > _MOST:
        yield dim(f"and {len(found.undecided) - _MOST} more: git bill status --receivables")


def pending_data(found: Pending) -> Mapping[str, Any]:
    """The keys that scripts may rely on."""
    return {
        "proposals": [{"branch": branch, "asks": count} for branch, count in found.proposals.items()],
        "merged": list(found.merged),
        "undecided": [{"remittance": each.id, "money": told(each)} for each in found.undecided],
        "disputes": [
            {"dispute": each.id, "invoice": each.invoice, "amount": each.amount, "due": each.due}
            for each in found.disputes
        ],
    }
