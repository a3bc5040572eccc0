"""What notes say of commits: minutes by day that an editor measured, in blocks that rewriting carries along."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from git_bill.worklog.entry import evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Point
from git_bill.worklog.told import NOTE


class Noted:
    """The notes on file, by commit. A block counts once for all commits of a moment and what these repeat."""

    def __init__(self, told: Iterable[Evidence]) -> None:
        self._blocks: dict[str, dict[str, Evidence]] = defaultdict(dict)
        for note in told:
            if note.kind == NOTE and note.commit:
                digest = note.key.rpartition("@")[2]
                self._blocks[evidence_name(note.source, note.commit)][digest] = note

    def minutes(self, point: Point) -> Mapping[date, int]:
        """Minutes by day for the author of a point; empty where no note says anything that is not said elsewhere."""
        if not self._blocks:
            return {}
        before = (evidence_name(each.source, key) for each in (point.made, point.said) for key in each.covers)
        known = {digest for name in before for digest in self._blocks.get(name, ())}
        own = {digest: note for name in point.names for digest, note in self._blocks.get(name, {}).items()}
        days: Counter[date] = Counter()
        for digest, note in own.items():
            if digest not in known and note.contributor == point.contributor:
                for day, minutes in note.spent:
                    days[day] += minutes
        return dict(sorted(days.items()))
