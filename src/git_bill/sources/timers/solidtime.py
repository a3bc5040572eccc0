"""solidtime: its CSV export, or `time_entries.csv` of the organisation's export."""

from datetime import tzinfo

from git_bill.sources.timers import table
from git_bill.sources.timers.timed import Timers

FORM = table.Form(
    program="solidtime",
    marks=frozenset({"description", "start", "end"}),
    start=("start",),
    end=("end",),
    person=("user_email",),
    example='"Working hard","true","Acme","web-shop","","2026-10-05T07:10:00Z","2026-10-05T08:15:00Z",…',
)


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """The rows of an export."""
    return table.read(text, file, zone, FORM)
