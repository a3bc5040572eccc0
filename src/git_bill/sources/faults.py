"""What can't be read of files: the first of a kind are told, the others counted. A bad file is one thing to mend."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from git_bill.problem import Problem

T = TypeVar("T")

_TOLD = 5  # of one file
_FILES = 5  # of one source
_HOPELESS = 1000  # faults of a file of which they are more than half


class Faults:
    """Collects what is wrong with one file while it is read. `hopeless`: it is no such file, nothing of it counts."""

    def __init__(self) -> None:
        self._told: list[Problem] = []
        self._count = 0
        self.hopeless = False

    def append(self, problem: Problem) -> None:
        """Keeps the first few."""
        self._count += 1
        if len(self._told) < _TOLD:
            self._told.append(problem)

    def watched(self, things: Iterable[T]) -> Iterator[T]:
        """The lines or records of the file, until it is clear that it is no such file."""
        for number, thing in enumerate(things):
            if self._count > _HOPELESS and self._count * 2 > number:
                self.hopeless = True
                return
            yield thing

    def __iter__(self) -> Iterator[Problem]:
        """What a person is told."""
        if self.hopeless:
            first = self._told[0]
            message = f"hardly anything of it can be read, so nothing of it is counted: {first.message}"
            yield replace(first, severity="error", message=message)
        else:
            yield from self._told
            if self._count > len(self._told):
                yield _more(self._told[-1], self._count - len(self._told))


def few(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The first of each kind and file with the number of the others, and of many such files the first."""
    found: dict[tuple[str, str], dict[str | None, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        found[problem.rule, problem.severity][problem.file].append(problem)
    told: list[Problem] = []
    for files in found.values():
        for same in list(files.values())[:_FILES]:
            kept = same[: _TOLD + 1]  # one more is as long as saying so
            more = len(same) - len(kept)
            told += [*kept[:_TOLD], _more(kept[_TOLD], more + 1)] if more else kept
        if len(files) > _FILES:
            told.append(_more(told[-1], len(files) - _FILES, "more files like it"))
    return tuple(told)


def _more(like: Problem, count: int, what: str = "more like it") -> Problem:
    return replace(like, message=f"and {count:,} {what}", hint="mend the first of them, and collect again", line=None)
