"""What every reader of an export says of a file that it can't read."""

from collections.abc import Callable
from datetime import tzinfo
from zoneinfo import ZoneInfo

from git_bill.sources.tickets.issue import Export

Read = Callable[[str, str, tzinfo], Export]


def told(read: Read, text: str, line: int | None, why: str) -> None:
    """The first problem names file and line, begins with why, and shows how it should look."""
    problem = read(text, "my.export", ZoneInfo("Europe/Berlin")).problems[0]
    assert (problem.file, problem.line) == ("my.export", line)
    assert problem.message.startswith(why)
    assert "should look like: " in problem.hint
