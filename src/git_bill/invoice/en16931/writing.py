"""A record as XML, as its declaration says."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from git_bill.invoice.en16931.binding import NAMESPACES, Currencies, Declared, Group, Leaf, Many, Mark, steps_of


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every element may ask for: the whole document, and its currencies."""

    document: Any
    money: Currencies


def written(root: str, prefixes: Iterable[str], items: Iterable[Declared], record: Any, money: Currencies) -> bytes:
    """The document as UTF-8, the same bytes for the same record. `root`: in Clark's notation."""
    from lxml import etree

    known: dict[str | None, str] = {prefix: NAMESPACES[prefix] for prefix in prefixes}
    namespace = etree.QName(root).namespace
    if namespace not in known.values():
        known[None] = str(namespace)
    top = etree.Element(root, nsmap=known)
    _write(top, items, record, _Scene(record, money))
    etree.indent(top)
    return bytes(etree.tostring(top, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _write(parent: Any, items: Iterable[Declared], record: Any, scene: _Scene) -> bool:
    """Whether anything but constants was written."""
    wrote = False
    for item in items:
        if isinstance(item, Leaf):
            wrote |= _write_leaf(parent, item, _value(record, item.field, scene), scene)
        elif isinstance(item, Mark):
            text = item.text
            if text is not None and text.startswith("/"):
                text = str(_value(record, text, scene))
            if text is not None:
                _put(parent, item.path, text, {})
        elif isinstance(item, Many):
            for each in _value(record, item.field, scene) or ():
                _write(_chain(parent, item.path), item.items, each, scene)
                wrote = True
        else:
            wrote |= _write_group(parent, item, record, scene)
    return wrote


def _write_group(parent: Any, group: Group, record: Any, scene: _Scene) -> bool:
    wrote = False
    for one in _apart(record, group.each):
        child = _chain(parent, group.path)
        if _write(child, group.items, one, scene):
            wrote = True
        elif not group.keep:
            parent.remove(child)
    return wrote


def _apart(record: Any, field: str | None) -> Iterator[Any]:
    """The record with one value of a field at a time."""
    outer, _, name = (field or "").partition(".")
    around: Any = getattr(record, outer) if outer else None
    values = getattr(around, name) if around is not None else ()
    if around is None or len(values) < 2:
        yield record
        return
    for value in values:
        yield dataclasses.replace(record, **{outer: dataclasses.replace(around, **{name: (value,)})})


def _write_leaf(parent: Any, leaf: Leaf, value: Any, scene: _Scene) -> bool:
    wrote = False
    for each in (value or ()) if leaf.many else (value,):
        if each is not None and leaf.codec.holds(each):
            text, attributes = leaf.codec.write(each, scene.money)
            _put(parent, leaf.path, text, attributes)
            wrote = True
    return wrote


def _put(parent: Any, path: str, text: str, attributes: Mapping[str, str]) -> None:
    steps, attribute = steps_of(path)
    if attribute is not None:
        found = parent.find("/".join(steps))
        if found is not None:
            found.set(attribute, text)
        return
    child = _chain(parent, path)
    child.text = text
    for name, value in attributes.items():
        child.set(name, value)


def _chain(parent: Any, path: str) -> Any:
    from lxml import etree

    for step in steps_of(path)[0]:
        parent = etree.SubElement(parent, step)
    return parent


def _value(record: Any, field: str, scene: _Scene) -> Any:
    if field.startswith("/"):
        return _value(scene.document, field[1:], scene)
    for name in field.split("."):
        if record is None:
            return None
        record = getattr(record, name)
    return record
