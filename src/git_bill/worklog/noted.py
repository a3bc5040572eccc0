"""What notes say of commits: minutes by day that an editor measured, in blocks that rewriting carries along.

Where a timer or heartbeats tell of a client's day too, they have measured the same minutes: there notes count nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import date

from git_bill.worklog.entry import evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Point
from git_bill.worklog.told import NOTE


class Noted:
    """The notes on file, by commit. A block counts once for all commits of a moment and what their lines are from.

    `recorded`: contributor, client and day that something else measured.
    """

    def __init__(self, told: Iterable[Evidence], recorded: Container[tuple[str, str, date]] = ()) -> None:
        self._recorded = recorded
        self._blocks: dict[str, dict[str, Evidence]] = defaultdict(dict)
        for note in told:
            if note.kind == NOTE and note.commit:
                digest = note.key.rpartition("@")[2]
                self._blocks[evidence_name(note.source, note.commit)][digest] = note

    def minutes(self, point: Point, client: str) -> Mapping[date, int]:
        """Minutes by day for the author of a point; empty where no note says anything that is not said elsewhere."""
        if not self._blocks:
            return {}
        records = (point.made, point.said)
        before = (evidence_name(each.source, key) for each in records for key in (*each.covers, *each.partly))
        known = {digest for name in before for digest in self._blocks.get(name, ())}
        own = {digest: note for name in point.names for digest, note in self._blocks.get(name, {}).items()}
        days: Counter[date] = Counter()
        for digest, note in own.items():
            if digest not in known and note.contributor == point.contributor:
                for day, minutes in note.spent:
                    if (point.contributor, client, day) not in self._recorded:
                        days[day] += minutes
        return dict(sorted(days.items()))
