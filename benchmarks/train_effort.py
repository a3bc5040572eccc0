"""What a person's own confirmed days add to the estimate, and the effort model's card: trained on tracked time.

    GIT_BILL_DATA=…/data python benchmarks/train_effort.py [--write]

Printed are estimated hours of the last 70 % of days as a multiple of the tracked ones: `cold`; `once`, each contributor
calibrated in each repository by the first 30 % of days; `monthly`, by these and all days before the month, as those who
confirm each month are; and the share of days that the 80 % ranges held. `PRIOR` is chosen anew without the person, but
in the columns `shipped`. Then boosted trees on the same commits, the person left out, where scikit-learn is installed
(`pip install git-bill[train]`). `--write` puts the card into src/git_bill/tables/models; a test says when the code
differs from it.
"""

import itertools
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hours

from git_bill.learning.calibration import Calibration, Day, Prior, calibrate, quantile, score
from git_bill.worklog.effort import PRIOR, SESSION, combined, estimates

CARD = Path(__file__).parents[1] / "src/git_bill/tables/models/effort-2026.11.json"
OWN = 0.3
STEPS = 20
Dated = tuple[str, Day]
Told = tuple[Day, Calibration]

# What is chosen from when a person is left out: half-life, weight of the factor 1, minutes of a day that count.
PRIORS = [
    replace(PRIOR, half_life=half_life, weight=weight, cap=cap, scores=())
    for half_life in (10, 20, 40, 1000)
    for weight in (0.0, 1.0, 3.0)
    for cap in (600, 960)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is printed of a repository: multiples of the tracked hours, and shares of days that ranges held."""

    cold: float
    once: float
    monthly: float
    once_shipped: float
    monthly_shipped: float
    cold_held: float
    once_held: float
    monthly_held: float


COLUMNS = tuple(field.name for field in fields(Row))
RATIOS = COLUMNS[:5]


def main() -> None:
    """Print the table; with --write the card too."""
    if not hours.DATA.is_dir():
        print(f"skipped: no data at {hours.DATA}; set GIT_BILL_DATA to the folder that holds time_truth/")
        return
    truths = hours.read_truths()
    histories = {truth.name: [history(part) for part in truth.parts()] for truth in truths}
    errors = {(prior, name): error_of(some, prior) for prior in PRIORS for name, some in histories.items()}
    everyone = list(itertools.chain.from_iterable(histories.values()))
    print(f"{'the last 70 % of days':40} {'tracked h':>9}" + "".join(f" {name:>15}" for name in COLUMNS))
    rows = []
    for name, mine in histories.items():
        row = tried(mine, [other for other in everyone if other.owner != mine[0].owner], errors)
        columns = "".join(f" {getattr(row, n):15.2f}" if n in RATIOS else f" {getattr(row, n):15.0%}" for n in COLUMNS)
        print(f"{name[:40]:40} {sum(day.actual for day, _ in told(mine, History.cold)) / 60:9.1f}{columns}")
        rows.append(row)
    for what, of in (("mean", statistics.mean), ("median", statistics.median)):
        shares = (off(n, rows, of) if n in RATIOS else of([getattr(row, n) for row in rows]) for n in COLUMNS)
        print(f"{f'{what} error':50}" + "".join(f" {share:15.0%}" for share in shares))
    best = chosen(histories, errors)
    print(f"chosen on all: half-life {best.half_life}, weight {best.weight}, cap {best.cap}")
    learned = scores(everyone, PRIOR)
    print(f"prior scores: {learned}{'' if learned == PRIOR.scores else ', which differ from PRIOR.scores'}")
    if "--write" in sys.argv:
        CARD.write_text(json.dumps(card(rows), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    boosted(truths)


def off(column: str, rows: Iterable[Row], of: Callable[[Sequence[float]], float]) -> float:
    """The error of a column's totals."""
    return of([abs(getattr(row, column) - 1) for row in rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A contributor's days with tracked time in a repository, each with the plain estimates of its commits.

    `owner`: who is left out together. `first`: the own history of the rest.
    """

    repository: str
    owner: str
    first: Sequence[Dated]
    rest: Sequence[Dated]

    def cold(self) -> list[Told]:
        """The rest as estimated without calibration."""
        return [(day, Calibration()) for _, day in self.rest]

    def once(self, prior: Prior) -> list[Told]:
        """The rest, calibrated by the first days once."""
        found = calibrate([day for _, day in self.first], prior, SESSION.shared)
        return [(day, found) for _, day in self.rest]

    def monthly(self, prior: Prior) -> list[Told]:
        """The rest, each month calibrated by all days before it: so who confirms at the end of a month."""
        result: list[Told] = []
        before = [day for _, day in self.first]
        for _, month in itertools.groupby(self.rest, key=lambda one: one[0][:7]):
            days = [day for _, day in month]
            found = calibrate(before, prior, SESSION.shared)
            result += [(day, found) for day in days]
            before += days
        return result


def history(truth: hours.Truth) -> History:
    """One contributor's days, the first 30 % of them as own history."""
    found = truth.estimated_by_day(estimates)
    days = [
        (day, Day(actual=round(minutes), parts=tuple((e.low, e.expected, e.high) for e in found.get(day, ()))))
        for day, minutes in sorted(truth.days.items())
    ]
    cut = max(1, round(OWN * len(days)))
    return History(repository=truth.name, owner=truth.person, first=days[:cut], rest=days[cut:])


def told(histories: Iterable[History], how: Callable[[History], list[Told]]) -> list[Told]:
    """The later days of all of them."""
    return list(itertools.chain.from_iterable(map(how, histories)))


def ratio(days: Iterable[Told]) -> float:
    """Estimated minutes as a multiple of the tracked ones."""
    known = list(days)
    return sum(own.apply(p)[1] for day, own in known for p in day.parts) / sum(day.actual for day, _ in known)


def held(days: Iterable[Told]) -> float:
    """The share of days with commits whose tracked minutes lie in their range."""
    ranges = [(day.actual, combined(own.apply(p) for p in day.parts)) for day, own in days if day.parts]
    return sum(low <= actual <= high for actual, (low, _, high) in ranges) / len(ranges)


def chosen(repositories: Iterable[str], errors: Mapping[tuple[Prior, str], float]) -> Prior:
    """How to calibrate, as was best for these repositories."""
    names = list(repositories)
    return min(PRIORS, key=lambda prior: statistics.mean(errors[prior, name] for name in names))


def error_of(histories: Sequence[History], prior: Prior) -> float:
    """What `chosen` compares: the error of `once` and that of `monthly` weigh the same."""
    totals = [
        ratio(told(histories, lambda one: one.once(prior))),
        ratio(told(histories, lambda one: one.monthly(prior))),
    ]
    return statistics.mean(abs(total - 1) for total in totals)


def scores(histories: Iterable[History], prior: Prior) -> tuple[float, ...]:
    """Quantiles of the scores of calibrated people's later days, owners and their repositories weighing the same."""
    of_owner: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in histories:
        plain = [(day, replace(own, low=100, high=100)) for day, own in one.once(prior) if day.parts]
        of_owner[one.owner][one.repository] += [
            score(day.actual, [own.apply(part) for part in day.parts], SESSION.shared) for day, own in plain
        ]
    found = [
        (each, 1e6 / len(some) / len(mine)) for mine in of_owner.values() for some in mine.values() for each in some
    ]
    return tuple(round(quantile(found, (step + 0.5) / STEPS), 2) for step in range(STEPS))


def tried(mine: Sequence[History], others: Sequence[History], errors: Mapping[tuple[Prior, str], float]) -> Row:
    """A repository's line. `PRIOR` was chosen on all people; what all else follows was chosen without this one."""
    best = chosen({other.repository for other in others}, errors)
    anew = replace(best, scores=scores(others, best))
    cold = told(mine, History.cold)
    once, monthly = told(mine, lambda one: one.once(anew)), told(mine, lambda one: one.monthly(anew))
    return Row(
        cold=ratio(cold),
        once=ratio(once),
        monthly=ratio(monthly),
        once_shipped=ratio(told(mine, lambda one: one.once(PRIOR))),
        monthly_shipped=ratio(told(mine, lambda one: one.monthly(PRIOR))),
        cold_held=held(cold),
        once_held=held(once),
        monthly_held=held(monthly),
    )


def card(rows: Sequence[Row]) -> dict[str, Any]:
    """The model: what it is made of, what it was trained on, how wrong it is."""
    return {
        "name": SESSION.name,
        "trained_on": "10 public repositories of 8 people, 3,336 h of tracked time: editor activity and day logs",
        "error": {
            "of": "total of the last 70 % of days; PRIOR chosen without the person, but for its days and limits",
            "cold_mean": round(off("cold", rows, statistics.mean), 3),
            "own_mean": round(off("once", rows, statistics.mean), 3),
            "own_median": round(off("once", rows, statistics.median), 3),
            "confirmed_monthly_mean": round(off("monthly", rows, statistics.mean), 3),
            "confirmed_monthly_median": round(off("monthly", rows, statistics.median), 3),
            "days_held_by_80_percent_ranges": round(statistics.mean(row.once_held for row in rows), 3),
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
        train = [
            (features, min(480.0, minutes), 1 / len(other.commits))
            for other in known
            if other.person != truth.person
            for features, minutes in rows[other.name]
        ]
        trees = Trees(loss="absolute_error", max_iter=80, learning_rate=0.05, max_depth=4, random_state=0)
        trees.fit([r[0] for r in train], [r[1] for r in train], sample_weight=[r[2] for r in train])
        found = sum(max(0.0, minutes) for minutes in trees.predict([features for features, _ in rows[truth.name]]))
        errors.append(abs(found / truth.logged - 1))
        print(f"boosted trees {truth.name[:40]:40} {found / truth.logged:6.2f}")
    print(f"boosted trees: mean error {statistics.mean(errors):.0%}, median {statistics.median(errors):.0%}")


def samples(truth: hours.Truth) -> list[tuple[list[float], float]]:
    """Features of each commit that the log covers, and its tracked minutes, 0 where they are known by day alone."""
    found: list[tuple[list[float], float]] = []
    for line in truth.lines:
        minutes = [point.minute for point, _ in line]
        before = [10**6, *(later - earlier for earlier, later in itertools.pairwise(minutes))]
        for (point, sort), gap, after in zip(line, before, [*before[1:], 10**6], strict=True):
            if hours.key_of(point) in truth.counted:
                when = datetime.fromtimestamp(point.second, UTC)
                features = [
                    min(gap, 600), min(after, 600), point.size or 0, point.made.files or 0,
                    sort != "work", when.hour, when.weekday(), len(point.said.text),
                ]  # fmt: skip
                found.append(([float(f) for f in features], truth.commits.get(hours.key_of(point), 0.0)))
    return found


if __name__ == "__main__":
    main()
