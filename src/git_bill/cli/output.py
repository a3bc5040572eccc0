"""What commands print: reports, tables, durations. All text from data is made harmless for a terminal here."""

import os
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Literal

from git_bill.problem import Exit, Problem, errors

if TYPE_CHECKING:
    from git_bill.money import Money

Style = Literal["bold", "dim", "red", "yellow", "green"]
_CODES: dict[Style, str] = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "green": "32"}
_COLOURS: dict[str, Style] = {"error": "red", "warning": "yellow", "info": "dim"}
# Log commands of CI systems: GitHub (`::name::`, `##[name]`), Azure (`##vso[`), GitLab sections start with ESC.
_LOG_COMMAND = re.compile(r"^(\s*)::|##(?=\[|vso\[)")


@dataclass(frozen=True, slots=True)
class Span:
    """Text in a style; the style shows on terminals only."""

    text: str
    style: Style


Line = str | Span | Sequence[str | Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a command found or did. `data`: keys of the JSON object beside `ok` and `problems`; `text`: for people.

    `next`: commands that a person would type next, each with a few words. Exit code: given, else 1 where a problem
    is an error, else 0.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    text: Sequence[Line] = ()
    problems: tuple[Problem, ...] = ()
    next: tuple[tuple[str, str], ...] = ()
    exit_code: int | None = None

    @property
    def code(self) -> int:
        """The exit code."""
        if self.exit_code is not None:
            return self.exit_code
        return int(Exit.PROBLEMS if errors(self.problems) else Exit.DONE)


def neutral(text: str) -> str:
    """Text from data for one line of a terminal or a CI log.

    Control characters (ANSI escapes, line breaks), bidirectional and invisible marks become visible escapes
    (`\\x1b`, `\\u202e`), and what starts a CI log command is broken. Other text stays as it is.
    """
    shown = text if text.isprintable() and text.isascii() else "".join(map(_shown, text))
    return _LOG_COMMAND.sub(lambda m: f"{m[1]}\\::" if m[1] is not None else r"#\#", shown)


def _shown(character: str) -> str:
    joiner = character in "\u200c\u200d"  # part of words and emoji
    if joiner or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def bold(text: str) -> Span:
    """Bold on a terminal."""
    return Span(text, "bold")


def dim(text: str) -> Span:
    """Less visible on a terminal."""
    return Span(text, "dim")


def show_json(report: Report, stream: IO[str]) -> None:
    """The one JSON object of a command, ASCII only."""
    import json

    found = {"ok": report.code == Exit.DONE, "problems": [p.as_dict() for p in report.problems]}
    text = json.dumps({**found, **report.data}, indent=2, default=str)
    stream.write(text.replace("##", "#\\u0023") + "\n")  # no log command of a CI, wherever in a line it may stand


def show(report: Report, out: IO[str], err: IO[str]) -> None:
    """For people: text and next steps on one stream, problems on the other."""
    for line in report.text:
        print_line(line, out)
    for problem in report.problems:
        show_problem(problem, err)
    if report.next:
        width = max(width_of(command) for command, _ in report.next)
        print_line("", out)
        print_line(bold("next:"), out)
        for command, why in report.next:
            print_line(("  ", command, dim(f"{' ' * (width - width_of(command))}  {why}")), out)


def show_problem(problem: Problem, stream: IO[str]) -> None:
    """`file:line: severity: message [rule]`, and the hint below."""
    where = problem.file or ""
    if where:
        where += f":{problem.line}: " if problem.line else ": "
    severity = Span(problem.severity, _COLOURS[problem.severity])
    print_line((where, severity, f": {problem.message} ", dim(f"[{problem.rule}]")), stream)
    for line in problem.hint.splitlines():
        print_line(f"  {line}", stream)


def print_line(line: Line, stream: IO[str]) -> None:
    """One line, made harmless, styled where the stream is a terminal."""
    spans = (line,) if isinstance(line, (str, Span)) else line
    coloured = colour(stream)
    stream.write("".join(_drawn(span, coloured) for span in spans) + "\n")


def _drawn(span: str | Span, coloured: bool) -> str:
    if isinstance(span, str):
        return neutral(span)
    text = neutral(span.text)
    return f"\x1b[{_CODES[span.style]}m{text}\x1b[0m" if coloured and text else text


def colour(stream: IO[str]) -> bool:
    """Whether to style: on a terminal, without NO_COLOR (no-color.org), not on a dumb one."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def table(
    rows: Sequence[Sequence[str | Span]], *, head: Sequence[str] = (), align: str = "", indent: int = 0
) -> list[Line]:
    """Aligned columns that fit the terminal. `align`: one of `l` and `r` per column, `l` where it ends.

    The widest left-aligned column is cut with `…` where the terminal is too narrow; never one of figures.
    """
    everything = [[dim(h) for h in head], *rows] if head else list(rows)
    if not everything:
        return []
    columns = max(len(row) for row in everything)
    sides = align.ljust(columns, "l")
    widths = [max((width_of(_text(r[c])) for r in everything if c < len(r)), default=0) for c in range(columns)]
    excess = indent + sum(widths) + 2 * (columns - 1) - terminal_width()
    cut = max((c for c in range(columns) if sides[c] == "l"), key=lambda c: widths[c], default=None)
    if excess > 0 and cut is not None:
        widths[cut] = max(12, widths[cut] - excess) if widths[cut] > 12 else widths[cut]
    return [_row(row, widths, sides, indent) for row in everything]


def _row(row: Sequence[str | Span], widths: Sequence[int], sides: str, indent: int) -> Line:
    line: list[str | Span] = [" " * indent] if indent else []
    for number, cell in enumerate(row):
        text = shorten(_text(cell), widths[number])
        gap = " " * (widths[number] - width_of(text))
        last = number == len(row) - 1
        padded = gap + text if sides[number] == "r" else text + ("" if last else gap)
        line.append(padded if isinstance(cell, str) else Span(padded, cell.style))
        line.append("" if last else "  ")
    return line


def _text(cell: str | Span) -> str:
    return neutral(cell if isinstance(cell, str) else cell.text)


def shorten(text: str, width: int) -> str:
    """Text cut to a number of terminal cells, with `…` at its end."""
    if width_of(text) <= width:
        return text
    while text and width_of(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def width_of(text: str) -> int:
    """Terminal cells that a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.category(c) in {"Mn", "Me", "Cf"} for c in text)


def terminal_width() -> int:
    """Columns to fill: the terminal's, at most 120; 100 where there is none."""
    return min(120, shutil.get_terminal_size((100, 24)).columns)


def money(amount: "Money") -> str:
    """An amount for people: thousands grouped, `12,345.00 EUR`."""
    return f"{amount.amount:,f} {amount.currency}"
