"""The shape of files: a frozen dataclass declares one; reading, canonical writing and JSON Schema follow.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Rate:
        hourly: Money = key("Price of an hour.", example='"95.00 EUR"')
        activity: str | None = key("Only for this activity.", default=None)

Types: str, int, bool, Decimal (as text), Money, date, datetime (with offset), Literal, Annotated[X, Codec],
records, `X | None`, tuple[X, ...], Mapping[str, X]. A file starts with `schema: int = key("…", default=1)`.
A record may have a method `problems` that yields (field, message, hint): what only fields together show.
"""

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, cast

from git_bill.problem import Problem
from git_bill.shape_declare import key, record
from git_bill.shape_locate import locate
from git_bill.shape_scalars import Codec, Finding, Float, Minutes, Path, Percent, Wrong, bare, shortened
from git_bill.shape_schema import json_schema
from git_bill.shape_write import write

__all__ = ["Codec", "Minutes", "Path", "Percent", "Read", "json_schema", "key", "locate", "read", "write"]

T = TypeVar("T")
_VERSION = 1
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_DAY = re.compile(r"(?<![\w\"'-])[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEFAULT_FIX = 'text needs quotes and every key its own line, like: name = "Acme GmbH"'
_BROKEN = {  # how tomllib's (or Python's) message starts: what it means, how to mend it
    "Cannot overwrite": ("a key is there twice", "remove one of the two lines"),
    "Cannot declare": ("a table is there twice", "join the two, or write [[name]] for a list of tables"),
    "Cannot mutate": ("a key of an inline table is set again", "write it inside the braces: a = { b = 1 }"),
    "Illegal character '\\n'": ("a text has no end", 'close it with a quote: name = "Acme GmbH"'),
    "Unescaped '\\'": ("a backslash between double quotes", r"use single quotes: ticket_pattern = '[A-Z]+-\d+'"),
    "Exceeds the limit": ("a number is too long", 'a number this long must be text, like: id = "123"'),
    "maximum recursion": ("arrays or tables are nested too deep", "write them as tables: [a.b]"),
    "TOML inline": ("arrays or tables are nested too deep", "write them as tables: [a.b]"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[T]):
    """`value` is None if there is a problem. `where`: line (1-based) of every key path, found when asked."""

    value: T | None
    problems: tuple[Problem, ...]
    where: Mapping[Path, int]


class _Where(Mapping[Path, int]):
    """Line numbers that cost nothing until someone looks."""

    def __init__(self, text: str) -> None:
        self._text = text

    @functools.cached_property
    def _lines(self) -> Mapping[Path, int]:
        return locate(self._text)

    def __getitem__(self, path: Path) -> int:
        return self._lines[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def read(cls: type[T], text: str, file: str) -> Read[T]:
    """TOML text → a record, or every problem with its line in `file`. No text makes it raise."""
    text = text.removeprefix("\ufeff")
    try:
        table = tomllib.loads(text, parse_float=Float)
    except (ValueError, RecursionError) as error:  # plain ValueError: a number of more than 4300 digits
        return Read(value=None, problems=(_broken(error, text, file),), where={})
    declared: type[Any] = cls
    kind = record(declared)
    value: object = None
    found = _other_version(table) if kind.versioned else None
    findings = [found] if found else []
    if not found or found.rule == "missing-key":
        try:
            value = kind.read(table)
        except Wrong as wrong:
            findings += wrong.findings
    where = _Where(text)
    problems = sorted((_problem(finding, where, file) for finding in findings), key=lambda p: p.line or 0)
    return Read(value=None if problems else cast("T", value), problems=tuple(problems), where=where)


def _other_version(table: Mapping[str, Any]) -> Finding | None:
    version = table.get("schema")
    if version is None:
        hint = f"add `schema = {_VERSION}` as the first line"
        return Finding(path=("schema",), rule="missing-key", says=" is missing", hint=hint)
    if type(version) is not int or version == _VERSION:
        return None
    says = ": written by a newer git-bill" if version > _VERSION else ": there is no such version"
    hint = f"upgrade git-bill: this one reads `schema = {_VERSION}`" if version > _VERSION else ""
    return Finding(path=("schema",), rule="wrong-value", says=says, example=str(_VERSION), hint=hint)


def _problem(finding: Finding, where: Mapping[Path, int], file: str) -> Problem:
    path = finding.path
    line = next(where[path[:length]] for length in range(len(path), -1, -1) if path[:length] in where)
    message = f"{_shown(path)}{finding.says}" if path else finding.says.removeprefix(": ")
    hint = finding.hint or _example(finding)
    return Problem(rule=finding.rule, message=message, hint=hint, file=file, line=line)


def _shown(path: Path) -> str:
    """`contracts[1].rates[0].hourly`"""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shortened(bare(part))}" for part in path)
    return "".join(parts).removeprefix(".")


def _example(finding: Finding) -> str:
    names = [shortened(bare(part)) for part in finding.path if isinstance(part, str)]
    if names and finding.example:
        return f"write it like: {names[-1]} = {finding.example}"
    return f"write it as a table: {finding.form.format('.'.join(names))}" if names and finding.form else ""


def _broken(error: Exception, text: str, file: str) -> Problem:
    said = str(error)
    conflict = _CONFLICT.search(text)
    if conflict:
        at = text.count("\n", 0, conflict.start()) + 1
        hint = f"take one side, for example: git checkout --theirs -- {file}"
        return Problem(rule="broken-toml", message="a merge was left half done here", hint=hint, file=file, line=at)
    reason, hint = next((b for start, b in _BROKEN.items() if said.startswith(start)), (said, _DEFAULT_FIX))
    position = _POSITION.search(said)
    line = None
    if position:  # without a line it is the end of the document
        line = int(position[1] or text.rstrip().count("\n") + 1)
        reason = _POSITION.sub("", reason)
    if hint == _DEFAULT_FIX and line and (day := _no_day(text.split("\n")[line - 1])):
        reason, hint = f"there is no day {day}", "write a day of the calendar, like: 2026-02-28"
    return Problem(rule="broken-toml", message=f"not TOML: {reason}", hint=hint, file=file, line=line)


def _no_day(line: str) -> str | None:
    """What stands on a line where a day may stand, and is none of the calendar's."""
    for day in _DAY.findall(line):
        try:
            date.fromisoformat(day)
        except ValueError:
            return str(day)
    return None
