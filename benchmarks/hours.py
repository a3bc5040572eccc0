"""How far estimated hours are from tracked ones, per repository: the table of docs/hours.md.

    GIT_BILL_DATA=…/data python benchmarks/hours.py

Reads `time_truth/commits_with_time.csv` and `all_commits_of_time_repos.csv` (minutes logged per commit) and
`worklog_entries.csv` (minutes logged per day: the days with a log, against the commits of the repository's busiest
author on them). As `collect` does, it makes one line of a person's commits over all repositories; repeated author
seconds are one commit. Printed are estimated hours as a multiple of the logged ones: three classical rules, our model,
and our model with constants chosen anew from other people's repositories alone; then the share of commits or days whose
logged minutes lie in our 80 % range. What own confirmed days add: train_effort.py. Without the data it says so and
ends well.
"""

import csv
import os
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from git_bill.worklog.effort import SESSION, Estimate, Model, combined, estimates
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Point, Sort

DATA = Path(os.environ.get("GIT_BILL_DATA") or Path(__file__).parents[2] / "shared" / "data") / "time_truth"
Key = tuple[str, int]  # contributor and author second: one point
Line = Sequence[tuple[Point, Sort]]
Rule = Callable[[Line], Iterable[Estimate]]

# One repository logs its time by commits that clock in and out. They are the truth itself, so no estimate may see them;
# their times beside its log's local ones also tell its zone. The data tells no other.
# GIT_BILL_PUNCHES=1 lets estimates see them.
PUNCHED: Mapping[str, tzinfo] = {"asherp/hourly": ZoneInfo("America/Chicago")}
PUNCHES = os.environ.get("GIT_BILL_PUNCHES") == "1"
PUNCH = re.compile(r"clock.?(in|out)\b", re.IGNORECASE)

# What is chosen from when a person is left out: sessions, minutes of a gap that count whole, and a factor for the
# medians of first commits. The share of gaps that counts and the limits of sizes stay.
SESSIONS, WHOLE, FACTORS = (60, 90, 120), (0, 15, 30), (0.6, 0.8, 1.0, 1.2, 1.4, 1.7, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A repository: its people's commits, theirs elsewhere too, in order of time, and the minutes logged.

    `days`: minutes by day. `commits`: minutes by point, empty where the log is by day alone. `counted`: the day of each
    point that the log covers.
    """

    name: str
    lines: tuple[Line, ...]
    commits: Mapping[Key, float]
    days: Mapping[str, float]
    counted: Mapping[Key, str]

    @property
    def person(self) -> str:
        """Whose it is: in this data the owner of the repository, who logged the time in two of them at most."""
        return self.name.partition("/")[0]

    @property
    def logged(self) -> float:
        """All logged minutes."""
        return sum(self.days.values())

    def estimated(self, rule: Rule) -> Iterable[Estimate]:
        """The estimates of the points that the log covers."""
        return (e for line in self.lines for e in rule(line) if key_of(e.point) in self.counted)

    def estimated_by_day(self, rule: Rule) -> Mapping[str, Sequence[Estimate]]:
        """The estimates of each logged day, no entry where it has none."""
        found: dict[str, list[Estimate]] = defaultdict(list)
        for estimate in self.estimated(rule):
            found[self.counted[key_of(estimate.point)]].append(estimate)
        return found

    def parts(self) -> list["Truth"]:
        """The log of each contributor, with minutes by commit; a log by day is one person's."""
        return [self._part(line) for line in self.lines] if self.commits else [self]

    def _part(self, line: Line) -> "Truth":
        commits = {key: minutes for key, minutes in self.commits.items() if key[0] == line[0][0].contributor}
        counted = {key: self.counted[key] for key in commits}
        return replace(self, lines=(line,), commits=commits, days=by_day(commits, counted), counted=counted)

    def ratio(self, rule: Rule) -> float:
        """Estimated minutes as a multiple of the logged ones."""
        return sum(e.expected for e in self.estimated(rule)) / self.logged


def main() -> None:
    """Print a line for each repository, then the mean and median error of their totals."""
    if not DATA.is_dir():
        print(f"skipped: no data at {DATA}; set GIT_BILL_DATA to the folder that holds time_truth/")
        return
    truths = read_truths()
    anew = {
        person: chosen([truth for truth in truths if truth.person != person])
        for person in {truth.person for truth in truths}
    }
    rules = {"120/120": capped(120), "60/60": capped(60), "30/30": capped(30), "git-bill": by_model(SESSION)}
    print(f"{'repository':40} {'logged h':>8}" + "".join(f" {name:>8}" for name in (*rules, "left out", "in range")))
    errors: dict[str, list[float]] = defaultdict(list)
    for truth in truths:
        ratios = {name: truth.ratio(rule) for name, rule in rules.items()}
        ratios["left out"] = truth.ratio(by_model(anew[truth.person]))
        for name, ratio in ratios.items():
            errors[name].append(abs(ratio - 1))
        columns = "".join(f" {ratio:8.2f}" for ratio in ratios.values())
        unit = "commits" if truth.commits else "days"
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
    if truth.commits:
        cases = [(truth.commits[key_of(e.point)], [e]) for e in truth.estimated(estimates)]
    else:
        cases = [(truth.days[day], list(some)) for day, some in truth.estimated_by_day(estimates).items()]
    held = 0
    for minutes, some in cases:
        low, _, high = combined((e.low, e.expected, e.high) for e in some)
        held += low <= minutes <= high
    return held / len(cases)


def chosen(truths: Sequence[Truth]) -> Model:
    """The model with the least mean error over these repositories.

    A first commit's minutes don't hang on how gaps count, so each is summed once per session, not for every pair.
    """

    def totals(model: Model) -> list[int]:
        return [sum(e.expected for e in truth.estimated(by_model(model))) for truth in truths]

    def error(found: Iterable[int]) -> float:
        return statistics.mean(abs(total / truth.logged - 1) for total, truth in zip(found, truths, strict=True))

    tried: list[tuple[float, Model]] = []
    for session in SESSIONS:
        middle = medians(truths, session)
        gaps = {whole: totals(opened(session, whole, [0] * len(middle))) for whole in WHOLE}
        for factor in FACTORS:
            minutes = [max(5, 5 * round(factor * median / 5)) for median in middle]
            firsts = totals(opened(session, WHOLE[0], minutes))
            for whole in WHOLE:
                sums = [f - g0 + g for f, g0, g in zip(firsts, gaps[WHOLE[0]], gaps[whole], strict=True)]
                tried.append((error(sums), opened(session, whole, minutes)))
    return min(tried, key=lambda one: one[0])[1]


def opened(session: int, whole: int, minutes: Sequence[int]) -> Model:
    """Our model with these constants, first commits standing for so many minutes by size."""
    openings = tuple(
        replace(opening, low=0, expected=expected, high=sys.maxsize)
        for opening, expected in zip(SESSION.openings, minutes, strict=True)
    )
    return replace(SESSION, session=session, whole=whole, openings=openings)


def medians(truths: Iterable[Truth], session: int) -> list[float]:
    """Logged minutes of sessions' first commits by size: the mean over repositories of each one's median."""
    found: dict[int, list[float]] = defaultdict(list)
    for truth in truths:
        by_size: dict[int, list[float]] = defaultdict(list)
        for line in truth.lines if truth.commits else ():
            worked: int | None = None
            for point, sort in line:
                opens = sort == "work" and (worked is None or point.minute - worked > session)
                if opens and point.size is not None and key_of(point) in truth.commits:
                    size = next(n for n, opening in enumerate(SESSION.openings) if point.size <= opening.lines)
                    by_size[size].append(truth.commits[key_of(point)])
                worked = point.minute if sort == "work" else worked
        for size, minutes in by_size.items():
            if len(minutes) >= 5:
                found[size].append(statistics.median(minutes))
    return [statistics.mean(found[size]) for size in range(len(SESSION.openings))]


@lru_cache(maxsize=1)
def read_truths() -> list[Truth]:
    """All repositories of the data set, by name."""
    points: dict[Key, tuple[Point, Sort]] = {}
    authors: dict[str, dict[str, set[Key]]] = defaultdict(lambda: defaultdict(set))
    for row in read("all_commits_of_time_repos.csv"):
        if PUNCHES or row["repo"] not in PUNCHED or not PUNCH.match(row["subject"]):
            point = point_of(row)
            points.setdefault(key_of(point), (point, sort(point)))
            authors[row["repo"]][row["author"]].add(key_of(point))
    lines: dict[str, list[tuple[Point, Sort]]] = defaultdict(list)
    for key in sorted(points):
        lines[key[0]].append(points[key])
    commits: dict[str, dict[Key, float]] = defaultdict(dict)
    for row in read("commits_with_time.csv"):
        commits[row["repo"]][row["author"], int(row["author_time"])] = float(row["logged_minutes"])
    logs: dict[str, Counter[str]] = defaultdict(Counter)
    for row in read("worklog_entries.csv"):
        logs[row["repo"]][row["date"]] += round(float(row["minutes"]))
    return [truth_of(repo, authors[repo], lines, commits[repo], logs[repo]) for repo in sorted(authors)]


def truth_of(
    repo: str,
    authors: Mapping[str, set[Key]],
    lines: Mapping[str, Line],
    commits: Mapping[Key, float],
    log: Mapping[str, float],
) -> Truth:
    """A repository's log and the points that it covers: those with minutes, else the busiest author's on its days."""
    if log:
        busiest = max(authors, key=lambda author: len(authors[author]))
        known = {key: day_of(repo, key) for key in authors[busiest]}
        counted = {key: day for key, day in known.items() if day in log}
        return Truth(name=repo, lines=(lines[busiest],), commits={}, days=log, counted=counted)
    counted = {key: day_of(repo, key) for key in commits}
    mine = tuple(lines[author] for author in sorted({author for author, _ in commits}))
    return Truth(name=repo, lines=mine, commits=commits, days=by_day(commits, counted), counted=counted)


def by_day(commits: Mapping[Key, float], days: Mapping[Key, str]) -> Mapping[str, float]:
    """Minutes of commits by day."""
    found: dict[str, float] = defaultdict(float)
    for key, minutes in commits.items():
        found[days[key]] += minutes
    return found


def day_of(repo: str, key: Key) -> str:
    """The day of a point as its log counts days; in UTC where the data tells no zone."""
    return f"{datetime.fromtimestamp(key[1], PUNCHED.get(repo, UTC)):%Y-%m-%d}"


def key_of(point: Point) -> Key:
    """What makes points one."""
    return point.contributor, point.second


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
