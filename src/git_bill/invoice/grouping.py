"""Grouping: which work stands on one line, and what the line says to the client."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import partial

from git_bill.contract.agreement import GROUPINGS, Contract, Grouping
from git_bill.invoice.document.locale import date_text
from git_bill.invoice.document.text import showable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.subject import Described, cut, describe, listed, readable
from git_bill.period import Period
from git_bill.worklog.agent import joined
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.told import Title, number_of

_FIELD = re.compile(r"\{(\w+)\}")
_MOST_VALUES = 3  # of one field of a template, where the entries of a line differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry and how many of its minutes are to be billed now. `late`: the period it was too late for."""

    worked: Worked
    minutes: int
    late: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the people and tickets that entries name, and the words and language of the client."""

    names: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, tzinfo] = field(default_factory=dict)
    titles: Mapping[Title, str] = field(default_factory=dict)
    labels: Mapping[Title, tuple[str, ...]] = field(default_factory=dict)
    milestones: Mapping[Title, str] = field(default_factory=dict)
    words: Wording = Wording()
    language: str = "en"

    def zone(self, entry: Entry) -> tzinfo:
        """Where its times of day are; UTC of people who left the settings."""
        return self.zones.get(entry.by, UTC)

    def of_ticket(self, entry: Entry, told: Mapping[Title, str]) -> str:
        """What a tracker tells of an entry's ticket; nothing where it has none."""
        return told.get((entry.project, number_of(entry.ticket)), "") if entry.ticket else ""

    def labels_of(self, entry: Entry) -> tuple[str, ...]:
        """The labels of an entry's ticket."""
        return self.labels.get((entry.project, number_of(entry.ticket)), ()) if entry.ticket else ()

    def activity(self, entry: Entry) -> str:
        """The kind of work in the client's language."""
        return self.words.found(f"activity_{entry.activity}", self.language) or entry.activity.capitalize()

    def week(self, entry: Entry) -> str:
        """The week of the work in the client's language: `Week 41, 2026`."""
        year, week, _ = entry.day.isocalendar()
        said = self.words.found("week", self.language) or "Week {week}, {year}"
        return said.format(week=week, year=year)


def work_of(entry: Entry) -> Hashable:
    """What an entry is about: its ticket (a bare number only within its project), else project and activity."""
    if entry.ticket is None:
        return (entry.project, entry.activity)
    return entry.ticket if entry.ticket[:1].isalpha() else (entry.project, entry.ticket)


def coarser(contract: Contract) -> Contract:
    """The terms of an invoice whose work stands on a timesheet behind it: one line for each activity and project."""
    return replace(contract, group=("activity", "project"), describe=None)


def line_of(entry: Entry, contract: Contract, known: Known) -> Hashable:
    """What entries of one line have in common, beside their price."""
    return tuple(_common(entry, each, known) for each in contract.group)


def _common(entry: Entry, each: Grouping, known: Known) -> Hashable:
    if each == "ticket":
        return work_of(entry)
    if each == "contributor":
        return entry.by
    if each == "week":
        return entry.day.isocalendar()[:2]
    if each == "milestone":
        return known.of_ticket(entry, known.milestones)
    value: Hashable = getattr(entry, each)
    return value


def described(items: Sequence[Item], contract: Contract, known: Known, *, alone: bool) -> Described:
    """What a line says. `alone`: one person did it all, who need not be named."""
    heaviest = sorted(items, key=lambda item: (-item.minutes, item.worked.entry.day, item.worked.id))
    said = _plain(heaviest, contract, known)
    if contract.describe:
        said = replace(said, name=_filled(contract.describe, heaviest, known) or said.name)
    if agents := joined(item.worked.entry.agent for item in heaviest):
        said = replace(said, name=f"{said.name} (AI: {agents})")
    if items[0].late is not None:
        said = replace(said, name=f"{said.name} ({items[0].late})")
    named = "contributor" in contract.group and "ticket" not in contract.group
    if alone or named or "{contributor}" in (contract.describe or ""):
        return said
    people = dict.fromkeys(item.worked.entry.by for item in heaviest)
    return replace(said, name=f"{said.name} ({', '.join(known.names.get(person, person) for person in people)})")


def _plain(heaviest: Sequence[Item], contract: Contract, known: Known) -> Described:
    """By ticket its title, where a tracker tells it, then the texts; else what the entries have in common."""
    entry = heaviest[0].worked.entry
    texts = [item.worked.entry.text for item in heaviest]
    if "ticket" in contract.group:
        title = known.of_ticket(entry, known.titles)
        fallback = known.activity(entry) + (f", {entry.project}" if entry.project else "")
        said = describe((title, *texts) if title else texts, entry.ticket, fallback)
        more = [_shown(entry, each, known) for each in contract.group if each in {"day", "week"}]
        return replace(said, name=", ".join((said.name, *more))) if more else said
    shown = [text for each in contract.group if (text := _shown(entry, each, known))]
    return Described(name=cut(", ".join(shown) or known.activity(entry)), detail=listed(texts))


def _shown(entry: Entry, each: Grouping, known: Known) -> str:
    return {
        "activity": known.activity(entry),
        "contributor": known.names.get(entry.by, entry.by),
        "day": date_text(entry.day, known.language),
        "week": known.week(entry),
        "project": entry.project,
        "milestone": known.of_ticket(entry, known.milestones),
        "ticket": entry.ticket or "",
    }[each]


def _filled(template: str, items: Sequence[Item], known: Known) -> str:
    """A contract's own words, with what is known put in; a name that is none stays as it is.

    Where the entries differ in it, a field is all that they say, the first three of it.
    """
    entries = [item.worked.entry for item in items]
    facts: dict[str, Callable[[Entry], str]] = {
        **{each: partial(_shown, each=each, known=known) for each in GROUPINGS},
        "week": lambda entry: "{1}/{0}".format(*entry.day.isocalendar()),
        "title": lambda entry: known.of_ticket(entry, known.titles) or _text(entry),
        "text": _text,
    }
    words = _FIELD.sub(lambda m: _together(map(facts[m[1]], entries)) if m[1] in facts else m[0], template)
    return cut(showable(readable(words)))


def _text(entry: Entry) -> str:
    return ", ".join(readable(part, entry.ticket) for part in entry.text.split("; "))


def _together(values: Iterable[str]) -> str:
    """Different values, the first three: `Support, Development`."""
    found = list(dict.fromkeys(value for value in values if value))
    return ", ".join((*found[:_MOST_VALUES], *("…" for _ in found[_MOST_VALUES:][:1])))
