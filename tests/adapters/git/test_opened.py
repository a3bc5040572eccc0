"""Sealed values are opened for reading alone: in the work tree and at commits, never in what is written."""

from pathlib import Path

import pytest
from tests.repositories import commit, live_in, now, repository

from git_bill.adapters.git.books import open_books
from git_bill.effects import WriteFile

FILE = "billing/billing.toml"


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


def opener(content: bytes, path: str) -> bytes:
    return content.replace(b"sealed", f"opened {path}".encode())


def test_reading_for_use_and_reading_as_it_is(tmp_path: Path) -> None:
    top = repository(tmp_path / "books")
    made = commit(top, {FILE: b"sealed"})
    books = open_books(top, now=now, opener=opener)
    for state in (books.here(), books.at(made)):
        assert state.read(FILE) == b"sealed"
        assert state.opened(FILE) == b"opened billing/billing.toml"
        assert state.opened("billing/none.toml") is None
    books.write_all([WriteFile(path="billing/clients/acme.toml", content=b"x")])
    assert (top / FILE).read_bytes() == b"sealed"
    assert open_books(top, now=now).here().opened(FILE) == b"sealed"
