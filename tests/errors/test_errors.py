"""The error catalogue: each `<name>.toml` here is bad input with the exact answer of the real program.

    start = ["init", "--yes", …]     optional: run first in the fresh repository, in `books`; must succeed
    before = [                       optional: what is done after that, in order; commands must succeed
        ["add", "45m", "x"],                                        git-bill
        ["git", "switch", "-q", "bill/acme-2026-10"],               git
        { run = ["git", "commit", …], at = "2026-10-05T09:00Z" },   git with the instant of its commits
        { write = "billing/clients/acme.toml", text = "…" },        a file; encoding = "latin-1" is optional
        { replace = "95.00 EUR", by = "0.00 EUR", in = "billing/clients/acme.toml" },
        { lines = [2, 1], in = "billing/ledger/2026.jsonl" },       keeps these lines, in this order
    ]
    command = ["drop", "W-zzzz"]     what is tried
    in = "../elsewhere"              optional: where
    exit = 1
    stderr = '''
    error: there is no entry 'W-zzzz' [unknown-entry]
      see the ids with: git bill log
    '''
    stdout = '''…'''                 optional; also for a command that only warns
    changes = true                   optional: it may write; else files, index, HEAD and refs must be as they were
    [files]                          optional: path = content, written before the command
    "billing/clients/acme.toml" = "…"

The repository is new, Mira's, on 2 November 2026, 9 o'clock in Berlin. Without `start` it holds books with the client
Acme (`BOOKS`); `start = []` leaves it without books. Where paths of the machine are told, `{top}` stands for the
repository and `{parent}` for the folder it lies in, also in steps; 12 or more hexadecimal digits are `{hash}`. Cases
that begin alike share what they begin with. What needs more than files and commands is in `test_odd_repositories.py`
or belongs into the tests of its command.
"""

import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

CASES = sorted(Path(__file__).parent.glob("*.toml"))
BOOKS = (
    *("init", "--yes", "--here", "--country", "DE", "--street", "Lindenweg 4", "--postcode", "10115"),
    *("--city", "Berlin", "--vat-id", "DE136695976", "--iban", "DE02120300000000202051"),
    *("--client", "Acme GmbH", "--client-country", "DE", "--client-vat-id", "DE129274202", "--language", "en"),
    *("--client-street", "Werkstr. 1", "--client-postcode", "80331", "--client-city", "München"),
    *("--rate", "95.00 EUR", "--since", "2026-10-01"),
)
KEYS = {"start", "before", "command", "in", "exit", "stderr", "stdout", "changes", "files"}
NAME = "web-shop"

Ran = CompletedProcess[str]
_MADE: dict[str, Path] = {}


@pytest.fixture
def prepared(
    clone: Path,
    git: Callable[..., str],
    git_bill: Callable[..., Ran],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Mapping[str, Any]], Path]:
    """The repository after a case's steps. What other cases have done before is copied."""

    def after(steps: tuple[Any, ...]) -> Path:
        if repr(steps) not in _MADE:
            folder = tmp_path_factory.mktemp("steps")
            shutil.copytree(after(steps[:-1]) if steps else clone.parent, folder, symlinks=True, dirs_exist_ok=True)
            if steps:
                do(steps[-1], folder / NAME, git, git_bill)
            _MADE[repr(steps)] = folder
        return _MADE[repr(steps)]

    def prepare(told: Mapping[str, Any]) -> Path:
        start = list(told.get("start", BOOKS))
        shutil.copytree(after((start, *told.get("before", ()))), tmp_path, symlinks=True, dirs_exist_ok=True)
        return clone

    return prepare


def do(step: Any, top: Path, git: Callable[..., str], git_bill: Callable[..., Ran]) -> None:
    """One step of a case."""
    if isinstance(step, list):
        step = {"run": step}
    path = top / step.get("in", step.get("write", "."))
    match step:
        case {"run": [*words]}:
            run([word.replace("{parent}", str(top.parent)) for word in words], top, step.get("at"), git, git_bill)
        case {"write": _, "text": text}:
            write(path, text, step.get("encoding", "utf-8"))
        case {"replace": old, "by": new}:
            text = path.read_text(encoding="utf-8")
            assert old in text, text
            path.write_text(text.replace(old, new), encoding="utf-8")
        case {"lines": numbers}:
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(lines[number - 1] for number in numbers), encoding="utf-8")
        case _:
            raise AssertionError(f"no step: {step}")


def run(words: list[str], top: Path, at: str | None, git: Callable[..., str], git_bill: Callable[..., Ran]) -> None:
    """git, where that is the first word, else git-bill; it must succeed."""
    if not words:
        return
    if words[0] == "git":
        git(top, *words[1:], at=at)
        return
    ran = git_bill(*words, cwd=top)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    """A file and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)


def state(top: Path, git: Callable[..., str]) -> dict[str, object]:
    """All that a refused command must leave alone."""
    if not (top / ".git").exists():
        return {}
    files = {str(p.relative_to(top)): p.read_bytes() for p in listed(top)}
    return files | {
        "refs": git(top, "for-each-ref"),
        "HEAD": (top / ".git" / "HEAD").read_bytes(),
        "index": git(top, "ls-files", "--stage"),
    }


def listed(top: Path) -> Iterator[Path]:
    """Files of the work tree."""
    return (p for p in sorted(top.rglob("*")) if p.is_file() and ".git" not in p.relative_to(top).parts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_bad_input_gets_its_exact_answer(
    case: Path,
    prepared: Callable[[Mapping[str, Any]], Path],
    git_bill: Callable[..., Ran],
    git: Callable[..., str],
) -> None:
    told = tomllib.loads(case.read_text(encoding="utf-8"))
    assert told.keys() <= KEYS, f"unknown: {told.keys() - KEYS}"
    top = prepared(told)
    for path, content in told.get("files", {}).items():
        write(top / path, content)
    before = state(top, git)
    ran = git_bill(*told["command"], cwd=top / told.get("in", "."))
    assert shown(ran.stderr, top) == told["stderr"].lstrip("\n"), ran.stdout
    assert ran.returncode == told["exit"]
    if "stdout" in told:
        assert shown(ran.stdout, top) == told["stdout"].lstrip("\n")
    if not told.get("changes"):
        assert state(top, git) == before


def shown(text: str, top: Path) -> str:
    """Text of the program without what differs between machines."""
    text = text.replace(str(top), "{top}").replace(str(top.parent), "{parent}")
    return re.sub(r"(?<![-\w])[0-9a-f]{12,64}\b", "{hash}", text)


def test_every_case_says_what_is_wrong() -> None:
    assert CASES
    for case in CASES:
        told = tomllib.loads(case.read_text(encoding="utf-8"))
        said = told["stderr"] if told["exit"] else told["stderr"] + told.get("stdout", "")
        assert "error: " in said if told["exit"] else said.strip(), case.name
