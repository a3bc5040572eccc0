"""A whole day that one client's timer takes: `collect`, `log`, `confirm` and the draft say so."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.mirasbooks import Books
from tests.cli.test_source_recorded import MEETING

DAY = 'inc 20261004T220000Z - 20261005T220000Z # call # "Call with Globex"\n'


def collected(mira: Books) -> str:
    """What `collect` says of a timer that nobody stopped."""
    file = mira.top.parent / "call.data"
    file.write_text(DAY)
    where = ("source", "add", str(file), "--kind", "timewarrior", "--id", "call", "--since", "2026-10-01")
    mira.bill(*where, "--client", "globex", "--match", "tag=call")
    return mira.bill("collect").stdout


def test_collect_says_it_once(mira: Books) -> None:
    lost = sum(entry["minutes"] for entry in mira.entries("--day", "2026-10-05"))
    told = collected(mira)
    assert f"acme loses {lost}m of 2026-10-05 to globex: git bill status --overlaps" in told
    assert "long days, check them: 24h on 2026-10-05" in told
    assert "loses" not in mira.bill("collect").stdout


def test_log_and_confirm_show_the_day_and_who_has_its_minutes(mira: Books) -> None:
    collected(mira)
    (line,) = [line for line in mira.bill("log").stdout.splitlines() if line.startswith("Mon 5 Oct")]
    assert line.endswith("a long day")
    told = mira.json("confirm", "--yes")["emptied"]
    call = mira.entry("Call with Globex")
    assert {one["to"] for one in told} == {call["id"]}
    assert {one["entry"] for one in told} == {entry["id"] for entry in mira.entries() if entry["minutes"] == 0}
    shown = mira.bill("confirm", "--yes").stdout
    assert "has nothing left" in shown
    assert "Decide otherwise: git bill status --overlaps" in shown


def test_the_draft_says_it_as_an_info(mira: Books) -> None:
    collected(mira)
    told = mira.bill("draft", "--client", "globex", "--period", "2026-10").stdout
    assert "  · 1 entry: on a day with more work than a day has room for (W-" in told


def test_the_limit_of_a_day_is_a_setting(mira: Books) -> None:
    settings = mira.top / "billing/billing.toml"
    settings.write_text(settings.read_text() + '\n[guardrails]\nmax_hours_per_day = "30m"\n')
    mira.bill("collect")
    assert "a long day" in mira.bill("log").stdout


def test_a_stated_day_that_goes_beyond_its_place_reads_right(mira: Books, git: Callable[..., str]) -> None:
    git(mira.top, "commit", "-q", "--allow-empty", "-m", "blackout\n\nTime: 24h", at="2026-10-08T23:00:00+02:00")
    git(mira.top, "commit", "-q", "--allow-empty", "-m", "blackout", at="2026-10-08T22:00:00+02:00")
    mira.bill("collect")
    entry = mira.entry("blackout")
    assert "24h  00:00–23:00  and 1h more that day" in mira.bill("confirm", input="n\n" * 9).stderr
    because = [reason["text"] for reason in mira.json("explain", entry["id"])["because"]]
    assert "worked 00:00 to 23:00, and 1h more of that day" in because


def test_days_off_are_told_by_collect_log_and_explain(mira: Books) -> None:
    file = Path(mira.top.parent / "mira.ics")
    text = MEETING.format(title="Urlaub", begin="1000", end="1045")
    text = text.replace("DTSTART;TZID=Europe/Berlin:20261008T100000", "DTSTART;VALUE=DATE:20261006")
    file.write_text(text.replace("DTEND;TZID=Europe/Berlin:20261008T104500", "DTEND;VALUE=DATE:20261007"))
    where = ("source", "add", str(file), "--kind", "calendar", "--client", "acme", "--since", "2026-10-01")
    mira.bill(*where)
    entry = mira.entry("suggests spelling")
    told = mira.bill("collect").stdout
    assert "work on days off: " in told
    assert " on 2026-10-06" in told
    (line,) = [line for line in mira.bill("log").stdout.splitlines() if line.startswith("Tue 6 Oct")]
    assert line.endswith("a day off")
    because = mira.json("explain", entry["id"])["because"]
    (reason,) = [reason["text"] for reason in because if reason["kind"] == "day-off"]
    assert reason.endswith(" on 6 Oct, a day off in your calendar 'calendar'")


def test_one_day_off_is_told_as_one(mira: Books) -> None:
    assert "2026-10-05 is off now.\n" in mira.bill("add", "--off", "2026-10-05").stdout
    assert "2 days of 2026-10-05..2026-10-07 are off now.\n" in (
        mira.bill("add", "--off", "2026-10-05..2026-10-07").stdout
    )
    assert "2026-10-05 is worked on now.\n" in mira.bill("add", "--off", "2026-10-05", "--undo").stdout


def test_a_split_entry_says_that_it_was_split(mira: Books) -> None:
    entry = mira.entry("postcode")["id"]
    mira.bill("split", entry, "10m", "first", "rest", "second", "--because", "two things")
    assert "0m" not in mira.json("explain", entry)["text"]
    assert "was split into others" in mira.json("explain", entry)["text"]
    assert "dropped" not in mira.bill("show", entry).stdout


def test_after_collect_status_names_the_next_step(mira: Books) -> None:
    assert mira.json("status")["next"]["command"] == "git bill confirm"


def test_work_with_agents_that_is_not_billed_is_told(mira: Books, git: Callable[..., str]) -> None:
    (file,) = (mira.top / "billing/clients").glob("acme*.toml")
    file.write_text(file.read_text().replace("[[contracts]]\n", '[[contracts]]\nagents = "none"\n', 1))
    (mira.top / "shop.txt").write_text("by night")
    words = "WEB-11 by night\n\nCo-Authored-By: Claude <noreply@anthropic.com>"
    git(mira.top, "commit", "-q", "-a", "-m", words, at="2026-10-08T23:30:00+02:00")
    told = mira.bill("collect").stdout
    time = mira.entry("by night")["minutes"]
    assert f", {time}m with AI agents not billed." in told
    assert f"work with AI agents at night: {time}m on 2026-10-08" in told
    shown = mira.bill("log")
    assert f"{time}m of it with AI agents, which is not billed" in shown.stdout
    assert mira.json("log")["agents_not_billed"] == time
