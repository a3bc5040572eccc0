"""What is wrong with an export is told once and in a few lines, and `collect` comes to its end."""

import zipfile
from pathlib import Path

from tests.cli.mirasbooks import Books

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1@example.net
SUMMARY:Stand-up
DTSTART:20261008T070000Z
DTEND:20261008T071500Z
RRULE:FREQ=DAILY;INTERVAL=0
END:VEVENT
END:VCALENDAR
"""


def collected(mira: Books, kind: str, path: Path) -> str:
    """What `collect` says of an export."""
    mira.bill("source", "add", str(path), "--kind", kind, "--client", "acme", "--since", "2026-10-01")
    ran = mira.program("collect", cwd=mira.top)
    assert ran.returncode in {0, 1}, ran.stderr
    return ran.stderr


def test_an_event_without_an_interval_is_left_out_and_named(mira: Books) -> None:
    file = mira.top.parent / "mira.ics"
    file.write_text(EVENT)
    told = collected(mira, "calendar", file)
    assert f"{file}:5: warning: 'Stand-up' of 2026-10-08 repeats at no interval: FREQ=DAILY;INTERVAL=0" in told


def test_a_small_archive_of_much_junk_is_refused_at_once(mira: Books) -> None:
    file = mira.top.parent / "slack.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("general/2026-10-05.json", "[" + "0," * 20_000_000 + "0]")
    assert file.stat().st_size < 50_000
    told = collected(mira, "slack", file)
    assert "error: it holds more than 10,000,000 values: nothing of it is counted [unreadable-export]" in told


def test_many_faults_of_one_file_are_told_once_and_counted(mira: Books) -> None:
    file = mira.top.parent / "2026-10.data"
    file.write_text("from here on\n" * 25)
    told = collected(mira, "timewarrior", file)
    assert told.count("this is no interval") == 5
    assert told.count("and 20 more like it") == 1


def test_another_encoding_and_binary_junk_are_errors(mira: Books) -> None:
    table = mira.top.parent / "toggl.csv"
    table.write_bytes("User,Email\nMira,mira@example.net\n".encode("utf-16"))
    told = collected(mira, "toggl", table)
    assert "it is UTF-16, not UTF-8" in told
    assert "iconv -f UTF-16 -t UTF-8 toggl.csv" in told
    for kind in ("org", "timedot"):
        junk = mira.top.parent / f"junk.{kind}"
        junk.write_bytes(bytes(range(256)) * 8)
        assert f"{junk}:1: error: it is no text" in collected(mira, kind, junk)


def test_a_link_out_of_an_exported_folder_is_not_followed(mira: Books) -> None:
    outside = mira.top.parent / "private.data"
    outside.write_text("inc 20261007T070000Z - 20261007T083500Z # secret\n")
    folder = mira.top.parent / "timew"
    folder.mkdir()
    (folder / "2026-09.data").write_text("inc 20261008T070000Z - 20261008T083500Z # own\n")
    (folder / "2026-10.data").symlink_to(outside)
    (folder / "2026-11.data").symlink_to(folder / "2026-09.data")
    told = collected(mira, "timewarrior", folder)
    assert "leaves it out: it is a link that leads out of the folder [leads-out]" in told
    assert told.count("[leads-out]") == 1
    assert "secret" not in "".join(path.read_text() for path in (mira.top / "billing/evidence").rglob("*.jsonl"))
