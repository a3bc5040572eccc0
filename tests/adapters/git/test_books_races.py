"""Twenty issuers at once: each number is given once, none is left out, and every work tree follows."""

import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.repositories import AT, commit, live_in, now, repository, run

from git_bill.adapters.git.books import GitBooks, open_books
from git_bill.effects import Done, Moved, Publish

MANY = 20
FOLDER = "billing/invoices/2026"
LEDGER = "billing/ledger/2026.jsonl"
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


def next_publish(books: GitBooks, who: str) -> Publish:
    """What an issuer computes from the tip: the next number, its folder, a line in the ledger, its tag."""
    tip = books.tip()
    state = books.at(tip or "")
    number = 1 + max((int(path.split("/")[3]) for path in state.paths(FOLDER)), default=0)
    ledger = (state.read(LEDGER) or b"") + f"{number} {who}\n".encode()
    files: dict[str, bytes | None] = {f"{FOLDER}/{number}/invoice.toml": who.encode(), LEDGER: ledger}
    return Publish(
        branch="main", expect=tip, files=files, message=f"Issue {number}", at=AT, tags=(f"invoice/{number}",)
    )


def issue(folder: str, who: str) -> None:
    """One issuer, in a process of its own."""
    books = open_books(Path(folder), now=now, branch="main")
    for _ in range(500):
        books.fetch()
        outcome = books.publish(next_publish(books, who))
        if isinstance(outcome, Done):
            return
        assert isinstance(outcome, Moved), outcome
        time.sleep(secrets.SystemRandom().uniform(0, 0.2))
    raise AssertionError("never its turn")


def all_issue(folders: list[Path]) -> None:
    script = "import sys; from tests.adapters.git import test_books_races as t; t.issue(sys.argv[1], sys.argv[2])"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder), f"issuer-{who}"], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for who, folder in enumerate(folders)
    ]
    failed = [error for child in running for _, error in [child.communicate(timeout=200)] if child.returncode]
    assert failed == []


def start(top: Path) -> Path:
    commit(top, {"billing/billing.toml": "schema = 1\n", "shop.py": "1\n"})
    return top


def check_numbers(top: Path) -> None:
    """1 to 20 in the tree, the tags, the ledger and the history, each of another issuer."""
    lines = [line.split() for line in run(top, "show", f"main:{LEDGER}").splitlines()]
    assert [int(number) for number, _ in lines] == list(range(1, MANY + 1))
    assert sorted(who for _, who in lines) == sorted(f"issuer-{who}" for who in range(MANY))
    for number, who in lines:
        assert run(top, "show", f"invoice/{number}:{FOLDER}/{number}/invoice.toml") == who
    assert len(run(top, "tag").split()) == MANY
    subjects = run(top, "log", "--reverse", "--format=%s", "main").splitlines()
    assert subjects[1:] == [f"Issue {number}" for number in range(1, MANY + 1)]


@pytest.mark.slow
def test_through_one_remote(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin.git", "--bare")
    first = start(repository(tmp_path / "first"))
    run(first, "push", "-q", str(origin), "main")
    clones = [tmp_path / f"clone-{number}" for number in range(MANY)]
    for clone in clones:
        run(tmp_path, "clone", "-q", str(origin), str(clone))
    all_issue(clones)
    check_numbers(origin)
    for clone in clones:
        assert run(clone, "status", "--porcelain") == ""


@pytest.mark.slow
def test_in_one_repository(tmp_path: Path) -> None:
    top = start(repository(tmp_path / "books"))
    (top / "shop.py").write_text("unsaved\n", encoding="utf-8")
    all_issue([top] * MANY)
    check_numbers(top)
    assert run(top, "status", "--porcelain") == " M shop.py"
    assert len(list((top / FOLDER).iterdir())) == MANY


@pytest.mark.slow
def test_in_one_clone_of_a_remote(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin.git", "--bare")
    top = start(repository(tmp_path / "books"))
    run(top, "remote", "add", "origin", str(origin))
    run(top, "push", "-q", "-u", "origin", "main")
    all_issue([top] * MANY)
    check_numbers(origin)
    check_numbers(top)
    assert run(top, "status", "--porcelain", "--branch") == "## main...origin/main"
