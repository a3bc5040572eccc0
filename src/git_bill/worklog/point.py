"""Points: the moments at which a contributor is known to have worked. What is billed is time, not patches.

All evidence of one contributor and author second is one point, whichever source it comes from: a commit that was
amended, rebased or cherry-picked keeps its author second and adds nothing.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from git_bill.worklog.agent import joined
from git_bill.worklog.entry import evidence_name
from git_bill.worklog.evidence import Evidence

BY_GIT = ('Revert "', 'Reapply "')  # subjects that `git revert` writes

Sort = Literal["work", "attendance", "repeated"]
Rule = Literal[
    "same-moment",
    "repeats",
    "before-since",
    "no-source",
    "presence",
    "no-route",
    "no-minutes",
    "own-pull",
    "counted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """All evidence of one contributor and second, as Unix time. `names` are the evidence's, those of `said` first.

    `said` is the latest rewriting: its message, ticket and source count; `others` come after it. `made` is the commit
    as it was first made: what kind of change it was and how big; so rewriting neither adds nor takes time.
    """

    contributor: str
    second: int
    said: Evidence
    made: Evidence
    names: tuple[str, ...]
    others: tuple[Evidence, ...] = ()

    @property
    def minute(self) -> int:
        """Whole minute of UTC."""
        return self.second // 60

    @property
    def partly(self) -> bool:
        """Whether a good part of its lines was seen before, so that nobody can tell how much of its time was."""
        return bool(self.made.partly)

    @property
    def agent(self) -> str:
        """The agents that took part; a mark is not lost where a message is rewritten without it."""
        return joined((self.said.agent, self.made.agent))

    @property
    def size(self) -> int | None:
        """Lines that somebody changed, None where unknown. Those of a revert were changed by git."""
        added, deleted = self.made.added, self.made.deleted
        if added is None or deleted is None:
            return None
        return 0 if self.made.text.startswith(BY_GIT) else added + deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why a piece of evidence adds no minutes. `rule` is a stable name, `why` a sentence for people."""

    evidence: str
    contributor: str
    at: datetime
    rule: Rule
    why: str


def name_of(evidence: Evidence) -> str:
    """As entries name a fact behind them."""
    return evidence_name(evidence.source, evidence.key)


def points(evidence: Iterable[Evidence], contributors: Container[str], sources: Container[str]) -> tuple[Point, ...]:
    """The points of the given contributors by contributor and second, each person of a pair with their own.

    Evidence of a known source comes before other, proven before unproven, and what repeats no other commit first.
    """
    moments: dict[tuple[str, int], list[Evidence]] = defaultdict(list)
    for record in evidence:
        for person in dict.fromkeys((record.contributor, *record.together)):
            if person in contributors:
                moments[person, int(record.at.timestamp())].append(record)
    result: list[Point] = []
    for (person, second), records in sorted(moments.items(), key=lambda item: item[0]):
        rank = {id(r): (r.source not in sources, not r.proven, bool(r.covers)) for r in records}
        latest = sorted(records, key=lambda r: (rank[id(r)], -_committed(r), r.source, r.key))
        first = min(records, key=lambda r: (rank[id(r)], _committed(r), *_claim(r), r.source, r.key))
        names = tuple(dict.fromkeys(map(name_of, latest)))
        result.append(
            Point(contributor=person, second=second, said=latest[0], made=first, names=names, others=tuple(latest[1:]))
        )
    return tuple(result)


def _claim(record: Evidence) -> tuple[bool, int]:
    """Of commits made at one time, as by moving a history into a folder, the one that claims least is the first."""
    return not record.partly, (record.added or 0) + (record.deleted or 0)


def _committed(record: Evidence) -> float:
    return record.as_of.timestamp()


def sort_of(point: Point, seen: Mapping[str, int]) -> Sort:
    """Whether a point shows work, presence alone, or a change seen before. `seen`: author second of every key.

    A commit that covers another one of its own author second is that commit, rewritten.
    """
    if any(seen.get(key, point.second) != point.second for key in point.made.covers):
        return "repeated"
    return "attendance" if point.made.parents > 1 or point.made.files == 0 else "work"
