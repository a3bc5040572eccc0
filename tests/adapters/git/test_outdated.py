"""Nothing is written that was computed from files which somebody changed meanwhile, whichever of them it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repositories import commit, live_in, now, repository

from git_bill.adapters.git.books import open_books
from git_bill.effects import Done, Refused, WriteFile

SETTINGS, EDITS, MANIFEST = (
    "billing/billing.toml",
    "billing/edits/acme/2026-10.toml",
    "billing/manifest/acme/2026-10.toml",
)
MINE = (WriteFile(path=MANIFEST, content=b"mine\n"),)


@pytest.fixture
def top(tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    live_in(environment, monkeypatch)
    made = repository(tmp_path / "books")
    commit(made, {SETTINGS: "schema = 1\n", EDITS: "old\n", MANIFEST: "old\n"})
    return made


def _write(top: Path, path: str, text: str) -> None:
    (top / path).parent.mkdir(parents=True, exist_ok=True)
    (top / path).write_text(text)


@pytest.mark.parametrize(
    ("others", "path"),
    [
        (lambda top: _write(top, MANIFEST, "theirs\n"), MANIFEST),
        (lambda top: _write(top, EDITS, "theirs\n"), EDITS),
        (lambda top: _write(top, "billing/edits/globex/2026-10.toml", "new\n"), "billing/edits/globex/2026-10.toml"),
        (lambda top: (top / EDITS).unlink(), EDITS),
    ],
)
def test_what_was_read_or_listed_and_changed_since(top: Path, others: Callable[[Path], object], path: str) -> None:
    books = open_books(top, now=now)
    state = books.here()
    for name in (*state.paths("billing/edits"), MANIFEST):
        state.read(name)
    others(top)
    if (top / EDITS).exists():
        state.read(EDITS)  # what was computed from the first reading stays wrong
    outcome = books.write_all(MINE)
    assert isinstance(outcome, Refused)
    assert outcome.reason == f"{path} was changed by somebody else since it was read"
    books.here()
    assert isinstance(books.write_all(MINE), Done)


def test_what_was_not_looked_at_may_change(top: Path) -> None:
    books = open_books(top, now=now)
    books.here().read(MANIFEST)
    _write(top, EDITS, "theirs\n")
    _write(top, "notes.txt", "theirs\n")
    assert isinstance(books.write_all(MINE), Done)


def test_own_writing_does_not_count(top: Path) -> None:
    books = open_books(top, now=now)
    state = books.here()
    state.paths("billing")
    state.paths("")
    assert isinstance(books.write_all([WriteFile(path="billing/edits/acme/2026-11.toml", content=b"new\n")]), Done)
    assert isinstance(books.write_all([WriteFile(path=EDITS, content=None)]), Done)
    assert isinstance(books.write_all(MINE), Done)
    assert books.write_all(MINE) == Done(ref=MANIFEST, already=True)
