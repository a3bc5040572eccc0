"""Where the workspace is found, who calls, and what tests may set."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from git_bill.cli.options import Options
from git_bill.cli.session import killer

Run = Callable[..., subprocess.CompletedProcess[str]]
Git = Callable[..., str]


@pytest.fixture
def books(git_bill: Run, clone: Path) -> Path:
    """A workspace in Mira's clone."""
    assert git_bill("init", "--yes", "--here", cwd=clone).returncode == 0
    return clone


def whoami(git_bill: Run, *args: str, cwd: Path, env: dict[str, str] | None = None) -> dict[str, object]:
    answer: dict[str, object] = json.loads(git_bill("whoami", "--json", *args, cwd=cwd, env=env).stdout)
    return answer


def other(git_bill: Run, git: Git, folder: Path) -> Path:
    """Another workspace."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    assert git_bill("init", "--yes", "--here", "--issuer", "Else", "--email", "e@else.net", cwd=folder).returncode == 0
    return folder


def test_found_in_the_parents(git_bill: Run, books: Path) -> None:
    (books / "src" / "deep").mkdir(parents=True)
    assert whoami(git_bill, cwd=books / "src" / "deep")["workspace"] == str(books)


def test_found_by_c_before_the_environment_before_the_parents(
    git_bill: Run, git: Git, books: Path, tmp_path: Path
) -> None:
    second = other(git_bill, git, tmp_path / "second")
    third = other(git_bill, git, tmp_path / "third")
    env = {"GIT_BILL_WORKSPACE": str(second)}
    assert whoami(git_bill, cwd=books, env=env)["workspace"] == str(second)
    assert whoami(git_bill, "-C", str(third), cwd=books, env=env)["workspace"] == str(third)


def test_found_by_the_configuration_of_a_clone(git_bill: Run, git: Git, books: Path, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    git(code, "init", "-q")
    git(code, "config", "bill.workspace", "../web-shop")
    (code / "src").mkdir()
    assert whoami(git_bill, cwd=code / "src")["workspace"] == str(books)


def test_found_while_a_branch_without_books_is_checked_out(git_bill: Run, git: Git, books: Path) -> None:
    git(books, "add", ".")
    git(books, "commit", "-qm", "books")
    git(books, "checkout", "-q", "--orphan", "feature")
    git(books, "rm", "-rfq", ".")
    assert not (books / "billing").exists()
    assert whoami(git_bill, cwd=books)["contributor"] == "mira"


def test_found_in_a_bare_repository(git_bill: Run, git: Git, books: Path, tmp_path: Path) -> None:
    git(books, "add", ".")
    git(books, "commit", "-qm", "books")
    git(tmp_path, "clone", "-q", "--bare", str(books), "bare.git")
    assert whoami(git_bill, cwd=tmp_path / "bare.git", env={"EMAIL": "mira@example.net"})["contributor"] == "mira"


def test_a_setting_that_names_no_workspace_stops(git_bill: Run, git: Git, clone: Path, tmp_path: Path) -> None:
    git(clone, "config", "bill.workspace", "../gone")
    ran = git_bill("whoami", cwd=clone)
    assert ran.returncode == 3
    assert ran.stderr == (
        "error: git config bill.workspace is ../gone, which has no billing/billing.toml [no-workspace]\n"
        "  make one with `git bill init`, or: git config --unset bill.workspace\n"
    )
    ran = git_bill("whoami", cwd=tmp_path, env={"GIT_BILL_WORKSPACE": str(clone)})
    assert "GIT_BILL_WORKSPACE=" in ran.stderr


def test_a_folder_called_billing_is_no_workspace(git_bill: Run, clone: Path) -> None:
    (clone / "billing").mkdir()
    (clone / "billing" / "invoice.py").write_text("")
    assert git_bill("whoami", cwd=clone).returncode == 3


def test_an_unknown_caller_is_warned_and_may_nothing(git_bill: Run, git: Git, books: Path) -> None:
    git(books, "config", "user.email", "mallory@example.com")
    answer = whoami(git_bill, cwd=books)
    assert (answer["contributor"], answer["roles"], answer["ok"]) == (None, ["owner"], True), "nobody else is listed"
    settings = books / "billing" / "billing.toml"
    bob = 'id = "bob"\nname = "Bob"\nemails = ["bob@example.org"]\ntimezone = "Europe/Berlin"\n'
    settings.write_text(f"{settings.read_text()}\n[[contributors]]\n{bob}")
    ran = git_bill("whoami", cwd=books)
    assert ran.returncode == 0
    assert ran.stderr == (
        "billing/billing.toml: warning: git calls you mallory@example.com, which belongs to no contributor "
        "[unknown-caller]\n"
        '  add the address to yours in billing/billing.toml: emails = ["mira@example.net", "mallory@example.com"]\n'
    )
    answer = whoami(git_bill, cwd=books)
    assert (answer["contributor"], answer["roles"], answer["ok"]) == (None, [], True)


def test_an_address_is_compared_without_case(git_bill: Run, git: Git, books: Path) -> None:
    git(books, "config", "user.email", "MIRA@Example.net")
    assert whoami(git_bill, cwd=books)["contributor"] == "mira"


def test_a_machine_without_address_acts_for_the_only_contributor(git_bill: Run, git: Git, books: Path) -> None:
    git(books, "config", "--unset", "user.email")
    assert whoami(git_bill, cwd=books)["contributor"] == "mira"


def test_broken_settings_stop_with_file_and_line(git_bill: Run, books: Path) -> None:
    settings = books / "billing" / "billing.toml"
    settings.write_text(settings.read_text().replace("timezone", "timezon", 1))
    ran = git_bill("whoami", cwd=books)
    assert ran.returncode == 3
    assert "billing/billing.toml:6: error: issuer.timezon is not a known key [unknown-key]\n" in ran.stderr


def test_a_wrong_instant_is_told(git_bill: Run, clone: Path) -> None:
    ran = git_bill("init", "--yes", "--here", cwd=clone, env={"GIT_BILL_NOW": "yesterday"})
    assert ran.returncode == 2
    assert "GIT_BILL_NOW=yesterday is not an instant" in ran.stderr


def test_options_default_to_nothing_asked() -> None:
    assert Options() == Options(json=False, dry_run=False, yes=False, directory=None, today=None)


@pytest.mark.parametrize(("step", "killed"), [("2", ["a", "b"]), ("c:*", ["a", "b", "c:1"]), ("", ["a", "b", "c:1"])])
def test_a_test_can_kill_at_a_step(monkeypatch: pytest.MonkeyPatch, step: str, killed: list[str]) -> None:
    class KilledError(Exception):
        pass

    def kill(*_: int) -> None:
        raise KilledError

    monkeypatch.setattr("os.kill", kill)
    between, seen = killer(step), []
    try:
        for name in ("a", "b", "c:1"):
            seen.append(name)
            between(name)
    except KilledError:
        assert step
    assert seen == killed
