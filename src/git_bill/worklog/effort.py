"""Effort: how many minutes a commit stands for when nothing better is known, as low, expected and high.

Minutes come from the time since the contributor's previous commit, over all repositories. The constants were chosen
on ten repositories with tracked time: 4,014 commits with 2,507 h logged, and daily logs of 830 h (2026-11, repeated
author seconds removed, repositories weighed equally). Error of a repository's total hours against the tracked ones,
by `benchmarks/hours.py`:

    rule                                               mean   median
    120 min session, 120 min for its first commit      59 %     50 %
    60 / 60                                            33 %     24 %
    30 / 30                                            50 %     46 %
    SESSION                                            33 %     32 %
    chosen anew without the person it is tried on      38 %     41 %

One repository came out far too high (1.7 times), the others at 0.4 to 1.0 of what was logged: too little rather than
too much. People differ by a factor of their own, which no feature of a commit tells: richer models were worse on
people they had not seen. Confirmed days tell it, so from five days on estimates are a person's own: see `PRIOR`, chosen
by `benchmarks/train_effort.py` to have the least error once calibrated.
"""

import math
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from git_bill.learning.calibration import Calibration, Prior
from git_bill.worklog.point import Point, Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Minutes before a session's first commit, by its size: up to `lines` changed lines."""

    lines: int
    low: int
    expected: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Within a session (gaps up to `session` minutes) the first `whole` minutes of a gap count fully, the rest half.

    The share worked falls with the gap: 1.0 of gaps under 20 min, 0.7 of 20 to 40, 0.6 of 40 to 90. A tenth of the
    gap is the low end, the gap the high one (10 % and 90 % quantiles). `attendance`: the most a merge or an empty
    commit adds; it never opens a session.
    """

    name: str
    session: int
    whole: int
    attendance: int
    openings: tuple[Opening, ...]
    unknown: Opening
    shared: tuple[int, int]


SESSION = Model(
    name="session-2026.11",
    session=90,
    whole=15,
    attendance=10,
    openings=(
        Opening(lines=5, low=1, expected=10, high=50),
        Opening(lines=30, low=2, expected=30, high=60),
        Opening(lines=150, low=5, expected=60, high=120),
        Opening(lines=600, low=5, expected=75, high=240),
        Opening(lines=sys.maxsize, low=5, expected=90, high=275),
    ),
    unknown=Opening(lines=0, low=2, expected=45, high=120),
    shared=(40, 85),
)


PRIOR = Prior(
    least=5,
    most=60,
    half_life=10,
    cap=600,
    narrowest=25,
    weight=1.0,
    stand_in=10,
    scores=(
        -1.26,
        -0.94,
        -0.76,
        -0.57,
        -0.47,
        -0.41,
        -0.33,
        -0.29,
        -0.2,
        -0.14,
        -0.07,
        0.02,
        0.06,
        0.1,
        0.21,
        0.4,
        0.58,
        0.76,
        1.14,
        7.4,
    ),
)

_RECIPE = re.compile(r"(?P<model>.+)\*(?P<factor>\d+\.\d\d)\[(?P<low>\d+)-(?P<high>\d+)\]/(?P<days>\d+)d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How an estimate was made, so that it can be made again: entries name it."""

    model: str = SESSION.name
    own: Calibration = Calibration()

    @property
    def name(self) -> str:
        """`session-2026.11`, or `session-2026.11*0.82[60-140]/14d`: factor, percent of the range, confirmed days."""
        own = self.own
        if not own.days:
            return self.model
        return f"{self.model}*{own.factor // 100}.{own.factor % 100:02}[{own.low}-{own.high}]/{own.days}d"

    @classmethod
    def parse(cls, name: str) -> "Recipe":
        """The recipe of a name."""
        match = _RECIPE.fullmatch(name)
        if match is None:
            return cls(model=name)
        factor = int(match["factor"].replace(".", ""))
        own = Calibration(factor=factor, low=int(match["low"]), high=int(match["high"]), days=int(match["days"]))
        return cls(model=match["model"], own=own)


PLAIN = Recipe()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Whole minutes before a point. An 80 % range: one in ten lies below `low`, one in ten above `high`.

    `gap`: minutes since the work before it, None where it opens a session.
    """

    point: Point
    low: int
    expected: int
    high: int
    gap: int | None = None


def estimates(
    line: Sequence[tuple[Point, Sort]], model: Model = SESSION, own: Callable[[Point], Calibration] | None = None
) -> tuple[Estimate, ...]:
    """One estimate per point of one contributor, given in order of time. None reaches back beyond the point before.

    A session goes on from the last work; what is no work itself only bounds it, so it never makes time longer. `own`:
    the person's calibration at a point; its high end may lie beyond the point before, for people whose time does.
    """
    result: list[Estimate] = []
    worked: int | None = None
    before: int | None = None
    for point, sort in line:
        most = sys.maxsize if before is None else point.minute - before
        gap = None if worked is None or point.minute - worked > model.session else point.minute - worked
        low, expected, high = (min(most, minutes) for minutes in _minutes(point, sort, gap, model))
        if own is not None:
            low, expected, high = own(point).apply((low, expected, high))
            low, expected = min(most, low), min(most, expected)
        result.append(Estimate(point=point, low=low, expected=expected, high=high, gap=gap))
        before = point.minute
        worked = point.minute if sort == "work" else worked
    return tuple(result)


def _minutes(point: Point, sort: Sort, gap: int | None, model: Model) -> tuple[int, int, int]:
    if sort == "repeated" or (sort == "attendance" and gap is None):
        return 0, 0, 0
    if gap is None:
        opening = _opening(point, model)
        return opening.low, opening.expected, opening.high
    if sort == "attendance":
        return 0, min(gap, model.attendance), min(gap, model.attendance)
    return gap // 10, gap if gap <= model.whole else model.whole + (gap - model.whole) // 2, gap


def _opening(point: Point, model: Model) -> Opening:
    """Big changes that an agent made tell nothing of a person's time: they count as of unknown size."""
    size = point.size
    if size is None:
        return model.unknown
    found = next(o for o in model.openings if size <= o.lines)
    return model.unknown if point.made.agent and found.expected > model.unknown.expected else found


def combined(parts: Iterable[tuple[int, int, int]], model: Model = SESSION) -> tuple[int, int, int]:
    """The 80 % range of a sum of (low, expected, high): the parts' own spread, which partly cancels out, and the
    error that all estimates of one person share, which does not. Never wider than the sums of lows and highs.
    """
    low = expected = high = below = above = estimated = 0
    for part_low, part_expected, part_high in parts:
        low, expected, high = low + part_low, expected + part_expected, high + part_high
        below += (part_expected - part_low) ** 2
        above += (part_high - part_expected) ** 2
        estimated += part_expected if part_low < part_high else 0
    shared_below, shared_above = (estimated * percent // 100 for percent in model.shared)
    return (
        max(low, expected - math.isqrt(below + shared_below**2)),
        expected,
        min(high, expected + math.isqrt(above + shared_above**2)),
    )
