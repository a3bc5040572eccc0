"""What the hooks add to a commit, against the same number of empty hooks under the same shell, in one run.

    python benchmarks/hooks.py [COMMITS]

Goal: at most 1.5 times the empty hooks where the branch names no ticket. Rounds are interleaved; medians of whole
`git commit` processes.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from git_bill.adapters.git.hooks import hooks_of, set_hook
from git_bill.flows import apply
from git_bill.flows.hooks import install

_SHELLS = ("dash", "bash")
_NAMES = ("prepare-commit-msg", "commit-msg", "post-rewrite")
_PATTERN = r"[A-Z][A-Z0-9]+-\d+"


def repository(folder: Path, branch: str) -> Path:
    """A clone with one commit."""
    folder.mkdir()
    for args in (
        ["init", "-q", "-b", branch],
        ["config", "user.name", "Mira Kovac"],
        ["config", "user.email", "mira@example.net"],
        ["config", "gc.auto", "0"],
        ["config", "maintenance.auto", "false"],
        ["commit", "-q", "--allow-empty", "-m", "first"],
    ):
        subprocess.run(["git", *args], cwd=folder, check=True)
    return folder


def installed(clone: Path, shell: str) -> Path:
    """With our hooks, run by this shell."""
    hooks = hooks_of(clone)
    assert hooks is not None
    apply.run(install(hooks, _PATTERN), apply.Actors(hooks=set_hook))
    for name in _NAMES:
        _with_shell(clone / ".git/hooks" / name, shell, (clone / ".git/hooks" / name).read_text())
    return clone


def emptied(clone: Path, shell: str) -> Path:
    """With as many hooks that do nothing."""
    for name in _NAMES:
        _with_shell(clone / ".git/hooks" / name, shell, "#!/bin/sh\n")
    return clone


def _with_shell(hook: Path, shell: str, text: str) -> None:
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!{shutil.which(shell)}\n" + text.partition("\n")[2])
    hook.chmod(0o755)


def once(clone: Path, *args: str) -> float:
    """Milliseconds of one commit."""
    start = time.perf_counter()
    subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "work", *args], cwd=clone, check=True)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Measure each shell in turn and print what hooks add, in milliseconds and as a ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 150
    os.environ |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    print(f"{'':6} {'commits of':28} {'bare':>7} {'empty':>8} {'ours':>8} {'ratio':>6}")
    for shell in filter(shutil.which, _SHELLS):
        with tempfile.TemporaryDirectory() as folder:
            top = Path(folder)
            bare = repository(top / "bare", "main")
            empty = emptied(repository(top / "empty", "main"), shell)
            plain = installed(repository(top / "plain", "feature/checkout-form-of-the-shop"), shell)
            ticket = installed(repository(top / "ticket", "feature/WEB-12-checkout-form"), shell)
            for what, ours, args in (
                ("a branch without ticket", plain, ()),
                ("an amend of one", plain, ("--amend",)),
                ("a branch with a ticket", ticket, ()),
            ):
                times: dict[Path, list[float]] = {bare: [], empty: [], ours: []}
                for _ in range(rounds):
                    for clone, taken in times.items():
                        taken.append(once(clone, *args))
                floor, of_empty, of_ours = (statistics.median(taken[3:]) for taken in times.values())
                ratio = (of_ours - floor) / (of_empty - floor)
                added = f"{of_empty - floor:+7.2f} {of_ours - floor:+8.2f}"
                print(f"{shell:6} {what:28} {floor:7.2f} {added:>17} {ratio:6.2f}")


if __name__ == "__main__":
    main()
