"""Law 8: killed at any step and run again, the tree equals that of a run that was not killed."""

import shutil
import signal
from pathlib import Path

import pytest
from tests.stories.freelancer import Freelancer

MOST_STEPS = 40


def copy(mira: Freelancer, name: str) -> Path:
    """A copy of the books, with everything git keeps."""
    place = mira.folder / name
    shutil.copytree(mira.books, place, symlinks=True)
    return place


@pytest.mark.parametrize(
    "words",
    [("draft", "--period", "2026-10"), ("approve", "acme-2026-10"), ("issue", "acme-2026-10")],
    ids=["draft", "approve", "issue"],
)
def test_killed_anywhere_and_run_again(mira: Freelancer, words: tuple[str, ...]) -> None:
    if words[0] != "draft":
        mira.draft()
    whole = copy(mira, "whole")
    assert mira.bill(*words, cwd=whole).returncode == 0
    kills = 0
    for step in range(1, MOST_STEPS):
        place = copy(mira, f"step-{step}")
        ran = mira.bill(*words, cwd=place, env={"GIT_BILL_KILL_AT": str(step)})
        if ran.returncode != -signal.SIGKILL:
            assert ran.returncode == 0, ran.stderr
            break
        kills += 1
        again = mira.bill(*words, cwd=place)
        assert again.returncode == 0, again.stdout + again.stderr
        assert mira.tree(place) == mira.tree(whole), f"killed at step {step}"
        assert mira.git(place, "status", "--porcelain") == "", f"killed at step {step}"
        shutil.rmtree(place)
    assert kills >= 4


@pytest.mark.slow
def test_killed_with_a_remote(mira: Freelancer) -> None:
    mira.draft()
    mira.git(mira.folder, "clone", "-q", "--bare", str(mira.books), "origin.git")
    mira.git(mira.books, "remote", "add", "origin", "../origin.git")
    mira.git(mira.books, "fetch", "-q", "origin")
    mira.git(mira.books, "branch", "-q", "-u", "origin/main", "main")
    for step in range(1, MOST_STEPS):
        place = mira.folder / f"step-{step}"
        place.mkdir()
        for name in ("books", "origin.git"):
            shutil.copytree(mira.folder / name, place / name, symlinks=True)
        ran = mira.bill("issue", "acme-2026-10", cwd=place / "books", env={"GIT_BILL_KILL_AT": str(step)})
        again = mira.bill("issue", "acme-2026-10", cwd=place / "books")
        assert again.returncode == 0, again.stdout + again.stderr
        origin = mira.git(place / "origin.git", "ls-tree", "-r", "main")
        assert "INV-2026-0001/invoice.pdf" in origin
        assert mira.tree(place / "books") == origin
        assert mira.git(place / "books", "status", "--porcelain") == ""
        shutil.rmtree(place)
        if ran.returncode != -signal.SIGKILL:
            assert step > 4
            break
