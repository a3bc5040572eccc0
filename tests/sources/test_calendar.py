"""Calendars: which meetings took place, when, and what of them is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.sources.away import says_away
from git_bill.sources.calendar import Calendar, read, seen
from git_bill.sources.recorded import Recording, appended

BERLIN = ZoneInfo("Europe/Berlin")
DATA = Path(__file__).parents[3] / "shared" / "data" / "calendars"
FIRST, LAST = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)
MIRA = frozenset({"mira@example.net"})


def event(*lines: str) -> str:
    if not any(line.startswith("DTSTART") for line in lines):
        lines = ("DTSTART;TZID=Europe/Berlin:20261005T090000", "DTEND;TZID=Europe/Berlin:20261005T100000", *lines)
    return "\r\n".join(("BEGIN:VEVENT", "UID:1@example.net", "SUMMARY:Planning", *lines, "END:VEVENT"))


def calendar(*events: str, head: str = "") -> bytes:
    inside = [head] if head else []
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *inside, *events, "END:VCALENDAR", "")).encode()


def found(content: bytes, **more: datetime) -> Calendar:
    return read(content, "mira.ics", BERLIN, first=more.get("first", FIRST), last=LAST, person=MIRA)


def times(content: bytes) -> list[str]:
    result = found(content)
    assert result.problems == ()
    return [f"{m.begin.astimezone(BERLIN):%d %H:%M}/{m.end.astimezone(BERLIN):%H:%M}" for m in result.meetings]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), ["05 09:00/10:00"]),
        (("DTSTART:20261005T070000Z", "DURATION:PT45M"), ["05 09:00/09:45"]),
        (("DTSTART:20261005T090000", "DTEND:20261005T100000"), ["05 09:00/10:00"]),
        (("RRULE:FREQ=WEEKLY;COUNT=3",), ["05 09:00/10:00", "12 09:00/10:00", "19 09:00/10:00"]),
        (
            ("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20261012T090000"),
            ["05 09:00/10:00", "19 09:00/10:00", "26 09:00/10:00"],
        ),
    ],
)
def test_when_meetings_are(lines: tuple[str, ...], expected: list[str]) -> None:
    assert times(calendar(event(*lines))) == expected


def test_one_of_a_series_that_was_moved() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261012T090000",
        "DTSTART;TZID=Europe/Berlin:20261013T140000",
        "DTEND;TZID=Europe/Berlin:20261013T150000",
    )
    assert times(calendar(event("RRULE:FREQ=WEEKLY;COUNT=2"), moved)) == ["05 09:00/10:00", "13 14:00/15:00"]


def test_floating_times_are_of_the_calendars_own_zone_where_it_names_one() -> None:
    floating = event("DTSTART:20261005T090000Z", "DTEND:20261005T100000Z")
    assert times(calendar(floating, head="X-WR-TIMEZONE:America/New_York")) == ["05 11:00/12:00"]


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("STATUS:CONFIRMED", True),
        ("STATUS:CANCELLED", False),
        ("TRANSP:TRANSPARENT", False),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:Mira@example.net", False),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:jo@example.net", True),
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:mira@example.net", True),
    ],
)
def test_which_meetings_took_place(line: str, taken: bool) -> None:
    (meeting,) = found(calendar(event(line))).meetings
    assert meeting.taken is taken


def recording(kind: str = "calendar", now: datetime = LAST) -> Recording:
    people = {"mira@example.net": "mira"}
    return Recording(source="cal", kind=kind, contributor="mira", zone=BERLIN, now=now, people=people, client="acme")


def test_all_day_events_are_no_minutes_and_private_ones_have_no_text() -> None:
    whole = event("DTSTART;VALUE=DATE:20261005", "DTEND;VALUE=DATE:20261006")
    assert seen(calendar(whole), "x", recording())[0].records == ()
    (private,) = seen(calendar(event("CLASS:PRIVATE", "CATEGORIES:Health")), "x", recording())[0].records
    assert (private.text, private.labels, private.until) == ("", (), datetime(2026, 10, 5, 8, tzinfo=UTC))
    (public,) = seen(calendar(event("CATEGORIES:acme,planning")), "x", recording())[0].records
    assert (public.kind, public.text, public.labels) == ("calendar", "Planning", ("acme", "planning"))


def test_of_busy_hours_only_the_times_are_read() -> None:
    (record,) = seen(calendar(event("CATEGORIES:acme")), "x", recording("busy"))[0].records
    assert (record.kind, record.text, record.labels) == ("busy", "", ())


def test_a_calendar_that_can_not_be_read_whole_takes_nothing_away() -> None:
    good, _ = seen(calendar(event()), "x", recording())
    bad, problems = seen(calendar(event(), event("UID:2", "RRULE:FREQ=WEEKLY;UNTL=20261023")), "x", recording())
    assert (len(good.spans), bad.spans) == (1, ())
    assert problems[0].severity == "warning"


@pytest.mark.parametrize(
    "content", [b"", b"no calendar", b"BEGIN:VEVENT\r\nEND:VEVENT", b"\x00\xff", b"BEGIN:VCALENDAR"]
)
def test_what_is_no_calendar(content: bytes) -> None:
    result = found(content)
    assert result.meetings == ()
    (problem,) = result.problems
    assert (problem.file, problem.severity) == ("mira.ics", "error")
    assert problem.line is not None
    assert "BEGIN:VEVENT" in problem.hint


def test_a_broken_event_costs_only_itself() -> None:
    broken = event("UID:2@example.net", "RRULE:FREQ=WEEKLY;UNTL=20261023").replace("UID:1@example.net\r\n", "")
    result = found(calendar(event(), broken))
    assert [meeting.text for meeting in result.meetings] == ["Planning"]
    assert [problem.severity for problem in result.problems] == ["warning"]


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;BYSECOND=0,1", "FREQ=DAILY;BYMINUTE=0,1,2,3,4"]
)
def test_a_rule_without_end_fills_no_memory(rule: str) -> None:
    endless = event(f"RRULE:{rule}").replace("UID:1@", "UID:2@")
    result = found(calendar(endless, event()))
    assert len(result.meetings) == 1
    (problem,) = result.problems
    assert (problem.message, problem.line) == ("'Planning' of 2026-10-05 repeats more often than every hour", 5)


LINES = st.sampled_from(
    (
        "DTSTART:20261005T090000",
        "DTSTART;TZID=Nowhere/Land:20261005T090000",
        "DTSTART;VALUE=DATE:20261005",
        "DTEND:20261004T090000",
        "DTEND;VALUE=DATE:20261006",
        "DURATION:-PT5M",
        "RRULE:FREQ=WEEKLY;COUNT=-1",
        "RRULE:FREQ=YEARLY;BYDAY=9XX",
        "RDATE:2026",
        "EXDATE;VALUE=DATE:20261005",
        "RECURRENCE-ID:20261005T090000",
        "ATTENDEE:x",
        "UID:",
        "SUMMARY",
        "BEGIN:VALARM",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "END:VCALENDAR",
    )
)


@given(st.lists(LINES | st.text(max_size=12), max_size=8))
def test_no_calendar_makes_reading_raise(lines: list[str]) -> None:
    text = "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"))
    result = found(text.encode())
    assert all(meeting.end >= meeting.begin for meeting in result.meetings)
    assert all(problem.hint for problem in result.problems)


def test_what_only_the_library_finds_wrong_is_named_too() -> None:
    bad = event("DTSTART:20261007T070000Z", "DTEND:20261007T080000Z", "RDATE:garbage")
    good = event("DTSTART:20261006T070000Z", "DTEND:20261006T080000Z").replace("UID:1@", "UID:2@")
    result = found(calendar(bad, good))
    assert [meeting.begin.day for meeting in result.meetings] == [6]
    (problem,) = result.problems
    assert "'Planning' of 2026-10-07 can't be" in problem.message
    assert problem.line == 5


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("RRULE:FREQ=DAILY;INTERVAL=0",), "repeats at no interval: FREQ=DAILY;INTERVAL=0"),
        (("RRULE:FREQ=DAILY;INTERVAL=-1",), "repeats at no interval: FREQ=DAILY;INTERVAL=-1"),
        (("RRULE:FREQ=GARBAGE",), "has a rule that can't be followed: FREQ=GARBAGE"),
        (("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",), "repeats on no day that there is"),
        (("RRULE:FREQ=DAILY;BYSETPOS=300",), "repeats on no day that there is"),
        (("RRULE:FREQ=WEEKLY;UNTL=20261023",), "has a rule that can't be followed"),
        (("DTSTART:20261005T070000Z", "DURATION:-PT5H"), "ends before it begins"),
        (("DTSTART:20261005T070000Z", "DTEND:20991005T060000Z"), "goes on for 26,662 days: it is no work"),
        (("RECURRENCE-ID:x",), "can't be read"),
        (("RECURRENCE-ID:90001005T070000Z",), "was moved by more than a year"),
    ],
)
def test_an_event_that_can_not_be_followed_is_named_and_costs_only_itself(lines: tuple[str, ...], why: str) -> None:
    other = event("DTSTART:20261006T070000Z", "DTEND:20261006T080000Z").replace("UID:1@", "UID:2@")
    result = found(calendar(event(*lines), other))
    assert [meeting.begin.day for meeting in result.meetings if not meeting.all_day] == [6]
    (problem,) = result.problems
    assert problem.message.startswith(f"'Planning' of 2026-10-05 {why}")
    assert (problem.severity, problem.file, problem.line) == ("warning", "mira.ics", 5)


def test_events_that_began_long_ago_are_followed_as_far_as_a_person_meets() -> None:
    daily = event("DTSTART:18950101T090000", "DTEND:18950101T091500", "RRULE:FREQ=DAILY")
    birthday = event("DTSTART:16041005T090000", "DTEND:16041005T093000", "RRULE:FREQ=YEARLY").replace("UID:1", "UID:2")
    many = event("RRULE:FREQ=DAILY;COUNT=999999999").replace("UID:1", "UID:3")
    assert len(times(calendar(daily, birthday, many))) == 30 + 1 + 26
    hourly = found(calendar(event("DTSTART:19000101T090000Z", "DTEND:19000101T100000Z", "RRULE:FREQ=HOURLY")))
    assert hourly.meetings == ()
    assert "repeats more than 50,000 times" in hourly.problems[0].message


def test_of_many_broken_events_the_first_are_told_and_the_others_counted() -> None:
    bad = [event("RRULE:FREQ=GARBAGE").replace("UID:1@", f"UID:{number}@") for number in range(30)]
    problems = found(calendar(*bad)).problems
    assert [problem.message for problem in problems[5:]] == ["and 25 more like it"]
    assert len(problems) == 6


@pytest.mark.skipif(not DATA.is_dir(), reason="the real calendars are not at ../shared/data/calendars")
def test_real_calendars_are_read() -> None:
    broken = []
    for path in sorted(DATA.glob("*.ics")):
        result = read(
            path.read_bytes(), path.name, BERLIN, first=datetime(2019, 1, 1, tzinfo=UTC), last=LAST, person=MIRA
        )
        broken += [path.name] if result.problems else []
        assert all(meeting.end - meeting.begin >= timedelta(0) for meeting in result.meetings)
    assert broken == ["bad_rrule_missing_until_event.ics"]


WHOLE = ("DTSTART;VALUE=DATE:20261005", "DTEND;VALUE=DATE:20261008")


def titled(title: str, *lines: str) -> bytes:
    return calendar(event(*lines).replace("SUMMARY:Planning", f"SUMMARY:{title}"))


def off(content: bytes, recording: Recording) -> list[int]:
    records = seen(content, "x", recording)[0].records
    assert {(record.kind, record.text, record.labels) for record in records} <= {("off", "", ())}
    return [record.at.day for record in records]


@pytest.mark.parametrize("kind", ["calendar", "busy"])
def test_whole_days_that_say_so_are_days_off_and_not_why(kind: str) -> None:
    assert off(titled("Urlaub", *WHOLE, "TRANSP:TRANSPARENT", "CLASS:PRIVATE"), recording(kind)) == [5, 6, 7]
    assert off(titled("Berlin", *WHOLE, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), recording(kind)) == [5, 6, 7]
    assert off(titled("Berlin", *WHOLE, "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), recording(kind)) == []
    assert off(titled("Vacation", *WHOLE, "STATUS:CANCELLED"), recording(kind)) == []
    assert off(titled("Vacation", *WHOLE, "ATTENDEE;PARTSTAT=DECLINED:mailto:mira@example.net"), recording(kind)) == []


def test_a_day_off_is_known_when_it_has_begun() -> None:
    assert off(titled("Urlaub", *WHOLE), recording(now=datetime(2026, 10, 6, 9, tzinfo=BERLIN))) == [5, 6]


def test_a_timed_event_of_somebody_away_is_no_meeting_and_no_day_off() -> None:
    assert off(titled("Out of office"), recording()) == []
    (record,) = seen(titled("Out of office"), "x", recording("busy"))[0].records
    assert record.kind == "busy"


def test_others_are_away_in_a_shared_calendar() -> None:
    people = {"mira@example.net": "mira", "mira kovac": "mira", "jonas weber": "jonas", "jonas": "jonas"}
    shared = replace(recording(), people=people)
    assert off(titled("Urlaub Jonas", *WHOLE), shared) == []
    assert off(titled("Urlaub Mira", *WHOLE), shared) == [5, 6, 7]


def test_days_off_need_no_client_and_go_when_their_event_goes() -> None:
    routed = replace(recording(), client="")
    first, _ = seen(titled("Urlaub", *WHOLE), "x", routed)
    found = appended([first], routed, known=(), mine=()).evidence
    assert [record.state for record in found] == [None] * 3
    short, _ = seen(titled("Urlaub", WHOLE[0], "DTEND;VALUE=DATE:20261006"), "x", routed)
    (gone, also) = appended([short], replace(routed, now=LAST + timedelta(hours=1)), known=found, mine=found).evidence
    assert [(record.state, record.at.day) for record in (gone, also)] == [("removed", 6), ("removed", 7)]


@pytest.mark.parametrize(
    "title",
    [
        *("Vacation", "🏖 Vacation!", "Mira: vacation", "On vacation (Lisbon)", "OOO", "Out of office - Mira", "Sick"),
        *("Urlaub", "Im Urlaub", "Krank", "frei", "Congés", "Jour férié", "vacaciones", "Ferie", "vakantie", "férias"),
        *("urlop", "Sjuk", "kesäloma", "dovolená", "отпуск", "izin", "有給休暇", "夏休み", "年假", "휴가", "Holiday"),
    ],
)
def test_titles_that_say_somebody_is_away(title: str) -> None:
    assert says_away(title)


@pytest.mark.parametrize(
    "title",
    [
        *("", "Planning", "Vacation planning", "Holiday campaign", "Leave for airport", "Semester start", "Free trial"),
        *("Urlaubsantrag Jonas", "Frei halten für Acme", "RTT analysis", "Sickbay redesign", "Release: holidays"),
    ],
)
def test_titles_that_do_not(title: str) -> None:
    assert not says_away(title)
