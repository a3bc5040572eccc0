"""Amend a draft as a comment asks: lines by their numbers in the review that its writer saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from git_bill.invoice.command import EXAMPLES, Command
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.invoice.part import OWN_REASONS
from git_bill.invoice.quantity import in_minutes, of_minutes
from git_bill.period import format_duration
from git_bill.problem import Problem

_STANDARD = {"HUR": 1, "MIN": 60}  # unit → base quantity of a price of one hour
_LATER = "left for later in review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """The draft after a command, and what was done in a sentence."""

    draft: Draft
    told: str


def amend(draft: Draft, command: Command, *, by: str, place: int | None = None) -> Amended | Problem:
    """Carry out a command that changes a draft. `by`: who asks, for a hold without a reason.

    `place`: the line's number now, where that is another than the one that the review showed.
    """
    if command.verb in {"hold", "release"}:
        return _held(draft, command, by)
    at = (command.line or 0) if place is None else place
    if not 0 < at <= len(draft.lines):
        return no_such_line(draft, command)
    line = draft.lines[at - 1]
    if command.verb == "minutes":
        changed = _set_minutes(line, command)
        if isinstance(changed, Problem):
            return changed
        lines = (*draft.lines[: at - 1], changed, *draft.lines[at:])
        return Amended(draft=replace(draft, lines=lines), told=_told_minutes(line, command))
    if len(draft.lines) == 1:
        hint = "to bill nothing at all, close the pull request"
        return _wrong("last-line", f"line {command.line} is the only one left, and an invoice needs one", hint)
    lines = (*draft.lines[: at - 1], *draft.lines[at:])
    then = "it will not be billed later" if command.verb == "drop" else "it comes back with the next draft"
    return Amended(
        draft=replace(draft, lines=lines, not_billed=_taken_out(draft, line, command, lines)),
        told=f"Line {command.line}, {name_of(line)}, is taken out; {then}.",
    )


def no_such_line(draft: Draft, command: Command) -> Problem:
    """The answer to a number that no line of a draft has."""
    count = "one line" if len(draft.lines) == 1 else f"{len(draft.lines)} lines"
    return _wrong("no-such-line", f"there is no line {command.line}: the draft has {count}", _example(command, 1))


def counterpart(seen: Draft, number: int, now: Draft) -> int | None:
    """The number that a line of a draft has in another version of it: the most shared entries, else an equal line."""
    if not 0 < number <= len(seen.lines):
        return None
    line = seen.lines[number - 1]
    shared = [len(line.entries.keys() & other.entries.keys()) for other in now.lines]
    if any(shared):
        return shared.index(max(shared)) + 1
    return now.lines.index(line) + 1 if not line.entries and line in now.lines else None


def name_of(line: Line) -> str:
    """A line's description, short enough for a sentence."""
    return line.description if len(line.description) <= 60 else line.description[:59].rstrip() + "…"


def _held(draft: Draft, command: Command, by: str) -> Amended | Problem:
    if command.verb == "hold":
        because = command.because or f"{by} asked for it"
        return Amended(draft=replace(draft, hold=because), told=f"It is on hold: {because}.")
    if draft.hold is None and not draft.proposed:
        return not_on_hold()
    declined = " What the client proposed is not done." if draft.proposed else ""
    return Amended(draft=replace(draft, hold=None, proposed=()), told=f"It is no longer on hold.{declined}")


def not_on_hold() -> Problem:
    """The answer to a release of what nothing holds."""
    return _wrong("not-on-hold", "it is not on hold", f"to put it on hold: {EXAMPLES['hold']!r}")


def _taken_out(draft: Draft, line: Line, command: Command, rest: Sequence[Line]) -> Mapping[str, NotBilled]:
    """What the draft lists and does not bill, with the line's entries; those that another line bills too stay there."""
    because = command.because or _LATER
    if because in OWN_REASONS:  # drafting again would take it for its own and judge anew
        because = f"{because}, said in review"
    then: Literal["carry", "waive"] = "waive" if command.verb == "drop" else "carry"
    others = {entry for other in rest for entry in other.entries}
    listed = dict(draft.not_billed)
    for entry, minutes in line.entries.items():
        if entry not in others:
            before = listed[entry].minutes if entry in listed else 0  # the cap had left out a part of it
            listed[entry] = NotBilled(minutes=before + minutes, because=because, then=then)
    return listed


def _set_minutes(line: Line, command: Command) -> Line | Problem:
    """The line with another time at the same price of an hour; marked as set, so that drafting again leaves it."""
    number, before, minutes = command.line, in_minutes(line), command.minutes or 0
    if before is None:
        unit = "days" if line.unit == "DAY" else "pieces"
        message = f"line {number} bills {line.quantity.normalize():f} {unit}, not time"
        return _wrong("no-time-line", message, f"change its quantity in the file, or take it out: {EXAMPLES['drop']!r}")
    if _STANDARD.get(line.unit) != line.base_quantity:
        message = f"line {number} has a price for {line.base_quantity.normalize():f} {line.unit}"
        return _wrong("odd-price", message, "change its quantity in the file")
    most = max(Decimal(sum(line.entries.values())), before)
    if minutes > most and not command.because:
        message = f"line {number} would bill {format_duration(minutes)}, more than its work of {_duration(most)}"
        return _wrong("more-than-entries", message, f"say why: {EXAMPLES['minutes']!r}")
    quantity, unit, base = of_minutes(minutes)
    because = command.because or line.because
    changed = replace(line, quantity=quantity, unit=unit, base_quantity=base, because=because)
    names = ("quantity", "unit", "base_quantity", "because")
    touched = {name for name in names if getattr(changed, name) != getattr(line, name)}
    return replace(changed, set=tuple(sorted({*line.set, *touched, "quantity"})))


def _told_minutes(before: Line, command: Command) -> str:
    old, new = in_minutes(before), format_duration(command.minutes or 0)
    was = f" instead of {_duration(old)}" if old is not None else ""
    return f"Line {command.line}, {name_of(before)}, now bills {new}{was}."


def _duration(minutes: Decimal) -> str:
    return format_duration(int(minutes))


def _example(command: Command, number: int) -> str:
    return f"write it like {EXAMPLES[command.verb].replace(' 3', f' {number}')!r}"


def _wrong(rule: str, message: str, hint: str) -> Problem:
    return Problem(rule=rule, message=message, hint=hint)
