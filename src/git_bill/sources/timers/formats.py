"""Which module reads what a source of each kind exports."""

import importlib
from collections.abc import Callable, Mapping
from datetime import tzinfo

from git_bill.sources.timers.timed import Timers

FORMATS: Mapping[str, str] = {
    "timewarrior": "its data folder, one of the files in it, or what `timew export` prints",
    "watson": "its `frames` file",
    "toggl": "the detailed report as CSV, or what its API answers",
    "clockify": "the detailed report as CSV",
    "harvest": "the detailed time report as CSV",
    "solidtime": "its CSV export",
    "timeclock": "a timeclock file",
    "timedot": "a timedot file",
    "org": "an org file with clock lines",
    "wakatime": "its data dump",
    "activitywatch": "its export of all buckets",
}


def read(kind: str, text: str, file: str, zone: tzinfo) -> Timers:
    """What a file of a kind holds; its module is loaded for it alone."""
    reader: Callable[[str, str, tzinfo], Timers] = importlib.import_module(f"git_bill.sources.timers.{kind}").read
    return reader(text, file, zone)
