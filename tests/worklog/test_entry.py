"""Entries and their ids."""

from datetime import date

from git_bill.shape import read, write
from git_bill.worklog.entry import Entry, Manifest, entry_id, short_hash


def test_an_entry_is_one_line_of_the_manifest() -> None:
    entry = Entry(
        day=date(2026, 10, 5),
        by="mira",
        ticket="WEB-5",
        minutes=45,
        range=(30, 60),
        at=("09:10/09:55",),
        evidence=("web-shop:86f7e437faa5",),
    )
    text = write(Manifest(entries={"W-k3v9q2m7x4ab": entry}))
    assert text == (
        "schema = 1\n\n[entries]\n"
        'W-k3v9q2m7x4ab = { day = 2026-10-05, by = "mira", ticket = "WEB-5", minutes = "45m", range = ["30m", "1h"], '
        'at = ["09:10/09:55"], evidence = ["web-shop:86f7e437faa5"] }\n'
    )
    assert read(Manifest, text, "m.toml").value == Manifest(entries={"W-k3v9q2m7x4ab": entry})


def test_low_and_high_are_the_minutes_where_there_is_no_range() -> None:
    entry = Entry(day=date(2026, 10, 5), by="mira", minutes=45)
    assert (entry.low, entry.high) == (45, 45)


def test_broken_intervals_and_ranges_are_told_with_their_line() -> None:
    text = (
        'schema = 1\n[entries]\nW-a = { day = 2026-10-05, by = "mira", minutes = "45m", at = ["9"], range = ["1h"] }\n'
    )
    problems = read(Manifest, text, "m.toml").problems
    assert [(p.line, p.hint) for p in problems] == [
        (3, 'write it like at = ["09:10/09:55"]'),
        (3, 'write it like range = ["30m", "1h"]'),
    ]


def test_ids_are_twelve_base32_characters_of_what_made_them() -> None:
    assert short_hash("") == "4oymiquy7qob"
    assert entry_id("mira", "acme") == entry_id("mira", "acme")
    assert entry_id("mira", "acme") != entry_id("miraa", "cme")
