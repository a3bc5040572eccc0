"""What is loaded before a command does anything: starting is felt each time."""

import subprocess
import sys

import pytest

_STDLIB = frozenset(sys.stdlib_module_names)


def loaded(*arguments: str) -> frozenset[str]:
    """Modules that are loaded beyond those of `python -c pass` when the program has answered."""
    code = (
        "import sys; before = set(sys.modules); from git_bill.cli.main import run\n"
        f"sys.argv[1:] = {list(arguments)!r}\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        "print('\\n', *sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.splitlines()[-1].split())


def ours(modules: frozenset[str]) -> set[str]:
    """Those of this package."""
    return {m for m in modules if m.partition(".")[0] == "git_bill"}


def foreign(modules: frozenset[str]) -> set[str]:
    """Top names of those that are neither ours nor Python's."""
    tops = {m.partition(".")[0] for m in modules}
    return {m for m in tops if not m.startswith("_sysconfigdata")} - {"git_bill"} - _STDLIB


def test_version_loads_nothing_but_the_entry() -> None:
    modules = loaded("--version")
    assert modules == {"git_bill", "git_bill.cli", "git_bill.cli.main"}


@pytest.mark.parametrize("arguments", [("-h",), ("--help",)])
def test_help_loads_click_alone(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    assert foreign(modules) == {"click"}
    frame = {"main", "group", "commands", "options", "output", "secrets"}
    assert ours(modules) <= {"git_bill", "git_bill.cli", "git_bill.problem"} | {f"git_bill.cli.{m}" for m in frame}


@pytest.mark.parametrize("arguments", [("help",), ("init", "-h"), ("help", "source", "add")])
def test_help_of_a_command_loads_no_vendor_but_click(arguments: tuple[str, ...]) -> None:
    assert foreign(loaded(*arguments)) == {"click"}


def test_status_loads_nothing_that_makes_documents() -> None:
    makers = ("git_bill.press", "git_bill.invoice.en16931", "git_bill.flows.parcel", "git_bill.invoice.document.letter")
    assert {m for m in ours(loaded("status")) if m.startswith(makers)} == set()
