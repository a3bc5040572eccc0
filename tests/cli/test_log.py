"""`git bill log`: what it lists, and how it looks."""

import pytest
from tests.cli.mirasbooks import Books


def test_the_log_as_it_looks(mira: Books) -> None:
    mira.bill("confirm", "--yes", "--period", "2026-10-06")
    mira.bill("add", "1h30m", "workshop", "-c", "globex", "--on", "2026-10-07", "--activity", "meeting")
    names = {entry["text"].split()[0]: entry["id"][:6] for entry in mira.entries()}
    assert mira.bill("log").stdout.splitlines() == [
        "             time     range  ticket  activity     client  what was done",
        "Mon 5 Oct     50m",
        f"  {names['WEB-5']}     ~40m  9m–1h34m  WEB-5   development  acme    "
        "checkout form validates the postcode; tes…",
        f"  {names['WEB-7']}     ~10m    1m–50m  WEB-7   development  acme    docs: how to run the search index",
        "",
        "Tue 6 Oct     10m",
        f"  {names['search']}      10m                    development  acme    search suggests spelling",
        "",
        "Wed 7 Oct   1h30m",
        f"  {names['workshop']}    1h30m                    meeting      globex  workshop",
        "",
        "Sat 10 Oct    10m",
        f"  {names['WEB-9']}     ~10m    1m–50m  WEB-9   development  acme    hotfix payment provider outage",
        "",
        "2h40m in 5 entries, 1h40m of it confirmed",
        "~ an estimate that nobody confirmed",
    ]


def test_columns_that_say_the_same_are_left_out(mira: Books) -> None:
    lines = mira.bill("log", "--period", "2026-10-06").stdout.splitlines()
    assert lines[0].split() == ["time", "range", "what", "was", "done"]


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["--period", "2026-10-05"], 2),
        (["--day", "2026-10-10"], 1),
        (["--ticket", "web-7"], 1),
        (["--by", "mira"], 4),
        (["--client", "globex"], 0),
        (["--project", "web-shop"], 4),
        (["--project", "other"], 0),
        (["--unconfirmed"], 4),
        (["--unbilled"], 4),
        (["--billed"], 0),
        (["--dropped"], 0),
        (["--unconfirmed", "--ticket", "WEB-9"], 1),
    ],
)
def test_filters(mira: Books, words: list[str], texts: int) -> None:
    assert len(mira.entries(*words)) == texts


def test_dropped_entries_are_listed_when_asked_for(mira: Books) -> None:
    name = mira.entry("hotfix")["id"]
    mira.bill("drop", name, "-b", "private")
    assert name not in {entry["id"] for entry in mira.entries()}
    assert [(e["id"], e["minutes"], e["unbilled"]) for e in mira.entries("--dropped")] == [(name, 0, 0)]


def test_json_has_all_facts_and_the_sums(mira: Books) -> None:
    answer = mira.json("log", "--ticket", "WEB-5")
    (entry,) = answer["entries"]
    assert (answer["minutes"], answer["days"]) == (40, [{"day": "2026-10-05", "minutes": 40}])
    facts = {name: entry[name] for name in ("client", "by", "project", "ticket", "minutes", "low", "high", "state")}
    assert facts == {
        "client": "acme",
        "by": "mira",
        "project": "web-shop",
        "ticket": "WEB-5",
        "minutes": 40,
        "low": 9,
        "high": 94,
        "state": "estimated",
    }
    assert (entry["invoice"], entry["draft"], entry["unbilled"], len(entry["evidence"])) == (None, None, 40, 2)


def test_what_a_draft_lists_and_what_an_invoice_bills(mira: Books) -> None:
    mira.bill("confirm", "--yes")
    mira.bill("draft", "--client", "acme", "--period", "2026-10")
    assert {entry["draft"] for entry in mira.entries()} == {"acme-2026-10"}
    assert "on" in mira.bill("log").stdout.splitlines()[0].split()
    mira.bill("issue", "acme-2026-10")
    assert {(e["invoice"], e["draft"], e["unbilled"]) for e in mira.entries()} == {("INV-2026-0001", None, 0)}
    assert len(mira.entries("--billed")) == 4
    assert mira.entries("--unbilled") == []
    ran = mira.program("drop", mira.entry("hotfix")["id"], "-b", "private", cwd=mira.top)
    assert (ran.returncode, "is on INV-2026-0001, which never changes" in ran.stderr) == (1, True)


def test_hostile_text_is_shown_harmless(mira: Books) -> None:
    mira.bill("add", "5m", "\x1b[31mred\u202e ::set-output name=x::y", "-c", "acme")
    out = mira.bill("log").stdout
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_nothing_to_list(mira: Books) -> None:
    assert mira.bill("log", "--period", "2020").stdout == "No entry fits.\n"
