"""Law 8: killed at any step and run again, the books equal those of a run that was not killed. And races."""

import json
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.stories.freelancer import Freelancer
from tests.stories.reconciled.paper import booking, statement

MOST_STEPS = 40


@pytest.fixture
def paper(mira: Freelancer) -> Path:
    """One payment that is sure and one that is not; and a loss that was merged and waits to be recorded."""
    branch = mira.json("write-off", "INV-2026-0034", "--because", "gone", "--propose")["proposed"]
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Merge it", branch)
    return statement(mira, booking("226.10", "INV-2026-0032"), booking("100.00", "INV-2026-0033", "2026-11-21"))


def origin(mira: Freelancer) -> Path:
    """A bare remote that the books follow."""
    place = mira.folder / "origin.git"
    mira.git(mira.folder, "clone", "-q", "--bare", str(mira.books), str(place))
    mira.git(mira.books, "remote", "add", "origin", "../origin.git")
    mira.git(mira.books, "fetch", "-q", "origin")
    mira.git(mira.books, "branch", "-q", "-u", "origin/main", "main")
    return place


def state(mira: Freelancer, place: Path) -> tuple[str, str, str]:
    """The tree, the proposals that are open, and what is not committed."""
    books = place / "books"
    refs = mira.git(books, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin")
    return mira.tree(books), refs, mira.git(books, "status", "--porcelain")


@pytest.mark.slow
@pytest.mark.parametrize("remote", [False, True], ids=["alone", "remote"])
def test_killed_anywhere_and_run_again(mira: Freelancer, paper: Path, *, remote: bool) -> None:
    if remote:
        origin(mira)

    def copy(name: str) -> Path:
        place = mira.folder / name
        place.mkdir()
        for each in ("books", "origin.git") if remote else ("books",):
            shutil.copytree(mira.folder / each, place / each, symlinks=True)
        return place

    whole = copy("whole")
    assert mira.bill("reconcile", str(paper), cwd=whole / "books").returncode == 0
    kills = 0
    for step in range(1, MOST_STEPS):
        place = copy(f"step-{step}")
        ran = mira.bill("reconcile", str(paper), cwd=place / "books", env={"GIT_BILL_KILL_AT": str(step)})
        if ran.returncode != -signal.SIGKILL:
            assert ran.returncode == 0, ran.stderr
            break
        kills += 1
        again = mira.bill("reconcile", str(paper), cwd=place / "books")
        assert again.returncode == 0, again.stdout + again.stderr
        assert state(mira, place) == state(mira, whole), f"killed at step {step}"
        if remote:
            assert mira.git(place / "origin.git", "ls-tree", "-r", "main") == mira.tree(place / "books")
        shutil.rmtree(place)
    assert kills >= 4


def test_five_clones_at_once_book_the_money_once(mira: Freelancer, paper: Path) -> None:
    place = origin(mira)
    clones = [mira.folder / f"clone-{number}" for number in range(5)]
    for clone in clones:
        mira.git(mira.folder, "clone", "-q", str(place), str(clone))
        mira.git(clone, "config", "user.email", "mira@example.net")

    def matched(clone: Path) -> int:
        at = {"GIT_BILL_NOW": f"2026-12-10T11:00:0{clone.name[-1]}+01:00"}  # at one second all would make one commit
        ran = mira.bill("reconcile", str(paper), "--json", cwd=clone, env=at)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return len(json.loads(ran.stdout)["matched"])

    with ThreadPoolExecutor(len(clones)) as pool:
        assert sorted(pool.map(matched, clones)) == [0, 0, 0, 0, 1]
    mira.git(mira.books, "pull", "-q", "--ff-only")
    text = (mira.books / "billing" / "payments" / "2026-11.toml").read_text(encoding="utf-8")
    assert (text.count("[[remittances]]"), text.count("[[allocations]]")) == (2, 1)
    ledger = (mira.books / "billing" / "ledger" / "2026.jsonl").read_text(encoding="utf-8")
    assert (ledger.count('"kind":"payment"'), ledger.count('"kind":"write-off"')) == (1, 1)
    assert mira.json("ledger", "verify")["ok"]
