"""Bookings as evidence: minutes by ticket and day, corrections settled, nothing twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from git_bill.flows.keyed import kept
from git_bill.forge import Booking
from git_bill.sources.bookings import KIND, read
from git_bill.sources.commit import Found
from git_bill.sources.recorded import Recording
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.keyed import EvidenceKey
from git_bill.worklog.measured import current

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST = datetime(2026, 10, 1, tzinfo=UTC)
RECORDING = Recording(
    source="shop", kind=KIND, contributor="mira", zone=ZoneInfo("America/New_York"), now=NOW, client="acme"
)


def booked(minutes: int, day: int = 5, ticket: str = "#5", **more: object) -> Booking:
    at = datetime(2026, 10, day, tzinfo=UTC)
    made = Booking(account="Mira-K", ticket=ticket, title="Cart", at=at, seconds=minutes * 60)
    return replace(made, **more)  # type: ignore[arg-type]


def looked(*bookings: Booking, known: Sequence[Evidence] = (), hours: int = 0) -> list[Evidence]:
    people = {"mira-k": replace(RECORDING, now=NOW + timedelta(hours=hours))}
    return [*known, *read(bookings, people, known=known, first=FIRST).evidence]


def told(records: Sequence[Evidence]) -> dict[tuple[str | None, int], int | None]:
    return {(record.ticket, record.at.day): record.minutes for record in current(records)}


def test_a_day_that_was_named_is_that_day_in_every_zone() -> None:
    late = datetime(2026, 10, 6, 2, tzinfo=UTC)  # still the fifth in New York
    assert told(looked(booked(60), booked(30, at=late))) == {("#5", 5): 90}


def test_what_is_taken_back_comes_off_its_day_and_then_the_days_before() -> None:
    assert told(looked(booked(60), booked(-15))) == {("#5", 5): 45}
    assert told(looked(booked(60, 5), booked(30, 6), booked(-45, 7))) == {("#5", 5): 45}
    assert told(looked(booked(30, 8), booked(-45, 7))) == {("#5", 8): 30}
    assert told(looked(booked(60), booked(-60, 5), booked(5, ticket="#6"))) == {("#6", 5): 5}


def test_a_second_look_adds_nothing_and_a_correction_counts() -> None:
    first = looked(booked(60))
    assert looked(booked(60), known=first, hours=1) == first
    second = looked(booked(60), booked(15), known=first, hours=2)
    assert (told(second), len(second)) == ({("#5", 5): 75}, 2)
    assert told(looked(known=second, hours=3)) == {}


def test_what_was_booked_before_counts_again_where_the_evidence_is_keyed() -> None:
    key, known = EvidenceKey(b"\x01" * 32), list[Evidence]()
    for hours, minutes in enumerate((60, 75, 60, 0, 60, 60)):
        found = looked(*([booked(minutes)] if minutes else []), known=known, hours=hours)[len(known) :]
        known += kept(Found(evidence=tuple(found)), known, key).evidence
        assert told(known) == ({("#5", 5): minutes} if minutes else {})
    assert len(known) == 5


def test_a_day_of_which_only_a_part_is_looked_at_stays_as_it_was() -> None:
    morning, evening = (datetime(2026, 10, 5, hour, tzinfo=UTC) for hour in (14, 22))
    first = looked(booked(60, at=morning), booked(60, at=evening))
    people = {"mira-k": replace(RECORDING, now=NOW + timedelta(hours=1))}
    since = datetime(2026, 10, 5, 18, tzinfo=UTC)
    assert read([booked(60, at=evening)], people, known=first, first=since).evidence == ()
    assert told(first) == {("#5", 5): 120}


def test_others_bookings_are_theirs() -> None:
    assert looked(booked(60, account="jonas")) == []


@given(st.lists(st.builds(booked, st.integers(-90, 90), st.integers(2, 9)), max_size=12))
def test_never_more_than_was_booked_and_never_less_than_nothing(bookings: list[Booking]) -> None:
    minutes = list(told(looked(*bookings)).values())
    assert all(each is not None and each > 0 for each in minutes)
    assert sum(each or 0 for each in minutes) <= sum(max(0, booking.seconds) for booking in bookings) // 60
    if all(booking.seconds >= 0 for booking in bookings):
        assert sum(each or 0 for each in minutes) == sum(booking.seconds for booking in bookings) // 60
