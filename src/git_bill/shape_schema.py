"""Records → JSON Schema (draft 2020-12), for editors and other programs."""

import tomllib
from dataclasses import MISSING
from datetime import date
from typing import Any

from git_bill.shape_declare import Array, Field, Kind, Table, record
from git_bill.shape_scalars import Scalar


def json_schema(cls: type[Any], *, title: str) -> dict[str, Any]:
    """The schema of a file. Days and instants are strings in it, as what turns TOML into JSON makes them."""
    kind = record(cls)
    schema = _schema(kind)
    if kind.versioned:
        schema["properties"]["schema"] = {"const": 1, "description": kind.fields[0].doc}
        schema["required"] = ["schema", *schema.get("required", [])]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def _schema(kind: Kind) -> dict[str, Any]:
    if isinstance(kind, Scalar):
        return dict(kind.schema)
    if isinstance(kind, Array):
        return {"type": "array", "items": _schema(kind.item)}
    if isinstance(kind, Table):
        return {"type": "object", "additionalProperties": _schema(kind.item)}
    required = [field.key for field in kind.fields if field.default is MISSING]
    return {
        "type": "object",
        "properties": {field.key: _property(field) for field in kind.fields},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    schema = {**_schema(field.kind), "description": field.doc}
    if isinstance(field.kind, Scalar):
        if field.example:
            schema["examples"] = [_json(tomllib.loads(f"it = {field.example}")["it"])]
        if field.default is not MISSING and field.default is not None:
            schema["default"] = _json(field.kind.plain(field.default))
    return schema


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
