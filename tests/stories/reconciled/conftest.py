"""Mira's books with three open invoices, on the tenth of December."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.flows.shelf import invoice, line, shelf
from tests.repositories import live_in
from tests.stories.freelancer import Freelancer, Ran

from git_bill.custody.ledger import short

TODAY = {"GIT_BILL_NOW": "2026-12-10T11:00:00+01:00"}
SHEET = b"entry,day,contributor,client,project,ticket,activity,worked_minutes,billed_minutes,intervals,text\n"
HOURS = ("2", "4", "1")  # 226.10, 452.20 and 113.05 EUR
_MADE: list[Path] = []


@pytest.fixture
def issued(
    tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The books, made once; git knows Mira in this process, too."""
    live_in(environment, monkeypatch)
    if not _MADE:
        made = shelf(tmp_path_factory.mktemp("till") / "books")
        for at, hours in enumerate(HOURS):
            billed = line(hours, entries={f"W-{'abc'[at] * 12}": 60})
            made.freeze(invoice(f"INV-2026-{32 + at:04}", billed, head=short(made.head)), timesheet=SHEET)
        _MADE.append(made.top)
    return _MADE[0]


@pytest.fixture
def mira(issued: Path, tmp_path: Path, git_bill: Callable[..., Ran], git: Callable[..., str]) -> Freelancer:
    """INV-2026-0032 to 0034, all of Acme's."""
    books = tmp_path / "books"
    shutil.copytree(issued, books, symlinks=True)
    for name, value in {"user.name": "Mira Kovac", "user.email": "mira@example.net"}.items():
        git(books, "config", name, value)
    return Freelancer(folder=tmp_path, shop=tmp_path / "none", books=books, run=git_bill, git=git, env=TODAY)
