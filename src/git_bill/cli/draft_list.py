"""How a list of drafts looks: in lines for people, and as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from git_bill.cli.output import Line, Span, bold, money, table
from git_bill.flows.waiting import State, Waiting
from git_bill.layout import draft_branch
from git_bill.period import format_duration
from git_bill.worklog.entry import Worked

_STATES: Mapping[State, str | Span] = {
    "open": "open",
    "approved": Span("approved", "green"),
    "changed": Span("approved, changed since", "yellow"),
}


def draft_table(drafts: Iterable[Waiting], worked: Mapping[str, Worked], *, head: str) -> list[Line]:
    """A line per draft: name, state, period, gross, how much of its time is confirmed."""
    return table([_row(d, worked) for d in drafts], head=(head, "", "period", "gross", "confirmed"), align="lllrr")


def _row(draft: Waiting, worked: Mapping[str, Worked]) -> list[str | Span]:
    if draft.draft is None:
        return [bold(draft.name), Span("can't be read", "red"), "", "", ""]
    pinned, sure = draft.minutes(worked)
    return [
        bold(draft.name),
        _STATES[draft.state],
        str(draft.period or ""),
        money(draft.gross) if draft.gross is not None else "",
        f"{format_duration(sure)} of {format_duration(pinned)}" if pinned else "",
    ]


def draft_data(draft: Waiting, worked: Mapping[str, Worked]) -> dict[str, Any]:
    """Name, branch, state, and what the file says of itself."""
    pinned, sure = draft.minutes(worked)
    return {
        "draft": draft.name,
        "id": draft.draft and draft.draft.id,
        "branch": draft_branch(draft.name),
        "state": draft.state,
        "client": draft.draft and draft.draft.client,
        "period": str(draft.period) if draft.period else None,
        "gross": draft.gross,
        "minutes": pinned,
        "confirmed": sure,
    }
