"""How far estimated hours are from tracked ones, per repository: the table of docs/hours.md.

    GIT_BILL_DATA=…/data python benchmarks/hours.py

Reads `time_truth/commits_with_time.csv` and `all_commits_of_time_repos.csv` (minutes logged per commit) and
`worklog_entries.csv` (minutes logged per day: the days with a log, against the commits of the repository's busiest
author on them). Repeated author seconds are one commit. Printed are estimated hours as a multiple of the logged ones:
three classical rules, our model, and our model with constants chosen anew from other people's repositories alone; then
the share of commits or days whose logged minutes lie in our 80 % range. What own confirmed days add: train_effort.py.
Without the data it says so and ends well.
"""

import csv
import itertools
import os
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from git_bill.worklog.effort import SESSION, Estimate, Model, combined, estimates
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Point, Sort

DATA = Path(os.environ.get("GIT_BILL_DATA") or Path(__file__).parents[2] / "shared" / "data") / "time_truth"
Line = list[tuple[Point, Sort]]
Rule = Callable[[Line], Iterable[Estimate]]

# What is chosen from when a repository is left out: sessions, minutes of a gap that count whole, and a factor for the
# medians of first commits. The share of gaps that counts and the limits of sizes stay.
CHOICES = list(itertools.product((60, 90, 120), (0, 15, 30), (0.6, 0.8, 1.0, 1.2, 1.4, 1.7, 2.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A repository: its people's commits in order of time, and the minutes logged by commit, or by day."""

    name: str
    lines: tuple[Line, ...]
    commits: Mapping[str, float]
    days: Mapping[str, float]

    @property
    def person(self) -> str:
        """Whose it is: in this data the owner of the repository, who logged the time in two of them at most."""
        return self.name.partition("/")[0]

    @property
    def logged(self) -> float:
        """All logged minutes."""
        return sum((self.days or self.commits).values())

    def groups(self, rule: Rule) -> list[tuple[float, list[Estimate]]]:
        """Logged minutes, and the estimates that stand for them."""
        found: dict[str, list[Estimate]] = defaultdict(list)
        for estimate in itertools.chain.from_iterable(map(rule, self.lines)):
            day = f"{datetime.fromtimestamp(estimate.point.second, UTC):%Y-%m-%d}"
            found[day if self.days else estimate.point.said.key].append(estimate)
        return [(minutes, found[key]) for key, minutes in (self.days or self.commits).items()]

    def ratio(self, rule: Rule) -> float:
        """Estimated minutes as a multiple of the logged ones."""
        return sum(e.expected for _, some in self.groups(rule) for e in some) / self.logged


def main() -> None:
    """Print a line for each repository, then the mean and median error of their totals."""
    if not DATA.is_dir():
        print(f"skipped: no data at {DATA}; set GIT_BILL_DATA to the folder that holds time_truth/")
        return
    truths = read_truths()
    rules = {"120/120": capped(120), "60/60": capped(60), "30/30": capped(30), "git-bill": by_model(SESSION)}
    print(f"{'repository':40} {'logged h':>8}" + "".join(f" {name:>8}" for name in (*rules, "left out", "in range")))
    errors: dict[str, list[float]] = defaultdict(list)
    for truth in truths:
        ratios = {name: truth.ratio(rule) for name, rule in rules.items()}
        ratios["left out"] = truth.ratio(by_model(chosen([other for other in truths if other.person != truth.person])))
        for name, ratio in ratios.items():
            errors[name].append(abs(ratio - 1))
        columns = "".join(f" {ratio:8.2f}" for ratio in ratios.values())
        unit = "days" if truth.days else "commits"
        print(f"{truth.name[:40]:40} {truth.logged / 60:8.1f}{columns} {100 * in_range(truth):6.0f} % of {unit}")
    for what, of in (("mean", statistics.mean), ("median", statistics.median)):
        print(f"{f'{what} error of totals':49}" + "".join(f" {100 * of(some):6.0f} %" for some in errors.values()))


def capped(minutes: int) -> Rule:
    """The classical rule: a gap counts if it is under so many minutes, else the commit stands for as many."""

    def rule(line: Line) -> Iterable[Estimate]:
        before: int | None = None
        for point, _ in line:
            stands = minutes if before is None else min(minutes, point.minute - before)
            yield Estimate(point=point, low=stands, expected=stands, high=stands)
            before = point.minute

    return rule


def by_model(model: Model) -> Rule:
    """The rule that `collect` and `estimate` follow."""
    return lambda line: estimates(line, model)


def in_range(truth: Truth) -> float:
    """The share of commits or days whose logged minutes lie between low and high. Those without commits are no case."""
    cases = [(m, combined((e.low, e.expected, e.high) for e in some)) for m, some in truth.groups(estimates) if some]
    return sum(low <= minutes <= high for minutes, (low, _, high) in cases) / len(cases)


def chosen(truths: Sequence[Truth]) -> Model:
    """The model with the least mean error over these repositories."""
    names = tuple(truth.name for truth in truths)
    models = (
        replace(
            SESSION,
            session=session,
            whole=whole,
            openings=tuple(
                replace(opening, low=0, expected=max(5, 5 * round(factor * median / 5)), high=sys.maxsize)
                for opening, median in zip(SESSION.openings, medians(names, session), strict=True)
            ),
        )
        for session, whole, factor in CHOICES
    )
    return min(models, key=lambda model: statistics.mean(abs(truth.ratio(by_model(model)) - 1) for truth in truths))


@lru_cache(maxsize=64)
def medians(names: tuple[str, ...], session: int) -> tuple[float, ...]:
    """Logged minutes of sessions' first commits by size: the mean over repositories of each one's median."""
    found: dict[int, list[float]] = defaultdict(list)
    for truth in read_truths():
        if truth.name not in names or truth.days:
            continue
        by_size: dict[int, list[float]] = defaultdict(list)
        for line in truth.lines:
            worked: int | None = None
            for point, sort in line:
                opens = sort == "work" and (worked is None or point.minute - worked > session)
                if opens and point.size is not None and point.said.key in truth.commits:
                    size = next(n for n, opening in enumerate(SESSION.openings) if point.size <= opening.lines)
                    by_size[size].append(truth.commits[point.said.key])
                worked = point.minute if sort == "work" else worked
        for size, minutes in by_size.items():
            if len(minutes) >= 5:
                found[size].append(statistics.median(minutes))
    return tuple(statistics.mean(found[size]) for size in range(len(SESSION.openings)))


@lru_cache(maxsize=1)
def read_truths() -> list[Truth]:
    """All repositories of the data set, by name."""
    people: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(dict)
    for row in read("all_commits_of_time_repos.csv"):
        people[row["repo"], row["author"]].setdefault(row["author_time"], row)
    lines: dict[str, list[Line]] = defaultdict(list)
    for (repo, _), rows in people.items():
        in_time = sorted(rows.values(), key=lambda row: int(row["author_time"]))
        lines[repo].append([(point, sort(point)) for point in map(point_of, in_time)])
    commits: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read("commits_with_time.csv"):
        commits[row["repo"]][row["sha"]] = float(row["logged_minutes"])
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for row in read("worklog_entries.csv"):
        days[row["repo"]][row["date"]] += round(float(row["minutes"]))
    return [
        Truth(
            name=repo,
            lines=(max(lines[repo], key=len),) if repo in days else tuple(lines[repo]),
            commits=commits[repo],
            days=days[repo],
        )
        for repo in sorted(lines)
    ]


def read(name: str) -> list[dict[str, str]]:
    """A file of the data set."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def point_of(row: Mapping[str, str]) -> Point:
    """A commit as evidence would have it; sizes that were not fully known are unknown."""
    known = row["stat_complete"] == "1"
    record = Evidence(
        key=row["sha"],
        kind="commit",
        source="data",
        contributor=row["author"],
        at=datetime.fromtimestamp(int(row["author_time"]), UTC),
        text=row["subject"],
        parents=int(row["parents"] or 0),
        files=int(row["files"]) if known else None,
        added=int(row["insertions"]) if known else None,
        deleted=int(row["deletions"]) if known else None,
    )
    second = int(row["author_time"])
    return Point(contributor=row["author"], second=second, said=record, made=record, names=(row["sha"],))


def sort(point: Point) -> Sort:
    """Merges and empty commits show presence alone."""
    return "attendance" if point.made.parents > 1 or point.made.files == 0 else "work"


if __name__ == "__main__":
    main()
