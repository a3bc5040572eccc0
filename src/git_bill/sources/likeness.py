"""Which new commits have lines that others made before, elsewhere in history: law 2 where no patch is equal.

A squash with a conflict solved, a commit split in two, an amended one with a line more: most of their lines are known.
Sketches tell it, so the others need not be in the clone any more. What an ancestor of a commit has is no sign of
repetition: who moves code writes lines that are there already.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from git_bill.ports import Graph
from git_bill.sources.ancestry import Ancestry, Reach
from git_bill.sources.commit import commit_of
from git_bill.sources.tips import OPEN
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import BY_GIT
from git_bill.worklog.sketch import KNOWN, PARTLY, Sketch, parse

SMALL = 5  # changed lines below which the same change may well be made twice
SOON = timedelta(days=1)
_COMMON = 64  # commits that have a line, from which on it says nothing
_FEW = 3  # lines in common that are no chance any more

_FORGE_NUMBER = re.compile(r"\s*\([#!]\d+\)$")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Where a commit's lines are from. `whole`: it is these commits made again; else a good part of it is new."""

    origins: tuple[Evidence, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Origin:
    """Evidence, its lines in common, and when it was last made, again or in part."""

    evidence: Evidence
    lines: set[int]
    last: datetime


@dataclass(slots=True)
class _Kin:
    """Commits that are one piece of work, with their sketches, and when it was made last."""

    sketches: dict[str, Sketch]
    last: datetime


class Lines:
    """The lines of the evidence that was noted, and who has them. `coming`: what will be noted, too."""

    def __init__(self, graph: Graph, ancestry: Ancestry, coming: Sequence[Evidence] = ()) -> None:
        self._graph, self._ancestry = graph, ancestry
        self._coming = coming
        self._bringers: dict[int, list[Evidence]] = defaultdict(list)  # by line, of what is coming
        self._holders: dict[int, list[Evidence]] = defaultdict(list)
        self._sketches: dict[str, Sketch] = {}
        self._kin: dict[object, _Kin] = {}  # by moment, and by the key of what they cover

    def note(self, record: Evidence, covers: Iterable[str] = ()) -> None:
        """Take note of evidence and of what it covers."""
        sketch = self._sketches[record.key] = parse(record.sketch)
        made = record.as_of
        for name in (_moment(record), *covers):
            kin = self._kin.setdefault(name, _Kin({}, made))
            kin.sketches[commit_of(record.key)] = sketch
            kin.last = max(kin.last, made)
        for line in sketch.lines:
            self._holders[line].append(record)

    def likeness(self, record: Evidence) -> Likeness | None:
        """What a commit has in common with what was noted; None for nothing that tells."""
        if not record.sketch:
            return None
        sketch = parse(record.sketch)
        shared, common = self._shared(record, sketch)
        lines = sketch.telling - common
        commit = commit_of(record.key)
        found = {
            key: some
            for key, (holder, some) in shared.items()
            if self._is_origin(key, some, lines, sketch) and not self._ancestry.reaches(commit_of(holder.key), commit)
        }
        if not found:
            return None
        limit = min(self._sketches[key].limit for key in found)
        comparable = frozenset(line for line in lines if line < limit) or lines
        origins = [_Origin(shared[key][0], some, self._last(shared[key][0])) for key, some in found.items()]
        if len(comparable & frozenset().union(*found.values())) < PARTLY * len(comparable):
            return None
        judged = _judged if len(comparable) >= SMALL else self._judged_small
        return judged(record, comparable, origins)

    def _judged_small(self, record: Evidence, lines: frozenset[int], origins: Sequence[_Origin]) -> Likeness | None:
        """So few lines may well be written twice: it tells when, in which words, and what became of their origin."""
        telling = parse(record.sketch).telling
        soon = [origin for origin in origins if abs(record.at - origin.last) <= SOON]
        own = [origin for origin in origins if _is_of(origin.evidence, record.contributor)]
        all_from = [o for o in own if self._has_all(o.evidence, telling)]
        same = [o for o in own if lines <= o.lines and (o in soon or told(record) == told(o.evidence))]
        same += [o for o in all_from if self._is_gone(o.evidence, telling) or self._is_split(record, o.evidence)]
        if same:
            return Likeness((same[0].evidence,), whole=True)
        return Likeness(tuple(o.evidence for o in origins), whole=False) if soon or all_from else None

    def _shared(self, record: Evidence, sketch: Sketch) -> tuple[Mapping[str, tuple[Evidence, set[int]]], set[int]]:
        """Others with the lines in common, but for those that an ancestor has; and the lines that tell nothing.

        Lines of an ancestor do where they are most of a commit: then it moves them.
        """
        moment = _moment(record)
        held = {  # no more than tells that it is common: some lines stand everywhere
            line: list(islice((h for h in self._holders.get(line, ()) if _moment(h) != moment), _COMMON + 1))
            for line in sketch.telling
        }
        if not any(held.values()):
            return {}, set()
        reach = self._reach(commit_of(record.key))
        shared: dict[str, tuple[Evidence, set[int]]] = {}
        common = {line for line, holders in held.items() if len(holders) > _COMMON}
        moved: set[int] = set()
        for line in held.keys() - common:
            holders = held[line]
            if any(self._is_within(line, holder, reach) for holder in holders):
                holders = [holder for holder in holders if self._is_redone(holder, reach)]
                if not holders:
                    moved.add(line)
            for holder in holders:
                shared.setdefault(holder.key, (holder, set()))[1].add(line)
        return shared, common if 2 * len(moved) > len(sketch.telling) else common | moved

    def _reach(self, commit: str) -> Reach:
        return self._ancestry.reach(commit, self._graph[commit].second - 4 * OPEN)

    def _is_within(self, line: int, holder: Evidence, reach: Reach) -> bool:
        """Whether a history has the line: from that commit, or from a big one that is the same work."""
        return commit_of(holder.key) in reach or any(same.limit <= line for same in self._same(holder, reach))

    def _same(self, record: Evidence, among: Reach | Graph) -> Iterator[Sketch]:
        """Of the commits that are the same work as another one, the sketches of those that are among some."""
        kin = (self._kin[name].sketches for name in (_moment(record), record.key) if name in self._kin)
        return (sketch for sketches in kin for commit, sketch in sketches.items() if commit in among)

    def _is_redone(self, holder: Evidence, reach: Reach) -> bool:
        """Whether a commit elsewhere made lines again that a history has: it is the revert of a revert."""
        return holder.text.startswith(BY_GIT) and not any(c in reach for c in self._kin[_moment(holder)].sketches)

    def _last(self, record: Evidence) -> datetime:
        return max(self._kin[name].last for name in (_moment(record), record.key) if name in self._kin)

    def _has_all(self, origin: Evidence, telling: frozenset[int]) -> bool:
        """Whether an origin has all lines that tell what a change is, as far as its sketch tells."""
        whole = self._sketches[origin.key]
        comparable = {line for line in telling if line < whole.limit}
        return bool(comparable) and comparable <= whole.lines

    def _is_gone(self, origin: Evidence, telling: frozenset[int]) -> bool:
        """Whether a clone shows lines of an origin nowhere else: it was rewritten."""
        same = self._same(origin, self._graph)
        return not any(line in s.lines or line >= s.limit for s in same for line in telling)

    def _is_split(self, record: Evidence, origin: Evidence) -> bool:
        """Whether a commit and others that have lines of an origin alone are all of it."""
        whole = self._sketches[origin.key]
        parts = {
            each.key: parse(each.sketch)
            for each in self._sharing(whole.telling)
            if _is_of(each, record.contributor)
            and _moment(each) not in {_moment(record), _moment(origin)}
            and not self._ancestry.reaches(commit_of(origin.key), commit_of(each.key))
        }
        own = [p for p in parts.values() if self._has_all(origin, p.telling) and not whole.telling <= p.telling]
        return bool(own) and whole.known((parse(record.sketch), *own)) >= KNOWN

    def _sharing(self, lines: frozenset[int]) -> Iterator[Evidence]:
        """What has one of these lines, noted or coming; a line that many have tells nothing."""
        if not self._bringers:  # seldom asked for
            for record in self._coming:
                for line in parse(record.sketch).lines:
                    self._bringers[line].append(record)
        for line in lines:
            found = (*self._holders.get(line, ()), *self._bringers.get(line, ()))
            yield from found if len(found) <= _COMMON else ()

    def _is_origin(self, key: str, some: set[int], lines: frozenset[int], sketch: Sketch) -> bool:
        """Whether the lines in common are a good part of one of the two, as far as both sketches tell."""
        other = self._sketches[key]
        mine = sum(line < other.limit for line in lines)
        theirs = sum(line < sketch.limit for line in other.like(lines))
        return (len(some) >= max(_FEW, PARTLY * min(mine, theirs))) or len(some) >= min(KNOWN * theirs, mine)


def _judged(record: Evidence, lines: frozenset[int], origins: Sequence[_Origin]) -> Likeness:
    """What a share of known lines means. Another person's lines alone are no repetition of one's own work."""
    share = len(lines & frozenset().union(*(origin.lines for origin in origins))) / len(lines)
    own = any(_is_of(origin.evidence, record.contributor) for origin in origins)
    return Likeness(tuple(origin.evidence for origin in origins), whole=own and share >= KNOWN)


def _is_of(record: Evidence, contributor: str) -> bool:
    return contributor in {record.contributor, *record.together}


def told(record: Evidence) -> str:
    """What a commit says, however a forge has numbered it."""
    return _FORGE_NUMBER.sub("", record.text).casefold()


def _moment(record: Evidence) -> tuple[str, float]:
    return record.contributor, record.at.timestamp()
