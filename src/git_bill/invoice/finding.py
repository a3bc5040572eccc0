"""Findings about a draft: problems with the place in its file that they are about."""

from typing import TypeAlias

from git_bill.problem import Problem, Severity
from git_bill.shape import Path

Finding: TypeAlias = tuple[Path, Problem]


def finding(rule: str, message: str, hint: str, *, severity: Severity = "error", at: Path) -> Finding:
    """A problem and the key path of the draft's file that it is about."""
    return at, Problem(rule=rule, message=message, hint=hint, severity=severity)
