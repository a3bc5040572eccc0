"""The JSON Schema accepts what `read` accepts, and says the same of keys, choices and spellings."""

import json
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest

from git_bill.money import Money
from git_bill.shape import Minutes, Percent, json_schema, key, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    hourly: Money = key("Price of an hour.", example='"95.00 EUR"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    schema: int = key("Version.", default=1)
    id: str = key("Name.", pattern="[a-z-]+", example='"acme"')
    from_: date | None = key("First day.", name="from", default=None, example="2026-01-01")
    seen: datetime | None = key("Instant.", default=None)
    kind: Literal["hourly", "daily"] = key("How.", default="hourly")
    step: Minutes = key("Step.", default=15)
    off: Percent = key("Discount.", default=Decimal(0))
    tags: tuple[str, ...] = key("Texts.", default=())
    rates: tuple[Rate, ...] = key("Prices.")
    shares: dict[str, Decimal] = key("By name.", default_factory=dict)


SCHEMA = json_schema(Client, title="A client")
RIGHT = """schema = 1
id = "acme"
from = 2026-01-01
seen = 2026-01-01T10:00:00+01:00
kind = "daily"
step = "1h30m"
off = "2.5%"
tags = ["a"]
rates = [{ hourly = "95.00 EUR" }]
shares = { a = "0.5" }
"""


def test_each_kind_of_field_has_its_schema() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert {name: SCHEMA[name] for name in SCHEMA if name != "properties"} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A client",
        "type": "object",
        "required": ["schema", "id", "rates"],
        "additionalProperties": False,
    }
    properties = SCHEMA["properties"]
    assert " ".join(properties) == "schema id from seen kind step off tags rates shares"
    assert properties["schema"] == {"const": 1, "description": "Version."}
    assert properties["id"] == {
        "type": "string",
        "pattern": "^(?:[a-z-]+)$",
        "description": "Name.",
        "examples": ["acme"],
    }
    assert properties["from"] == {
        "type": "string",
        "format": "date",
        "description": "First day.",
        "examples": ["2026-01-01"],
    }
    assert properties["kind"] == {
        "type": "string",
        "enum": ["hourly", "daily"],
        "description": "How.",
        "default": "hourly",
    }
    assert properties["step"]["default"] == "15m"
    assert properties["off"]["default"] == "0%"
    assert properties["tags"] == {"type": "array", "items": {"type": "string"}, "description": "Texts."}
    assert properties["rates"]["items"]["required"] == ["hourly"]
    assert properties["rates"]["items"]["properties"]["hourly"]["examples"] == ["95.00 EUR"]
    assert properties["shares"]["additionalProperties"]["type"] == "string"


def test_a_record_that_is_no_file_needs_no_version() -> None:
    assert json_schema(Rate, title="A rate")["required"] == ["hourly"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ('"1h30m"', '"45m"'),
        ('"1h30m"', '"-1.5h"'),
        ('"1h30m"', '""'),
        ('"1h30m"', '"h"'),
        ('"95.00 EUR"', '"95 EUR"'),
        ('"95.00 EUR"', '"95,00 EUR"'),
        ('"95.00 EUR"', "95"),
        ('"2.5%"', '"2.5 %"'),
        ('"2.5%"', '"2.5"'),
        ('"0.5"', '".5"'),
        ('"0.5"', "0.5"),
        ('"daily"', '"weekly"'),
        ('id = "acme"', 'id = "ACME"'),
        ('id = "acme"', ""),
        ("schema = 1", "schema = 2"),
        ("schema = 1", ""),
        ("hourly =", "hourli ="),
        ("shares =", "share ="),
        ('["a"]', "[1]"),
    ],
)
def test_schema_and_reader_agree(old: str, new: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    text = RIGHT.replace(old, new, 1)
    document: Any = json.loads(json.dumps(tomllib.loads(text), default=lambda value: value.isoformat()))
    accepted = jsonschema.Draft202012Validator(SCHEMA).is_valid(document)
    assert accepted == (read(Client, text, "c.toml").value is not None)
    assert accepted == (
        new in {"", '"45m"', '"-1.5h"', '"95 EUR"', '"2.5 %"'} and "schema = 1" in text and 'id = "' in text
    )
