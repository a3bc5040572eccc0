"""A person's own calibration: what confirmed days tell of the estimate, shrunk towards what others' days told.

The factor is a ratio of sums over the last days, newer ones weighing more, shrunk towards 1 as long as days are few.
The range is conformal: as wide as held eight of ten confirmed days, others' days standing in while own ones are few.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Part = tuple[int, int, int]  # minutes of one estimate: low, expected, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is believed before a person's days are seen; all of it was chosen on other people's days.

    `least`, `most`: days that are needed, and looked at. `half_life`: days after which a day counts half. `cap`:
    minutes of a day that count. `narrowest`: percent of the range that stays, for who says yes to everything measures
    nothing. `weight`: days that the factor 1 stands for. `stand_in`: days that `scores` stand for;
    these are the quantiles of `score` over other people's days, evenly spaced.
    """

    least: int
    most: int
    half_life: int
    cap: int
    narrowest: int
    weight: float
    stand_in: int
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A confirmed day: its minutes, and the estimates that stood for them."""

    actual: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """In percent: the factor of estimates, and how wide their ranges are downwards and upwards. From so many days."""

    factor: int = 100
    low: int = 100
    high: int = 100
    days: int = 0

    def apply(self, part: Part) -> Part:
        """An estimate as it is for this person: whole minutes, low ≤ expected ≤ high, never 0 where it was not."""
        low, expected, high = part
        if not self.days:
            return part
        scaled = max(min(expected, 1), _percent(expected, self.factor))
        below = _percent(_percent(expected - low, self.factor), self.low)
        above = _percent(_percent(high - expected, self.factor), self.high)
        return max(0, scaled - below), scaled, scaled + above


def calibrate(days: Sequence[Day], prior: Prior, shared: tuple[int, int]) -> Calibration:
    """From confirmed days, oldest first. `shared`: percent of a sum that all its estimates may err by together."""
    own = [day for day in days if any(part[1] for part in day.parts)][-prior.most :]
    if len(own) < prior.least:
        return Calibration()
    factor = _factor(own, prior)
    mine = Calibration(factor=round(100 * factor), days=len(own))
    scores = [(score(day.actual, [mine.apply(part) for part in day.parts], shared), 1.0) for day in own]
    scores += [(known, prior.stand_in / len(prior.scores)) for known in prior.scores]
    upwards, downwards = quantile(scores, 0.9), quantile([(-known, weight) for known, weight in scores], 0.9)
    low, high = (max(prior.narrowest, round(100 * spread)) for spread in (downwards, upwards))
    return Calibration(factor=mine.factor, low=low, high=high, days=len(own))


def _factor(own: Sequence[Day], prior: Prior) -> float:
    weights = [0.5 ** (age / prior.half_life) for age in range(len(own) - 1, -1, -1)]
    actual = sum(w * min(day.actual, prior.cap) for w, day in zip(weights, own, strict=True))
    estimated = sum(w * sum(part[1] for part in day.parts) for w, day in zip(weights, own, strict=True))
    trust = sum(weights) / (sum(weights) + prior.weight)
    return float(min(5.0, max(0.2, math.pow((actual + 1) / (estimated + 1), trust))))


def score(actual: int, parts: Iterable[Part], shared: tuple[int, int]) -> float:
    """By what multiple the range of a sum had to be wider to hold the actual minutes; below the estimate negative.

    The range is that of `combined`: the parts' spread, and what they share, at most the sum of all spreads.
    """
    known = list(parts)
    expected = sum(part[1] for part in known)
    off = abs(actual - expected)
    side = 1 if actual >= expected else -1
    spreads = [part[2] - part[1] if side > 0 else part[1] - part[0] for part in known]
    together = expected * shared[side > 0] / 100
    apart = math.sqrt(max(0.0, off**2 - together**2) / max(1, sum(s**2 for s in spreads)))
    return side * max(off / max(1, sum(spreads)), apart)


def quantile(scores: Iterable[tuple[float, float]], level: float) -> float:
    """The score that a new one stays at or below with this probability. Scores come with their weights, 1 for a day.

    The new one is among them: as conformal prediction asks, it weighs 1 and may be the greatest.
    """
    ordered = sorted(scores)
    left = level * (1 + sum(weight for _, weight in ordered))
    for value, weight in ordered:
        left -= weight
        if left <= 1e-9:
            return value
    return ordered[-1][0]


def _percent(minutes: int, percent: int) -> int:
    return (minutes * percent + 50) // 100
