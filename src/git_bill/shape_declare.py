"""The declaration of a TOML file: what a frozen dataclass's fields and types say, compiled once per class.

`shape` is the public face. A kind knows how one value is read; `shape_write` and `shape_schema` render kinds.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass
from typing import Any

from git_bill.problem import nearest
from git_bill.shape_scalars import Finding, Scalar, Wrong, quoted, scalar, wrong_type, wrong_value

_METADATA = "git_bill.shape"
_NONE = type(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """What `key` says about a field beyond its type."""

    doc: str = ""
    name: str | None = None
    example: str = ""
    pattern: str | None = None
    one_line: bool = False


def key(
    doc: str,
    *,
    name: str | None = None,
    example: str = "",
    pattern: str | None = None,
    one_line: bool = False,
    default: Any = MISSING,
    default_factory: Any = MISSING,
) -> Any:
    """A dataclass field that is a key of a TOML file.

    `name`: the key where that is a Python keyword. `example`: TOML text for hints. `pattern`: what text must
    match fully. `one_line`: written inline; a dict of records gets one line a member below its `[header]`.
    """
    said = _Key(doc=doc, name=name, example=example, pattern=pattern, one_line=one_line)
    metadata = {_METADATA: said}
    if default_factory is not MISSING:
        return dataclasses.field(metadata=metadata, default_factory=default_factory)
    return dataclasses.field(metadata=metadata, default=default)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """One key of a record. `default` is MISSING where the file must have the key."""

    name: str
    key: str
    kind: "Kind"
    default: object
    doc: str
    example: str
    one_line: bool


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """`tuple[X, ...]`."""

    item: "Kind"

    @property
    def example(self) -> str:
        return f"[{self.item.example}]" if self.item.example else ""

    @property
    def form(self) -> str:
        return "[[{}]]" if self.item.form else ""

    def read(self, value: object) -> tuple[object, ...]:
        if type(value) is not list:
            raise wrong_type("an array", value, self.example, self.form)
        try:
            return tuple(map(self.item.read, value))
        except Wrong:
            raise _wrong_items(self.item, enumerate(value)) from None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """`dict[str, X]` or `Mapping[str, X]`: its keys are free."""

    item: "Kind"
    example = ""
    form = "[{}]"

    def read(self, value: object) -> dict[str, object]:
        if type(value) is not dict:
            raise wrong_type("a table", value, form=self.form)
        read = self.item.read
        try:
            return {name: read(item) for name, item in value.items()}
        except Wrong:
            raise _wrong_items(self.item, value.items()) from None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """A frozen dataclass. `known`: its fields by key. `checks`: its method `problems`, if it has one.

    `nones`: what optional fields get when their key is missing.
    """

    cls: type[Any]
    fields: tuple[Field, ...]
    known: Mapping[str, Field]
    required: frozenset[str]
    nones: Mapping[str, None]
    checks: Callable[[Any], Iterable[tuple[str, str, str]]] | None
    example = ""
    form = "[{}]"

    @property
    def versioned(self) -> bool:
        """Whether it is a file of its own, that starts with `schema = 1`."""
        return bool(self.fields) and self.fields[0].key == "schema"

    def read(self, value: object) -> object:
        if type(value) is not dict:
            raise wrong_type("a table", value, form=self.form)
        given: dict[str, object] = {**self.nones}
        found: list[Finding] = []
        known = self.known
        for name, item in value.items():
            field = known.get(name)
            if field is None:
                found.append(_unknown(name, known))
                continue
            try:
                given[field.name] = field.kind.read(item)
            except Wrong as wrong:
                found += (finding.under(name, field.example) for finding in wrong.findings)
        if not self.required <= value.keys():
            found += (_missing(known[name]) for name in known if name in self.required and name not in value)
        if found:
            raise Wrong(*found)
        return self._built(given)

    def _built(self, given: Mapping[str, object]) -> object:
        """The record, and what only the record as a whole can say."""
        try:
            built: object = self.cls(**given)
        except ValueError as error:
            raise wrong_value(str(error)) from None
        found = [
            finding.under(next(field.key for field in self.fields if field.name == name)) if name else finding
            for name, message, hint in (self.checks(built) if self.checks else ())
            for finding in wrong_value(message, hint=hint).findings
        ]
        if found:
            raise Wrong(*found)
        return built


Kind = Scalar | Array | Table | Record


def _wrong_items(kind: Kind, items: Iterable[tuple[Any, object]]) -> Wrong:
    """What is wrong with the members of an array or a table."""
    found: list[Finding] = []
    for place, item in items:
        try:
            kind.read(item)
        except Wrong as wrong:
            found += (finding.under(place) for finding in wrong.findings)
    return Wrong(*found)


def _unknown(name: str, known: Mapping[str, Field]) -> Finding:
    near = nearest(name, known)
    hint = f"did you mean {quoted(near)}?" if near else f"known keys: {', '.join(known)}"
    return Finding(path=(name,), rule="unknown-key", says=" is not a known key", hint=hint)


def _missing(field: Field) -> Finding:
    example, form = field.example or field.kind.example, field.kind.form
    return Finding(path=(field.key,), rule="missing-key", says=" is missing", example=example, form=form)


_RECORDS: dict[type[Any], Record] = {}


def record(cls: type[Any]) -> Record:
    """The compiled form of a class. Raises TypeError for a field that has no TOML form."""
    if cls not in _RECORDS:
        _RECORDS[cls] = _compiled(cls)
    return _RECORDS[cls]


def _compiled(cls: type[Any]) -> Record:
    hints = typing.get_type_hints(cls, include_extras=True)
    declared = dataclasses.fields(cls)
    fields = tuple(_field(cls, field, hints[field.name]) for field in declared)
    checks = getattr(cls, "problems", None)
    return Record(
        cls=cls,
        fields=fields,
        known={field.key: field for field in fields},
        required=frozenset(field.key for field in fields if field.default is MISSING),
        nones={field.name: None for field in declared if _optional(hints[field.name])},
        checks=checks if callable(checks) else None,
    )


def _field(cls: type[Any], field: "dataclasses.Field[Any]", hint: Any) -> Field:
    said: _Key = field.metadata.get(_METADATA, _Key())
    default: object = field.default if field.default_factory is MISSING else field.default_factory()
    if _optional(hint):
        default = None if default is MISSING else default
        if default is not None:
            raise TypeError(f"{cls.__name__}.{field.name}: TOML can't say None, so None must be the default")
    return Field(
        name=field.name,
        key=said.name or field.name,
        kind=_kind(hint, said.pattern, f"{cls.__name__}.{field.name}"),
        default=default,
        doc=said.doc,
        example=said.example,
        one_line=said.one_line,
    )


def _optional(hint: Any) -> bool:
    return typing.get_origin(hint) in {typing.Union, types.UnionType} and _NONE in typing.get_args(hint)


def _kind(hint: Any, pattern: str | None, place: str) -> Kind:
    args = typing.get_args(hint)
    if single := scalar(hint, pattern):
        return single
    if _optional(hint) and len(args) == 2:
        return _kind(args[args[0] is _NONE], pattern, place)
    if typing.get_origin(hint) is tuple and args[1:] == (Ellipsis,):
        return Array(_kind(args[0], pattern, place))
    if typing.get_origin(hint) in {dict, Mapping} and args[0] is str:
        return Table(_kind(args[1], pattern, place))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return record(hint)
    raise TypeError(f"{place}: {hint} has no TOML form")
