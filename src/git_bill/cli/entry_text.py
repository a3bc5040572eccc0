"""How work entries look: in lines for people, and as JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from git_bill.flows.overview import Overview
from git_bill.period import format_duration
from git_bill.worklog.entry import Entry, Worked

LEGEND = "~ estimated, nobody confirmed it   ? unproven: anyone could have made the commit, it is not billed"


def day_text(day: date, today: date) -> str:
    """`Mon 5 Oct`, with the year where it is another one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%a} {day.day} {day:%b}{year}"


def time_text(entry: Entry) -> str:
    """`45m`; `~45m` where it is an estimate, `?45m` where it is unproven."""
    mark = {"estimated": "~", "unproven": "?"}.get(entry.state, "")
    return mark + format_duration(entry.minutes)


def range_text(entry: Entry) -> str:
    """`30m–1h`, empty where the time is not a range."""
    return f"{format_duration(entry.low)}–{format_duration(entry.high)}" if entry.low != entry.high else ""


def about_text(entry: Entry) -> str:
    """Ticket and what was done, for a sentence."""
    return " ".join(filter(None, (entry.ticket, entry.text))) or entry.activity


def data(item: Worked, overview: Overview) -> Mapping[str, Any]:
    """Everything known of an entry: the invoice or draft that lists it, and the minutes that no invoice has billed."""
    entry = item.entry
    invoice = overview.invoiced.get(item.id)
    return {
        "id": item.id,
        "client": item.client,
        "day": entry.day,
        "by": entry.by,
        "project": entry.project,
        "ticket": entry.ticket,
        "activity": entry.activity,
        "minutes": entry.minutes,
        "low": entry.low,
        "high": entry.high,
        "at": list(entry.at),
        "text": entry.text,
        "state": entry.state,
        "evidence": list(entry.evidence),
        "model": entry.model,
        "set": list(entry.set),
        "flags": list(entry.flags),
        "invoice": invoice,
        "draft": overview.drafted.get(item.id),
        "unbilled": overview.unbilled(item),
    }
