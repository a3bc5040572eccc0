"""Recorded time as evidence: a second look adds nothing, a correction one record, and what is gone says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from git_bill.sources.recorded import Recording, appended, timed
from git_bill.sources.timers.formats import read
from git_bill.sources.timers.timed import Timed, Timers, in_order
from git_bill.worklog.assignment import Match, Route
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.measured import current

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
RECORDING = Recording(
    source="timers",
    kind="timewarrior",
    contributor="mira",
    zone=BERLIN,
    now=NOW,
    client="acme",
    people={"mira@example.net": "mira", "jonas@example.net": "jonas"},
)


def looked(text: str, known: Sequence[Evidence] = (), recording: Recording = RECORDING) -> list[Evidence]:
    """All that is on file after looking at a Timewarrior file."""
    return after(read("timewarrior", text, "x.data", BERLIN), known, recording)


def after(export: Timers, known: Sequence[Evidence] = (), recording: Recording = RECORDING) -> list[Evidence]:
    seen, _ = timed([export], recording)
    return [*known, *appended(seen, recording, known=known, mine=known).evidence]


def line(begin: str, end: str, rest: str = "") -> str:
    return f"inc 20261005T{begin}00Z - 20261005T{end}00Z{rest}\n"


def told(records: Sequence[Evidence]) -> list[tuple[str, str]]:
    return [(f"{r.at:%H:%M}", f"{r.until:%H:%M}" if r.until else "") for r in current(records)]


def test_a_second_look_adds_nothing() -> None:
    text = line("0700", "0800") + line("0900", "1000")
    first = looked(text)
    assert told(first) in ([("07:00", "08:00"), ("09:00", "10:00")], [("09:00", "10:00"), ("07:00", "08:00")])
    assert looked(text, first) == first


def test_a_corrected_end_replaces_the_former_and_may_come_back() -> None:
    later = [replace(RECORDING, now=NOW + timedelta(hours=n)) for n in range(4)]
    file: list[Evidence] = []
    for recording, end in zip(later, ("0800", "0830", "0800", "0800"), strict=True):
        file = looked(line("0700", end), file, recording)
        assert told(file) == [("07:00", f"{end[:2]}:{end[2:]}")]
    assert len(file) == 3
    assert len({record.key for record in file}) == 3
    assert len({record.key[:12] for record in file}) == 1


def test_what_was_deleted_between_others_counts_no_more() -> None:
    whole = line("0600", "0630") + line("0700", "0800") + line("0900", "1000")
    first = looked(whole)
    later = replace(RECORDING, now=NOW + timedelta(hours=1))
    second = looked(line("0600", "0630") + line("0900", "1000"), first, later)
    assert sorted(told(second)) == [("06:00", "06:30"), ("09:00", "10:00")]
    assert len(second) == 4
    assert looked(line("0900", "1000"), first, later) == first  # a shorter file tells nothing of what it does not span
    again = replace(RECORDING, now=NOW + timedelta(hours=2))
    assert sorted(told(looked(whole, second, again))) == sorted(told(first))


def test_a_table_of_one_project_tells_nothing_of_another() -> None:
    def export(*projects: str) -> Timers:
        at = datetime(2026, 10, 5, 7, tzinfo=UTC)
        times = (
            Timed(key=f"{n}", begin=at + timedelta(hours=n), end=at + timedelta(hours=n, minutes=30), project=name)
            for n, name in enumerate(projects)
            if name
        )
        return in_order(times, whole=False)

    first = after(export("a", "b", "a"))
    later = replace(RECORDING, now=NOW + timedelta(hours=1))
    assert after(export("a", "", "a"), first, later) == first
    assert len(current(after(export("a", "", "", "b"), first, later))) == 2


def test_what_another_machine_read_is_not_taken_away() -> None:
    theirs = looked(line("0700", "0800"))
    seen, _ = timed([read("timewarrior", line("0600", "0630") + line("0900", "1000"), "y", BERLIN)], RECORDING)
    found = appended(seen, RECORDING, known=theirs, mine=())
    assert sorted(told([*theirs, *found.evidence])) == [("06:00", "06:30"), ("07:00", "08:00"), ("09:00", "10:00")]


def test_what_no_route_fits_is_not_copied_and_told() -> None:
    routed = replace(RECORDING, client="", routes=(Route(match=Match(tag="acme"), client="acme"),))
    text = line("0700", "0800", " # acme") + line("0900", "1000", ' # dentist # "Dr. Who"')
    seen, _ = timed([read("timewarrior", text, "x", BERLIN)], routed)
    found = appended(seen, routed, known=(), mine=())
    assert [record.labels for record in found.evidence] == [("acme",)]
    (problem,) = found.problems
    assert problem.message.startswith("1h of 'timers' are not counted")


def test_older_time_is_history_and_what_is_not_over_waits() -> None:
    edges = replace(RECORDING, start=datetime(2026, 10, 5, 8, tzinfo=UTC), now=datetime(2026, 10, 5, 9, 30, tzinfo=UTC))
    text = line("0700", "0730") + line("0800", "0900") + line("0910", "1000")
    assert told(looked(text, (), edges)) == [("08:00", "09:00")]


def team(*people: str) -> Timers:
    at = datetime(2026, 10, 5, 7, tzinfo=UTC)
    return in_order(
        (
            Timed(key=f"{n}", begin=at, end=at + timedelta(minutes=30 + n), person=person)
            for n, person in enumerate(people)
        ),
        whole=False,
    )


def test_of_a_teams_export_only_the_contributors_own_rows_count() -> None:
    seen, problems = timed([team("mira@example.net", "jonas@example.net", "Mira@Example.net")], RECORDING)
    assert len(seen[0].records) == 2
    assert [problem.rule for problem in problems] == ["others-time"]
    assert timed([team("jonas@example.net")], RECORDING)[0][0].records == ()
    assert len(timed([team("Some Alias")], RECORDING)[0][0].records) == 1
    assert timed([team("Some Alias", "Other")], RECORDING)[0][0].records == ()


def test_a_ticket_is_found_in_text_tags_and_project() -> None:
    for rest in (' # a # "WEB-5 x"', " # WEB-5", ""):
        (record,) = looked(line("0700", "0800", rest))
        assert record.ticket == ("WEB-5" if rest else None)


MOMENTS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 30)), max_size=6, unique_by=lambda pair: pair[0])


@given(st.lists(MOMENTS, max_size=4))
def test_the_file_only_grows_and_tells_what_the_last_whole_file_says(looks: list[list[tuple[int, int]]]) -> None:
    file: list[Evidence] = []
    start = datetime(2026, 10, 5, 6, tzinfo=UTC)
    for number, moments in enumerate(looks):
        times = [
            Timed(key=f"{at}", begin=start + timedelta(minutes=40 * at), end=start + timedelta(minutes=40 * at + much))
            for at, much in (*moments, (-1, 5), (21, 5))  # the first and last stay: the file spans all
        ]
        recording = replace(RECORDING, now=NOW + timedelta(hours=number))
        before = list(file)
        file = after(in_order(times), file, recording)
        assert file[: len(before)] == before
        assert sorted((r.at, r.until) for r in current(file)) == sorted((t.begin, t.end) for t in times)
        assert after(in_order(times), file, recording) == file
    assert len({record.key for record in file}) == len(file)
