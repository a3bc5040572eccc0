"""What became of claims, in words: what each claimed and why, what it won, and who has what it lost."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from git_bill.period import format_duration
from git_bill.worklog.day import clock_text
from git_bill.worklog.interval import Interval
from git_bill.worklog.timeline import Allotment, Claim, Lost, Precedence

_STRENGTH: Mapping[Precedence, str] = {
    Precedence.EDIT: "what a person set",
    Precedence.MANUAL: "what a person added",
    Precedence.DIRECTIVE: "time stated in a commit",
    Precedence.TIMER: "a timer",
    Precedence.CALENDAR: "a calendar",
    Precedence.JOURNAL: "an editor's activity",
    Precedence.REVIEW: "a review",
    Precedence.SESSION: "an estimate from commits",
}
_WHY: Mapping[Precedence, str] = {
    Precedence.EDIT: "as a person set it",
    Precedence.MANUAL: "as a person added it",
    Precedence.DIRECTIVE: "as its message states",
    Precedence.TIMER: "as a timer recorded it",
    Precedence.CALENDAR: "as a calendar has it",
    Precedence.JOURNAL: "as an editor's activity shows",
    Precedence.REVIEW: "the minutes before a review",
}


def claim_text(allotment: Allotment, zone: tzinfo) -> str:
    """`claims 09:10 to 09:55, 45m (10m to 52m), and has it: 52m after the work before it`"""
    claim, won = allotment.claim, allotment.intervals
    place = f"{span_text((claim.interval,), zone)}, " if claim.interval else ""
    spread = "" if claim.low == claim.high else f" ({format_duration(claim.low)} to {format_duration(claim.high)})"
    laid = f", laid into {span_text(won, zone)}" if won and claim.interval is None else ""
    got = ", and has it" if allotment.minutes == claim.expected else ""
    return f"claims {place}{format_duration(claim.expected)}{spread}{laid}{got}: {_because(claim)}"


def _because(claim: Claim) -> str:
    if claim.precedence is not Precedence.SESSION:
        return _WHY[claim.precedence]
    if claim.gap is not None:
        return f"{format_duration(claim.gap)} after the work before it"
    return "the first of a session, by the size of the change"


def won_text(allotment: Allotment, zone: tzinfo) -> str:
    """Of a claim that lost minutes: `it has 40m: 09:10 to 09:50`, `it has none of it`."""
    if not allotment.minutes:
        return "it has none of it"
    place = f": {span_text(allotment.intervals, zone)}" if allotment.intervals else ""
    return f"it has {format_duration(allotment.minutes)}{place}"


def span_text(intervals: Sequence[Interval], zone: tzinfo) -> str:
    """`09:10 to 09:55, 10:00 to 10:20` there."""
    return ", ".join(clock_text(interval, zone).replace("/", " to ") for interval in intervals)


def is_expected(loss: Lost) -> bool:
    """Whether an estimate yields to what was recorded while the time passed: no conflict, if it is one client's."""
    recorded = loss.holder is not None and Precedence.TIMER <= loss.holder < Precedence.SESSION
    return loss.claim.model is not None and recorded


def why_lost(loss: Lost) -> str:
    """`a timer comes before an estimate from commits`; what the timeline says where nobody else holds the minutes."""
    holder, own = loss.holder, loss.claim.precedence
    if loss.why != "overlap" or holder is None:
        return loss.why
    if not loss.claim.proven:
        return "unproven work yields"
    if holder < own:
        return f"{_STRENGTH[holder]} comes before {_STRENGTH[own]}"
    return f"both rest on {_STRENGTH[own]}: the earlier claim has them"
