"""Time that people take back: `/spend -15m` takes from what was stated for the same ticket and day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from git_bill.period import format_duration
from git_bill.problem import Problem
from git_bill.worklog.piece import Piece
from git_bill.worklog.timeline import Precedence


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Pieces without negative minutes, and what was taken back that nobody had stated."""

    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...]


def withdrawn(pieces: Iterable[Piece]) -> Settled:
    """What was stated less what was taken back, the latest first. Never below nothing."""
    listed = list(pieces)
    if all(piece.expected >= 0 for piece in listed):
        return Settled(pieces=tuple(listed), problems=())
    stated: dict[tuple[object, ...], list[int]] = defaultdict(list)  # what it is about → places of the pieces
    for at, piece in enumerate(listed):
        if piece.precedence is Precedence.DIRECTIVE and piece.expected > 0:
            stated[_about(piece)].append(at)
    problems: list[Problem] = []
    for at, piece in enumerate(listed):
        left = -piece.expected
        if left > 0:
            listed[at] = _of(piece, 0)
            for other in reversed(stated[_about(piece)]):
                taken = min(left, listed[other].expected)
                listed[other] = _of(listed[other], listed[other].expected - taken)
                left -= taken
            if left:
                problems.append(_nothing_there(piece, left))
    return Settled(pieces=tuple(listed), problems=tuple(problems))


def _about(piece: Piece) -> tuple[object, ...]:
    group = piece.group
    return group.contributor, group.client, group.project, group.day, group.ticket, group.proven


def _of(piece: Piece, minutes: int) -> Piece:
    return replace(piece, low=minutes, expected=minutes, high=minutes)


def _nothing_there(piece: Piece, minutes: int) -> Problem:
    group = piece.group
    ticket = f" for {group.ticket}" if group.ticket else ""
    told = f"{piece.point.names[0]} takes back {format_duration(minutes)}{ticket}"
    return Problem(
        rule="nothing-to-take-back",
        severity="warning",
        message=f"{told}, which nobody stated on {group.day}",
        hint='name the day that it was stated for, as in "/spend -15m 2026-10-03"; or: git bill edit W-… --minutes 45m',
    )
