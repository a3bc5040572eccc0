"""`git bill rates`: what is shown, and whose newer file is kept."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Ran = CompletedProcess[str]
ROWS = "Date,USD,DKK,\n2031-04-02,1.1500,7.4600,\n2031-04-01,1.1400,7.4601,\n"


def bank(folder: Path, rows: str = ROWS) -> Path:
    """A file in the Bank's form."""
    path = folder / "eurofxref-hist.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("eurofxref-hist.csv", rows)
    return path


def test_a_rate_is_shown_with_its_day_and_source(git_bill: Callable[..., Ran], tmp_path: Path) -> None:
    ran = git_bill("rates", "USD", "--on", "1999-01-04", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "1 EUR  1.1789 USD  1999-01-04  ECB\n")
    told = json.loads(git_bill("rates", "usd", "--on", "1999-01-05", "--base", "DKK", "--json", cwd=tmp_path).stdout)
    assert told["rates"] == [
        {"base": "DKK", "currency": "USD", "rate": "0.15826566", "on": "1999-01-05", "source": "ECB"}
    ]


def test_what_nobody_published_is_a_problem_with_the_command(git_bill: Callable[..., Ran], tmp_path: Path) -> None:
    ran = git_bill("rates", "XTS", "--on", "2020-01-07", cwd=tmp_path)
    assert ran.returncode == 1
    assert "the European Central Bank publishes none for XTS" in ran.stderr
    ran = git_bill("rates", "USD", "--on", "2031-01-07", cwd=tmp_path)
    assert ran.returncode == 1
    assert "git bill rates --update" in ran.stderr
    assert git_bill("rates", "dollars", cwd=tmp_path).returncode == 2


def test_a_newer_file_is_kept_and_used(git_bill: Callable[..., Ran], tmp_path: Path) -> None:
    file = bank(tmp_path)
    preview = git_bill("rates", "--update", str(file), "--dry-run", cwd=tmp_path)
    assert preview.returncode == 0
    assert git_bill("rates", "USD", "--on", "2031-04-03", cwd=tmp_path).returncode == 1
    assert git_bill("rates", "--update", str(file), cwd=tmp_path).returncode == 0
    ran = git_bill("rates", "USD", "--on", "2031-04-03", cwd=tmp_path)
    assert ran.stdout == "1 EUR  1.15 USD  2031-04-02  ECB\n"


def test_an_older_file_than_the_one_that_ships_is_left_aside(git_bill: Callable[..., Ran], tmp_path: Path) -> None:
    old = bank(tmp_path, "Date,USD,\n2001-04-02,9.9999,\n")
    assert git_bill("rates", "--update", str(old), cwd=tmp_path).returncode == 0
    ran = git_bill("rates", "USD", "--on", "2001-04-02", cwd=tmp_path)
    assert "9.9999" not in ran.stdout


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut"])
def test_another_file_is_refused_and_nothing_kept(git_bill: Callable[..., Ran], tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.zip").write_bytes(content)
    ran = git_bill("rates", "--update", "other.zip", cwd=tmp_path)
    assert ran.returncode == 2
    assert "is not the table of rates of the European Central Bank" in ran.stderr
    assert not (tmp_path / "home" / ".cache").exists()


@pytest.mark.parametrize("rows", ["Datum,USD,\n2026-01-02,1.1,\n", "Date,USD,\nyesterday,1.1,\n", "Date,DKK,\n"])
def test_a_table_of_somebody_else_is_refused(git_bill: Callable[..., Ran], tmp_path: Path, rows: str) -> None:
    ran = git_bill("rates", "--update", str(bank(tmp_path, rows)), cwd=tmp_path)
    assert ran.returncode == 2
