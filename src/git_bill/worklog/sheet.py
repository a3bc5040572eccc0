"""A timesheet for the client: what was done on which day, as far as its contract shows it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from git_bill.worklog.entry import Activity, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of work. `minutes`: that it stands for; `estimated`: those of them that nobody confirmed."""

    day: date
    by: str
    project: str
    ticket: str
    activity: Activity
    text: str
    at: tuple[str, ...]
    minutes: int
    estimated: int
    evidence: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry, minutes: int, who: str) -> "Piece":
        """An entry that stands for so many minutes, of a contributor by name."""
        return cls(
            day=entry.day,
            by=who,
            project=entry.project,
            ticket=entry.ticket or "",
            activity=entry.activity,
            text=entry.text,
            at=entry.at,
            minutes=minutes,
            estimated=min(entry.estimated, minutes),
            evidence=entry.evidence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`pieces` by day. `show`: what the contract lets the client see. `number`: of the invoice, "" before it."""

    first: date
    last: date
    pieces: tuple[Piece, ...]
    show: tuple[str, ...]
    number: str = ""

    @property
    def shows_time(self) -> bool:
        """Whether hours stand on it."""
        return "hours" in self.show

    @property
    def minutes(self) -> int:
        """All of it."""
        return sum(piece.minutes for piece in self.pieces)

    @property
    def estimated(self) -> int:
        """What nobody confirmed."""
        return sum(piece.estimated for piece in self.pieces)

    @property
    def people(self) -> tuple[str, ...]:
        """Who worked, by name."""
        return tuple(sorted({piece.by for piece in self.pieces}))


def in_order(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """By day and time of day."""
    return tuple(sorted(pieces, key=lambda p: (p.day, p.at[:1], p.by, p.ticket, p.text)))


def sums(pieces: Iterable[Piece], name: Callable[[Piece], str]) -> Mapping[str, int]:
    """Minutes by what `name` says of a piece, in the order of their first."""
    found: dict[str, int] = {}
    for piece in pieces:
        found[name(piece)] = found.get(name(piece), 0) + piece.minutes
    return found


def of_day(sheet: Sheet) -> Mapping[date, tuple[Piece, ...]]:
    """The pieces of each day."""
    days: dict[date, list[Piece]] = {}
    for piece in sheet.pieces:
        days.setdefault(piece.day, []).append(piece)
    return {day: tuple(some) for day, some in days.items()}
