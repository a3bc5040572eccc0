"""Machine pace: more changes within minutes than hands write. It is looked at by people and decides nothing."""

from collections.abc import Iterable

from git_bill.worklog.point import Point

PACE_FLAG = "machine-pace"
_COMMITS = 5  # at least so many
_SECONDS = 10 * 60  # within so long
_LINES = 1000  # with so many changed lines after the first of them, which may stand for hours


def machine_paced(line: Iterable[Point]) -> frozenset[int]:
    """The seconds of one contributor's points, given in order of time, that came at a machine's pace.

    Also a person who cuts a day's work into commits makes them fast: so it is a flag, and not a mark of an agent.
    """
    points = [(point.second, point.size or 0) for point in line]
    found: set[int] = set()
    first = 0
    for last, (second, _) in enumerate(points):
        while second - points[first][0] > _SECONDS:
            first += 1
        window = points[first : last + 1]
        if len(window) >= _COMMITS and sum(size for _, size in window[1:]) >= _LINES:
            found.update(second for second, _ in window)
    return frozenset(found)
