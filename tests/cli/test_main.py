"""The error boundary: one JSON object on every exit, the documented exit codes, never a traceback."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import git_bill as package
from git_bill.cli import main as entry

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_version(git_bill: Run, tmp_path: Path) -> None:
    for arguments in (["--version"], ["--version", "--yes"]):
        ran = git_bill(*arguments, cwd=tmp_path)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"git-bill {package.__version__}\n", "")


def test_help_lists_commands_in_sections(git_bill: Run, tmp_path: Path) -> None:
    ran = git_bill("-h", cwd=tmp_path)
    assert ran.returncode == 0
    assert ran.stdout.startswith("Usage: git bill [OPTIONS] [COMMAND] [ARGS]...\n")
    assert ran.stdout.index("Start here:") < ran.stdout.index("estimate") < ran.stdout.index("Bill it:")
    assert git_bill("--help", cwd=tmp_path).stdout == ran.stdout
    assert git_bill("help", cwd=tmp_path).stdout == ran.stdout


def test_help_of_a_command_within_a_group(git_bill: Run, tmp_path: Path) -> None:
    ran = git_bill("help", "source", "add", cwd=tmp_path)
    assert ran.stdout.startswith("Usage: git bill source add [OPTIONS] [PATH|URL]\n")


@pytest.mark.parametrize(
    ("arguments", "code", "rule"),
    [
        (["statsu", "--json"], 2, "usage"),
        (["--json", "whoami", "--nope"], 2, "usage"),
        (["init", "--json", "--rate"], 2, "usage"),
        (["whoami", "--json", "--today", "5.10.2026"], 2, "usage"),
        (["whoami", "--json", "-C", "/nonexistent"], 2, "usage"),
        (["source", "nope", "--json"], 2, "usage"),
        (["help", "nope", "--json"], 2, "usage"),
        (["whoami", "--json"], 3, "no-workspace"),
    ],
)
def test_one_json_object_on_every_exit(
    git_bill: Run, tmp_path: Path, arguments: list[str], code: int, rule: str
) -> None:
    ran = git_bill(*arguments, cwd=tmp_path)
    answer = json.loads(ran.stdout)
    assert ran.returncode == code
    assert answer["ok"] is False
    assert [p["rule"] for p in answer["problems"]] == [rule]
    assert set(answer["problems"][0]) == {"rule", "severity", "message", "hint", "file", "line"}


def test_json_with_help_and_version_is_an_object_too(git_bill: Run, tmp_path: Path) -> None:
    for arguments in (["-h", "--json"], ["--json", "init", "-h"], ["--version", "--json"], ["--json"]):
        assert json.loads(git_bill(*arguments, cwd=tmp_path).stdout)["ok"] is True


def test_a_typo_is_told_the_nearest_command(git_bill: Run, tmp_path: Path) -> None:
    ran = git_bill("colect", cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr == (
        "error: 'colect' is not a git bill command; the most similar command is `git bill collect` [usage]\n"
        "  see: git bill -h\n"
    )


def test_common_options_before_or_after_the_command(git_bill: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    before = git_bill("--json", "-C", "elsewhere", "whoami", cwd=tmp_path)
    after = git_bill("whoami", "-C", "elsewhere", "--json", cwd=tmp_path)
    assert before.stdout == after.stdout
    assert f"{tmp_path / 'elsewhere'} belongs to no workspace" in after.stdout


def test_bare_call_without_workspace_says_how_to_begin(git_bill: Run, tmp_path: Path) -> None:
    ran = git_bill(cwd=tmp_path)
    assert ran.returncode == 0
    assert "git bill estimate" in ran.stdout
    assert "git bill init" in ran.stdout


def test_a_bug_becomes_a_report_without_data(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no 'Acme GmbH' for mira@example.net over 1234.56 in /home/mira/books")

    monkeypatch.setattr("git_bill.cli.session.find_workspace", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert entry.main(["-C", str(tmp_path), "whoami", "--json"]) == 70
    answer = json.loads(capsys.readouterr().out)
    assert answer["problems"][0]["rule"] == "internal"
    (report,) = tmp_path.glob("git-bill-report-*.txt")
    text = report.read_text()
    assert str(report) in answer["problems"][0]["hint"]
    assert "command: git bill -C whoami --json" in text
    assert "RuntimeError: no … for … over … in …" in text
    assert "git_bill/cli/session.py" in text
    assert not any(secret in text for secret in ("Acme", "mira", "1234", str(tmp_path)))


def test_ctrl_c_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("git_bill.cli.session.find_workspace", interrupted)
    assert entry.main(["whoami", "--json"]) == 130
    assert json.loads(capsys.readouterr().out)["problems"][0]["rule"] == "interrupted"


def test_a_closed_pipe_is_quiet(environment: dict[str, str], tmp_path: Path) -> None:
    code = "from git_bill.cli.main import run; run()"
    child = subprocess.Popen(
        [sys.executable, "-c", code, "help"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait() == 141


def test_output_that_the_locale_can_not_show_is_escaped(git_bill: Run, tmp_path: Path, clone: Path) -> None:
    git_bill("init", "--yes", "--here", "--issuer", "Mira Kovač", cwd=clone)
    ran = git_bill("init", "--yes", "--here", cwd=clone, env={"PYTHONIOENCODING": "ascii:strict"})
    assert ran.returncode == 0
    assert "Mira Kova\\u010d" in ran.stdout


def test_no_escape_sequences_where_output_is_no_terminal(git_bill: Run, clone: Path) -> None:
    ran = git_bill("init", "--yes", "--here", cwd=clone)
    assert "\x1b" not in ran.stdout + ran.stderr


def test_colours_on_a_terminal(environment: dict[str, str], clone: Path) -> None:
    leader, follower = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", "from git_bill.cli.main import run; run()", "init", "--yes", "--here"],
        cwd=clone,
        env=environment | {"TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        check=True,
    )
    os.close(follower)
    assert b"\x1b[1mThe books in " in os.read(leader, 4096)
    os.close(leader)
