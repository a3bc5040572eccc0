"""How long `git bill estimate` takes from start to end, against git's own log of the same commits.

    python benchmarks/estimate.py [PATH...] [--rounds 3]

For each repository (by default this one) two questions: the hours of whoever committed most in the two months up to
the newest commit, and everyone's in the whole history. The floor is one `git log` of the same time with the fields
that are needed, its output thrown away; it may stop at the first older commit, which an estimate must not. The runs
take turns; printed are medians in seconds, their ratio, and the most memory that the program had.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path

from git_bill.adapters.git.history import GitHistory
from git_bill.adapters.git.run import command, environment
from git_bill.period import month

HERE = Path(__file__).parents[1]
LOG = ("log", "--all", "-z", "--date=raw", "--format=%H%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B")
PROGRAM = """
import resource, sys
from git_bill.cli.main import main
code = main(sys.argv[1:])
unit = 1024 if sys.platform == "linux" else 1024**2
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit, file=sys.stderr)
sys.exit(code)
"""


def main() -> None:
    """Measure the repositories named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("repositories", nargs="*", type=Path, metavar="PATH", default=[HERE])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"{'repository':<24} {'whose':<28} {'git s':>7} {'ours s':>7} {'ratio':>6} {'MB':>5}")
    for path in given.repositories:
        measure(path, given.rounds)


def measure(path: Path, rounds: int) -> None:
    """Print a line for the two months and one for the whole history."""
    newest = list(islice(GitHistory(path).commits(), 500))
    last = max(commit.committer_at for commit in newest).date()
    first = month(month(last).first - timedelta(days=1)).first
    busiest = Counter(commit.author_email for commit in newest).most_common(1)[0][0]
    questions = (
        (busiest, ("--since", str(first), "--until", str(last), "--author", busiest), (f"--since={first}",)),
        ("everyone, whole history", ("--all",), ()),
    )
    name = path.resolve().parent.name if path.name in {".git", "repo"} else path.resolve().name
    for whose, options, window in questions:
        floors, times, memory = [], [], 0
        for _ in range(rounds):
            floors.append(timed(command(path, *LOG, *window))[0])
            seconds, used = timed([sys.executable, "-c", PROGRAM, "estimate", str(path), *options])
            times.append(seconds)
            memory = max(memory, int(used))
        floor, ours = statistics.median(floors), statistics.median(times)
        print(f"{name:<24.24} {whose:<28.28} {floor:7.2f} {ours:7.2f} {ours / floor:6.1f} {memory:5}")


def timed(words: Sequence[str]) -> tuple[float, str]:
    """Seconds that a command takes, and the last line that it says on standard error."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        ran = subprocess.run(words, stdout=output, stderr=subprocess.PIPE, env=environment(), check=True)
        seconds = time.perf_counter() - start
    return seconds, (ran.stderr.decode().splitlines() or [""])[-1]


if __name__ == "__main__":
    main()
