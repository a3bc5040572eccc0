"""Exports of timers: what each program writes, what is wrong with a broken one; and no text makes reading raise."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.sources.timers import timeclock, timewarrior
from git_bill.sources.timers.formats import FORMATS, read
from git_bill.sources.timers.timed import Timed, Timers

BERLIN = ZoneInfo("Europe/Berlin")
DATA = Path(__file__).parents[4] / "shared" / "data" / "time_entries"
MORNING = datetime(2026, 10, 5, 9, 10, tzinfo=BERLIN)

TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
CLOCKIFY = (
    '"Project","Client","Description","Email","Tags","Billable","Start Date","Start Time","End Date","End Time"\n'
)
SAMPLES = {
    "timewarrior": 'inc 20261005T071000Z - 20261005T081500Z # web-shop "acme gmbh" # "call about checkout"\n',
    "watson": json.dumps([[1791184200, 1791188100, "web-shop", "9b1f", ["call"], 1791188100]]),
    "toggl": TOGGL + "Mira,mira@example.net,Acme,web-shop,,Checkout,Yes,2026-10-05,09:10:00,2026-10-05,10:15:00,,\n",
    "clockify": CLOCKIFY
    + '"web-shop","Acme","Checkout","m@e.net","","Yes","10/05/2026","09:10:00 AM","10/05/2026","10:15 AM"\n',
    "harvest": "Date,Client,Project,Task,Notes,Hours,Billable?,First Name,Last Name\n"
    '2026-10-05,Acme,web-shop,Development,Checkout,"1,09",Yes,Mira,Kovac\n',
    "solidtime": "description,billable,client,project,tags,start,end,user_email\n"
    "Checkout,true,Acme,web-shop,,2026-10-05T07:10:00Z,2026-10-05T08:15:00Z,mira@example.net\n",
    "timeclock": "i 2026-10-05 09:10:00 acme:web-shop  WEB-12 checkout\no 2026-10-05 10:15:00\n",
    "timedot": "2026-10-05 checkout\nacme:web-shop  .... ; a comment\n",
    "org": "* Acme :client:\n** TODO [#A] WEB-12 checkout   :web:\n"
    "   CLOCK: [2026-10-05 Mon 09:10]--[2026-10-05 Mon 10:15] =>  1:05\n",
    "wakatime": json.dumps(
        {"days": [{"heartbeats": [{"time": 1791184200 + 300 * n, "project": "web-shop"} for n in range(14)]}]}
    ),
    "activitywatch": json.dumps(
        {
            "buckets": {
                "aw-watcher-afk_pc": {
                    "type": "afkstatus",
                    "events": [{"timestamp": "2026-10-05T01:00:00Z", "duration": 9000, "data": {"status": "not-afk"}}],
                },
                "aw-watcher-vscode_pc": {
                    "type": "app.editor.activity",
                    "events": [
                        {"timestamp": "2026-10-05T07:10:00Z", "duration": 1800, "data": {"project": "web-shop"}},
                        {"timestamp": "2026-10-05T07:45:00Z", "duration": 1800, "data": {"project": "web-shop"}},
                    ],
                },
            }
        }
    ),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_tells_when_and_for_what(kind: str) -> None:
    found = read(kind, SAMPLES[kind], "export", BERLIN)
    assert found.problems == ()
    (one,) = found.times
    told = {"timewarrior": "", "org": "Acme", "timeclock": "acme:web-shop", "timedot": "acme:web-shop"}
    assert one.project == told.get(kind, "web-shop")
    if kind in {"harvest", "timedot"}:
        assert (one.placed, one.begin.astimezone(BERLIN).hour) == (False, 0)
        assert one.end - one.begin == timedelta(minutes=65 if kind == "harvest" else 60)
    else:
        assert (one.placed, one.begin) == (True, MORNING)
        assert one.end == MORNING + timedelta(minutes=65)


def test_what_programs_say_beside_the_time() -> None:
    def one(kind: str) -> Timed:
        return read(kind, SAMPLES[kind], "export", BERLIN).times[0]

    assert (one("timewarrior").tags, one("timewarrior").text) == (("web-shop", "acme gmbh"), "call about checkout")
    assert (one("org").text, one("org").tags) == ("WEB-12 checkout", ("client", "web"))
    assert (one("timeclock").text, one("timedot").text) == ("WEB-12 checkout", "checkout")
    assert (one("toggl").client, one("toggl").person, one("toggl").billable) == ("Acme", "mira@example.net", True)
    assert (one("harvest").person, one("harvest").text) == ("Mira Kovac", "Checkout")


def test_the_answers_of_toggls_apis() -> None:
    report = [
        {
            "username": "Mira",
            "project_name": "web-shop",
            "client_name": "Acme",
            "description": "Checkout",
            "time_entries": [
                {"id": 7, "seconds": 3900, "start": "2026-10-05T09:10:00+02:00", "stop": "2026-10-05T10:15:00+02:00"},
                {"id": 8, "seconds": 60, "start": "2026-10-06T09:10:00+02:00"},
            ],
        }
    ]
    found = read("toggl", json.dumps(report), "report.json", BERLIN)
    assert [(t.key, t.project, t.client, t.end - t.begin) for t in found.times] == [
        ("toggl:7", "web-shop", "Acme", timedelta(minutes=65)),
        ("toggl:8", "web-shop", "Acme", timedelta(minutes=1)),
    ]
    running = [{"id": 9, "start": "2026-10-05T07:10:00Z", "duration": -1791184200}]
    assert read("toggl", json.dumps(running), "me.json", BERLIN) == Timers(whole=False)


BROKEN = [
    ("timewarrior", "inc 20261005T081500Z - 20261005T071000Z\n", 1, "it ends before it begins"),
    ("timewarrior", "\ninc 20261399T081500Z - 20261005T071000Z\n", 2, "20261399T081500Z is no instant"),
    ("timewarrior", "from here on\n", 1, "this is no interval"),
    ("watson", '[[1, 2],\n["a", 2, "p", "i"]', 2, "this is not JSON: Expecting ',' delimiter"),
    ("watson", "{}", 1, "this is no list of frames"),
    ("watson", '[["soon", 2, "p", "i"]]', None, "frame 1 can't be read: 'soon' is no instant"),
    ("toggl", "User,Email\nMira,m@e.net\n", 1, "this is no CSV export of Toggl Track: it has no column end date, "),
    (
        "toggl",
        TOGGL + "M,,A,w,,C,Yes,2026-10-05,9 o'clock,2026-10-05,10:15:00,,\n",
        2,
        '"9 o\'clock" is no time of day',
    ),
    ("toggl", '[{"start": "2026-10-05T07:10:00Z"}, 5]', None, "entry 2 can't be read: it is no object"),
    (
        "clockify",
        CLOCKIFY + '"w","","","","","","31/02/2026","09:00","31/02/2026","10:00"\n',
        2,
        "'31/02/2026' is no date",
    ),
    ("harvest", "Date,Hours\n2026-10-05,some\n", 2, "'some' is no number of hours"),
    ("solidtime", "description,start,end\nx,2026-10-05T07:10:00Z,\n", 2, "'' is no date"),
    ("timeclock", "o 2026-10-05 10:15:00\n", 1, "there is no clock-in before this clock-out"),
    ("timeclock", "i 2026-10-05 09:10:00 a\ni 2026-10-05 09:10:00 a\n", 2, "a is clocked in already"),
    ("timeclock", "i 2026-10-05 09:10:00 a\no 2026-10-05 09:00:00\n", 2, "it ends before it begins"),
    ("timedot", "2026-10-05\nacme  soon!\n", 2, "'soon!' is no time"),
    ("timedot", "2026-13-05\nacme  ....\n", 1, "month must be in 1..12"),
    ("org", "CLOCK: [2026-10-05 Mon 09:10]--[2026-10-05 Mon 08:15]\n", 1, "it ends before it begins"),
    ("org", "* A\n  CLOCK: 09:10 to 10:15\n", 2, "this is no clock line"),
    ("wakatime", "[]", 1, "this is no export of WakaTime"),
    ("wakatime", '{"data": [{"time": "x"}]}', None, "event 1 can't be read: 'x' is no instant"),
    ("activitywatch", '{"events": []}', 1, "this is no export of ActivityWatch"),
]


@pytest.mark.parametrize(("kind", "text", "line", "message"), BROKEN)
def test_a_broken_export_says_where_and_how_it_should_look(
    kind: str, text: str, line: int | None, message: str
) -> None:
    found = read(kind, text, "my.export", BERLIN)
    problem = found.problems[0]
    assert (problem.file, problem.line) == ("my.export", line)
    assert problem.message.startswith(message)
    assert "should look like: " in problem.hint


def test_a_line_that_can_not_be_read_costs_only_itself() -> None:
    found = read("timewarrior", "nonsense\n" + SAMPLES["timewarrior"], "x.data", BERLIN)
    assert (len(found.times), [p.severity for p in found.problems]) == (1, ["warning"])


@pytest.mark.parametrize("kind", FORMATS)
@given(noise=st.text(max_size=60), at=st.integers(0, 200), cut=st.integers(0, 20))
def test_nothing_makes_reading_raise(kind: str, noise: str, at: int, cut: int) -> None:
    sample = SAMPLES[kind]
    for text in (noise, sample[:at] + noise + sample[at + cut :]):
        found = read(kind, text, "x", BERLIN)
        assert all(problem.file == "x" and problem.hint for problem in found.problems)
        assert all(one.begin.tzinfo and one.begin.astimezone(UTC) <= one.end.astimezone(UTC) for one in found.times)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(("days", "data", "buckets", "events", "time", "type", "start", "stop", "duration", "id")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", ["watson", "toggl", "wakatime", "activitywatch"])
@given(value=JSON_VALUES)
def test_no_json_makes_reading_raise(kind: str, value: object) -> None:
    found = read(kind, json.dumps(value), "x.json", BERLIN)
    assert all(problem.file == "x.json" and problem.hint for problem in found.problems)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)


@st.composite
def times(draw: st.DrawFn) -> list[Timed]:
    """Some that follow each other, in whole seconds, in a zone without clock changes."""
    at = datetime(2026, 10, 5, tzinfo=UTC)
    found: list[Timed] = []
    for _ in range(draw(st.integers(0, 5))):
        begin = at + timedelta(seconds=draw(st.integers(1, 50_000)))
        at = begin + timedelta(seconds=draw(st.integers(0, 50_000)))
        found.append(
            Timed(
                key="",
                begin=begin,
                end=at,
                text=draw(st.just("") | WORDS),
                tags=tuple(draw(st.lists(WORDS, max_size=3))),
                project=draw(WORDS),
            )
        )
    return found


def told(found: Timers, *names: str) -> list[tuple[object, ...]]:
    assert found.problems == ()
    return [tuple(getattr(one, name) for name in names) for one in found.times]


@given(times())
def test_timewarrior_reads_what_it_wrote(some: list[Timed]) -> None:
    names = ("begin", "end", "text", "tags")
    again = timewarrior.read(timewarrior.render(some), "x.data", UTC)
    assert told(again, *names) == told(Timers(times=tuple(some)), *names)


@given(times())
def test_timeclock_reads_what_it_wrote(some: list[Timed]) -> None:
    names = ("begin", "end", "text", "project")
    kept = [one for one in some if ";" not in one.project + one.text]
    again = timeclock.read(timeclock.render(kept), "x.timeclock", UTC)
    assert told(again, *names) == told(Timers(times=tuple(kept)), *names)


def test_a_corrected_end_keeps_the_key_and_a_running_one_waits() -> None:
    keys: Callable[[str], list[str]] = lambda text: [one.key for one in timewarrior.read(text, "x", UTC).times]  # noqa: E731
    assert keys("inc 20261005T071000Z - 20261005T081500Z\n") == keys("inc 20261005T071000Z - 20261005T090000Z\n")
    assert keys("inc 20261005T071000Z # web\n") == []


def test_equal_rows_are_two_entries() -> None:
    found = read("toggl", SAMPLES["toggl"] + SAMPLES["toggl"].removeprefix(TOGGL), "x.csv", BERLIN)
    assert len({one.key for one in found.times}) == 2


def test_dates_that_the_file_shows_to_have_the_day_first() -> None:
    rows = "".join(f'"w","A","c","","","Yes","{day}/2026","09:00","{day}/2026","10:00"\n' for day in ("05/10", "25/10"))
    found = read("clockify", CLOCKIFY + rows, "x.csv", BERLIN)
    assert [(one.begin.month, one.begin.day) for one in found.times] == [(10, 5), (10, 25)]


def test_a_clock_that_is_set_back_while_it_runs() -> None:
    found = read("timeclock", "i 2026-10-25 02:50:00 a\no 2026-10-25 02:10:00\n", "x", BERLIN)
    assert found.problems == ()
    assert found.times[0].end.astimezone(UTC) - found.times[0].begin.astimezone(UTC) == timedelta(minutes=20)


REAL = [
    ("timewarrior", "timewarrior/2022-04.data", 19, 1),
    ("timewarrior", "timewarrior/2023-06.data", 32, 0),
    ("timeclock", "hledger_timeclock/sample.timeclock", 3, 0),
    ("timeclock", "hledger_timeclock/a.timeclock", 1, 0),
    ("timeclock", "hledger_timeclock/tcclockouttime.timeclock", 0, 1),
    ("timeclock", "hledger_timeclock/tcorderedactions.timeclock", 0, 1),
    ("timedot", "hledger_timeclock/sample.timedot", 4, 0),
    ("timedot", "hledger_timeclock/time.timedot", 1, 0),
    ("toggl", "solidtime_importers/toggl_time_entries_import_test_1.csv", 2, 0),
    ("toggl", "solidtime_importers/toggl_time_entries_import_test_2.csv", 1, 0),
    *(("clockify", f"solidtime_importers/clockify_time_entries_import_test_{n}.csv", 2, 0) for n in (1, 4, 5, 6)),
    ("clockify", "solidtime_importers/clockify_time_entries_import_test_3.csv", 0, 1),
    ("harvest", "solidtime_importers/harvest_time_entries_import_test_1.csv", 2, 0),
    ("solidtime", "solidtime_importers/generic_time_entries_import_test_1.csv", 2, 0),
    ("solidtime", "solidtime_importers/solidtime_import_test_1/time_entries.csv", 2, 0),
]


@pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not at ../shared/data/time_entries")
@pytest.mark.parametrize(("kind", "file", "count", "problems"), REAL)
def test_real_exports(kind: str, file: str, count: int, problems: int) -> None:
    found = read(kind, (DATA / file).read_text(encoding="utf-8"), file, BERLIN)
    assert (len(found.times), len(found.problems)) == (count, problems), found.problems


def test_what_timewarrior_exports_is_the_same_as_its_data_file() -> None:
    data = read("timewarrior", SAMPLES["timewarrior"], "2026-10.data", BERLIN)
    listed = [
        {
            "id": 2,
            "start": "20261005T071000Z",
            "end": "20261005T081500Z",
            "tags": ["web-shop", "acme gmbh"],
            "annotation": "call about checkout",
        },
        {"id": 1, "start": "20261005T090000Z", "tags": ["web-shop"]},
    ]
    exported = read("timewarrior", json.dumps(listed), "export.json", BERLIN)
    assert (exported.times, exported.problems, exported.whole) == (data.times, (), False)
    broken = read("timewarrior", '[{"id": 1, "start": "soon", "end": "later"}, 7]', "export.json", BERLIN)
    assert [problem.message for problem in broken.problems] == [
        "interval 1 can't be read: soon is no instant",
        "interval 2 can't be read: it is no object with a start",
    ]
