"""Which entries a person means: ids, any unique beginning of one, or what they have in common."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol, TypeVar

from git_bill.period import Period, format_duration
from git_bill.problem import Problem, nearest
from git_bill.worklog.entry import Worked

T = TypeVar("T")
SHORTEST = 4  # characters of an id that are always shown
_LISTED = 8  # candidates that an ambiguous beginning is told


class Dated(Protocol):
    """What was done or paid on a day, by somebody, for something."""

    @property
    def day(self) -> date: ...
    @property
    def by(self) -> str: ...
    @property
    def ticket(self) -> str | None: ...
    @property
    def project(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What entries have in common; what is left out fits all. Tickets are compared without case."""

    client: str | None = None
    period: Period | None = None
    by: str | None = None
    ticket: str | None = None
    project: str | None = None

    def fits(self, client: str, of: Dated) -> bool:
        """Whether an entry, or an expense, for a client is one of those."""
        return (
            self.client in {None, client}
            and (self.period is None or of.day in self.period)
            and self.by in {None, of.by}
            and (self.ticket is None or (of.ticket or "").lower() == self.ticket.lower())
            and self.project in {None, of.project}
        )


ANY = Query()


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """What ids are of: how each begins, and the words for one and for several."""

    prefix: str
    one: str
    many: str


ENTRY = Noun(prefix="W-", one="entry", many="entries")


def named(words: Iterable[str], worked: Sequence[Worked]) -> tuple[tuple[Worked, ...], tuple[Problem, ...]]:
    """The entries that ids or beginnings of ids (with or without `W-`) name, each once, and what names none or many."""
    return meant(words, {item.id: item for item in worked}, ENTRY, _line)


def meant(
    words: Iterable[str], by_id: Mapping[str, T], noun: Noun, line: Callable[[T], str]
) -> tuple[tuple[T, ...], tuple[Problem, ...]]:
    """What ids or their beginnings name, each once, and what names none or many; `line` tells one from another."""
    found: dict[str, T] = {}
    problems: list[Problem] = []
    for word in words:
        start = noun.prefix + word.lower().removeprefix(noun.prefix.lower())
        fitting = [start] if start in by_id else [known for known in by_id if known.startswith(start)]
        if len(fitting) == 1:
            found[fitting[0]] = by_id[fitting[0]]
        elif fitting and start != noun.prefix:
            lines = [f"{known}  {line(by_id[known])}".rstrip() for known in sorted(fitting)]
            problems.append(_ambiguous(word, noun, lines))
        else:
            problems.append(_unknown(word, start, noun, by_id))
    return tuple(found.values()), tuple(problems)


def short_ids(ids: Iterable[str]) -> Mapping[str, str]:
    """Each id → its shortest beginning that no other id shares, at least `W-` and four characters."""
    ordered = sorted(ids)
    least = len("W-") + SHORTEST
    lengths = dict.fromkeys(ordered, least)
    for one, other in pairwise(ordered):
        needed = _shared(one, other) + 1
        lengths[one], lengths[other] = max(lengths[one], needed), max(lengths[other], needed)
    return {known: known[:length] for known, length in lengths.items()}


def _shared(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _line(item: Worked) -> str:
    return f"{item.entry.day}  {format_duration(item.entry.minutes)}  {item.entry.text}"


def _ambiguous(word: str, noun: Noun, lines: Sequence[str]) -> Problem:
    more = [f"and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else []
    return Problem(
        rule=f"ambiguous-{noun.one}",
        message=f"{word!r} is the beginning of {len(lines)} {noun.many}",
        hint="\n".join(["write more of the id:", *lines[:_LISTED], *more]),
    )


def _unknown(word: str, start: str, noun: Noun, ids: Iterable[str]) -> Problem:
    beginnings = {known[: max(len(start), len(noun.prefix) + SHORTEST)]: known for known in ids}
    near = nearest(start, beginnings)
    return Problem(
        rule=f"unknown-{noun.one}",
        message=f"there is no {noun.one} {word!r}",
        hint=f"did you mean {beginnings[near]}?" if near else "see the ids with: git bill log",
    )
