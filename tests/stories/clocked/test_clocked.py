"""Clocked work: a person who clocked in and out, with meetings in a calendar, beside the commits of that time.

The sessions and commits are real (`time_truth/`, the repository asherp/hourly; its author is a pseudonym);
the weekly meeting is ours.
"""

import csv
import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

DATA = Path(os.environ.get("GIT_BILL_DATA") or Path(__file__).parents[4] / "shared" / "data") / "time_truth"
REPOSITORY, ZONE = "asherp/hourly", ZoneInfo("America/Chicago")
FIRST, LAST = date(2019, 12, 1), date(2020, 1, 31)
MEETING = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//example//EN\r
BEGIN:VEVENT\r
UID:weekly@example.net\r
SUMMARY:acme weekly\r
DTSTART;TZID=America/Chicago:20191203T100000\r
DTEND;TZID=America/Chicago:20191203T104500\r
RRULE:FREQ=WEEKLY;UNTIL=20200131T235900Z\r
EXDATE;TZID=America/Chicago:20191224T100000\r
END:VEVENT\r
END:VCALENDAR\r
"""
MEETINGS = 8  # Tuesdays from 3 December 2019 to 28 January 2020, less one

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the tracked time of real people is not on this machine")


def sessions() -> Iterator[tuple[datetime, datetime]]:
    """Clock-in and clock-out of each session of these months."""
    with (DATA / "worklog_entries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["date"])
            if row["repo"] == REPOSITORY and FIRST <= day <= LAST:
                clock = row["description"].partition("start ")[2].partition(" ")[0]
                start = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)
                yield start, start.astimezone(UTC) + timedelta(minutes=float(row["minutes"]))


def minutes_of(spans: Iterator[tuple[datetime, datetime]]) -> Mapping[date, set[int]]:
    """Local day → its minutes, each once, as Unix time."""
    found: dict[date, set[int]] = defaultdict(set)
    for start, end in spans:
        for minute in range(int(start.timestamp()) // 60, int(end.timestamp()) // 60):
            found[datetime.fromtimestamp(minute * 60, ZONE).date()].add(minute)
    return found


def commits() -> list[tuple[int, str]]:
    """Author time and subject of the commits of these months, the punches left out: of these the sessions are made."""
    with (DATA / "all_commits_of_time_repos.csv").open(encoding="utf-8", newline="") as file:
        rows = [(int(r["author_time"]), r["subject"]) for r in csv.DictReader(file) if r["repo"] == REPOSITORY]
    days = [(at, text) for at, text in rows if FIRST <= datetime.fromtimestamp(at, ZONE).date() <= LAST]
    return sorted((at, text) for at, text in days if "clock" not in text.lower())


def repository(folder: Path, environment: Mapping[str, str]) -> Path:
    """A repository with these commits, each with a line of its own."""
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True, env=environment)
    stream: list[str] = []
    for number, (at, text) in enumerate(commits(), 1):
        who = f"Mira Kovac <mira@example.net> {at} -0600"
        line, said = f"line {number} of the work\n", f"{text}\n"
        stream += [f"commit refs/heads/main\nmark :{number}\nauthor {who}\ncommitter {who}\n"]
        stream += [f"data {len(said.encode())}\n{said}", f"from :{number - 1}\n" if number > 1 else ""]
        stream += [f"M 100644 inline work/{number}.txt\ndata {len(line)}\n{line}\n"]
    command = ["git", "-C", str(folder), "fast-import", "--quiet"]
    subprocess.run(command, input="".join(stream).encode(), check=True, env=environment)
    return folder


@pytest.fixture
def log(tmp_path: Path, git_bill: Run, environment: dict[str, str]) -> list[dict[str, Any]]:
    """The entries that `git bill collect` makes of the repository, the time clock and the calendar."""
    code = repository(tmp_path / "hourly", environment)
    clock, calendar = tmp_path / "hours.timeclock", tmp_path / "mira.ics"
    clock.write_text(
        "".join(
            f"i {start:%Y-%m-%d %H:%M:%S} acme:hourly\no {end.astimezone(ZONE):%Y-%m-%d %H:%M:%S}\n"
            for start, end in sessions()
        ),
        encoding="utf-8",
    )
    calendar.write_bytes(MEETING.encode())
    books = tmp_path / "books"
    issuer = (
        "--issuer",
        "Mira Kovac",
        "--email",
        "mira@example.net",
        "--country",
        "US",
        "--timezone",
        "America/Chicago",
    )
    client = ("--client", "Acme Inc", "--client-country", "US", "--rate", "95.00 USD", "--since", str(FIRST))
    recorded = ("--client", "acme", "--since", str(FIRST), "--kind")

    def run(*command: str, cwd: Path = books) -> str:
        ran = git_bill(*command, cwd=cwd)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    run("init", "--yes", "--books", str(books), *issuer, *client, cwd=code)
    run("source", "add", str(clock), *recorded, "timeclock", "--match", "project=acme:*")
    run("source", "add", str(calendar), *recorded, "calendar", "--match", "text=acme*")
    run("collect")
    found: list[dict[str, Any]] = json.loads(run("log", "--period", f"{FIRST}..{LAST}", "--json"))["entries"]
    assert "nothing new" in run("collect")
    return found


def held(entries: list[dict[str, Any]]) -> Mapping[date, list[tuple[str, str]]]:
    """Local day → the intervals of its entries, in order; an end at midnight is 24:00."""
    found: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for entry in entries:
        for text in entry["at"]:
            start, _, end = text.partition("/")
            found[date.fromisoformat(entry["day"])].append((start, end))
    return {day: sorted(spans) for day, spans in found.items()}


def minute_of(day: date, clock: str) -> int:
    """Unix time in minutes of a local hh:mm."""
    hours, minutes = map(int, clock.split(":"))
    return int((datetime.combine(day, time(), ZONE) + timedelta(hours=hours, minutes=minutes)).timestamp()) // 60


def test_what_was_clocked_without_a_commit_appears_and_nothing_overlaps(log: list[dict[str, Any]]) -> None:
    clocked = minutes_of(sessions())
    whole = sum(map(len, clocked.values()))
    assert whole > 20 * 60, "the sample holds days of work"

    measured = [e for e in log if any(name.startswith("timeclock:") for name in e["evidence"])]
    for day, minutes in clocked.items():
        there = {m for start, end in held(measured)[day] for m in range(minute_of(day, start), minute_of(day, end))}
        assert minutes <= there, f"a clocked minute of {day} is missing"

    coded = {datetime.fromtimestamp(at, ZONE).date() for at, _ in commits()}
    silent = {day: minutes for day, minutes in clocked.items() if day not in coded}
    assert silent, "the sample holds days that were clocked and left no commit"
    for day, minutes in silent.items():
        assert sum(e["minutes"] for e in measured if e["day"] == str(day)) == len(minutes)

    met = [e for e in log if any(name.startswith("calendar:") for name in e["evidence"])]
    assert len({e["day"] for e in met}) == MEETINGS
    assert all(e["activity"] == "meeting" for e in met)

    for day, spans in held(log).items():
        for (_, end), (start, _) in pairwise(spans):
            assert end <= start, f"two entries have the same minutes of {day}"
        assert spans[-1][1] <= "24:00"
