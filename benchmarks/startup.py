"""Start-up against bare Python: `git-bill --version` and `git-bill -h`, whole processes, interleaved, medians.

    python benchmarks/startup.py [RUNS]

Goal: `--version` at most twice `python -c pass`.
"""

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "git-bill --version": [sys.executable, "-m", "git_bill", "--version"],
    "git-bill -h": [sys.executable, "-m", "git_bill", "-h"],
}


def once(command: list[str]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure in turn and print the ratios."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 15
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs + 1):
        for name, command in COMMANDS.items():
            times[name].append(once(command))
    floor = statistics.median(times["python -c pass"][1:])
    for name, taken in times.items():
        middle = statistics.median(taken[1:])
        print(f"{name:20} {middle * 1000:7.1f} ms  {middle / floor:5.2f} x")


if __name__ == "__main__":
    main()
