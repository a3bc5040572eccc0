"""The fold: people's corrections over the entries that evidence made. No edit is lost; what can't apply is told."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Any

from git_bill.problem import Problem
from git_bill.worklog.activity import clean, summary
from git_bill.worklog.agent import joined
from git_bill.worklog.day import clock_text, ground
from git_bill.worklog.edit import Edit, Made, Part, Verb
from git_bill.worklog.effort import combined
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.interval import Interval, first_minutes, merged, without
from git_bill.worklog.natural import Natural
from git_bill.worklog.objection import objection

GREW = "more evidence since"
_SETTABLE = ("day", "worker", "minutes", "text", "ticket", "activity", "project")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The entries by id, and problems with edits that could not be applied."""

    worked: Mapping[str, Worked]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """The entries so far, and what the verbs look up."""

    worked: dict[str, Worked]
    natural: Mapping[str, Natural]
    zones: Mapping[str, tzinfo]


def fold(
    natural: Mapping[str, Natural],
    edits: Iterable[Made],
    *,
    billed: Mapping[str, tuple[str, date]],
    clients: Collection[str],
    zones: Mapping[str, tzinfo],
) -> Folded:
    """Apply edits in the order they were made (by instant, then id). `billed`: entry → number and issue date.

    A person's values stay whatever evidence comes later; evidence that came after them is flagged, not counted.
    """
    state = _State({entry: n.worked for entry, n in natural.items()}, natural, zones)
    problems: list[Problem] = []
    for made in sorted(edits, key=lambda item: (item[2].at, item[1])):
        problem = objection(made, state.worked, billed, clients)
        if problem is not None:
            problems.append(problem)
        else:
            _VERBS[made[2].do](state, made[2])
    return Folded(worked=dict(sorted(state.worked.items())), problems=tuple(problems))


def _add(state: _State, edit: Edit) -> None:
    """The entry is there already, as a claim that won its minutes."""
    entry = state.worked[edit.entry].entry
    _put(state, edit.entry, replace(entry, set=_named(edit)))


def _confirm(state: _State, edit: Edit) -> None:
    entry = _revived(state, edit)
    minutes = entry.minutes if edit.minutes is None else edit.minutes
    _put(state, edit.entry, _grown(state, edit, _exactly(entry, minutes, state.zones)))


def _set(state: _State, edit: Edit) -> None:
    entry = state.worked[edit.entry].entry if edit.minutes is None else _revived(state, edit)
    values: dict[str, Any] = {
        "by": edit.worker,
        "day": edit.day,
        "project": edit.project,
        "activity": edit.activity,
        "text": None if edit.text is None else clean(edit.text),
    }
    changed = replace(entry, **{name: value for name, value in values.items() if value is not None})
    if edit.ticket is not None:
        changed = replace(changed, ticket=edit.ticket or None)
    if (changed.day, changed.by) != (entry.day, entry.by) and edit.entry not in state.natural:
        changed = replace(changed, at=())
    if edit.minutes is not None:
        changed = _grown(state, edit, _exactly(changed, edit.minutes, state.zones))
    named = dict.fromkeys((*entry.set, *_named(edit)))
    _put(state, edit.entry, replace(changed, set=tuple(named)))


def _drop(state: _State, edit: Edit) -> None:
    entry = state.worked[edit.entry].entry
    _put(state, edit.entry, _grown(state, edit, _gone(entry)))


def _split(state: _State, edit: Edit) -> None:
    source = state.worked[edit.entry]
    entry = source.entry
    left = _intervals(entry, state.zones)
    for part in edit.parts:
        mine = first_minutes(left, part.minutes)
        left = tuple(rest for interval in left for rest in without(interval, mine))
        state.worked[part.id] = replace(source, id=part.id, entry=_part(entry, part, mine, state.zones))
    _put(state, edit.entry, _gone(entry, "split"))


def _part(entry: Entry, part: Part, mine: tuple[Interval, ...], zones: Mapping[str, tzinfo]) -> Entry:
    return replace(
        entry,
        minutes=part.minutes,
        range=(),
        stated=0,
        at=_at(mine, entry, zones),
        text=entry.text if part.text is None else clean(part.text),
        ticket=entry.ticket if part.ticket is None else part.ticket or None,
        activity=part.activity or entry.activity,
        state="confirmed",
        set=("minutes",),
        model=None,
        flags=(),
    )


def _merge(state: _State, edit: Edit) -> None:
    """Intervals of other days than the target's are left out: a time of day would be wrong there."""
    entries = [state.worked[entry].entry for entry in edit.subjects]
    target = entries[0]
    low, minutes, high = combined((e.low, e.minutes, e.high) for e in entries)
    states = {e.state for e in entries if e.state != "dropped"}
    together = [i for e in entries if e.day == target.day for i in _intervals(e, state.zones)]
    whole = replace(
        target,
        minutes=minutes,
        range=() if low == minutes == high else (low, high),
        stated=sum(e.stated if e.model else e.minutes for e in entries) if any(e.model for e in entries) else 0,
        at=_at(merged(together), target, state.zones),
        text=clean(edit.text) if edit.text else summary(e.text for e in entries),
        agent=joined(e.agent for e in entries),
        state=next((s for s in ("unproven", "estimated", "confirmed") if s in states), target.state),
        merged=tuple(dict.fromkeys((*target.merged, *edit.subjects[1:]))),
    )
    for entry in edit.subjects[1:]:
        _put(state, entry, _gone(state.worked[entry].entry, "merged"))
    _put(state, edit.entry, whole)


def _move(state: _State, edit: Edit) -> None:
    worked = state.worked[edit.entry]
    entry = worked.entry
    if edit.project is not None:
        entry = replace(entry, project=edit.project)
    named = tuple(dict.fromkeys((*entry.set, "client", *_named(edit))))
    state.worked[edit.entry] = replace(worked, client=edit.to or worked.client, entry=replace(entry, set=named))


_VERBS: Mapping[Verb, Callable[[_State, Edit], None]] = {
    "add": _add,
    "confirm": _confirm,
    "set": _set,
    "drop": _drop,
    "split": _split,
    "merge": _merge,
    "move": _move,
}


def _put(state: _State, entry_id: str, entry: Entry) -> None:
    state.worked[entry_id] = replace(state.worked[entry_id], entry=entry)


def _revived(state: _State, edit: Edit) -> Entry:
    """The entry; one that was dropped before as its evidence makes it."""
    entry = state.worked[edit.entry].entry
    if entry.state != "dropped" or edit.entry not in state.natural:
        return replace(entry, flags=tuple(flag for flag in entry.flags if flag != "dropped"))
    return replace(state.natural[edit.entry].worked.entry, set=entry.set)


def _named(edit: Edit) -> tuple[str, ...]:
    """The entry's fields that an edit gives, in the order of the entry."""
    given = [name for name in _SETTABLE if getattr(edit, name) is not None]
    return tuple("by" if name == "worker" else name for name in given)


def _exactly(entry: Entry, minutes: int, zones: Mapping[str, tzinfo]) -> Entry:
    """A person's minutes: no range any more, and no more intervals than minutes."""
    at = _at(first_minutes(_intervals(entry, zones), minutes), entry, zones)
    return replace(entry, minutes=minutes, range=(), stated=0, at=at, state="confirmed", model=None)


def _gone(entry: Entry, why: str = "dropped") -> Entry:
    return replace(entry, minutes=0, range=(), stated=0, at=(), state="dropped", model=None, flags=(why,))


def _grown(state: _State, edit: Edit, entry: Entry) -> Entry:
    """The flag that evidence has come since a person decided."""
    natural = state.natural.get(edit.entry)
    flags = tuple(flag for flag in entry.flags if flag != GREW)
    if natural is None or natural.latest is None:
        return replace(entry, flags=flags)
    facts = len(natural.worked.entry.evidence)
    later = natural.latest > edit.at.timestamp() or (edit.facts is not None and facts > edit.facts)
    return replace(entry, flags=(*flags, GREW) if later else flags)


def _intervals(entry: Entry, zones: Mapping[str, tzinfo]) -> tuple[Interval, ...]:
    return ground(entry.at, entry.day, zones[entry.by])


def _at(intervals: Iterable[Interval], entry: Entry, zones: Mapping[str, tzinfo]) -> tuple[str, ...]:
    return tuple(clock_text(interval, zones[entry.by]) for interval in intervals)
