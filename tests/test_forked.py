"""A run of the loaded program is a run of the program: the same answer, the same end, nothing left for the next."""

import shutil
from pathlib import Path

import pytest
from tests.forked import Program, Ran, run_alone


@pytest.mark.parametrize("words", [("help",), ("status", "--json"), ("nonsense",)], ids=" ".join)
def test_it_answers_as_alone(
    program: Program, environment: dict[str, str], clone: Path, words: tuple[str, ...]
) -> None:
    assert said(program.run(*words, cwd=clone, env=environment)) == said(run_alone(words, clone, environment))


def test_a_run_leaves_nothing_for_the_next(program: Program, environment: dict[str, str], clone: Path) -> None:
    """Folder and environment are those of the run."""
    books = ("init", "--yes", "--here", "--client", "Acme GmbH", "--rate", "95.00 EUR")
    for zone in ("Pacific/Kiritimati", "Europe/Berlin"):
        assert program.run(*books, cwd=clone, env=environment | {"TZ": zone}).returncode == 0
        settings = clone / "billing" / "billing.toml"
        assert f'timezone = "{zone}"' in settings.read_text(encoding="utf-8")
        shutil.rmtree(settings.parent)


def said(ran: Ran) -> tuple[int, str, str]:
    return ran.returncode, ran.stdout, ran.stderr
