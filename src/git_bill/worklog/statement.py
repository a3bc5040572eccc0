"""Time that commits state, by the moment that they were made in: each piece of work is counted by its newest word.

Commits of one author second are one commit, rewritten; but some were made in one second, as by a script, and are
`apart`: one reaches the other. That is evidence of its own, for only a clone shows it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo

from git_bill.worklog import rewrite
from git_bill.worklog.day import day_of
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Point
from git_bill.worklog.sketch import KNOWN, parse

KIND = "apart"
_PREFIX = f"{KIND}:"
_Name = tuple[str, str]  # source and key


def apart(record: Evidence, others: Iterable[Evidence]) -> Evidence:
    """The evidence that a commit is other work than some of its own author second."""
    return Evidence(
        key=_PREFIX + record.key,
        kind=KIND,
        source=record.source,
        contributor=record.contributor,
        at=record.at,
        covers=tuple(sorted(other.key for other in others)),
    )


def states(record: Evidence) -> bool:
    """Whether its message states time."""
    return record.minutes is not None or bool(record.spent) or record.squashed != 0


class Statements:
    """What counts of all that is stated. `facts`: all evidence; `commits`: the same as `rewrite.traced` has it."""

    def __init__(self, facts: Iterable[Evidence], commits: Iterable[Evidence]) -> None:
        told = [record for record in facts if record.kind in {KIND, rewrite.KIND}]
        self._apart: dict[_Name, set[str]] = defaultdict(set)
        for record in told:
            if record.kind == KIND:
                own = record.key.removeprefix(_PREFIX)
                self._apart[record.source, own].update(record.covers)
                for other in record.covers:
                    self._apart[record.source, other].add(own)
        rewritings = [record for record in told if record.kind == rewrite.KIND and len(record.covers) == 1]
        self._anew = _anew(rewritings, commits) if rewritings else {}
        self._heard = {_name(record) for record in self._anew.values()}

    def days(self, point: Point, zone: tzinfo) -> Mapping[date, int]:
        """Minutes by day that its author states: those of its own day first, even none, for nothing is estimated."""
        words = [word for record in self.counted(point) if states(word := self._word(record, point))]
        if not words or point.contributor != point.said.contributor:
            return {}
        days = Counter({day_of(point.minute, zone): sum((w.minutes or 0) + w.squashed for w in words)})
        for word in words:
            for day, minutes in word.spent:
                days[day] += minutes
        return days

    def counted(self, point: Point) -> tuple[Evidence, ...]:
        """The latest rewriting, and of what was made in its second the other work, as far as it is proven alike."""
        found = [point.said]
        for record in point.others:
            alike = (record.contributor, record.proven) == (point.said.contributor, point.said.proven)
            if alike and all(self._are_apart(record, each) for each in found):
                found.append(record)
        return tuple(found)

    def is_heard(self, record: Evidence) -> bool:
        """Whether the time that a repetition states counts, as the newest word on what it repeats."""
        return _name(record) in self._heard

    def _word(self, record: Evidence, point: Point) -> Evidence:
        """What says how long a piece of work took. Of a squash its first commit, where that is on file, as the rest."""
        same = [each for each in (point.said, *point.others) if not self._are_apart(record, each)]
        newer = [self._anew[name] for name in map(_name, same) if name in self._anew]
        newest = max((record, *newer), key=_made)
        originals = [each for each in same if not each.squashed]
        return originals[0] if newest.squashed and originals else newest

    def _are_apart(self, one: Evidence, two: Evidence) -> bool:
        return two.source == one.source and two.key in self._apart.get(_name(one), ())


def _anew(rewritings: Iterable[Evidence], commits: Iterable[Evidence]) -> Mapping[_Name, Evidence]:
    """Commit → the newest that it was made again as at another time, of those that state time."""
    known = {_name(record): record for record in commits}
    origins: dict[_Name, _Name] = {}
    for record in rewritings:
        new, old = ((record.source, key) for key in (record.key.removeprefix(f"{rewrite.KIND}:"), *record.covers))
        if new in known and old in known and _is_again(known[new], known[old]):
            origins[new] = old
    moments: dict[tuple[str, datetime], list[Evidence]] = defaultdict(list)  # it may have been amended once more
    for record in known.values():
        moments[record.contributor, record.at].append(record)
    found: dict[_Name, Evidence] = {}
    for new in origins:
        first, passed = new, set[_Name]()
        while first in origins and first not in passed:
            passed.add(first)
            first = origins[first]
        for word in moments[known[new].contributor, known[new].at]:
            if states(word) and _is_whole(word, known[first]):
                found[first] = max(found.get(first, word), word, key=_made)
    return found


def _is_again(new: Evidence, old: Evidence) -> bool:
    """Whether a person made one anew of another."""
    return old.key in new.covers and old.contributor == new.contributor and _is_whole(new, old)


def _is_whole(new: Evidence, old: Evidence) -> bool:
    """Whether one is the whole of another: the last part of one that was split says nothing of the rest."""
    has_all = old.patch == new.patch or parse(old.sketch).known([parse(new.sketch)]) >= KNOWN
    return has_all and old.proven <= new.proven


def _name(record: Evidence) -> _Name:
    return record.source, record.key


def _made(record: Evidence) -> tuple[datetime, str]:
    return record.as_of, record.key
