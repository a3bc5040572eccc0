"""docs/reference.md: every key of a contract in one table, as the records declare them."""

from collections.abc import Iterator
from dataclasses import MISSING

from git_bill.contract.agreement import Engagement
from git_bill.shape_declare import Array, Field, Kind, Record, Table, record
from git_bill.shape_scalars import Scalar
from git_bill.shape_write import inline

_PARTS = ("contracts", "tax")  # of a client's file
_TYPES = {  # by the example of a type
    '"text"': "text",
    "true": "true or false",
    "1": "whole number",
    "2026-10-05": "day",
    '"12.5"': "number, as text",
    '"95.00 EUR"': "amount",
    '"15%"': "percent",
    '"1h30m"': "time",
}
_HEAD = """# Reference: all keys of a contract

They stand in a client's file, `billing/clients/acme.toml`. What each is for, with whole contracts as examples:
[Contracts](contracts.md), [Taxes](taxes.md), [Expenses](expenses.md), [Usage](usage.md).

Only what is `required` must be there. `[[contracts.rates]]` starts one rate of the contract above it;
what is a table may also be written on one line: `rounding = { to = "15m" }`. The types: an amount is `"95.00 EUR"`, a
time `"1h30m"`, a day `2026-10-05` without quotes, a percent `"15%"`, a number `"12.5"` in quotes; a list is
`["a", "b"]`.

| Key | Type | Default | Example | What it says |
|---|---|---|---|---|
"""


def reference() -> str:
    """The page."""
    known = record(Engagement).known
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for part in _PARTS for row in _rows(known[part], ""))


def _rows(field: Field, above: str) -> Iterator[tuple[str, ...]]:
    """A key and what stands below it: its cells."""
    name = f"{above}.{field.key}" if above else field.key
    cells = (f"`{name}`", _type(field.kind, name), _default(field), _example(field), field.doc)
    yield tuple(cell.replace("|", "\\|") for cell in cells)
    kind = field.kind.item if isinstance(field.kind, Array) else field.kind
    if isinstance(kind, Record):
        for inner in kind.fields:
            yield from _rows(inner, name)


def _type(kind: Kind, name: str) -> str:
    if isinstance(kind, Array):
        return f"tables `[[{name}]]`" if isinstance(kind.item, Record) else f"list of {_type(kind.item, name)}"
    if isinstance(kind, Record | Table):
        return f"table `[{name}]`"
    if choices := kind.schema.get("enum"):
        return ", ".join(f"`{inline(kind, choice)}`" for choice in choices)
    return _TYPES.get(kind.example, "text")


def _default(field: Field) -> str:
    if field.default is MISSING:
        return "required"
    if field.default is None or field.default in {"", ()} or not isinstance(field.kind, Scalar | Array):
        return ""
    return f"`{inline(field.kind, field.default)}`"


def _example(field: Field) -> str:
    """Its own example, else its type's; of a table those of its keys tell."""
    if field.example:
        return f"`{field.example}`"
    if isinstance(field.kind, Scalar) and field.kind.example == "true":
        return f"`{str(not field.default).lower()}`"
    if isinstance(field.kind, Scalar) and isinstance(field.default, str | int) and field.default:
        return _default(field)
    return f"`{field.kind.example}`" if field.kind.example else ""
