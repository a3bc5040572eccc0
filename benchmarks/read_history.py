"""How fast histories are read, against git alone.

    python benchmarks/read_history.py [PATH...] [--rounds 5]

For each repository (by default this one): the same commits once by `git log -z` with all the fields that billing
needs, its output thrown away (the floor), and once by `GitHistory.commits`, which parses them. Then line counts, patch
ids and sketches of the newest 3,000 commits without merges, against one `git log -p -U0 --numstat` of these, its output
thrown away. The runs take turns; printed are medians in seconds, the median of each turn's ratio to git's, and the most
memory that this program itself had so far. Where others use the machine, too, ratios are too high: git has one process,
we have more.
"""

import argparse
import gc
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from git_bill.adapters.git.history import GitHistory
from git_bill.adapters.git.run import command, environment

HERE = Path(__file__).parents[1]
FIELDS = "--format=%H%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B"
WALK = ("log", "--all", "--reflog", "-z", "--date=raw", FIELDS)
NEWEST = 3000


def main() -> None:
    """Measure the repositories named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("repositories", nargs="*", type=Path, metavar="PATH", default=[HERE])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(f"{'repository':<28} {'what':<10} {'commits':>8} {'git s':>8} {'ours s':>8} {'ratio':>6} {'MB':>5}")
    for path in given.repositories:
        measure(path, given.rounds)


def measure(path: Path, rounds: int) -> None:
    """Print a line for each kind of reading. Nothing is said of diffs where blobs are missing: git fails there."""
    history = GitHistory(path)
    number = sum(1 for _ in history.commits())
    newest = list(islice((commit.id for commit in history.commits() if len(commit.parents) < 2), NEWEST))
    ids = "".join(f"{commit}\n" for commit in newest).encode()
    told = ("log", "--no-walk=unsorted", "--stdin", "--no-renames", "--format=%H")
    arms: list[tuple[str, int, Callable[[], object], Callable[[], object]]] = [
        ("read", number, lambda: git(path, WALK), lambda: sum(1 for _ in history.commits())),
        (
            "changes",
            len(newest),
            lambda: git(path, (*told, "-p", "-U0", "--numstat"), ids),
            lambda: history.changes(newest),
        ),
    ]
    name = path.parent.name if path.name in {".git", "repo"} else path.name
    for what, number, theirs, ours in arms:
        if all(change.added is not None for change in history.changes(newest).values()) or what == "read":
            floors, mine = in_turns((theirs, ours), rounds)
            ratio = statistics.median(one / other for one, other in zip(mine, floors, strict=True))
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "linux" else 1024**2)
            seconds = f"{statistics.median(floors):>8.3f} {statistics.median(mine):>8.3f}"
            print(f"{name:<28} {what:<10} {number:>8} {seconds} {ratio:>6.2f} {used:>5}", flush=True)


def git(path: Path, arguments: Sequence[str], given: bytes = b"") -> None:
    """Git by itself, with the settings and environment of our own children."""
    subprocess.run(command(path, *arguments), input=given, stdout=subprocess.DEVNULL, env=environment(), check=True)


def in_turns(arms: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Seconds of each arm, turn by turn."""
    seconds: list[list[float]] = [[] for _ in arms]
    for _ in range(rounds):
        for arm, measured in zip(arms, seconds, strict=True):
            gc.collect()
            start = time.perf_counter()
            arm()
            measured.append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    main()
