"""How a list of checks looks: one line each with a tick or a cross, and as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from git_bill.cli.output import Line, Span, dim
from git_bill.flows.checklist import Check, State

_MARKS: Mapping[State, Span] = {
    "ok": Span("✓", "green"),
    "warning": Span("!", "yellow"),
    "failed": Span("✗", "red"),
    "skipped": Span("·", "dim"),
}


def lines(checks: Iterable[Check]) -> list[Line]:
    """A line per check; those that were not made say why."""
    return [_line(check) for check in checks]


def _line(check: Check) -> Line:
    mark = _MARKS[check.state]
    return ("  ", mark, dim(f" not checked: {check.what}; {check.skipped}") if check.skipped else f" {check.what}")


def data(checks: Iterable[Check]) -> list[Mapping[str, Any]]:
    """`what` is true where `state` is ok."""
    return [{"what": check.what, "state": check.state} for check in checks]
