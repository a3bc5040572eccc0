"""A record from XML, as its declaration says. Nothing outside of the bytes is ever looked at."""

import dataclasses
import functools
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from git_bill.invoice.en16931.binding import Currencies, Declared, Group, Leaf, Many, Mark, steps_of
from git_bill.problem import Problem
from git_bill.shape import Read

T = TypeVar("T")
LARGEST = 20_000_000  # bytes of a document that is read


class _Unreadable(Exception):  # noqa: N818  it carries a problem, it is not an error itself
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def document(
    cls: type[T],
    roots: Mapping[str, Iterable[Declared]],
    content: bytes,
    file: str,
    *,
    currency: str,
    tax_currency: str,
) -> Read[T]:
    """The record that a document holds, or everything that is wrong with it, each with its line.

    `roots`: what is below each root element; `currency`, `tax_currency`: where BT-5 and BT-6 stand.
    """
    from lxml import etree

    try:
        root = _parsed(content, file)
        items = roots.get(root.tag)
        if items is None:
            known = " or ".join(etree.QName(each).localname for each in roots)
            said = etree.QName(root)
            message = f"is no {known}: its first element is {said.localname} of {said.namespace or 'no namespace'}"
            hint = f'it should be xmlns="{etree.QName(next(iter(roots))).namespace}"'
            raise _unreadable(message, file, line=root.sourceline, hint=hint)
        money = Currencies(text_at(root, currency) or "", text_at(root, tax_currency))
        if not money.document:
            raise _unreadable(
                "has no currency (BT-5)", file, hint=f"add {currency.rsplit(':', maxsplit=1)[-1]}, like EUR"
            )
    except _Unreadable as found:
        return Read(value=None, problems=(found.problem,), where={})
    reading = _Reading(money, file)
    record = reading.record(cls, items, root)
    problems = tuple(reading.problems)
    return Read(value=None if problems else typing.cast("T", record), problems=problems, where={})


def _parsed(content: bytes, file: str) -> Any:
    """The root element. Entities are not resolved, nothing is fetched, and what is huge is refused."""
    from lxml import etree

    if len(content) > LARGEST:
        raise _unreadable(f"is larger than {LARGEST // 1_000_000} MB", file, hint="leave out attachments")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None)
        told = str(error).split(", line ", maxsplit=1)[0]
        hint = "it must be well-formed XML in the encoding that its first line names"
        raise _unreadable(f"is not XML: {told}", file, line=line, hint=hint) from None
    if root.getroottree().docinfo.doctype:
        raise _unreadable("has a document type, which no invoice has", file, hint="remove the line with <!DOCTYPE")
    return root


def _unreadable(message: str, file: str, *, line: int | None = None, hint: str = "") -> _Unreadable:
    told = f"the document {message}"
    return _Unreadable(Problem(rule="broken-xml", message=told, hint=hint, file=file, line=line or None))


def text_at(element: Any, path: str) -> str | None:
    """The text of the first element at a path, or its attribute; None where there is none."""
    steps, attribute = steps_of(path)
    found = element.find("/".join(steps))
    if found is None:
        return None
    return (found.get(attribute) if attribute else _text(found)) or None


def _text(element: Any) -> str:
    return (element.text or "").strip()


@dataclass(frozen=True, slots=True)
class _Reading:
    money: Currencies
    file: str
    whole: dict[str, Any] = dataclasses.field(default_factory=dict)  # what parts say of the document
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def record(self, cls: type[Any], items: Iterable[Declared], root: Any) -> Any:
        values: dict[str, Any] = {}
        self.read(items, root, values)
        return self.built(cls, {**self.whole, **values}, root)

    def read(self, items: Iterable[Declared], element: Any, values: dict[str, Any]) -> None:
        """All that the items find below an element. A field's first value stays; tuples grow."""
        for item in items:
            if isinstance(item, Leaf):
                self.leaf(item, element, values)
            elif isinstance(item, Mark):
                self.mark(item, element)
            elif isinstance(item, Group):
                for child in _selected(element, item):
                    self.read(item.items, child, values)
            elif isinstance(item, Many):
                for child in _selected(element, item):
                    found: dict[str, Any] = {}
                    self.read(item.items, child, found)
                    if found or item.path != ".":
                        made = self.built(item.cls, found, child)
                        values[item.field] = (*values.get(item.field, ()), made)

    def leaf(self, leaf: Leaf, element: Any, values: dict[str, Any]) -> None:
        steps, attribute = steps_of(leaf.path)
        for child in element.iterfind("/".join(steps)):
            text = child.get(attribute, "").strip() if attribute else _text(child)
            if not text or not leaf.codec.takes(child.attrib, self.money):
                continue
            try:
                value = leaf.codec.read(text, child.attrib, self.money)
            except ValueError as error:
                self.problem(f"{child.tag.rpartition('}')[2]}: {error}", child)
                continue
            if leaf.field.startswith("/"):
                self.whole.setdefault(leaf.field[1:], value)
            elif leaf.many:
                values[leaf.field] = (*values.get(leaf.field, ()), value)
            elif leaf.field not in values:
                values[leaf.field] = value

    def mark(self, mark: Mark, element: Any) -> None:
        if mark.text and mark.text.startswith("/") and (text := text_at(element, mark.path)) in mark.takes:
            self.whole.setdefault(mark.text[1:], text)

    def built(self, cls: Any, values: Mapping[str, Any], element: Any, place: str = "") -> Any:
        nested: dict[str, dict[str, Any]] = {}
        given: dict[str, Any] = {}
        for name, value in values.items():
            outer, dot, inner = name.partition(".")
            if dot:
                nested.setdefault(outer, {})[inner] = value
            else:
                given[name] = value
        for outer, members in nested.items():
            given[outer] = self.built(_record_class(cls, outer), members, element, f"{place}{outer} ")
        missing = [f"{place}{name} ({term})" for name, term in _required(cls).items() if name not in given]
        for told in missing:
            self.problem(f"{told} is missing", element)
        return None if missing else cls(**given)

    def problem(self, message: str, element: Any) -> None:
        line = element.sourceline
        self.problems.append(Problem(rule="einvoice-form", message=message, file=self.file, line=line))


def _selected(element: Any, item: Group | Many) -> Iterator[Any]:
    """The elements at a path that the constants fit."""
    found = element.iterfind("/".join(steps_of(item.path)[0])) if item.path != "." else (element,)
    for child in found:
        if all(_fits(child, mark) for mark in item.items if isinstance(mark, Mark)):
            yield child


def _fits(element: Any, mark: Mark) -> bool:
    if not mark.selects:
        return True
    text = text_at(element, mark.path)
    return text not in mark.never if mark.never else text in {mark.text, *mark.takes}


@functools.cache
def _record_class(cls: Any, field: str) -> Any:
    hint = typing.get_type_hints(cls)[field]
    return next((each for each in (hint, *typing.get_args(hint)) if dataclasses.is_dataclass(each)), hint)


@functools.cache
def _required(cls: Any) -> Mapping[str, str]:
    """What a record can't be without: field → its business term."""
    return {
        field.name: next(iter(field.metadata.values())).doc
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
