"""Records → canonical TOML: equal records give equal bytes, and a diff of two shows what changed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from git_bill.shape_declare import Array, Kind, Record, Table, record
from git_bill.shape_scalars import Scalar, Wrong, bare, quoted

_WIDTH = 100
Member = tuple[str, Kind, Any, bool]  # key, kind, value, one_line


def write(value: object) -> str:
    """Canonical TOML: fields in declared order, plain keys before tables, defaults left out.

    Raises ValueError for a value that `read` would refuse.
    """
    cls: type[Any] = type(value)
    out: list[str] = []
    _table(out, "", "", list(_members(record(cls), value)))
    return "\n".join(out).lstrip("\n") + "\n" if out else ""


def _members(kind: Kind, value: Any) -> Iterator[Member]:
    """What is written of a record or a dict."""
    if isinstance(kind, Record):
        version = kind.fields[0] if kind.versioned else None
        for field in kind.fields:
            item = getattr(value, field.name)
            if item != field.default or field is version:
                yield field.key, field.kind, item, field.one_line
    elif isinstance(kind, Table):
        for name, item in value.items():
            yield name, kind.item, item, False


def _table(out: list[str], path: str, header: str, members: list[Member]) -> None:
    """A table: its header, its plain keys, then its tables."""
    tables = [member for member in members if _is_table(member)]
    plain = [member for member in members if not _is_table(member)]
    if header and (plain or not tables or header.startswith("[[")):  # `[a.b]` alone says `[a]` too
        out += ("", header)
    out += (_line(name, kind, value) for name, kind, value, _ in plain)
    for name, kind, value, one_line in tables:
        inner = f"{path}.{bare(name)}" if path else bare(name)
        if isinstance(kind, Array):
            for item in value:
                _table(out, inner, f"[[{inner}]]", list(_members(kind.item, item)))
        elif one_line and isinstance(kind, Table):
            out += ("", f"[{inner}]")
            out += (f"{bare(key)} = {inline(kind.item, item)}" for key, item in value.items())
        else:
            _table(out, inner, f"[{inner}]", list(_members(kind, value)))


def _is_table(member: Member) -> bool:
    _, kind, value, one_line = member
    if isinstance(kind, Array):
        return bool(value) and not one_line and isinstance(kind.item, Record | Table)
    if isinstance(kind, Table):
        return not one_line or isinstance(kind.item, Record)
    return isinstance(kind, Record) and not one_line


def _line(name: str, kind: Kind, value: Any) -> str:
    """One key. A long array gets a line per element."""
    line = f"{bare(name)} = {inline(kind, value)}"
    if len(line) <= _WIDTH or not isinstance(kind, Array):
        return line
    return "\n".join((f"{bare(name)} = [", *(f"  {inline(kind.item, item)}," for item in value), "]"))


def inline(kind: Kind, value: Any) -> str:
    """A value on one line: `"1h30m"`, `["ticket"]`, `{ to = "15m" }`. Raises ValueError as `write` does."""
    if isinstance(kind, Scalar):
        return _literal(kind, value)
    if isinstance(kind, Array):
        return f"[{', '.join([inline(kind.item, item) for item in value])}]"
    pairs = [f"{bare(name)} = {inline(inner, item)}" for name, inner, item, _ in _members(kind, value)]
    return f"{{ {', '.join(pairs)} }}" if pairs else "{}"


def _literal(kind: Scalar, value: Any) -> str:
    plain = kind.plain(value)
    try:
        again = kind.read(plain)
    except Wrong as wrong:
        raise ValueError(f"{value!r} can't be written: it{wrong.findings[0].says}") from None
    if again != value:
        raise ValueError(f"{value!r} can't be written: it would be read as {again!r}")
    if isinstance(plain, str):
        return quoted(plain)
    if isinstance(plain, datetime):
        offset = plain.utcoffset()
        # TOML's offsets have no seconds, those of time zones before 1900 do
        return (plain.astimezone(UTC) if offset and offset.seconds % 60 else plain).isoformat()
    return str(plain).lower()
