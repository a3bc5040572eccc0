"""The testbed leaves nothing behind, and what it lacks is told."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.testbed.tools import require

ROOT = Path(__file__).parents[2]
STARTED = """
import sys, time
from pathlib import Path
from tests.testbed.emulator import Emulator
emulator = Emulator(Path(sys.argv[1]), "http://127.0.0.1:9", {"tokens": {}})
print(emulator.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.testbed
@pytest.mark.usefixtures("github")
def test_the_emulator_ends_with_a_killed_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", STARTED, tmp_path], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    emulator = int(parent.stdout.readline())
    assert runs(emulator)
    parent.kill()
    parent.communicate()
    end = time.monotonic() + 10
    while runs(emulator) and time.monotonic() < end:
        time.sleep(0.05)
    assert not runs(emulator)


def runs(process: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked for does not."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return told.stdout.strip()[:1] not in {"", "Z"}


def test_what_is_lacking_is_a_reason_to_skip_and_to_fail_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    require(None)
    with pytest.raises(pytest.skip.Exception, match="no npm"):
        require("no npm")
    monkeypatch.setenv("CI", "true")
    require(None)
    with pytest.raises(pytest.fail.Exception, match="no npm"):
        require("no npm")


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 2)])
def test_make_goes_on_without_a_network_but_not_in_ci(tmp_path: Path, ci: str, code: int) -> None:
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    for name in ("tests/testbed/package.json", "tests/testbed/contract.py", "pyproject.toml", ".venv/bin/python"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".venv/.test").touch()
    for name, status in (("npm", 1), (".venv/bin/pip", 0)):  # npm: as without a network
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {status}\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "CI": ci}
    done = subprocess.run(
        ["make", "testbed"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert "tests that want it are skipped, and fail where CI is set" in done.stdout
    assert not (tmp_path / ".testbed/ready").exists()
