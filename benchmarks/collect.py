"""How long `git bill collect` takes from start to end, against git's own log of the same commits.

    python benchmarks/collect.py [PATH...] [--days 365] [--rounds 3]

For each repository (by default this one), as whoever committed most in the days up to its newest commit: the first
collect, a second one with nothing new, and one with twenty new commits. The floor is one `git log -p -U0 --numstat` of
that person's commits of these days, its output thrown away. The runs take turns; printed are the quickest in seconds,
for what else the machine does only adds, their ratio to the floor, and the most memory that the program itself had.
Nothing is written into the repository: a copy borrows its objects.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from git_bill.adapters.git.history import GitHistory
from git_bill.adapters.git.run import command, environment, git
from git_bill.worklog.identity import is_bot

HERE = Path(__file__).parents[1]
NEW = 20
PROGRAM = """
import atexit, resource, sys
atexit.register(lambda: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr))
from git_bill.cli.main import run
run()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who collects, and since when."""

    name: str
    email: str
    since: datetime
    newest: datetime


def main() -> None:
    """Measure the repositories named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("repositories", nargs="*", type=Path, metavar="PATH", default=[HERE])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"{'repository':<24} {'collect':<22} {'commits':>8} {'git s':>7} {'ours s':>7} {'ratio':>6} {'MB':>5}")
    for path in given.repositories:
        with tempfile.TemporaryDirectory() as folder:
            measure(path.resolve(), Path(folder), given.days, given.rounds)


def measure(path: Path, folder: Path, days: int, rounds: int) -> None:
    """Print a line for each of the three kinds of collect."""
    copy = folder / "copy.git"
    subprocess.run(["git", "clone", "-q", "--mirror", "--shared", str(path), str(copy)], check=True)
    person = busiest(copy, days)
    (folder / "config").write_text(f'[user]\nname = "{person.name}"\nemail = {person.email}\n', encoding="utf-8")
    os.environ |= {"GIT_CONFIG_GLOBAL": str(folder / "config"), "GIT_CONFIG_NOSYSTEM": "1"}
    books = ("--books", str(folder / "books"), "--timezone", "UTC", "--since", f"{person.since:%Y-%m-%d}")
    program("init", "--yes", *books, "--client", "Acme", "--country", "DE", "--rate", "95 EUR", "-C", str(copy))
    floors: list[float] = []
    found: dict[str, list[tuple[int, float, int]]] = {"first": [], "nothing new": [], f"{NEW} new commits": []}
    for number in range(rounds):
        floors.append(floor(copy, person))
        fresh = shutil.copytree(folder / "books", folder / f"books{number}")
        for what in ("first", "nothing new"):
            found[what].append(collect(fresh))
    add_commits(copy, person)
    found[f"{NEW} new commits"] = [collect(folder / f"books{number}") for number in range(rounds)]
    name = path.parent.name if path.name in {".git", "repo"} else path.name
    for what, runs in found.items():
        ours, git_s = min(seconds for _, seconds, _ in runs), min(floors)
        memory = max(used for *_, used in runs)
        print(
            f"{name:<24.24} {what:<22} {runs[0][0]:>8} {git_s:7.2f} {ours:7.2f} {ours / git_s:6.2f} {memory:5}",
            flush=True,
        )


def busiest(copy: Path, days: int) -> Person:
    """Who committed most in the days up to the newest commit, programs aside."""
    newest = max(commit.committer_at for commit, _ in zip(GitHistory(copy).commits(), range(500), strict=False))
    since = newest.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    authors = Counter(
        (commit.author_name, commit.author_email)
        for commit in GitHistory(copy).commits(since=since)
        if commit.author_at >= since and not is_bot(commit.author_name, commit.author_email)
    )
    (name, email), _ = authors.most_common(1)[0]
    return Person(name=name, email=email, since=since, newest=newest)


def floor(copy: Path, person: Person) -> float:
    """Seconds that git needs for the person's commits with their patches and line counts."""
    window = (f"--since-as-filter=@{int(person.since.timestamp())} +0000", "--author", f"<{person.email}>")
    start = time.perf_counter()
    words = command(copy, "log", "--all", *window, "--fixed-strings", "--no-renames", "-p", "-U0", "--numstat")
    subprocess.run(words, stdout=subprocess.DEVNULL, env=environment(), check=True)
    return time.perf_counter() - start


def collect(books: Path) -> tuple[int, float, int]:
    """Commits found, seconds, and the most memory in MB."""
    start = time.perf_counter()
    done = program("collect", "-C", str(books), "--json")
    seconds = time.perf_counter() - start
    used = int(done.stderr.split()[-1])
    return json.loads(done.stdout)["gathered"], seconds, used // (1024 if sys.platform == "linux" else 1024**2)


def program(*words: str) -> subprocess.CompletedProcess[str]:
    """Run git-bill; it ends the benchmark where it fails."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"git-bill {words[0]} ended with exit code {done.returncode}: {done.stdout}{done.stderr}")
    return done


def add_commits(copy: Path, person: Person) -> None:
    """Small commits of the person on a branch of their own, ten minutes apart."""
    lines: Sequence[str] = [
        line
        for number in range(NEW)
        for line in (
            "commit refs/heads/twenty-new-commits",
            f"author {person.name} <{person.email}> {int(person.newest.timestamp()) + 600 * number} +0000",
            f"committer {person.name} <{person.email}> {int(person.newest.timestamp()) + 600 * number} +0000",
            "data 5",
            "more",
            *(["from HEAD^0"] if number == 0 else []),
            "M 100644 inline twenty.txt",
            f"data {2 * number + 2}",
            "x\n" * number + "y",
            "",
        )
    ]
    git(copy, "fast-import", "--quiet", input="\n".join(lines).encode() + b"\n")


if __name__ == "__main__":
    main()
