"""Entries and their ids."""

from dataclasses import replace
from datetime import date

import pytest
from tests.worklog.workday import Workday, commit

from git_bill.shape import read, write
from git_bill.worklog.entry import Entry, Manifest, entry_id, evidence_name, short_hash, short_name


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


@pytest.mark.parametrize(
    ("key", "name", "short"),
    [
        ("3f2a9c1d4e5f" + "0" * 28, "shop:3f2a9c1d4e5f", "3f2a9c1d"),
        ("3f2a9c1d4e5f" + "0" * 28 + "+jo", "shop:3f2a9c1d4e5f", "3f2a9c1d"),
        ("k3v9q2m7x4ab@0123", "shop:k3v9q2m7x4ab", "k3v9q2m7"),
        ("review:12:2345678901@0123", "shop:review:12:2345678901", "#12"),
        ("review:12:approved:mira@0123", "shop:review:12:approved:mira", "#12"),
    ],
)
def test_how_a_fact_is_named(key: str, name: str, short: str) -> None:
    assert evidence_name("shop", key) == name
    assert short_name(name) == short


def test_only_estimates_are_estimates() -> None:
    timed = Entry(day=date(2026, 10, 5), by="mira", minutes=60)
    estimate = replace(timed, model="session-2026.11")
    assert [entry.is_estimate for entry in (timed, estimate, replace(estimate, state="confirmed"))] == [0, 1, 0]
    assert (timed.standing, estimate.standing) == ("not confirmed", "estimated")


def test_stated_time_is_no_estimate_and_of_both_only_the_rest_is() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 22:00"), commit("b", "2026-10-05 23:00", minutes=24 * 60))
    whole = day.only().entry
    assert (whole.minutes, whole.stated, whole.is_estimate, whole.estimated) == (1440, 1440, False, 0)
    assert whole.standing == "not confirmed"
    other = Workday()
    other.collect(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 15:00", minutes=120))
    both = other.only().entry
    assert (both.minutes, both.stated, both.is_estimate, both.estimated) == (180, 120, True, 60)
    assert both.standing == "estimated, 2h of it stated"
    other.edit("confirm", other.only().id, minutes=180)
    other.collect()
    assert (other.only().entry.stated, other.only().entry.standing) == (0, "confirmed")
