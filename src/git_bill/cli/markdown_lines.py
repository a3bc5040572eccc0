"""Our own Markdown, as reviews are written, laid out for a terminal. What goes into files and pipes stays Markdown."""

import html
import itertools
import re
import textwrap
from collections.abc import Iterator

from git_bill.cli.output import Line, bold, dim, table, terminal_width

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_ESCAPED = re.compile(r"\\([\\`*\[\]|~$_\-+=#:/.)])")
_CELL = re.compile(r"(?<!\\)\|")
_ITEM = re.compile(r"(\s*)- (.*)")
_SUMMARY = re.compile(r"<details><summary>(.*)</summary>")


def laid_out(markdown: str) -> list[Line]:
    """Headings bold, tables aligned, items and paragraphs wrapped, `<details>` open; escapes are undone."""
    lines: list[Line] = []
    rows: list[str] = []
    code = False
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("|") and not code:
            rows.append(line)
            continue
        if rows:
            lines += _table(rows) if len(rows) > 1 else rows
            rows = []
        if line.startswith("```"):
            code = not code
        elif code:
            lines.append(f"    {line}")
        elif line != "</details>" and not (line == "" and lines[-1:] == [""]):
            lines += _block(line)
    while lines and lines[-1] == "":
        lines.pop()
    return lines


def _block(line: str) -> Iterator[Line]:
    if line.startswith("### "):
        yield bold(_plain(line[4:]))
    elif summary := _SUMMARY.fullmatch(line):
        yield bold(_plain(summary[1]))
    elif item := _ITEM.fullmatch(line):
        yield from _wrapped(item[2], f"{item[1]}- ")
    else:
        yield from _wrapped(line, "")


def _wrapped(text: str, mark: str) -> Iterator[Line]:
    """Text in the terminal's width; what was strong as a whole is bold."""
    strong = _STRONG.match(text)
    width = max(30, terminal_width() - 2)
    parts = textwrap.wrap(
        _plain(text), width, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False
    )
    first = f"{mark}{_plain(strong[1])}" if strong else None
    for number, part in enumerate(parts or [mark.rstrip()]):
        if number == 0 and first is not None and part.startswith(first):
            yield (mark, bold(first.removeprefix(mark)), part.removeprefix(first))
        else:
            yield part


def _table(rows: list[str]) -> list[Line]:
    head, sides, *body = ([cell.strip() for cell in _CELL.split(row)[1:-1]] for row in rows)
    align = "".join("r" if side.endswith(":") and not side.startswith(":") else "l" for side in sides)
    cells = [list(part) for row in body for part in itertools.zip_longest(*map(_parts, row), fillvalue="")]
    return table([[dim(row[0]), *row[1:]] for row in cells], head=[_plain(cell) for cell in head], align=align)


def _parts(cell: str) -> list[str]:
    """The lines of a cell; those below its first are small print."""
    first, *more = (_plain(part) for part in cell.split("<br>"))
    return [first, *(f"  {part}" for part in more)]


def _plain(text: str) -> str:
    """What a reader of the rendered Markdown sees."""
    words = _STRONG.sub(r"\1", text)
    words = re.sub(r"(?<!\\)`([^`]*)`", r"\1", words)
    return html.unescape(_ESCAPED.sub(r"\1", words)).replace("\u200b", "")
