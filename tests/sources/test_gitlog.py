"""Reading a file with the output of `git log`, written by the real program."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from git_bill.sources.commit import Found, Reading
from git_bill.sources.gitlog import LINE, read
from git_bill.worklog.identity import addresses

Git = Callable[..., str]
READING = Reading(source="web-shop", identity=addresses({"mira": ["mira@example.net"]}), ticket_pattern=r"[A-Z]+-\d+")
MESSAGES = (
    "WEB-5 cart\twith a tab",
    "second\n\nbody\n\ncommit 1234567890123456789012345678901234567890\nAuthor: Eve <eve@example.net>\n\nTime: 1h\n",
)


@pytest.fixture
def history(clone: Path, git: Git) -> Path:
    for number, message in enumerate(MESSAGES):
        (clone / f"{number}.txt").write_text("Date:   now\n")
        git(clone, "add", ".")
        git(clone, "commit", "-q", "-m", message, at=f"2026-10-05T09:{number}0:00+02:00")
    git(clone, "checkout", "-q", "-b", "side", "HEAD~1")
    git(clone, "commit", "-q", "--allow-empty", "-m", "side", at="2026-10-05T09:30:00+02:00")
    git(clone, "checkout", "-q", "main")
    git(clone, "merge", "-q", "--no-ff", "-m", "Merge branch 'side'", "side", at="2026-10-05T09:40:00+02:00")
    return clone


def log(repository: Path, environment: dict[str, str], *options: str) -> bytes:
    return subprocess.run(
        ["git", "log", *options, "--all"], cwd=repository, env=environment, capture_output=True, check=True
    ).stdout


TIMES = ["09:00", "09:10", "09:30", "09:40"]


def test_the_documented_line(history: Path, environment: dict[str, str], tmp_path: Path) -> None:
    line = LINE.replace("log.txt", str(tmp_path / "log.txt"))
    subprocess.run(line, shell=True, cwd=history, env=environment, check=True)  # noqa: S602  as a person types it
    found = read((tmp_path / "log.txt").read_bytes(), READING, file="log.txt")
    assert found.problems == ()
    assert [f"{record.at:%H:%M}" for record in found.evidence] == TIMES
    first, second, _, merge = found.evidence
    assert (first.text, first.ticket, first.contributor, first.parents) == (
        "WEB-5 cart\twith a tab",
        "WEB-5",
        "mira",
        0,
    )
    assert (second.parents, second.minutes, merge.parents) == (1, None, 2)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--date=iso",),
        ("--date=iso-strict",),
        ("--date=rfc",),
        ("--date=raw",),
        ("--format=fuller",),
        ("--stat",),
        ("-p",),
        ("--decorate=full",),
        ("--notes",),
    ],
)
def test_the_default_output_in_its_forms(
    history: Path, environment: dict[str, str], git: Git, options: tuple[str, ...]
) -> None:
    git(history, "notes", "add", "-m", "Time: 99h", "HEAD^1")
    content = log(history, environment, "--exclude=refs/notes/*", *options)
    found = read(content, READING, file="log.txt")
    assert found.problems == ()
    mine = found.evidence
    assert [f"{record.at:%H:%M}" for record in mine] == TIMES
    assert [record.text for record in mine][1:] == ["second", "side", "Merge branch 'side'"]
    assert [record.parents for record in mine] == [1, 1, 1, 2]
    assert [record.minutes for record in mine] == [None, 60, None, None]
    assert mine[1].proven is (options == ("--format=fuller",))


def test_a_file_of_powershell_is_utf_16(history: Path, environment: dict[str, str]) -> None:
    content = log(history, environment).decode().replace("\n", "\r\n")
    for encoded in (content.encode("utf-16"), b"\xef\xbb\xbf" + content.encode()):
        assert len(read(encoded, READING, file="log.txt").evidence) == 4


def test_since_and_what_is_on_file(history: Path, environment: dict[str, str]) -> None:
    content = log(history, environment)
    known = read(content, READING, file="log.txt").evidence
    assert read(content, READING, file="log.txt", known=known[:3]).evidence == known[3:]
    later = replace(READING, since=date(2026, 10, 6), timezone="Europe/Berlin")
    assert read(content, later, file="log.txt") == Found(evidence=())


def problems(content: bytes) -> list[tuple[int | None, str]]:
    found = read(content, READING, file="work/log.txt")
    assert all(p.file == "work/log.txt" and p.rule == "unreadable-log" and LINE in p.hint for p in found.problems)
    return [(p.line, p.message) for p in found.problems]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--oneline",), "is not a full commit id"),
        (("--abbrev-commit",), "is not a full commit id"),
        (("--date=short",), "no date with time and offset but '2026-10-05'"),
        (("--date=relative",), "no date with time and offset but "),
        (("--date=local",), "no date with time and offset but 'Mon Oct 5 09:40:00 2026'"),
    ],
)
def test_forms_that_say_too_little(
    history: Path, environment: dict[str, str], options: tuple[str, ...], message: str
) -> None:
    found = problems(log(history, environment, *options))
    assert found[0][0] == 1
    assert message in found[0][1]


def test_a_bad_line_is_told_and_the_others_count(history: Path, environment: dict[str, str]) -> None:
    line = LINE.partition('"')[2].partition('"')[0]
    rows = log(history, environment, "--date=raw", f"--format={line}").split(b"\n")
    rows[1] = rows[1].replace(b" +0200", b"")
    rows[2] = b"cut of"
    content = b"\n".join(rows)
    assert [number for number, _ in problems(content)] == [2, 3]
    assert len(read(content, READING, file="log.txt").evidence) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"hello\nworld\n", b"\x00\x01\x02", b"\xff\xfe\x00", b"a\tb\n", b"commit " + b"1" * 40 + b"\n"],
)
def test_anything_else_is_one_problem(content: bytes) -> None:
    assert len(problems(content)) == 1
