"""Grouping: which work stands on one line, and what the line says to the client."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from git_bill.contract.agreement import GROUPINGS, Contract, Grouping
from git_bill.invoice.document.locale import date_text
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.subject import Described, cut, describe, readable
from git_bill.period import Period
from git_bill.worklog.agent import joined
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.told import Title, number_of

_FIELD = re.compile(r"\{(\w+)\}")


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
    titles: Mapping[Title, str] = field(default_factory=dict)
    labels: Mapping[Title, tuple[str, ...]] = field(default_factory=dict)
    milestones: Mapping[Title, str] = field(default_factory=dict)
    words: Wording = Wording()
    language: str = "en"

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
    entry = heaviest[0].worked.entry
    said = _plain(heaviest, contract, known)
    if contract.describe:
        said = replace(said, name=_filled(contract.describe, entry, said, known))
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
    about = describe(texts, None, "")
    return Described(name=cut(", ".join(shown) or known.activity(entry)), detail=about.name or None)


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


def _filled(template: str, entry: Entry, said: Described, known: Known) -> str:
    """A contract's own words, with what is known put in; a name that is none stays as it is."""
    facts: dict[str, str] = {
        **{each: _shown(entry, each, known) for each in GROUPINGS},
        "title": known.of_ticket(entry, known.titles) or readable(entry.text, entry.ticket),
        "text": readable(entry.text, entry.ticket),
    }
    words = _FIELD.sub(lambda match: facts.get(match[1], match[0]), template)
    return describe([words], None, said.name).name
