"""Rounding of billed time, after grouping. Raw time is kept beside it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from git_bill.contract.terms import Rounding

Group: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Raw minutes of an entry that stand on a line. `work` is the ticket, or what takes its place."""

    entry: str
    day: date
    work: Hashable
    line: Hashable
    minutes: int


def round_minutes(minutes: int, rounding: Rounding) -> int:
    """Minutes to the step; `nearest` takes half a step up, as commercial rounding does. Negative time mirrors."""
    if minutes < 0:
        return -round_minutes(-minutes, rounding)
    step = rounding.to
    if rounding.mode == "up":
        return -(-minutes // step) * step
    if rounding.mode == "down":
        return minutes // step * step
    return (2 * minutes + step) // (2 * step) * step


def group_of(piece: Piece, rounding: Rounding) -> Group:
    """The group that a piece is rounded in, after the contract's `per`."""
    groups: Mapping[str, Group] = {
        "entry": (piece.entry,),
        "ticket": (piece.work,),
        "ticket-day": (piece.work, piece.day),
        "day": (piece.day,),
        "line": (piece.line,),
        "invoice": (),
    }
    return groups[rounding.per]


def billed_minutes(
    pieces: Iterable[Piece], rounding: Rounding, earlier: Iterable[Piece] = ()
) -> Mapping[Hashable, int]:
    """Minutes to bill by line.

    Each group is rounded as a whole; what that adds or takes goes to its line with the most minutes (ties: the one
    with the lowest entry id), so that the others stand as worked. `earlier` pieces were billed before: their group
    is rated again as a whole and what it came to before is taken off, never below zero (law 1b).
    """
    before: dict[Group, int] = defaultdict(int)
    if rounding.per not in {"line", "invoice"}:  # those are of one document
        for piece in earlier:
            before[group_of(piece, rounding)] += piece.minutes
    parts: dict[Group, dict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
    lowest: dict[tuple[Group, Hashable], str] = {}
    for piece in pieces:
        group = group_of(piece, rounding)
        parts[group][piece.line] += piece.minutes
        known = lowest.get((group, piece.line))
        lowest[group, piece.line] = piece.entry if known is None else min(known, piece.entry)
    billed: dict[Hashable, int] = defaultdict(int)
    for group, lines in parts.items():
        worked = sum(lines.values())
        due = round_minutes(before[group] + worked, rounding) - round_minutes(before[group], rounding)
        order = sorted(lines, key=lambda line: (-lines[line], lowest[group, line]))
        for line, minutes in _share(max(0, due) - worked, [(line, lines[line]) for line in order]):
            billed[line] += minutes
    return billed


def _share(difference: int, parts: Iterable[tuple[Hashable, int]]) -> Iterable[tuple[Hashable, int]]:
    """Put a difference on the first part; of a negative one that part can't bear, the rest goes on to the next."""
    for line, minutes in parts:
        taken = max(difference, -minutes)
        difference -= taken
        yield line, minutes + taken
