"""How fast histories are read, against git alone.

    python benchmarks/read_history.py PATH... [--rounds 5]

For each repository: the same commits once by `git log -z` with all the fields that billing needs, its output thrown
away (the floor), and once by `GitHistory.commits`, which parses them. Then line counts and patch ids of the newest
3,000 commits without merges against one `git log --numstat` and one `git log -p | git patch-id`. The runs take turns;
printed are medians in seconds and their ratio to git's. What belongs to the disk cache is read once before.
"""

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from git_bill.adapters.git.history import GitHistory
from git_bill.adapters.git.run import command, environment

FIELDS = "--format=%H%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B"
WALK = ("log", "--all", "--reflog", "-z", "--date=raw", FIELDS)
NEWEST = 3000


def main() -> None:
    """Measure the repositories named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("repositories", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(f"{'repository':<28} {'what':<10} {'commits':>8} {'git s':>8} {'ours s':>8} {'ratio':>6}")
    for path in given.repositories:
        measure(path, given.rounds)


def measure(path: Path, rounds: int) -> None:
    """Print a line for each kind of reading. Nothing is said of diffs where blobs are missing: git fails there."""
    history = GitHistory(path)
    commits = list(history.commits())
    newest = [commit.id for commit in commits if len(commit.parents) < 2][:NEWEST]
    ids = "".join(f"{commit}\n" for commit in newest).encode()
    told = ("log", "--no-walk=unsorted", "--stdin", "--no-renames", "--format=%H")
    arms: list[tuple[str, int, Callable[[], object], Callable[[], object]]] = [
        ("read", len(commits), lambda: git(path, WALK), lambda: sum(1 for _ in history.commits())),
        ("lines", len(newest), lambda: git(path, (*told, "--numstat"), ids), lambda: history.changes(newest)),
        ("patches", len(newest), lambda: patch_ids(path, (*told, "-p", "-U0"), ids), lambda: history.patch_ids(newest)),
    ]
    name = path.parent.name if path.name in {".git", "repo"} else path.name
    for what, number, theirs, ours in arms:
        if all(change.added is not None for change in history.changes(newest).values()) or what == "read":
            floor, mine = in_turns((theirs, ours), rounds)
            print(f"{name:<28} {what:<10} {number:>8} {floor:>8.3f} {mine:>8.3f} {mine / floor:>6.2f}", flush=True)


def git(path: Path, arguments: Sequence[str], given: bytes = b"") -> None:
    """Git by itself, with the settings and environment of our own children."""
    subprocess.run(command(path, *arguments), input=given, stdout=subprocess.DEVNULL, env=environment(), check=True)


def patch_ids(path: Path, arguments: Sequence[str], given: bytes) -> None:
    """One git for the patches, one for their ids."""
    with tempfile.TemporaryFile() as ids:
        ids.write(given)
        ids.seek(0)
        with subprocess.Popen(
            command(path, *arguments), stdin=ids, stdout=subprocess.PIPE, env=environment()
        ) as patches:
            subprocess.run(
                command(path, "patch-id", "--stable"),
                stdin=patches.stdout,
                stdout=subprocess.DEVNULL,
                env=environment(),
                check=True,
            )


def in_turns(arms: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Median seconds of each arm."""
    seconds: list[list[float]] = [[] for _ in arms]
    for _ in range(rounds):
        for arm, measured in zip(arms, seconds, strict=True):
            start = time.perf_counter()
            arm()
            measured.append(time.perf_counter() - start)
    return [statistics.median(measured) for measured in seconds]


if __name__ == "__main__":
    main()
