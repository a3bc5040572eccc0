"""`add`, `edit`, `drop`, `split`, `merge` and `move` as a person types them."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.mirasbooks import Books


def test_add_in_few_words(mira: Books) -> None:
    ran = mira.bill("add", "1h30m", "workshop", "with", "support", "-c", "acme", "--on", "2026-10-07", "--at", "9:00")
    (entry,) = [e for e in mira.entries() if e["activity"] == "other"]
    assert ran.stdout.splitlines() == [
        f"Added {entry['id']}",
        f"  {entry['id'][:6]}  Wed 7 Oct  1h30m  acme  workshop with support",
    ]
    assert (entry["minutes"], entry["at"], entry["state"]) == (90, ["09:00/10:30"], "confirmed")
    assert (entry["by"], entry["project"]) == ("mira", "web-shop")


def test_night_work_holds_its_minutes_of_both_days(mira: Books) -> None:
    words = ("add", "4h", "night job", "-c", "acme", "--on", "2026-10-30", "--at", "22:30", "--id", "night")
    ran = mira.bill(*words)
    first, second = sorted((e for e in mira.entries() if e["text"] == "night job"), key=lambda e: e["day"])
    assert ran.stdout.splitlines()[0] == f"Added {first['id']} and {second['id']}, apart at midnight"
    assert [(e["day"], e["minutes"], e["at"]) for e in (first, second)] == [
        ("2026-10-30", 90, ["22:30/24:00"]),
        ("2026-10-31", 150, ["00:00/02:30"]),
    ]
    assert mira.json(*words)["already"] is True
    other = mira.bill("add", "1h", "another", "-c", "acme", "--on", "2026-10-31", "--at", "02:00")
    assert f"gets 30m of 1h: 30m are in {second['id']}" in other.stderr


def test_an_edit_past_midnight_goes_on_the_next_day(mira: Books) -> None:
    mira.bill("add", "1h", "night job", "-c", "acme", "--on", "2026-10-31", "--at", "22:30")
    name = mira.entry("night job")["id"]
    for time, rest in (("4h", "00:00/02:30"), ("3h", "00:00/01:30")):
        ran = mira.bill("edit", name, "--minutes", time, "-b", "it took longer")
        found = sorted((e for e in mira.entries() if e["text"] == "night job"), key=lambda e: e["day"])
        assert [(e["day"], e["at"]) for e in found] == [
            ("2026-10-31", ["22:30/24:00"]),
            ("2026-11-01", [rest]),
        ]
        assert found[1]["id"][:6] in ran.stdout


def test_an_hour_that_comes_twice_counts_twice(mira: Books) -> None:
    mira.bill("add", "3h", "night job", "-c", "acme", "--on", "2026-10-25", "--at", "01:30")
    entry = mira.entry("night job")
    assert (entry["day"], entry["minutes"], entry["at"]) == ("2026-10-25", 180, ["01:30/03:30"])


@pytest.mark.parametrize("quantity", ["1e5", "１２", "0." + "1" * 9, "1_000", "nan", ""])
def test_usage_is_plain_digits(mira: Books, quantity: str) -> None:
    ran = mira.program("add", "--usage", f"v={quantity}", "-c", "acme", cwd=mira.top)
    assert ran.returncode == 2
    assert "git bill add --usage requests=12500" in ran.stderr


def test_the_long_form_that_scripts_rely_on(mira: Books) -> None:
    words = ["--client", "acme", "--date", "2026-10-07", "--minutes", "600", "--activity", "development"]
    answer = mira.json("add", *words, "--description", "migration")
    assert answer["already"] is False
    (entry,) = answer["entries"]
    assert answer["id"] == entry["id"]
    assert (entry["minutes"], entry["day"], entry["text"]) == (600, "2026-10-07", "migration")


def test_under_an_id_of_its_own_a_script_adds_once(mira: Books) -> None:
    words = ("add", "45m", "call", "-c", "acme", "--id", "toggl-4711")
    first, again = mira.json(*words), mira.json(*words)
    assert (first["id"], again["already"], again["files"]) == (again["id"], True, [])
    assert mira.bill(*words).stdout.splitlines()[0] == f"Added {first['id']} before; nothing to do"


@pytest.mark.parametrize(
    ("word", "day"), [("yesterday", "2026-11-01"), ("sat", "2026-10-31"), ("2026-09-30", "2026-09-30")]
)
def test_days_as_people_say_them(mira: Books, word: str, day: str) -> None:
    assert mira.json("add", "45m", "call", "-c", "acme", "--on", word)["entries"][0]["day"] == day


def test_a_day_to_come_is_asked_about_but_kept(mira: Books) -> None:
    ran = mira.bill("add", "45m", "call", "-c", "acme", "--on", "2026-12-01")
    assert "warning: 2026-12-01 is after today, 2026-11-02 [future-day]" in ran.stderr


def test_in_a_clone_of_a_source_its_client_is_meant(mira: Books, git: Callable[..., str], tmp_path: Path) -> None:
    other = tmp_path / "api"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    git(other, "config", "user.email", "mira@example.net")
    mira.bill("source", "add", str(other), "--client", "globex", "--project", "rest")
    ran = mira.program("add", "20m", "call", cwd=other)
    assert ran.returncode == 0, ran.stderr
    entry = mira.entry("call")
    assert (entry["client"], entry["project"]) == ("globex", "rest")


def test_a_dry_run_shows_the_files_and_writes_none(mira: Books) -> None:
    before = len(mira.entries())
    ran = mira.bill("add", "45m", "call", "-c", "acme", "--dry-run")
    assert ran.stdout.splitlines() == [
        "Would add 45m on 2026-11-02 for acme:",
        "  write billing/edits/acme/2026-11.toml",
        "  write billing/manifest/acme/2026-11.toml",
        "Nothing was done.",
    ]
    assert len(mira.entries()) == before


def test_an_edit_shows_what_was_and_what_is(mira: Books) -> None:
    entry = mira.entry("postcode")
    ran = mira.bill("edit", entry["id"][2:7], "--minutes", "45m", "-b", "lunch was longer")
    assert ran.stdout.splitlines() == [
        "Changed",
        f"  {entry['id'][:6]}  Mon 5 Oct  ~40m → 45m  acme  "
        "WEB-5 checkout form validates the postcode; tests for the po…",
    ]
    assert 'because = "lunch was longer"' in (mira.top / "billing/edits/acme/2026-10.toml").read_text()


def test_a_query_edits_several(mira: Books) -> None:
    answer = mira.json("edit", "--of-day", "2026-10-05", "-c", "acme", "--activity", "research", "-b", "it was")
    assert {entry["activity"] for entry in answer["entries"]} == {"research"}
    assert len(answer["entries"]) == len(answer["edits"]) == 2
    assert [entry["text"] for entry in mira.entries("--ticket", "web-5") if entry["activity"] == "research"]


def test_a_query_leaves_what_is_not_meant(mira: Books) -> None:
    mira.bill("drop", "--period", "2026-10-06..2026-10-31", "-b", "private")
    assert [entry["day"] for entry in mira.entries()] == ["2026-10-05", "2026-10-05"]
    assert len(mira.entries("--dropped")) == 2


def test_dropped_again_is_done_already(mira: Books) -> None:
    name = mira.entry("hotfix")["id"]
    mira.bill("drop", name, "-b", "private")
    ran = mira.bill("drop", name, "-b", "private")
    assert ran.stdout.splitlines()[0] == "Dropped before; nothing to do"


def test_a_split_shows_its_parts(mira: Books) -> None:
    name = mira.entry("postcode")["id"]
    lines = mira.bill("split", name, "15m", "form", "rest", "tests", "-b", "two things").stdout.splitlines()
    assert lines[0] == "Split"
    assert [line.split("acme")[0].split("Oct")[1].strip() for line in lines[1:]] == ["~40m → split", "15m", "25m"]
    assert [line.split()[-1] for line in lines[2:]] == ["form", "tests"]


def test_merged_by_a_query_into_the_one_that_is_named(mira: Books) -> None:
    into = mira.entry("search index")["id"]
    answer = mira.json("merge", "--day", "2026-10-05", "--into", into, "-b", "one piece")
    assert [e["state"] for e in answer["entries"]] == ["estimated", "dropped"]
    assert answer["entries"][0]["id"] == into
    assert mira.entry("search index")["minutes"] == 50


def test_move_says_the_client_in_two_ways(mira: Books) -> None:
    hotfix, spelling = mira.entry("hotfix")["id"], mira.entry("spelling")["id"]
    mira.bill("move", hotfix, "--client", "globex", "-b", "theirs")
    mira.bill("move", "--client", "acme", "--day", "2026-10-06", "--to", "globex", "-b", "theirs")
    assert {entry["id"] for entry in mira.entries("--client", "globex")} == {hotfix, spelling}
    ran = mira.program("move", hotfix, "--to", "globx", "-b", "theirs", cwd=mira.top)
    assert (ran.returncode, "did you mean globex?" in ran.stderr) == (1, True)


def test_what_is_uncommitted_stays_as_it_is(mira: Books, git: Callable[..., str]) -> None:
    (mira.top / "shop.txt").write_text("half done")
    (mira.top / "new.txt").write_text("staged")
    git(mira.top, "add", "new.txt")
    before = git(mira.top, "status", "--porcelain", "--", ":!billing")
    mira.bill("drop", mira.entry("hotfix")["id"], "-b", "private")
    assert git(mira.top, "status", "--porcelain", "--", ":!billing") == before
    assert (mira.top / "shop.txt").read_text() == "half done"


def test_five_at_once_all_add(mira: Books, environment: dict[str, str]) -> None:
    program = [sys.executable, "-c", "from git_bill.cli.main import run; run()"]
    calls = [[*program, "add", "5m", f"call {number}", "-c", "acme"] for number in range(5)]
    running = [subprocess.Popen(call, cwd=mira.top, env=environment) for call in calls]
    assert [one.wait() for one in running] == [0] * 5
    assert {entry["text"] for entry in mira.entries() if entry["minutes"] == 5} == {f"call {n}" for n in range(5)}


def test_on_a_terminal_the_reason_is_asked_for(mira: Books, environment: dict[str, str]) -> None:
    name = mira.entry("hotfix")["id"]
    code, screen = on_terminal(mira, environment, ["drop", name], b"\nprivate\n")
    assert code == 0, screen
    assert "Why?" in screen
    assert 'because = "private"' in (mira.top / "billing/edits/acme/2026-10.toml").read_text()


def test_on_a_terminal_a_query_is_shown_before_anything_is_changed(mira: Books, environment: dict[str, str]) -> None:
    code, screen = on_terminal(mira, environment, ["drop", "--day", "2026-10-05", "-b", "private"], b"n\n")
    assert code == 0, screen
    assert "These 2 entries, 50m?" in screen
    assert "nothing was changed" in screen
    assert len(mira.entries()) == 4


def on_terminal(mira: Books, environment: dict[str, str], words: list[str], keys: bytes) -> tuple[int, str]:
    """The program on a pseudo-terminal, with what is typed there: its exit code and its screen."""
    main, end = pty.openpty()
    command: list[Any] = [sys.executable, "-c", "from git_bill.cli.main import run; run()", *words]
    child = subprocess.Popen(command, cwd=mira.top, env=environment, stdin=end, stdout=end, stderr=end, close_fds=True)
    os.close(end)
    os.write(main, keys)
    screen = b""
    while True:
        try:
            more = os.read(main, 4096)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        screen += more
    os.close(main)
    return child.wait(), screen.decode()
