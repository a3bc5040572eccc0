"""The error catalogue: each `<name>.toml` here is bad input with the exact answer of the real program.

    start = ["init", "--yes", …]     optional: run first in the fresh repository, in `books`; must succeed
    before = [["add", "45m", "x"]]   optional: commands run after that; must succeed
    command = ["drop", "W-zzzz"]     what is tried
    exit = 1
    stderr = '''
    error: there is no entry 'W-zzzz' [unknown-entry]
      see the ids with: git bill log
    '''
    [files]                          optional: path = content, written before the command
    "billing/clients/acme.toml" = "…"

The repository is new, Mira's, on 2 November 2026, 9 o'clock in Berlin. Without `start` it holds books with the client
Acme (`BOOKS`); `start = []` leaves it without books. Where paths of the machine are told, `{top}` stands for the
repository. A case that needs more than files and commands belongs into the tests of its command.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

CASES = sorted(Path(__file__).parent.glob("*.toml"))
BOOKS = ("init", "--yes", "--here", "--country", "DE", "--client", "Acme GmbH", "--rate", "95.00 EUR")
KEYS = {"start", "before", "command", "exit", "stderr", "files"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_bad_input_gets_its_exact_answer(
    case: Path, clone: Path, git_bill: Callable[..., CompletedProcess[str]]
) -> None:
    told = tomllib.loads(case.read_text(encoding="utf-8"))
    assert told.keys() <= KEYS, f"unknown: {told.keys() - KEYS}"
    for command in (told.get("start", BOOKS), *told.get("before", ())):
        if command:
            ran = git_bill(*command, cwd=clone)
            assert ran.returncode == 0, ran.stderr
    for path, content in told.get("files", {}).items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_text(content, encoding="utf-8")
    ran = git_bill(*told["command"], cwd=clone)
    assert ran.stderr.replace(str(clone), "{top}") == told["stderr"].lstrip("\n")
    assert ran.returncode == told["exit"]


def test_every_case_says_what_is_wrong() -> None:
    assert CASES
    for case in CASES:
        told = tomllib.loads(case.read_text(encoding="utf-8"))
        assert told["exit"] == 0 or "error: " in told["stderr"], case.name
