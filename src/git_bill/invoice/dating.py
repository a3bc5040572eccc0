"""The issue date: the day in the issuer's zone, never before the last one of the series."""

from datetime import date, timedelta

from git_bill.problem import Problem


def issue_date(today: date, clock_today: date, last: date | None) -> date | Problem:
    """The date of the next document of a series.

    Rule: numbers and dates rise together (a series that goes back in time invites the question whether it was
    backdated; EU VAT directive Art. 226(1) and (2) ask for both). `today` is what the person says (`--today`) or
    the clock's day; `clock_today` the clock's. A clock that is behind the series' `last` date gives that date; a
    person who asks for an earlier or for a day after tomorrow is refused.
    """
    if today > clock_today + timedelta(days=1):
        return Problem(
            rule="date-in-future",
            message=f"the issue date {today} lies in the future",
            hint=f"issue with today's date: --today {clock_today}",
        )
    if last is None or today >= last:
        return today
    if today == clock_today:
        return last
    return Problem(
        rule="date-before-last",
        message=f"the issue date {today} is before the last document of the series ({last})",
        hint=f"use that date or a later one: --today {last}",
    )
