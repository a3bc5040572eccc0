"""action.yml and the workflows: no word of an event reaches a shell, rights are few, a failed install says why."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from git_bill.flows.trigger import COMMANDS

yaml = pytest.importorskip("ruamel.yaml")
TOP = Path(__file__).parents[2]
WORKFLOWS = [TOP / "templates" / "workflows" / "git-bill.yml", *sorted((TOP / ".github" / "workflows").glob("*.yml"))]
PYTHON = """#!/bin/sh
echo "python3 $*" >>"$CALLS"
case "$*" in
  *version_info*) exit "${OLD:-0}" ;;
  *venv*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
  *pip*) echo "Collecting click"; echo "ERROR: no network"; exit "${NO_NETWORK:-0}" ;;
esac
"""


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    return read(TOP / "action.yml")


def test_no_expression_stands_in_a_script(action: dict[str, Any]) -> None:
    scripts = [step["run"] for step in action["runs"]["steps"]]
    for path in WORKFLOWS:
        scripts += [step["run"] for job in read(path)["jobs"].values() for step in job["steps"] if "run" in step]
    assert len(scripts) > 4
    assert [script for script in scripts if "${{" in script] == []
    assert scripts[1] == '"$RUNNER_TEMP/git-bill/bin/git-bill" ci\n', "a constant: no word of it is an input"


def test_inputs_are_environment_and_outputs_are_the_programs(action: dict[str, Any]) -> None:
    env = action["runs"]["steps"][1]["env"]
    install = action["runs"]["steps"][0]["env"]
    asked = {f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}
    assert {*env.values(), *install.values()} == asked
    assert list(action["outputs"]) == ["ok", "number", "numbers", "drafts", "url"]
    for command in COMMANDS:
        assert command in action["inputs"]["command"]["description"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_least_rights(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    assert not {"workflow_run", "pull_request_target"} & set(workflow["on"])
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 90
        assert set(job["permissions"]) <= {"contents", "pull-requests", "statuses"}
        assert "secrets" not in str(job.get("if", ""))
        for step in job["steps"]:
            uses, _, ref = step.get("uses", "./").partition("@")
            assert uses == "./" or len(ref) == 40, "pinned by commit"
            if uses == "actions/checkout":
                assert step["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_who_writes_the_books_waits_for_the_others() -> None:
    jobs = read(WORKFLOWS[0])["jobs"]
    for name in ("books", "answer"):
        assert jobs[name]["permissions"]["contents"] == "write"
        assert jobs[name]["concurrency"] == {"group": "git-bill-books", "cancel-in-progress": False, "queue": "max"}
    assert jobs["check"]["permissions"]["contents"] == "read"


def install(action: dict[str, Any], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The first step, with a python that only says what it is asked for."""
    python = folder / "python3"
    python.write_text(PYTHON)
    python.chmod(0o755)
    script = folder / "script"
    script.write_text(action["runs"]["steps"][0]["run"])
    temporary = folder / "temp dir"
    temporary.mkdir(exist_ok=True)
    told = {"RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": "/the action", "GIT_BILL_PYTHON": str(python)}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        env={"PATH": os.environ["PATH"], "CALLS": str(folder / "calls"), **told, **env},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_installs_itself_once_from_its_checkout(action: dict[str, Any], tmp_path: Path) -> None:
    for _ in range(2):
        done = install(action, tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    home = tmp_path / "temp dir" / "git-bill"
    assert (tmp_path / "calls").read_text().splitlines() == [
        "python3 -I -c import sys; sys.exit(sys.version_info < (3, 11))",
        f"python3 -I -m venv {home}",
        "python3 -I -m pip install --quiet --disable-pip-version-check /the action",
    ]


def test_an_old_python_is_told_before_anything_is_made(action: dict[str, Any], tmp_path: Path) -> None:
    done = install(action, tmp_path, OLD="1")
    assert done.returncode == 2
    assert done.stdout.startswith("::error title=git-bill::Python 3.11 or newer is needed")
    assert not (tmp_path / "temp dir" / "git-bill").exists()


def test_a_failed_install_shows_what_pip_said_and_is_tried_again(action: dict[str, Any], tmp_path: Path) -> None:
    done = install(action, tmp_path, NO_NETWORK="1")
    assert done.returncode == 2
    assert "ERROR: no network\n::error title=git-bill::git-bill could not be installed" in done.stdout
    assert install(action, tmp_path).returncode == 0


def test_an_interpreter_is_one_word(action: dict[str, Any], tmp_path: Path) -> None:
    done = install(action, tmp_path, GIT_BILL_PYTHON="python3; touch pwned")
    assert done.returncode == 2
    assert not (tmp_path / "pwned").exists()
