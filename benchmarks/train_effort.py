"""What a person's own confirmed days add to the estimate, and the effort model's card: trained on tracked time.

    GIT_BILL_DATA=…/data python benchmarks/train_effort.py [--write]

For each repository the first 30 % of its days with tracked time calibrate the estimate of the rest. Everything that
is learned from others (`PRIOR.scores`) is learned without the person it is tried on. Printed are estimated hours of the
rest as a multiple of the tracked ones, cold and calibrated, and the share of its days that the 80 % ranges held. Then
boosted trees on the same commits, the person left out, where scikit-learn is installed (`pip install git-bill[train]`).
`--write` puts the card into src/git_bill/tables/models; a test says when the code differs from it.
"""

import itertools
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hours

from git_bill.learning.calibration import Calibration, Day, calibrate, quantile, score
from git_bill.worklog.effort import PRIOR, SESSION, Estimate, combined, estimates

CARD = Path(__file__).parents[1] / "src/git_bill/tables/models/effort-2026.11.json"
OWN = 0.3
STEPS = 20


def main() -> None:
    """Print the table; with --write the card too."""
    if not hours.DATA.is_dir():
        print(f"skipped: no data at {hours.DATA}; set GIT_BILL_DATA to the folder that holds time_truth/")
        return
    truths = hours.read_truths()
    days = {truth.name: tracked_days(truth) for truth in truths}
    print(f"{'the last 70 % of days':40} {'tracked h':>9} {'cold':>6} {'own':>6}   factor      held: cold    own")
    rows = [tried(truth, truths, days) for truth in truths]
    for what, of in (("mean", statistics.mean), ("median", statistics.median)):
        cold, own = (100 * of([abs(row[at] - 1) for row in rows]) for at in (0, 1))
        held = [100 * of([row[at] for row in rows]) for at in (2, 3)]
        print(f"{f'{what} error':50} {cold:4.0f} % {own:4.0f} % {'':19}{held[0]:4.0f} % {held[1]:4.0f} %")
    learned = scores(truths, days)
    print(f"prior scores: {learned}{'' if learned == PRIOR.scores else ', which differ from PRIOR.scores'}")
    if "--write" in sys.argv:
        CARD.write_text(json.dumps(card(rows), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    boosted(truths)


def tracked_days(truth: hours.Truth) -> list[Day]:
    """The days with tracked time, each with the plain estimates of the commits that it was tracked for."""
    found: dict[str, list[Estimate]] = defaultdict(list)
    actual: dict[str, float] = defaultdict(float, truth.days)
    for estimate in itertools.chain.from_iterable(map(estimates, truth.lines)):
        day = day_of(estimate)
        minutes = truth.commits.get(estimate.point.said.key)
        if truth.days:
            found[day].append(estimate)
        elif minutes is not None:
            found[day].append(estimate)
            actual[day] += minutes
    known = truth.days or found
    return [
        Day(actual=round(actual[day]), parts=tuple((e.low, e.expected, e.high) for e in found.get(day, ())))
        for day in sorted(known)
    ]


def day_of(estimate: Estimate) -> str:
    """The day in UTC: the data tells no zones."""
    return f"{datetime.fromtimestamp(estimate.point.second, UTC):%Y-%m-%d}"


def halves(days: Sequence[Day]) -> tuple[Sequence[Day], Sequence[Day]]:
    """The person's own history, and what is estimated with it."""
    cut = max(1, round(OWN * len(days)))
    return days[:cut], days[cut:]


def scores(truths: Iterable[hours.Truth], days: Mapping[str, Sequence[Day]]) -> tuple[float, ...]:
    """Quantiles of the scores of calibrated people's later days, people and their repositories weighing the same."""
    of_person: dict[str, list[str]] = defaultdict(list)
    for truth in truths:
        of_person[truth.person].append(truth.name)
    found: list[tuple[float, float]] = []
    for names in of_person.values():
        for name in names:
            own, rest = halves(days[name])
            only = replace(calibrate(own, PRIOR, SESSION.shared), low=100, high=100)
            told = [score(d.actual, [only.apply(p) for p in d.parts], SESSION.shared) for d in rest if d.parts]
            found += [(one, 1e6 / len(told) / len(names)) for one in told]
    return tuple(round(quantile(found, (step + 0.5) / STEPS), 2) for step in range(STEPS))


def tried(
    truth: hours.Truth, truths: Sequence[hours.Truth], days: Mapping[str, Sequence[Day]]
) -> tuple[float, float, float, float]:
    """Print a repository's line: totals as multiples, cold and calibrated; shares of days held, likewise."""
    others = [other for other in truths if other.person != truth.person]
    own, rest = halves(days[truth.name])
    found = calibrate(own, replace(PRIOR, scores=scores(others, days)), SESSION.shared)
    cold, ours = total(rest, Calibration()), total(rest, found)
    held = (share_held(rest, Calibration()), share_held(rest, found))
    logged = sum(day.actual for day in rest) / 60
    told = f"{found.factor / 100:.2f} of {found.days:2} days"
    print(f"{truth.name[:40]:40} {logged:9.1f} {cold:6.2f} {ours:6.2f}   {told:16} {held[0]:5.0%} {held[1]:6.0%}")
    return cold, ours, *held


def total(days: Iterable[Day], own: Calibration) -> float:
    """Estimated minutes as a multiple of the tracked ones."""
    known = list(days)
    return sum(own.apply(p)[1] for day in known for p in day.parts) / sum(day.actual for day in known)


def share_held(days: Iterable[Day], own: Calibration) -> float:
    """The share of days with commits whose tracked minutes lie in their range."""
    ranges = [(day.actual, combined(own.apply(p) for p in day.parts)) for day in days if day.parts]
    return sum(low <= actual <= high for actual, (low, _, high) in ranges) / len(ranges)


def card(rows: Sequence[tuple[float, float, float, float]]) -> dict[str, Any]:
    """The model: what it is made of, what it was trained on, how wrong it is."""
    return {
        "name": SESSION.name,
        "trained_on": "10 public repositories of 8 people, 3,336 h of tracked time: editor activity and day logs",
        "error": {
            "of": "total of the last 70 % of days, the person left out of all that was learned",
            "cold_mean": round(statistics.mean(abs(row[0] - 1) for row in rows), 3),
            "own_mean": round(statistics.mean(abs(row[1] - 1) for row in rows), 3),
            "own_median": round(statistics.median(abs(row[1] - 1) for row in rows), 3),
            "days_held_by_80_percent_ranges": round(statistics.mean(row[3] for row in rows), 3),
        },
        "rule": asdict(SESSION),
        "prior": asdict(PRIOR),
    }


def boosted(truths: Sequence[hours.Truth]) -> None:
    """Gradient-boosted trees that see gaps, size, files, kind, hour and weekday: totals with the person left out."""
    try:
        from sklearn.ensemble import HistGradientBoostingRegressor as Trees
    except ImportError:
        print("boosted trees: skipped, scikit-learn is not installed")
        return
    known = [truth for truth in truths if truth.commits]
    rows = {truth.name: samples(truth) for truth in truths}
    errors = []
    for truth in truths:
        train = [r for other in known if other.person != truth.person for r in rows[other.name] if r[1] is not None]
        sizes = {other.name: sum(r[1] is not None for r in rows[other.name]) for other in known}
        weights = [
            1 / sizes[o.name] for o in known if o.person != truth.person for r in rows[o.name] if r[1] is not None
        ]
        trees = Trees(loss="absolute_error", max_iter=80, learning_rate=0.05, max_depth=4, random_state=0)
        trees.fit([r[0] for r in train], [min(480.0, r[1]) for r in train], sample_weight=weights)
        guessed = trees.predict([r[0] for r in rows[truth.name]])
        counted = [
            max(0.0, g)
            for g, r in zip(guessed, rows[truth.name], strict=True)
            if (r[2] in truth.days if truth.days else r[1] is not None)
        ]
        errors.append(abs(sum(counted) / truth.logged - 1))
        print(f"boosted trees {truth.name[:40]:40} {sum(counted) / truth.logged:6.2f}")
    print(f"boosted trees: mean error {statistics.mean(errors):.0%}, median {statistics.median(errors):.0%}")


def samples(truth: hours.Truth) -> list[tuple[list[float], float | None, str]]:
    """Features of each commit, its tracked minutes where they are known, and its day."""
    found: list[tuple[list[float], float | None, str]] = []
    for line in truth.lines:
        before = after = 10**6
        for at, (point, sort) in enumerate(line):
            before = point.minute - line[at - 1][0].minute if at else 10**6
            after = line[at + 1][0].minute - point.minute if at + 1 < len(line) else 10**6
            when = datetime.fromtimestamp(point.second, UTC)
            features = [
                min(before, 600), min(after, 600), point.size or 0, point.made.files or 0,
                sort != "work", when.hour, when.weekday(), len(point.said.text),
            ]  # fmt: skip
            found.append(([float(f) for f in features], truth.commits.get(point.said.key), f"{when:%Y-%m-%d}"))
    return found


if __name__ == "__main__":
    main()
