"""Harvest: the detailed time report as CSV. It tells days and hours, not when."""

from datetime import tzinfo

from git_bill.sources.timers import table
from git_bill.sources.timers.timed import Timers

FORM = table.Form(
    program="Harvest",
    marks=frozenset({"date", "hours"}),
    start=("date",),
    end=(),
    hours="hours",
    text=("notes", "task"),
    person=("first name", "last name"),
    billable="billable?",
    example="2026-10-05,Acme,web-shop,,Development,Checkout,1.08,Yes,…",
)


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """The rows of a report."""
    return table.read(text, file, zone, FORM)
