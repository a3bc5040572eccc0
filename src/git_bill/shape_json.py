"""Records ↔ JSON, by the same declarations: for data that other programs read. Equal records give equal bytes."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar, cast

from git_bill.problem import Problem
from git_bill.shape import Read
from git_bill.shape_declare import Array, Kind, Record, Table, record
from git_bill.shape_scalars import Float, Path, Scalar, Wrong, bare, shortened

T = TypeVar("T")
_VERSION = 1
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)


def write_json(value: object) -> bytes:
    """Canonical JSON: keys in declared order, defaults left out, ASCII alone, days and instants as ISO 8601 texts."""
    cls: type[Any] = type(value)
    return json.dumps(_plain(record(cls), value), indent=1).encode() + b"\n"


def read_json(cls: type[T], content: bytes, file: str) -> Read[T]:
    """JSON bytes → a record, or every problem. No bytes make it raise. `where` is empty: JSON is not read by line."""
    declared: type[Any] = cls
    kind = record(declared)
    try:
        found = json.loads(content.decode(), parse_float=Float, parse_constant=Float, object_pairs_hook=_once)
        version = found.get("schema") if kind.versioned and isinstance(found, dict) else None
        if type(version) is int and version != _VERSION:
            return _broken([f"schema {version} is of another version of git-bill"], file)
        value = kind.read(_native(kind, found))
    except Wrong as wrong:
        return _broken([f"{_place(finding.path)}{finding.says}".removeprefix(": ") for finding in wrong.findings], file)
    except (ValueError, RecursionError) as error:
        return _broken([f"not JSON: {'nested too deep' if isinstance(error, RecursionError) else error}"], file)
    return Read(value=cast("T", value), problems=(), where={})


def _broken(messages: list[str], file: str) -> Read[Any]:
    problems = tuple(Problem(rule="broken-json", message=message, file=file) for message in messages)
    return Read(value=None, problems=problems, where={})


def _plain(kind: Kind, value: Any) -> Any:
    if isinstance(kind, Scalar):
        plain = kind.plain(value)
        return plain.isoformat() if isinstance(plain, date) else plain
    if isinstance(kind, Array):
        return [_plain(kind.item, item) for item in value]
    if isinstance(kind, Table):
        return {name: _plain(kind.item, item) for name, item in value.items()}
    members = [(field, getattr(value, field.name)) for field in kind.fields]
    version = kind.fields[0] if kind.versioned else None
    return {f.key: _plain(f.kind, item) for f, item in members if f is version or item != f.default}


def _native(kind: Kind, value: object) -> object:
    """JSON's values as TOML has them: days and instants for their texts. What does not fit stays as it is."""
    if isinstance(kind, Array) and isinstance(value, list):
        return [_native(kind.item, item) for item in value]
    if isinstance(kind, Table) and isinstance(value, dict):
        return {name: _native(kind.item, item) for name, item in value.items()}
    if isinstance(kind, Record) and isinstance(value, dict):
        known = kind.known
        return {name: _native(known[name].kind, item) if name in known else item for name, item in value.items()}
    form = kind.schema.get("format") if isinstance(kind, Scalar) and isinstance(value, str) else None
    try:
        if form == "date" and _DAY.fullmatch(str(value)):
            return date.fromisoformat(str(value))
        if form == "date-time" and _INSTANT.fullmatch(str(value)):
            return datetime.fromisoformat(str(value))
    except ValueError:
        pass
    return value


def _once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    """An object; one that says a key twice is read differently by different programs."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _place(path: Path) -> str:
    """`lines[0].net`"""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shortened(bare(part))}" for part in path)
    return "".join(parts).removeprefix(".")
