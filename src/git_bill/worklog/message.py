"""What is wrong with a message's trailers before it is committed: what would not be read, with its line."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from git_bill.problem import Problem
from git_bill.worklog import directives
from git_bill.worklog.spend import is_directive, stated
from git_bill.worklog.ticket import ticket_in

_KNOWN = ("Time", "Ticket")
_SAME = dict.fromkeys(("timespent", "hours", "duration", "worked"), "Time")
_NAME = re.compile(r"([A-Za-z0-9-]+)[ \t]*:(.*)")
_SCISSORS = "------------------------ >8 ------------------------"


class _Line(NamedTuple):
    number: int
    text: str


def check_message(message: str, pattern: str, *, comment: str = "#", file: str | None = None) -> tuple[Problem, ...]:
    """Warnings alone: a message is its author's. Lines that begin with `comment`, and all below scissors, are not it.

    `pattern`: what ticket ids look like.
    """
    lines = _lines(message, comment)
    text = "\n".join(line.text for line in lines)
    start = max((at for at, line in enumerate(lines) if not line.text.strip()), default=len(lines))
    found = [*_misplaced(lines[:start], read=False)]
    last = lines[start + 1 :]
    if directives.trailers(text):
        for line, name, value in _named(last):
            found += _wrong(line.number, name, value, pattern)
    else:
        found += _misplaced(last, read=True)
    return tuple(_warning(rule, at, told, hint, file) for at, rule, told, hint in found)


_Found = tuple[int, str, str, str]  # line, rule, message, hint


def _lines(message: str, comment: str) -> list[_Line]:
    """The message as it will be committed, less empty lines at its end."""
    kept: list[_Line] = []
    for number, text in enumerate(message.splitlines(), 1):
        if text.startswith(comment):
            if text.endswith(_SCISSORS):
                break
            continue
        kept.append(_Line(number, text))
    while kept and not kept[-1].text.strip():
        kept.pop()
    return kept


def _named(lines: Sequence[_Line]) -> Iterator[tuple[_Line, str, str]]:
    for line in lines:
        match = _NAME.match(line.text)
        if match:
            yield line, match[1], match[2].strip()


def _misplaced(lines: Sequence[_Line], *, read: bool) -> Iterator[_Found]:
    """Lines that look like ours where nothing is read. `read`: in the last paragraph, which has other lines too."""
    for line, name, _ in _named(lines):
        if name.title() in _KNOWN:
            where = "the last paragraph has other lines too" if read else "it is not in the last paragraph"
            hint = "put it below an empty line at the end, together with other trailers alone"
            yield line.number, "misplaced-trailer", f"{name}: is not read, for {where}", hint


def _wrong(line: int, name: str, value: str, pattern: str) -> Iterator[_Found]:
    if is_directive(name):
        for directive, why in stated("", ((name, value),)).wrong:
            yield line, "unreadable-time", f"{directive} {why}", "write it like `Time: 1h30m`"
    elif name.title() == "Ticket":
        if ticket_in(value, pattern) is None:
            told = f"{value!r} is no ticket" if value else "Ticket: names none"
            yield line, "unknown-ticket", f"{told} as the pattern '{pattern}' has it", "write it like `Ticket: WEB-12`"
    elif meant := _meant(name):
        yield line, "unknown-trailer", f"{name}: is not read", f"did you mean `{meant}: {value}`?"


def _meant(name: str) -> str | None:
    """Closer than for a typo in a command: a `Title:` is no `Time:`."""
    close = difflib.get_close_matches(name.title(), _KNOWN, n=1, cutoff=0.75) if len(name) < 20 else []
    return _SAME.get(name.lower()) or next(iter(close), None)


def _warning(rule: str, line: int, message: str, hint: str, file: str | None) -> Problem:
    return Problem(rule=rule, severity="warning", message=message, hint=hint, file=file, line=line)
