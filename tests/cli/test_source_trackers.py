"""Trackers, chats and notes on the command line: set up, collected, shown."""

import json
import zipfile
from pathlib import Path

from tests.cli.mirasbooks import Books
from tests.repositories import run

LOG = {
    "id": "7",
    "author": {"emailAddress": "mira@example.net"},
    "started": "2026-10-07T17:00:00.000+0200",
    "timeSpentSeconds": 5400,
    "comment": "call about shipping",
}


def jira(mira: Books, *logs: object, title: str = "Checkout takes every postcode") -> Path:
    file = mira.top.parent / "jira.json"
    fields = {"summary": title, "project": {"key": "WEB"}, "worklog": {"total": len(logs), "worklogs": logs}}
    file.write_text(json.dumps({"issues": [{"key": "WEB-5", "fields": fields}]}))
    return file


def added(mira: Books, file: Path, kind: str) -> None:
    mira.bill("source", "add", str(file), "--kind", kind, "--client", "acme", "--since", "2026-10-01")


def test_jira_gives_titles_and_logged_time(mira: Books) -> None:
    theirs = {**LOG, "id": "8", "author": {"displayName": "Rita Acme"}}
    added(mira, jira(mira, LOG, theirs), "jira")
    mira.bill("collect")
    entry = mira.entry("shipping")
    assert (entry["minutes"], entry["ticket"], entry["day"], entry["at"]) == (90, "WEB-5", "2026-10-07", [])
    assert mira.json("collect")["gathered"] == 0
    mira.bill("draft", "-c", "acme", "--period", "2026-10")
    assert "Checkout takes every postcode" in mira.bill("show", "acme-2026-10").stdout
    jira(mira, {**LOG, "timeSpentSeconds": 3600})
    mira.bill("collect")
    assert mira.entry("shipping")["minutes"] == 60
    jira(mira)
    mira.bill("collect")
    assert [e["minutes"] for e in mira.entries() if "shipping" in e["text"] and e["minutes"]] == []


def test_what_a_chat_shows_is_support_and_no_word_of_it_is_kept(mira: Books) -> None:
    messages = [
        {"type": "message", "user": "U1", "ts": str(1791356400 + 240 * n), "text": "secret word"} for n in range(4)
    ]
    users = [{"id": "U1", "profile": {"email": "mira@example.net"}}, {"id": "U2", "profile": {"email": "x@y"}}]
    file = mira.top.parent / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("acme/2026-10-07.json", json.dumps(messages))
    added(mira, file, "slack")
    mira.bill("collect")
    entry = mira.entry("#acme")
    assert (entry["minutes"], entry["activity"], entry["day"]) == (14, "support", "2026-10-07")
    assert all(b"secret" not in path.read_bytes() for path in (mira.top / "billing").rglob("*") if path.is_file())


def test_an_archive_that_would_fill_the_memory_is_refused(mira: Books) -> None:
    file = mira.top.parent / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"acme/{number}.json", b"0" * 60_000_000)
    added(mira, file, "slack")
    ran = mira.bill("collect")
    assert "unpacked it is larger than" in ran.stderr
    assert "git bill source add PATH --kind slack" in ran.stderr


def test_a_note_of_gtm_replaces_the_estimate_of_its_commit(mira: Books) -> None:
    before = mira.entry("suggests spelling")
    commit = run(mira.top, "log", "-1", "--format=%H", "--grep=suggests spelling")
    note = "[ver:1,total:1500]\nshop.txt:1500,1791277200:1500,m\n"
    run(mira.top, "notes", "--ref=gtm-data", "add", "-m", note, commit)
    assert mira.json("collect")["gathered"] == 1
    after = mira.entry("suggests spelling")
    assert (after["id"], after["minutes"], after["day"]) == (before["id"], 25, "2026-10-06")
    assert before["minutes"] != 25
    assert "its note of gtm says: 25m on 2026-10-06" in mira.bill("explain", after["id"]).stdout
    assert mira.json("collect")["gathered"] == 0


def test_a_vacation_in_a_calendar_flags_the_work_on_it(mira: Books) -> None:
    file = mira.top.parent / "mira.ics"
    whole = "DTSTART;VALUE=DATE:20261005\nDTEND;VALUE=DATE:20261007"
    event = f"BEGIN:VEVENT\nUID:1\nSUMMARY:Urlaub an der See\n{whole}\nEND:VEVENT"
    file.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{event}\nEND:VCALENDAR\n")
    added(mira, file, "calendar")
    mira.bill("collect")
    assert {entry["day"] for entry in mira.entries() if "day-off" in entry["flags"]} == {"2026-10-05", "2026-10-06"}
    assert all("See" not in path.read_text() for path in (mira.top / "billing/evidence").rglob("*.jsonl"))
    mira.bill("add", "--off", "2026-10-05", "--undo")
    assert {entry["day"] for entry in mira.entries() if "day-off" in entry["flags"]} == {"2026-10-06"}
