"""How far estimated hours are from tracked ones, per repository: the table of docs/hours.md.

    GIT_BILL_DATA=…/time_truth python benchmarks/hours.py

Reads `commits_with_time.csv` and `all_commits_of_time_repos.csv` (minutes logged per commit) and `worklog_entries.csv`
(minutes logged per day; the days' commits are those of the repository's busiest author). Repeated author seconds
are removed first. Without the data it says so and ends well: no user has it.
"""

import csv
import os
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from git_bill.worklog.effort import estimates
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Point

DATA = Path(os.environ.get("GIT_BILL_DATA") or Path(__file__).parents[2] / "shared" / "data" / "time_truth")
Row = dict[str, str]
Rule = Callable[[Sequence[Row]], list[float]]


def capped(session: int, first: int) -> Rule:
    """The classical rule: a gap counts if it is under `session` minutes, else the commit stands for `first`."""

    def rule(rows: Sequence[Row]) -> list[float]:
        times = [int(row["author_time"]) / 60 for row in rows]
        gaps = [None, *(b - a for a, b in pairwise(times))]
        return [float(first) if gap is None or gap >= session else gap for gap in gaps]

    return rule


def ours(rows: Sequence[Row]) -> list[float]:
    """The model that `collect` and `estimate` use."""
    points = [_point(row) for row in rows]
    return [float(e.expected) for e in estimates([(p, "attendance" if _merge(p) else "work") for p in points])]


def _point(row: Row) -> Point:
    known = row["stat_complete"] == "1"
    record = Evidence(
        key=row["sha"],
        kind="commit",
        source="data",
        contributor=row["author"],
        at=datetime.fromtimestamp(int(row["author_time"]), UTC),
        parents=int(row["parents"] or 0),
        added=int(row["insertions"]) if known else None,
        deleted=int(row["deletions"]) if known else None,
    )
    return Point(
        contributor=row["author"], second=int(row["author_time"]), said=record, made=record, names=(row["sha"],)
    )


def _merge(point: Point) -> bool:
    return point.made.parents > 1


def read(name: str) -> list[Row]:
    """A file of the data set."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_author(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Commits of each person in each repository in order of time, one of each author second."""
    found: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        found[row["repo"], row["author"]].setdefault(row["author_time"], row)
    return {key: sorted(some.values(), key=lambda r: int(r["author_time"])) for key, some in found.items()}


def totals(rule: Rule) -> dict[str, tuple[float, float]]:
    """Repository → (estimated, logged) minutes."""
    everything = by_author(read("all_commits_of_time_repos.csv"))
    found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    logged = {(r["repo"], r["sha"]): float(r["logged_minutes"]) for r in read("commits_with_time.csv")}
    for (repo, _), rows in everything.items():
        for row, minutes in zip(rows, rule(rows), strict=True):
            if (repo, row["sha"]) in logged:
                found[repo][0] += minutes
                found[repo][1] += logged[repo, row["sha"]]
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in read("worklog_entries.csv"):
        days[entry["repo"]][entry["date"]] += round(float(entry["minutes"]))
    for repo, logs in days.items():
        people = {author: rows for (r, author), rows in everything.items() if r == repo}
        if not people:
            continue
        rows = max(people.values(), key=len)
        stands = Counter[str]()
        for row, minutes in zip(rows, rule(rows), strict=True):
            stands[f"{datetime.fromtimestamp(int(row['author_time']), UTC):%Y-%m-%d}"] += round(minutes)
        found[repo][0] += sum(stands[day] for day in logs)
        found[repo][1] += sum(logs.values())
    return {repo: (a, b) for repo, (a, b) in sorted(found.items()) if b}


def main() -> None:
    """Print the error of each repository's total, and their mean and median."""
    if not DATA.is_dir():
        print(f"no data at {DATA}: set GIT_BILL_DATA to a folder with commits_with_time.csv")
        return
    rules = {"120/120": capped(120, 120), "60/60": capped(60, 60), "30/30": capped(30, 30), "git-bill": ours}
    results = {name: totals(rule) for name, rule in rules.items()}
    print(f"{'repository':44} {'logged h':>9}" + "".join(f" {name:>9}" for name in rules))
    for repo, (_, logged) in results["git-bill"].items():
        ratios = "".join(f" {results[name][repo][0] / logged:9.2f}" for name in rules)
        print(f"{repo[:44]:44} {logged / 60:9.1f}{ratios}")
    for what, of in (("mean", statistics.mean), ("median", statistics.median)):
        wrong = [of([abs(a / b - 1) for a, b in results[name].values()]) for name in rules]
        print(f"{f'{what} error of totals':54}" + "".join(f" {100 * value:8.0f}%" for value in wrong))


if __name__ == "__main__":
    sys.exit(main())
