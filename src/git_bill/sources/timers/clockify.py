"""Clockify: the detailed report as CSV. Its dates follow the account's settings, month first unless the file shows."""

from datetime import tzinfo

from git_bill.sources.timers import table
from git_bill.sources.timers.timed import Timers

FORM = table.Form(
    program="Clockify",
    marks=frozenset({"start date", "start time", "end date", "end time"}),
    example='"web-shop","Acme","Checkout","","Mira","","mira@example.net","","Yes","10/05/2026","09:10:00 AM",…',
)


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """The rows of a report."""
    return table.read(text, file, zone, FORM)
