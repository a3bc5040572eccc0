"""Which entries a person means: ids, any unique beginning of one, or what they have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from git_bill.period import Period, format_duration
from git_bill.problem import Problem, nearest
from git_bill.worklog.entry import Worked

SHORTEST = 4  # characters of an id that are always shown
_LISTED = 8  # candidates that an ambiguous beginning is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What entries have in common; what is left out fits all. Tickets are compared without case."""

    client: str | None = None
    period: Period | None = None
    by: str | None = None
    ticket: str | None = None
    project: str | None = None

    def fits(self, item: Worked) -> bool:
        """Whether an entry is one of those."""
        entry = item.entry
        return (
            self.client in {None, item.client}
            and (self.period is None or entry.day in self.period)
            and self.by in {None, entry.by}
            and (self.ticket is None or (entry.ticket or "").lower() == self.ticket.lower())
            and self.project in {None, entry.project}
        )


ANY = Query()


def named(words: Iterable[str], worked: Sequence[Worked]) -> tuple[tuple[Worked, ...], tuple[Problem, ...]]:
    """The entries that ids or beginnings of ids (with or without `W-`) name, each once, and what names none or many."""
    by_id = {item.id: item for item in worked}
    found: dict[str, Worked] = {}
    problems: list[Problem] = []
    for word in words:
        start = "W-" + word.lower().removeprefix("w-")
        fitting = [start] if start in by_id else [known for known in by_id if known.startswith(start)]
        if len(fitting) == 1:
            found[fitting[0]] = by_id[fitting[0]]
        elif fitting and start != "W-":
            problems.append(_ambiguous(word, [by_id[known] for known in sorted(fitting)]))
        else:
            problems.append(_unknown(word, start, by_id))
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


def _ambiguous(word: str, fitting: Sequence[Worked]) -> Problem:
    lines = [
        f"{item.id}  {item.entry.day}  {format_duration(item.entry.minutes)}  {item.entry.text}".rstrip()
        for item in fitting[:_LISTED]
    ]
    more = [f"and {len(fitting) - _LISTED} more"] if len(fitting) > _LISTED else []
    return Problem(
        rule="ambiguous-entry",
        message=f"{word!r} is the beginning of {len(fitting)} entries",
        hint="\n".join(["write more of the id:", *lines, *more]),
    )


def _unknown(word: str, start: str, ids: Iterable[str]) -> Problem:
    beginnings = {known[: max(len(start), len("W-") + SHORTEST)]: known for known in ids}
    near = nearest(start, beginnings)
    return Problem(
        rule="unknown-entry",
        message=f"there is no entry {word!r}",
        hint=f"did you mean {beginnings[near]}?" if near else "see the ids with: git bill log",
    )
