"""Evidence from a forge's time tracking: what people booked on tickets with `/spend`, by ticket and day.

A booking that takes back, `/spend -15m`, takes from its own day, then from the days before it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from git_bill.forge import Booking
from git_bill.sources.commit import Found, in_order
from git_bill.sources.recorded import Recording, Seen, appended, name_of_thing
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.measured import TIMER

KIND = "booking"  # of its recordings
_LONGEST = 200  # characters of a title


@dataclass(slots=True)
class _Log:
    """What one person booked on one ticket: seconds by day."""

    title: str = ""
    days: dict[date, int] = field(default_factory=lambda: defaultdict(int))


def read(
    bookings: Iterable[Booking], people: Mapping[str, Recording], *, known: Iterable[Evidence], first: datetime
) -> Found:
    """New and corrected days since an instant. `people`: login name in lower case → what is looked for of whom.

    `known`: the source's evidence; a day of it since then that nobody booked any more was taken back. A day that began
    before that instant stays as it is on file: not all of its bookings are among these.
    """
    logs: dict[str, dict[str, _Log]] = defaultdict(lambda: defaultdict(_Log))
    for booking in bookings:
        recording = people.get(booking.account.lower())
        if recording is not None and _begin(day := _day(booking.at, recording), recording) >= first:
            log = logs[recording.contributor][booking.ticket]
            log.title = booking.title[:_LONGEST]
            log.days[day] += booking.seconds
    on_file = [record for record in known if record.kind == TIMER]
    found: list[Evidence] = []
    for recording in {recording.contributor: recording for recording in people.values()}.values():
        own = [record for record in on_file if record.contributor == recording.contributor]
        records = tuple(_records(logs.get(recording.contributor, {}), recording))
        seen = Seen(records=records, spans=((first, recording.now),))
        found += appended([seen], recording, known=own, mine=own).evidence
    return Found(evidence=in_order(found))


def _day(at: datetime, recording: Recording) -> date:
    """Where only a day was named, the forge says midnight in UTC."""
    named = at.astimezone(UTC)
    return named.date() if named.time() == time() else at.astimezone(recording.zone).date()


def _begin(day: date, recording: Recording) -> datetime:
    return datetime.combine(day, time(), tzinfo=recording.zone)


def _records(logs: Mapping[str, _Log], recording: Recording) -> Iterator[Evidence]:
    for ticket, log in logs.items():
        for day, seconds in _settled(log.days).items():
            if seconds >= 60:
                yield Evidence(
                    key=name_of_thing(recording, ticket, day.isoformat()),
                    kind=TIMER,
                    source=recording.source,
                    contributor=recording.contributor,
                    at=_begin(day, recording),
                    text=log.title,
                    ticket=ticket,
                    minutes=seconds // 60,
                )


def _settled(days: Mapping[date, int]) -> Mapping[date, int]:
    """Days without negative ones: what is left to take back goes to the latest day before."""
    left: dict[date, int] = dict(sorted(days.items()))
    for day in sorted(day for day, seconds in days.items() if seconds < 0):
        for earlier in sorted((one for one in left if one < day), reverse=True):
            taken = min(-left[day], left[earlier])
            if taken > 0:
                left[day], left[earlier] = left[day] + taken, left[earlier] - taken
        left[day] = max(0, left[day])
    return left
