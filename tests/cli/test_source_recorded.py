"""Timers, calendars and days off on the command line: set up, collected, corrected, explained."""

import tomllib
from pathlib import Path
from typing import Any

from tests.cli.mirasbooks import Books

TIMER = 'inc 20261007T070000Z - 20261007T083500Z # acme # "WEB-6 pricing"\n'
PRIVATE = "inc 20261007T180000Z - 20261007T190000Z # garden\n"
MEETING = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1@example.net
SUMMARY:{title}
DTSTART;TZID=Europe/Berlin:20261008T{begin}00
DTEND;TZID=Europe/Berlin:20261008T{end}00
END:VEVENT
END:VCALENDAR
"""


def sources(mira: Books) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((mira.top / "billing/billing.toml").read_text())["sources"]
    return found


def with_timer(mira: Books, text: str = TIMER) -> Path:
    file = mira.top.parent / "2026-10.data"
    file.write_text(text)
    where = ("source", "add", str(file), "--kind", "timewarrior")
    mira.bill(*where, "--client", "acme", "--match", "tag=acme", "--since", "2026-10-01")
    return file


def test_a_timer_becomes_work_and_its_place_stays_on_this_machine(mira: Books) -> None:
    file = with_timer(mira, TIMER + PRIVATE)
    assert str(file) not in (mira.top / "billing/billing.toml").read_text()
    assert sources(mira)[-1]["routes"] == [{"match": {"tag": "acme"}, "client": "acme"}]
    ran = mira.bill("collect")
    assert "1h of 'timewarrior' are not counted" in ran.stderr
    entry = mira.entry("pricing")
    assert (entry["minutes"], entry["ticket"], entry["day"]) == (95, "WEB-6", "2026-10-07")
    assert "garden" not in "".join(path.read_text() for path in (mira.top / "billing/evidence").rglob("*.jsonl"))
    assert mira.json("collect")["gathered"] == 0


def test_twice_is_once_and_another_match_is_added(mira: Books) -> None:
    file = with_timer(mira)
    before = (mira.top / "billing/billing.toml").read_text()
    with_timer(mira)
    assert (mira.top / "billing/billing.toml").read_text() == before
    mira.bill("source", "add", str(file), "--kind", "timewarrior", "--client", "acme", "--match", "project=web-*")
    assert [route["match"] for route in sources(mira)[-1]["routes"]] == [{"tag": "acme"}, {"project": "web-*"}]


def test_a_corrected_timer_corrects_its_entry(mira: Books) -> None:
    file = with_timer(mira)
    mira.bill("collect")
    entry = mira.entry("pricing")["id"]
    file.write_text(TIMER.replace("083500Z", "090000Z"))
    assert mira.json("collect")["gathered"] == 1
    assert (mira.entry("pricing")["id"], mira.entry("pricing")["minutes"]) == (entry, 120)
    because = mira.json("explain", entry)["because"]
    assert [reason["kind"] for reason in because if reason["kind"] == "timer"] == ["timer"]


def test_meetings_count_and_a_moved_one_moves(mira: Books) -> None:
    file = mira.top.parent / "mira.ics"
    file.write_text(MEETING.format(title="Planning", begin="1000", end="1045"))
    mira.bill("source", "add", str(file), "--kind", "calendar", "--client", "acme", "--since", "2026-10-01")
    mira.bill("collect")
    entry = mira.entry("Planning")
    assert (entry["minutes"], entry["activity"], entry["at"]) == (45, "meeting", ["10:00/10:45"])
    file.write_text(MEETING.format(title="Planning", begin="1300", end="1330"))
    mira.bill("collect")
    assert [(e["minutes"], e["at"]) for e in mira.entries() if "Planning" in e["text"] and e["minutes"]] == [
        (30, ["13:00/13:30"])
    ]


def test_an_address_of_a_calendar_is_no_setting(mira: Books) -> None:
    mira.bill("source", "add", "webcal://127.0.0.1:9/secret-3f9a.ics", "--kind", "calendar", "--client", "acme")
    assert "3f9a" not in (mira.top / "billing/billing.toml").read_text()
    ran = mira.bill("collect")
    assert "bill.privateHosts" in ran.stderr
    assert "3f9a" not in ran.stderr + ran.stdout


def test_busy_hours_of_another_workspace_use_minutes_alone(mira: Books) -> None:
    there = mira.top.parent / "other" / "billing" / "manifest" / "beta"
    there.mkdir(parents=True)
    person = mira.entries()[0]["by"]
    entry = f'{{ day = 2026-10-06, by = "{person}", minutes = "6m", at = ["10:54/11:00"], text = "secret" }}'
    (there / "2026-10.toml").write_text(f"schema = 1\n\n[entries]\nW-aaaaaaaaaaaa = {entry}\n")
    before = mira.entry("suggests spelling")["minutes"]
    mira.bill("source", "add", str(mira.top.parent / "other"), "--kind", "busy")
    mira.bill("collect")
    assert mira.entry("suggests spelling")["minutes"] == before - 6
    files = (mira.top / "billing").rglob("*")
    assert all("secret" not in path.read_text() for path in files if path.is_file())


def test_what_lies_nowhere_keeps_what_was_seen(mira: Books) -> None:
    file = with_timer(mira)
    mira.bill("collect")
    file.unlink()
    ran = mira.bill("collect")
    assert "what was seen of it before stays" in ran.stderr
    assert mira.entry("pricing")["minutes"] == 95


def test_wrong_words_are_told_with_the_right_ones(mira: Books) -> None:
    for args, said in (
        (("x.data", "--kind", "timewarrior"), "there is no file or folder"),
        (("https://example.net/x", "--kind", "watson", "--client", "acme"), "is a file on this machine"),
        ((".", "--kind", "org", "--client", "acme"), "name it: git bill source add PATH --kind org"),
        ((str(mira.top), "--kind", "org", "--client", "acme", "--match", "colour=red"), "--match project=web-*"),
        ((str(mira.top), "--match", "tag=acme"), "say --kind"),
    ):
        ran = mira.program("source", "add", *args, cwd=mira.top)
        assert ran.returncode == 2, ran.stderr
        assert said in ran.stderr or "--client" in ran.stderr


def test_days_off_flag_the_work_on_them(mira: Books) -> None:
    assert mira.json("add", "--off", "2026-10-05..2026-10-07", "--because", "ill")["days"] == 3
    assert mira.json("add", "--off", "2026-10-05..2026-10-07", "--because", "ill")["days"] == 0
    flagged = {entry["day"] for entry in mira.entries() if "day-off" in entry["flags"]}
    assert flagged == {"2026-10-05", "2026-10-06"}
    mira.bill("add", "--off", "2026-10-05", "--undo")
    assert {entry["day"] for entry in mira.entries() if "day-off" in entry["flags"]} == {"2026-10-06"}
    before = mira.json("collect")
    assert (before["gathered"], before["entries_changed"]) == (0, 0)


def test_public_holidays_of_a_region_flag_the_work_on_them(mira: Books) -> None:
    settings = mira.top / "billing/billing.toml"
    settings.write_text(settings.read_text().replace("[[contributors]]\n", '[[contributors]]\nholidays = "DE-BE"\n'))
    mira.bill("add", "1h", "new year", "-c", "acme", "--on", "2026-10-03")
    mira.bill("collect")
    assert "holiday" in mira.entry("new year")["flags"]
    settings.write_text(settings.read_text().replace('"DE-BE"', '"DE-QQ"'))
    ran = mira.program("collect", cwd=mira.top)
    assert ran.returncode == 3
    assert 'holidays = "DE-BE"' in ran.stderr
