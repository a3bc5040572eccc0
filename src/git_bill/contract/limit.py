"""Caps: the most that is billed for a month, an invoice, a ticket or a project, in money or in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from git_bill.money import Money
from git_bill.shape import Minutes, key

Span = Literal["invoice", "month", "ticket", "project", "contract"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most that is billed, net or in time. What exceeds it is listed, and comes back or not, as `then` says.

    Per `month`: of each calendar month; `ticket` and `project`: over all invoices of the contract; `contract`: in all.
    """

    amount: Money | None = key("net", example='"12000.00 EUR"', default=None)
    time: Minutes | None = key("time", example='"40h"', default=None)
    per: Span = key("what it is for", example='"month"')
    only: tuple[str, ...] = key("tickets or projects that it is for; all without", example='["WEB-12"]', default=())
    then: Literal["carry", "waive"] = key("what exceeds comes back with a later draft, or never", default="carry")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Either money or time, and more than nothing."""
        if (self.amount is None) == (self.time is None):
            yield "amount", "a cap is an amount or a time, one of them", 'write it like time = "40h"'
        if (self.amount is not None and self.amount.amount <= 0) or (self.time is not None and self.time <= 0):
            yield "amount", "a cap is more than nothing", 'write it like amount = "12000.00 EUR"'
        if self.only and self.per not in {"ticket", "project"}:
            yield "only", f"a cap per {self.per} is for all work", 'write it like per = "ticket"'
