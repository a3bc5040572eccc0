"""Monday, ten minutes: a freelancer tries the program on the clones that lie on her machine, and believes it.

Two months in three repositories of two clients: squash, rebase, amend, merge, pair work, a bot, a second address.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from git_bill.adapters import pdf
from git_bill.adapters.git.demo_history import DemoHistory, build
from git_bill.cli.demo import walk

Run = Callable[..., CompletedProcess[str]]
TODAY = date(2026, 11, 2)
NOW = ("--today", TODAY.isoformat(), "--timezone", "Europe/Berlin")


@pytest.fixture
def history(tmp_path: Path) -> DemoHistory:
    return build(tmp_path / "demo", today=TODAY)


@pytest.fixture
def estimate(history: DemoHistory, git_bill: Run) -> Callable[..., Any]:
    """`estimate("--all")`: the JSON object for the folder of her clones."""

    def run(*options: str) -> Any:
        ran = git_bill("estimate", "--json", *options, cwd=history.repositories[0].clone.parent)
        assert (ran.returncode, ran.stderr) == (0, "")
        return json.loads(ran.stdout)

    return run


def test_one_command_tells_what_the_months_are_worth(history: DemoHistory, git_bill: Run) -> None:
    code = history.repositories[0].clone.parent
    before = {path: path.read_bytes() for path in sorted(history.books.parent.rglob("*")) if path.is_file()}
    ran = git_bill("estimate", "--rate", "95.00 EUR", *NOW, "--since", "2026-09", "--until", "2026-10", cwd=code)
    total, worth, you, *_ = ran.stdout.splitlines()
    assert total.startswith("September and October 2026: ")
    assert total.endswith(" in 3 repositories")
    assert " EUR net at 95.00 EUR an hour (" in worth
    assert you == "you: mira@example.net and mira@users.noreply.example.com"
    assert {path: path.read_bytes() for path in before} == before


def test_books_set_up_afterwards_tell_the_same_hours(
    history: DemoHistory, estimate: Callable[..., Any], git_bill: Run
) -> None:
    days = (*NOW, "--since", "2026-09", "--until", "2026-10")
    promised = estimate(*days)["minutes"]["expected"]
    *setting_up, collect = walk(history, TODAY)[1:7]
    for step in setting_up:
        assert git_bill(*step.words[2:], cwd=step.folder).returncode == 0
    settings = history.books / "billing" / "billing.toml"
    told = settings.read_text().replace('emails = ["mira@example.net"]', f"emails = {json.dumps(history.emails)}")
    settings.write_text(told)
    assert git_bill(*collect.words[2:], cwd=history.books).returncode == 0
    log = json.loads(git_bill("log", "--json", "--period", "2026-09-01..2026-10-31", cwd=history.books).stdout)
    counted = [entry["minutes"] for entry in log["entries"] if entry["state"] == "estimated"]
    assert sum(counted) == promised


def test_the_bot_is_nobody_and_the_colleague_is_somebody(estimate: Callable[..., Any]) -> None:
    told = estimate("--all")
    assert [person["name"] for person in told["contributors"]] == ["Mira Kovac", "Jonas Weber", "Sanne de Vries"]
    assert sum(person["minutes"] for person in told["contributors"]) == told["minutes"]["expected"]


def test_the_preview_can_be_shown(history: DemoHistory, git_bill: Run, tmp_path: Path) -> None:
    code, file = history.repositories[0].clone.parent, tmp_path / "october.pdf"
    days = ("--since", "2026-10", "--until", "2026-10")
    ran = git_bill("estimate", "--rate", "95.00 EUR", *NOW, *days, "--pdf", str(file), cwd=code)
    assert ran.returncode == 0, ran.stderr
    shown = pdf.text(file.read_bytes())
    assert "ESTIMATE, not an invoice" in shown
    assert "October 2026" in shown
