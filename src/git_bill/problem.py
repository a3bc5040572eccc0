"""Problems: what is wrong, where, and an example of the fix. Values, not exceptions.

A function that reads data returns *all* its problems. `Stop` is for what can't go on; only the command
line's boundary catches it.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

_LONGEST_TYPO = 60  # comparing longer words takes long and finds nothing
Severity = Literal["error", "warning", "info"]


class Exit(enum.IntEnum):
    """Exit codes of the executable, as documented in the manual."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    SETTINGS = 3
    REPOSITORY = 4
    FORGE = 5
    PAYMENT_OR_MAIL = 6
    SIGN_OFF_MISSING = 7
    INTERNAL = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding. `rule`: a stable kebab-case name. `hint`: an example of the fix. `line` is 1-based.

    `at`: the keys in the file that it is about, for who knows their lines: see `located`.
    """

    rule: str
    message: str
    severity: Severity = "error"
    hint: str = ""
    file: str | None = None
    line: int | None = None
    at: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        where = "" if self.file is None else self.file + (f":{self.line}" if self.line else "") + ": "
        hint = f"\n  {self.hint}" if self.hint else ""
        return f"{where}{self.severity}: {self.message} [{self.rule}]{hint}"

    def as_dict(self) -> dict[str, str | int | None]:
        """The JSON form that scripts may rely on."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "file": self.file,
            "line": self.line,
        }


class Stop(Exception):  # noqa: N818  it ends a command, it is not always an error
    """The command can't go on. Carries every problem found and the exit code."""

    def __init__(self, exit_code: Exit, problems: Iterable[Problem]) -> None:
        self.exit_code = exit_code
        self.problems = tuple(problems)
        super().__init__("; ".join(p.message for p in self.problems))


def stop(  # noqa: PLR0917  in the order in which a problem is told
    exit_code: Exit, rule: str, message: str, hint: str = "", file: str | None = None, line: int | None = None
) -> Stop:
    """A `Stop` with a single problem, to be raised."""
    return Stop(exit_code, [Problem(rule=rule, message=message, hint=hint, file=file, line=line)])


def located(problem: Problem, where: Mapping[str, Mapping[tuple[str | int, ...], int]]) -> Problem:
    """With the line of its keys, or of the table that they are missing in. `where`: file → key path → line."""
    lines = where.get(problem.file or "")
    if problem.line is not None or not problem.at or lines is None:
        return problem
    line = next((lines[problem.at[:n]] for n in range(len(problem.at), 0, -1) if problem.at[:n] in lines), None)
    return replace(problem, line=line)


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those problems that make a command fail."""
    return tuple(p for p in problems if p.severity == "error")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a typo most likely meant, or None."""
    import difflib

    if len(word) > _LONGEST_TYPO:
        return None
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None
