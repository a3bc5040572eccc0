"""How a record is XML: a declaration that `writing` follows in its order, and `reading` back.

    Group("cac:Party", Leaf("cbc:EndpointID", "seller.endpoint", IDENTIFIER), …)

A field is named by its path in the record, so that an element may hold terms of several records; `/field` is one of
the whole document, from within a `Many`.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}


@dataclass(frozen=True, slots=True)
class Currencies:
    """BT-5 and BT-6: amounts are in the first, BT-111 is in the second."""

    document: str
    tax: str | None = None


def _any(_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """How a value is an element's text and attributes. `read` raises ValueError.

    `holds` and `takes`: which values, and which elements, it is for, where a field has several forms.
    """

    write: Callable[[Any, Currencies], tuple[str, Mapping[str, str]]]
    read: Callable[[str, Mapping[str, str], Currencies], Any]
    holds: Callable[[Any], bool] = _any
    takes: Callable[[Mapping[str, str], Currencies], bool] = lambda _attributes, _currencies: True


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value. A path that ends in `@name` is an attribute of the element written before. `many`: a tuple of them."""

    path: str
    field: str
    codec: Codec
    many: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A constant, or with `/field` a name that the whole document has for it.

    With `selects` it tells which elements are meant: those with its text or one of `takes`, or any but `never`.
    """

    path: str
    text: str | None
    selects: bool = True
    never: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, init=False)
class Group:
    """An element around others, left out when there is nothing in it. `each`: one for each value of that field."""

    path: str
    items: "tuple[Declared, ...]"
    each: str | None
    keep: bool

    def __init__(self, path: str, *items: "Declared", each: str | None = None, keep: bool = False) -> None:
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "items", items)
        object.__setattr__(self, "each", each)
        object.__setattr__(self, "keep", keep)


@dataclass(frozen=True, slots=True, init=False)
class Many:
    """A tuple of records, an element for each; with the path "." they lie in the element around."""

    path: str
    field: str
    cls: type[Any]
    items: "tuple[Declared, ...]"

    def __init__(self, path: str, field: str, cls: type[Any], *items: "Declared") -> None:
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "cls", cls)
        object.__setattr__(self, "items", items)


Declared = Leaf | Mark | Group | Many


@functools.cache
def steps_of(path: str) -> tuple[tuple[str, ...], str | None]:
    """Element names in Clark's notation, and the attribute that the path ends in."""
    elements, _, attribute = path.partition("/@")
    if elements == ".":
        return (), None
    parts = (step.split(":") for step in elements.split("/"))
    return tuple(f"{{{NAMESPACES[prefix]}}}{name}" for prefix, name in parts), attribute or None
