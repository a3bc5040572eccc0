"""Points: the moments at which a contributor is known to have worked. What is billed is time, not patches.

All evidence of one contributor and author second is one point, whichever source it comes from: a commit that was
amended, rebased or cherry-picked keeps its author second and adds nothing.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from git_bill.worklog.day import minute_of
from git_bill.worklog.entry import evidence_name
from git_bill.worklog.evidence import Evidence

Sort = Literal["work", "attendance", "repeated"]
Rule = Literal["same-moment", "repeats", "before-since", "no-source", "presence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """`evidence` speaks for it; `names` are those of all evidence of this second. `second` is Unix time.

    work: a change; attendance: a merge or an empty commit, which show presence but no work; repeated: its change
    was made by commits seen before (a squash).
    """

    contributor: str
    second: int
    evidence: Evidence
    names: tuple[str, ...]

    @property
    def minute(self) -> int:
        """Whole minute of UTC."""
        return minute_of(self.evidence.at)

    @property
    def proven(self) -> bool:
        """False where anyone could have forged all of its evidence."""
        return self.evidence.proven

    @property
    def size(self) -> int | None:
        """Changed lines, None where unknown."""
        added, deleted = self.evidence.added, self.evidence.deleted
        return None if added is None or deleted is None else added + deleted


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

    Of several commits with one author second the one speaks that is of a known source, proven, repeats no other and
    was committed last; at equals the first by source and key.
    """
    moments: dict[tuple[str, int], list[Evidence]] = defaultdict(list)
    for record in evidence:
        for person in dict.fromkeys((record.contributor, *record.together)):
            if person in contributors:
                moments[person, int(record.at.timestamp())].append(record)
    result: list[Point] = []
    for (person, second), records in sorted(moments.items(), key=lambda item: item[0]):
        ranked = sorted(records, key=lambda r: (r.source not in sources, *_speaks(r)))
        names = tuple(dict.fromkeys(map(name_of, ranked)))
        result.append(Point(contributor=person, second=second, evidence=ranked[0], names=names))
    return tuple(result)


def _speaks(record: Evidence) -> tuple[bool, bool, float, str, str]:
    committed = (record.committed or record.at).astimezone(UTC).timestamp()
    return not record.proven, bool(record.covers), -committed, record.source, record.key


def sort_of(point: Point, seen: Mapping[str, int]) -> Sort:
    """Whether a point shows work, presence alone, or a change seen before. `seen`: author second of every key.

    A commit that covers another one of its own author second is that commit, rewritten.
    """
    evidence = point.evidence
    if any(seen.get(key, point.second) != point.second for key in evidence.covers):
        return "repeated"
    return "attendance" if evidence.parents > 1 or evidence.files == 0 else "work"
