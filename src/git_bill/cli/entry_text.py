"""How work entries look: in lines for people, and as JSON."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from git_bill.flows.overview import Overview
from git_bill.period import format_duration
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.objection import REPLACED

_MEANING = {"~": "~ an estimate that nobody confirmed", "?": "? unproven: anyone could have made it"}


def day_text(day: date, today: date) -> str:
    """`Mon 5 Oct`, with the year where it is another one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%a} {day.day} {day:%b}{year}"


def time_text(entry: Entry) -> str:
    """`45m`; `~45m` where it is an estimate, `?45m` where it is unproven; what became of it where it is gone."""
    if entry.state == "dropped":
        return next((flag for flag in entry.flags if flag in REPLACED), "dropped")
    return _mark(entry) + format_duration(entry.minutes)


def legend(entries: Iterable[Entry]) -> str:
    """What the marks mean that stand before their times; empty where there are none."""
    marks = {_mark(entry) for entry in entries}
    return "   ".join(meaning for mark, meaning in _MEANING.items() if mark in marks)


def _mark(entry: Entry) -> str:
    if entry.state == "unproven":
        return "?"
    return "~" if entry.is_estimate else ""


def range_text(entry: Entry) -> str:
    """`30m–1h`, empty where the time is not a range."""
    return f"{format_duration(entry.low)}–{format_duration(entry.high)}" if entry.low != entry.high else ""


def agent_text(entry: Entry) -> str:
    """`with Claude`, empty for work without an AI agent."""
    return f"with {entry.agent}" if entry.agent else ""


def what_text(entry: Entry) -> str:
    """What was done, without the ticket that stands beside it."""
    if not entry.ticket:
        return entry.text
    told = (part.strip().removeprefix(entry.ticket).lstrip(" :-") for part in entry.text.split(";"))
    return "; ".join(dict.fromkeys(filter(None, told)))


def about_text(entry: Entry) -> str:
    """Ticket and what was done, for a line of its own."""
    return " ".join(filter(None, (entry.ticket, what_text(entry)))) or entry.activity


def data(item: Worked, view: Overview) -> Mapping[str, Any]:
    """Everything known of an entry: the invoice or draft that lists it, and the minutes that no invoice has billed."""
    entry = item.entry
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
        "agent": entry.agent,
        "state": entry.state,
        "evidence": list(entry.evidence),
        "model": entry.model,
        "set": list(entry.set),
        "flags": list(entry.flags),
        "invoice": view.invoiced.get(item.id),
        "draft": view.drafted.get(item.id),
        "late": str(view.late[item.id]) if item.id in view.late else None,
        "unbilled": view.unbilled(item),
    }
