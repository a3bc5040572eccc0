"""Line numbers of TOML keys. tomllib gives none, so this walks text that tomllib has accepted."""

import re
import tomllib
from collections.abc import Mapping

from git_bill.shape_scalars import Path

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")
_SCALAR = re.compile(
    r'''"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'''
    r"""|'{3}(?:[^']|'{1,2}(?!'))*+'{3,5}"""
    r'''|"(?:[^"\\]|\\.)*+"'''
    r"""|'[^']*'"""
    r"""|[^,\]}\#\n]+""",
    re.DOTALL,
)


def locate(text: str) -> Mapping[Path, int]:
    """First line (1-based) of every key path of TOML text that tomllib accepts; array elements by index."""
    walk = _Walk(text)
    base: Path = ()
    while walk.next_char():
        if walk.next_char() == "[":
            base = walk.header()
        else:
            walk.value(walk.key(base))
    return walk.lines


class _Walk:
    """A position in the text and what was seen up to it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line, self.counted = 1, 0
        self.lines: dict[Path, int] = {(): 1}
        self.elements: dict[Path, int] = {}  # arrays of tables: how many so far

    def next_char(self) -> str:
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.text[self.at : self.at + 1]

    def parts(self) -> tuple[str, ...]:
        """A dotted key; the position moves to what follows it."""
        found: list[str] = []
        while match := _KEY_PART.match(self.text, self.at):
            self.at = match.end()
            found.append(_plain(match[1]))
            if self.text[self.at : self.at + 1] != ".":
                break
            self.at += 1
        return tuple(found)

    def mark(self, path: Path) -> None:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                break
            self.lines[path[:length]] = self.line

    def header(self) -> Path:
        """`[a.b]` or `[[a.b]]` → the path that the keys below it hang on."""
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        path: Path = ()
        parts = self.parts()
        for number, part in enumerate(parts, 1):
            path = (*path, part)
            if path in self.elements and not (double and number == len(parts)):
                path = (*path, self.elements[path] - 1)
        if double:
            self.elements[path] = self.elements.get(path, 0) + 1
            path = (*path, self.elements[path] - 1)
        self.mark(path)
        self.at += 2 if double else 1
        return path

    def key(self, base: Path) -> Path:
        """`a.b =` below `base`; the position moves to the value."""
        path = (*base, *self.parts())
        self.mark(path)
        self.at += 1
        return path

    def value(self, path: Path) -> None:
        """Step over one value. Own stack: text may nest deeper than Python likes to recurse."""
        inside: list[tuple[Path, int | None]] = []  # arrays with their next index, inline tables with None
        while True:
            char = self.next_char()
            if char in {"[", "{"}:
                self.at += 1
                inside.append((path, 0 if char == "[" else None))
            elif match := _SCALAR.match(self.text, self.at):
                self.at = match.end()
            following = self.following(inside)
            if following is None:
                return
            path = following

    def following(self, inside: list[tuple[Path, int | None]]) -> Path | None:
        """The path of the next value in the innermost open array or inline table; None if all closed."""
        while inside:
            if self.next_char() == ",":
                self.at += 1
            if self.next_char() in {"]", "}"}:
                self.at += 1
                inside.pop()
                continue
            path, index = inside[-1]
            if index is None:
                return self.key(path)
            inside[-1] = (path, index + 1)
            self.mark((*path, index))
            return (*path, index)
        return None


def _plain(part: str) -> str:
    if part[0] == "'":
        return part[1:-1]
    if part[0] == '"':
        return str(tomllib.loads(f"key = {part}")["key"]) if "\\" in part else part[1:-1]
    return part
