"""Additions to a file that people write by hand: their comments, order and spelling stay, new lines join in.

The canonical writer says what a line looks like; the locator says where it goes; reading again proves the result.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from git_bill.shape import locate, read, write
from git_bill.shape_scalars import Path

T = TypeVar("T")
_ONE_LINE = re.compile(r"\s*[^=#\[]+=[^#]*")


class Unamendable(Exception):  # noqa: N818  the caller turns it into a problem with what to write by hand
    """The text is laid out in a way that additions can't follow; `lines` are what a person would add."""

    def __init__(self, lines: str) -> None:
        self.lines = lines
        super().__init__(lines)


def amend(text: str, old: T, new: T) -> str:
    """The text of `old` with what `new` adds, and with each changed plain key on its line.

    Nothing may be missing in `new`. Raises Unamendable when the result would not read as `new`.
    """
    wanted = write(new)
    before, after = tomllib.loads(write(old)), tomllib.loads(wanted)
    paths = list(_changes(before, after, locate(text)))
    result = text
    for path in paths:
        result = _insert(result, path, wanted)
    if read(type(new), result, "").value != new:
        raise Unamendable("\n".join(_excerpt(wanted, path) for path in paths))
    return result


def _changes(old: Any, new: Any, where: Mapping[Path, int], path: Path = ()) -> Iterator[Path]:
    """Paths of what was added or is another plain value, in the order of the canonical text."""
    if isinstance(new, dict):
        for key, value in new.items():
            here = (*path, key)
            stated = here in where and isinstance(value, dict)  # the text may state a table of defaults only
            if key in old or stated:
                yield from _changes(old.get(key, {}), value, where, here)
            else:
                yield from _each(here, value)
    elif _is_tables(new) and _is_tables(old):
        for index, value in enumerate(new):
            if index < len(old):
                yield from _changes(old[index], value, where, (*path, index))
            else:
                yield (*path, index)
    elif old != new:
        yield path


def _each(path: Path, value: Any) -> Iterator[Path]:
    if _is_tables(value):
        yield from ((*path, index) for index in range(len(value)))
    else:
        yield path


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _insert(text: str, path: Path, wanted: str) -> str:
    """The text with one path more, copied from the canonical text."""
    added = _excerpt(wanted, path)
    lines = text.splitlines()
    where = locate(text)
    if path in where:
        return _replaced(lines, where[path] - 1, added)
    headers = _headers(lines, where)
    if added.startswith("["):
        at = _end_of_family(lines, headers, path)
        block = [*([""] if at else []), *added.splitlines(), *([""] if at < len(lines) and lines[at] else [])]
    else:
        at, block = _end_of_section(lines, headers, path[:-1]), added.splitlines()
    return "\n".join([*lines[:at], *block, *lines[at:]]) + "\n"


def _replaced(lines: list[str], number: int, added: str) -> str:
    """A plain key gets another value, if it stands alone on its line; else the text stays and the proof fails."""
    if _ONE_LINE.fullmatch(lines[number]):
        lines = [*lines[:number], added, *lines[number + 1 :]]
    return "\n".join(lines) + "\n"


def _excerpt(canonical: str, path: Path) -> str:
    """The lines of one path in the canonical text: a key with its value, or a table with all below it."""
    where, lines = locate(canonical), canonical.splitlines()
    first = where[path] - 1
    if lines[first].startswith("["):
        headers = _headers(lines, where)
        stop = min((n for p, n in headers.items() if n > first and p[: len(path)] != path), default=len(lines))
        return "\n".join(lines[first:stop]).rstrip()
    inside = [n for p, n in where.items() if p[: len(path)] == path]
    closing = 1 if max(inside) - 1 > first else 0  # a long array has a line per element and a closing one
    return "\n".join(lines[first : max(inside) + closing])


def _headers(lines: list[str], where: Mapping[Path, int]) -> dict[Path, int]:
    """Table headers and the index of their lines."""
    return {p: n - 1 for p, n in where.items() if p and lines[n - 1].lstrip().startswith("[")}


def _end_of_section(lines: list[str], headers: Mapping[Path, int], path: Path) -> int:
    """Where a key of a table goes: after the last line that says something, before the next header."""
    first = headers.get(path, -1)
    stop = min((n for n in headers.values() if n > first), default=len(lines))
    said = [n for n in range(first + 1, stop) if lines[n].strip() and not lines[n].lstrip().startswith("#")]
    return (said[-1] if said else first) + 1


def _end_of_family(lines: list[str], headers: Mapping[Path, int], path: Path) -> int:
    """Where a table goes: after its nearest relatives (other elements, its parent), else at the end."""
    for length in range(len(path) - 1, 0, -1):
        family = [p for p in headers if p[:length] == path[:length]]
        if family:
            at = max(_end_of_section(lines, headers, p) for p in family)
            return _past_comments(lines, at)
    return len(lines)


def _past_comments(lines: list[str], at: int) -> int:
    """Past the comments that directly follow, unless they stand directly above what comes next."""
    after = at
    while after < len(lines) and lines[after].lstrip().startswith("#"):
        after += 1
    return at if after < len(lines) and lines[after].strip() else after
