"""What GitHub reads of a run in its log and in GITHUB_OUTPUT. Texts; nothing is written here.

Workflow commands and their escapes: docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from collections.abc import Mapping

from git_bill.cli.output import neutral
from git_bill.problem import Problem


def annotation(problem: Problem) -> str | None:
    """The workflow command that shows an error or a warning at its line of a file; None for a note."""
    if problem.severity == "info":
        return None
    place = {"title": f"git-bill: {problem.rule}"}
    if problem.file and not problem.file.startswith("/"):
        place |= {"file": problem.file} | ({"line": str(problem.line)} if problem.line else {})
    properties = ",".join(f"{key}={_property(value)}" for key, value in place.items())
    lines = (problem.message, *problem.hint.splitlines())
    return f"::{problem.severity} {properties}::{_data(chr(10).join(map(neutral, lines)))}"


def outputs(values: Mapping[str, str], delimiter: str) -> str:
    """Lines for GITHUB_OUTPUT. `delimiter`: random, so that no value can end itself and set another output."""
    if any(delimiter in value for value in values.values()):
        raise ValueError("the delimiter is part of a value")
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(neutral(text)).replace(":", "%3A").replace(",", "%2C")
