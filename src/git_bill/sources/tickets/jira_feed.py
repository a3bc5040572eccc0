"""Jira's XML export: an RSS feed with an `<item>` for each issue. It tells no logs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from xml.parsers import expat

from git_bill.forge import Ticket
from git_bill.sources.faults import Faults
from git_bill.sources.tickets.issue import Export, Issue, is_closed, key
from git_bill.sources.timers.timed import wrong

_EXAMPLE = '<rss><channel><item><key id="1">WEB-12</key><summary>Checkout</summary></item></channel></rss>'
_TEXTS = frozenset({"key", "summary", "status", "label", "fixVersion", "updated", "resolved"})
_FACTS = {"project": "key", "statusCategory": "key", "timeoriginalestimate": "seconds"}  # element → attribute
_MOST = 200_000  # issues of a file
_LONGEST = 100_000  # characters of a text: a description is none of them


@dataclass(slots=True)
class _Item:
    """An issue while it is read: texts by element, and attributes by element."""

    line: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)


class _Feed:
    """Collects the items of a feed. A document type, which could make much of little, is refused."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self._item: _Item | None = None
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._said
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, text: str) -> None:
        """Raises ExpatError, or ValueError at a document type."""
        self._parser.Parse(text, True)

    def _refuse(self, *_: object) -> None:
        raise ValueError("it has a document type, which Jira writes none of")

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._path.append(name)
        if len(self.items) >= _MOST:
            raise ValueError(f"it holds more than {_MOST:,} issues")
        if name == "item" and self._item is None:
            self._item = _Item(self._parser.CurrentLineNumber)
        elif self._item is not None and "customfields" not in self._path and "comments" not in self._path:
            if name in _FACTS and (value := attributes.get(_FACTS[name])) is not None:
                self._item.facts.setdefault(name, value)
            if name in _TEXTS:
                self._text = []

    def _said(self, text: str) -> None:
        if self._text is not None and sum(map(len, self._text)) < _LONGEST:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._path.pop()
        if self._item is not None and self._text is not None and name in _TEXTS:
            self._item.texts.setdefault(name, []).append("".join(self._text).strip())
            self._text = None
        if name == "item" and self._item is not None and "item" not in self._path:
            self.items.append(self._item)
            self._item = None


def read(text: str, file: str, zone: tzinfo) -> Export:
    """Issues. What is no XML any more ends the file: what came before it counts."""
    feed = _Feed()
    faults = Faults()
    try:
        feed.read(text.removeprefix("\ufeff").encode("utf-8", "replace").decode("utf-8").lstrip())
    except expat.ExpatError as error:
        faults.append(wrong(file, error.lineno, f"this is no XML: {error}", _EXAMPLE, error=not feed.items))
    except ValueError as error:
        return Export(problems=(wrong(file, 1, f"this is no export of Jira: {error}", _EXAMPLE, error=True),))
    if not feed.items and not any(faults):
        return Export(problems=(wrong(file, 1, "this is no export of Jira: it has no item", _EXAMPLE, error=True),))
    issues: list[Issue] = []
    for item in faults.watched(feed.items):
        try:
            issues.append(_issue(item))
        except ValueError as error:
            faults.append(wrong(file, item.line, f"an issue can't be read: {error}", _EXAMPLE))
    return Export(issues=() if faults.hopeless else tuple(issues), problems=tuple(faults))


def _issue(item: _Item) -> Issue:
    def one(name: str) -> str:
        return next(iter(item.texts.get(name, ())), "")

    category, estimate = item.facts.get("statusCategory"), item.facts.get("timeoriginalestimate", "")
    closed = category == "done" if category else bool(one("resolved")) or is_closed(one("status"))
    ticket = Ticket(
        key=key(one("key")),
        title=one("summary"),
        url="",
        state="closed" if closed else "open",
        labels=tuple(item.texts.get("label", ())),
        milestone=one("fixVersion") or None,
        estimate=int(estimate) // 60 or None if re.fullmatch(r"[0-9]{1,9}", estimate) else None,
    )
    return Issue(ticket=ticket, project=item.facts.get("project", ""), changed=_changed(one("updated")))


def _changed(text: str) -> datetime | None:
    """`Mon, 5 Oct 2026 09:10:00 +0200`"""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else None
