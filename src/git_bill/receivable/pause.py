"""When nobody is reminded: an insolvent client, an invoice on hold, a dispute that leaves nothing undisputed.

A hold is a person's word for one invoice until a day. The newest that was recorded counts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from git_bill.money import Money
from git_bill.receivable.dispute.record import Dispute
from git_bill.receivable.dispute.standing import claimable
from git_bill.shape import key

Kind = Literal["insolvent", "hold", "dispute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """No reminder and no thanks for an invoice, from a day to a day; `off`: from that day on not any more."""

    invoice: str = key("number of the invoice", example='"INV-2026-0032"')
    on: date = key("since when", example="2026-11-20")
    until: date | None = key("last day of it", example="2026-12-31", default=None)
    off: bool = key("it ended on that day", default=False)
    because: str = key("a person's reason", example='"their accountant is ill"', default="")
    by: str = key("who said so")
    at: datetime = key("when it was recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """`billing/holds.toml`, in the order of recording."""

    schema: int = key("version of this file's form", default=1)
    holds: tuple[Hold, ...] = key("invoices that nobody is reminded of", one_line=True, default=())


def held(holds: Iterable[Hold], invoice: str, as_of: date) -> Hold | None:
    """The hold that an invoice is under on a day."""
    newest = next((each for each in reversed(tuple(holds)) if each.invoice == invoice and each.on <= as_of), None)
    if newest is None or newest.off or (newest.until is not None and newest.until < as_of):
        return None
    return newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """Why nothing is asked for. `text`: a sentence; `ref`: id of the dispute; `until`: last day, where it has one."""

    kind: Kind
    text: str
    ref: str = ""
    until: date | None = None


def reminders_stopped(
    invoice: str,
    open_amount: Money,
    *,
    as_of: date,
    disputes: Iterable[Dispute] = (),
    holds: Iterable[Hold] = (),
    insolvent: date | None = None,
    credited: Collection[str] = (),
) -> Paused | None:
    """Why no reminder and no request for payment of an invoice goes out on a day; None where one may.

    `insolvent`: what the client's file says. A dispute of a part stops nothing by itself: only the undisputed part
    may be asked for then, see `claimable`. `credited`: ids of drafts that became credit notes.
    """
    if stopped := thanks_stopped(invoice, as_of=as_of, holds=holds, insolvent=insolvent):
        return stopped
    found = claimable(invoice, open_amount, disputes, as_of, credited)
    if not found.stops_all:
        return None
    if not found.live:
        return Paused(kind="dispute", text=f"what is open of {invoice} was given up; its credit note is not issued yet")
    text = f"{invoice} is disputed: {', '.join(found.live)}"
    return Paused(kind="dispute", text=text, ref=found.live[0])


def thanks_stopped(
    invoice: str, *, as_of: date, holds: Iterable[Hold] = (), insolvent: date | None = None
) -> Paused | None:
    """Why nobody is thanked for a payment of an invoice by mail."""
    if insolvent is not None and insolvent <= as_of:
        return Paused(kind="insolvent", text=f"the client is insolvent since {insolvent}")
    if hold := held(holds, invoice, as_of):
        because = f": {hold.because}" if hold.because else ""
        until = f" until {hold.until}" if hold.until else ""
        return Paused(kind="hold", text=f"{invoice} is on hold{until}{because}", until=hold.until)
    return None
