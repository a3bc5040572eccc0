"""What a run of the program must not print: opened values, and what its environment holds."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from git_bill.cli.output import Line, Report, Span
from git_bill.problem import Problem


class Secrets:
    """Grows while a command opens sealed values; everything that leaves the program goes through `masked`."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._known: frozenset[str] | None = None
        self._learned: frozenset[str] = frozenset()

    def learn(self, text: str) -> None:
        """Note a value that must not be printed."""
        self._learned |= {text}
        self._known = None

    def masked(self, text: str) -> str:
        """The text without secrets."""
        from git_bill.custody.redaction import in_environment, masked  # `--help` loads nothing

        if self._known is None:
            self._known = self._learned | in_environment(self._environment)
        return masked(text, self._known)

    def kept(self, report: Report) -> Report:
        """The report without secrets, whether it is printed for people or as JSON."""
        return replace(
            report,
            data=self._data(dict(report.data)),
            text=tuple(self.line(line) for line in report.text),
            problems=tuple(self.problem(problem) for problem in report.problems),
            next=tuple((self.masked(command), why) for command, why in report.next),
        )

    def problem(self, problem: Problem) -> Problem:
        """A problem without secrets."""
        return replace(problem, message=self.masked(problem.message), hint=self.masked(problem.hint))

    def line(self, line: Line) -> Line:
        """A line without secrets."""
        if isinstance(line, str):
            return self.masked(line)
        if isinstance(line, Span):
            return replace(line, text=self.masked(line.text))
        return tuple(replace(s, text=self.masked(s.text)) if isinstance(s, Span) else self.masked(s) for s in line)

    def _data(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, Mapping):
            return {name: self._data(item) for name, item in value.items()}
        return [self._data(item) for item in value] if isinstance(value, list | tuple) else value
