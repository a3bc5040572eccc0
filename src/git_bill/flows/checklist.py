"""Checks with their outcome, as `ledger verify`, `verify` and `doctor` list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from git_bill.problem import Problem, errors

State = Literal["ok", "warning", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. `what`: a sentence that is true where there is no problem; what it is about where it was `skipped`."""

    what: str
    problems: tuple[Problem, ...] = ()
    skipped: str = ""

    @property
    def state(self) -> State:
        """How it went."""
        if self.skipped:
            return "skipped"
        return "failed" if errors(self.problems) else "warning" if self.problems else "ok"


def problems_of(checks: Iterable[Check]) -> tuple[Problem, ...]:
    """All problems, in the order of the checks."""
    return tuple(problem for check in checks for problem in check.problems)


def counted(number: int, thing: str) -> str:
    """`1 line`, `2 lines`, `no line`."""
    return f"no {thing}" if number == 0 else f"{number} {thing}{'' if number == 1 else 's'}"
