"""Time that commits state, by the moment that they were made in: each piece of work is counted by its newest word.

Commits of one author second are one commit, rewritten; but some were made in one second, as by a script, and are
`apart`: one reaches the other. That is evidence of its own, for only a clone shows it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo

from git_bill.worklog.day import day_of
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Point
from git_bill.worklog.rewrite import rewritten
from git_bill.worklog.sketch import KNOWN, parse

KIND = "apart"
_Name = tuple[str, str]  # source and key


def apart(record: Evidence, others: Iterable[Evidence]) -> Evidence:
    """The evidence that a commit is other work than some of its own author second."""
    return Evidence(
        key=f"{KIND}:{record.key}",
        kind=KIND,
        source=record.source,
        contributor=record.contributor,
        at=record.at,
        covers=tuple(sorted(other.key for other in others)),
    )


def states(record: Evidence) -> bool:
    """Whether its message states time."""
    return record.minutes is not None or bool(record.spent) or bool(record.squashed)


class Statements:
    """What is stated. `facts`: all evidence; `commits`: those of it that are no rewritings, with what they cover."""

    def __init__(self, facts: Iterable[Evidence], commits: Iterable[Evidence]) -> None:
        records = tuple(facts)
        self._apart: dict[_Name, set[str]] = defaultdict(set)
        for record in (r for r in records if r.kind == KIND):
            own = record.key.removeprefix(f"{KIND}:")
            self._apart[record.source, own].update(record.covers)
            for other in record.covers:
                self._apart[record.source, other].add(own)
        known = {(r.source, r.key): r for r in commits if r.kind == "commit"} if rewritten(records) else {}
        links = {
            (r.source, new): (r.source, old)
            for r in records
            for new, old in rewritten((r,))
            if _is_same((r.source, new), (r.source, old), known)
        }
        self._anew: dict[_Name, Evidence] = {}
        for name in links:
            root, seen = name, {name}
            while root in links and links[root] not in seen:
                root = links[root]
                seen.add(root)
            self._anew[root] = max((r for r in (self._anew.get(root), known[name]) if r and states(r)), key=_made, default=known[root])
        self._anew = {root: record for root, record in self._anew.items() if record is not known[root]}

    def days(self, point: Point, zone: tzinfo) -> Mapping[date, int]:
        """Minutes by day that its author states: those of its own day first, even none, so that nothing is estimated."""
        own = [r for r in (point.said, *point.others) if r.contributor == point.contributor]
        if point.said.contributor != point.contributor:
            return {}
        counted = [self._newest(point.said, own)]
        for record in point.others:
            names = self._apart.get((record.source, record.key), ())
            if names and record.proven == point.said.proven and all(r.key in names for r in (point.said, *counted)):
                counted.append(record)
        stating = [record for record in counted if states(record)]
        if not stating:
            return {}
        days = Counter({day_of(point.minute, zone): sum(_minutes(record) for record in stating)})
        for record in stating:
            for day, minutes in record.spent:
                days[day] += minutes
        return days
