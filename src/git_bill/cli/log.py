"""`git bill log`: list work entries and expenses."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import click

from git_bill.cli.entries import query, query_options
from git_bill.cli.entry_text import agent_text, data, day_text, legend, range_text, time_text, what_text
from git_bill.cli.expense import data as expense_data
from git_bill.cli.expense import listing as expense_listing
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, Span, bold, dim, table
from git_bill.cli.session import Session
from git_bill.contract.route import leaves_out
from git_bill.flows.overview import Overview, overview
from git_bill.flows.spent import Listed, expenses
from git_bill.period import format_duration
from git_bill.worklog.entry import Worked
from git_bill.worklog.flags import DAY_OFF, HOLIDAY, LONG_DAY, NIGHT_FLAG
from git_bill.worklog.query import short_ids

Cells = list[str | Span]
_ODD_DAYS = {
    LONG_DAY: "a long day",
    DAY_OFF: "a day off",
    HOLIDAY: "a public holiday",
    NIGHT_FLAG: "AI agents at night",
}


@click.command("log")
@query_options()
@click.option("--unbilled", "only", flag_value="unbilled", help="Only what no invoice has billed.")
@click.option("--billed", "only", flag_value="billed", help="Only what an invoice lists.")
@click.option("--unconfirmed", "only", flag_value="unconfirmed", help="Only what nobody has confirmed.")
@click.option("--dropped", "only", flag_value="dropped", help="Only what was dropped.")
@common
def command(session: Session, /, only: str | None, **of: Any) -> Report:
    """List work entries by day, oldest first, with the beginning of each id that other commands need; then expenses.

    \b
    git bill log --client acme --period 2026-10
    git bill log --unconfirmed
    git bill log --ticket WEB-5 --by mira --json
    """
    asked = query(session, **of)
    view = overview(session.books, session.state)
    found = sorted(
        (item for item in view.worked.values() if asked.fits(item.client, item.entry) and _is(item, view, only)),
        key=lambda item: (item.entry.day, item.entry.by, item.entry.at, item.client, item.id),
    )
    known = expenses(session.books, session.state)
    spent = [each for each in known if asked.fits(each.client, each.expense) and _is_spent(each, only)]
    total = sum(item.entry.minutes for item in found)
    days = [(day, sum(i.entry.minutes for i in items)) for day, items in groupby(found, lambda i: i.entry.day)]
    unbilled = sum(i.entry.minutes for i in found if leaves_out(i, session.workspace.engagements))
    return Report(
        data={
            "entries": [data(item, view) for item in found],
            "days": [{"day": day, "minutes": minutes} for day, minutes in days],
            "minutes": total,
            "agents_not_billed": unbilled,
            "expenses": [expense_data(each) for each in spent],
        },
        text=_text(found, spent, view, session.today, unbilled),
    )


def _text(found: Sequence[Worked], spent: Sequence[Listed], view: Overview, today: date, unbilled: int) -> list[Line]:
    lines = listing(found, view, today, unbilled) if found else []
    if spent:
        lines += [*([""] if lines else []), *expense_listing(spent, today)]
    return lines or ["No entry fits."]


def _is_spent(each: Listed, only: str | None) -> bool:
    if each.expense.dropped is not None or only is None:
        return (only == "dropped") == (each.expense.dropped is not None)
    return {"unbilled": each.invoice is None, "billed": each.invoice is not None}.get(only, False)


def _is(item: Worked, view: Overview, only: str | None) -> bool:
    state = item.entry.state
    if only is None or state == "dropped":
        return (state == "dropped") == (only == "dropped")
    return {
        "unbilled": view.unbilled(item) > 0,
        "billed": item.id in view.invoiced,
        "unconfirmed": state != "confirmed" and item.id not in view.invoiced,
        "dropped": False,
    }[only]


def listing(found: Sequence[Worked], view: Overview, today: date, unbilled: int = 0) -> list[Line]:
    """Entries by day with the day's total, and the total. Columns that would say the same everywhere are left out.

    `unbilled`: minutes with AI agents that a contract does not bill.
    """
    names = short_ids(view.worked)
    columns = _columns(found, view)
    head = ("", "time", "range", *columns, "what was done")
    rows: list[Cells] = []
    for day, group in groupby(found, lambda item: item.entry.day):
        items = list(group)
        if rows:
            rows.append([])
        told = [bold(day_text(day, today)), bold(format_duration(sum(i.entry.minutes for i in items)))]
        rows.append([*told, *_odd(items, len(head))])
        rows += [_cells(item, names[item.id], columns, view) for item in items]
    sides = "lrr" + "l" * (len(columns) + 1)
    lines = table(rows, head=head, align=sides)
    total = format_duration(sum(item.entry.minutes for item in found))
    count = f"{len(found)} entries" if len(found) > 1 else "1 entry"
    lines += ["", (bold(total), f" in {count}{_confirmed(found)}{_with_agents(found, unbilled)}")]
    if marks := legend(item.entry for item in found):
        lines.append(dim(marks))
    return lines


def _columns(found: Sequence[Worked], view: Overview) -> tuple[str, ...]:
    """The facts that differ between the entries, or that only some have."""
    told = {
        "ticket": any(item.entry.ticket for item in found),
        "activity": any(item.entry.activity != "development" for item in found),
        "client": len({item.client for item in found}) > 1,
        "by": len({item.entry.by for item in found}) > 1,
        "agent": any(item.entry.agent for item in found),
        "on": any(_on(item, view) for item in found),
    }
    return tuple(name for name, needed in told.items() if needed)


def _cells(item: Worked, name: str, columns: Sequence[str], view: Overview) -> Cells:
    entry = item.entry
    facts = {
        "ticket": entry.ticket or "",
        "activity": entry.activity,
        "client": item.client,
        "by": entry.by,
        "agent": agent_text(entry),
        "on": _on(item, view),
    }
    told = [facts[column] for column in columns]
    return [f"  {name}", time_text(entry), dim(range_text(entry)), *told, what_text(entry)]


def _on(item: Worked, view: Overview) -> str:
    """`INV-2026-0032`; `late for 2026-10` where the invoice of its days came without it, with what lists it now."""
    listed = view.invoiced.get(item.id) or view.drafted.get(item.id) or ""
    late = f"late for {view.late[item.id]}" if item.id in view.late else ""
    return ", ".join(filter(None, (listed, late)))


def _odd(items: Sequence[Worked], columns: int) -> list[str | Span]:
    """What is unusual about a day, in its last column."""
    flags = {flag for item in items for flag in item.entry.flags}
    told = ", ".join(words for flag, words in _ODD_DAYS.items() if flag in flags)
    return [*[""] * (columns - 3), dim(told)] if told else []


def _with_agents(found: Sequence[Worked], unbilled: int) -> str:
    """How much of the time was with AI agents, where it is any, and how much of that is not billed."""
    minutes = sum(item.entry.minutes for item in found if item.entry.agent)
    part = format_duration(unbilled) if unbilled != minutes else "which is"
    told = f", {part} not billed" if unbilled else ""
    return f", {format_duration(minutes)} of it with AI agents{told}" if minutes else ""


def _confirmed(found: Sequence[Worked]) -> str:
    """How much of the time a person has confirmed, where it is not all."""
    sure = sum(item.entry.minutes for item in found if item.entry.state == "confirmed")
    if sure == sum(item.entry.minutes for item in found):
        return ""
    return f", {format_duration(sure)} of it confirmed" if sure else ", none of it confirmed"
