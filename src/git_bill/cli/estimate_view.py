"""What an estimate shows, in words: its days, its range, whose hours and of which repositories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from git_bill.flows.estimate import Estimate, Wanted
from git_bill.flows.estimate_rows import By, Row, Rows, price
from git_bill.invoice.document.locale import hours_text
from git_bill.money import Money
from git_bill.period import Period, month
from git_bill.sources.commit import commit_of
from git_bill.worklog.estimate import Range, total
from git_bill.worklog.people import Person

_MOST_NAMED = 3  # addresses, people or repositories in one line
_ROUGHLY = 10 * 60  # from this many minutes on a range is told in whole hours
_LONG = 1_000 * 60  # and a sum


@dataclass(frozen=True, kw_only=True)
class View:
    """An estimate and how it was asked for.

    `typed`: the command with its paths, `again`: with days and people too. `by` None: by day and ticket.
    """

    result: Estimate
    wanted: Wanted
    by: By | None
    rate: Money | None
    today: date
    typed: str
    again: str

    @cached_property
    def _persons(self) -> dict[str, Person]:
        return {person.id: person for person in self.result.who}

    @cached_property
    def _rows(self) -> Rows:
        return Rows(self.result, self.wanted, self.rate)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """By what was asked for."""
        return self._rows.by(self.by or "day-ticket")

    @cached_property
    def people(self) -> tuple[Row, ...]:
        """By contributor."""
        return self._rows.by("contributor")

    @cached_property
    def tickets(self) -> tuple[Row, ...]:
        """By ticket."""
        return self._rows.by("ticket")

    @cached_property
    def whole(self) -> Range:
        """All minutes."""
        return total(self.result.worked.shares)

    @cached_property
    def commits(self) -> int:
        """All commits, each once."""
        return len({commit_of(record.key) for record in self.result.evidence})

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Names of the repositories that the hours are from; of all, where there are no hours."""
        worked = {share.source for share in self.result.worked.shares}
        names = tuple(repository.name for repository in self.result.read)
        return tuple(name for name in names if name in worked) or names

    @property
    def net(self) -> Money | None:
        """The price of the expected minutes."""
        return None if self.rate is None else price(self.rate, self.whole.expected)

    @property
    def own(self) -> bool:
        """Whether these are the caller's hours."""
        return not self.wanted.everyone and not self.wanted.authors

    def person(self, row: Row) -> Person:
        """Whose row it is."""
        return self._persons[row.group.contributor]

    def when(self) -> str:
        """The days: those asked for, else those of the evidence."""
        if self.wanted.days is not None:
            return days_text(self.wanted.days, self.today)
        days = [record.at.date() for record in self.result.evidence]
        return days_text(Period(min(days), max(days)), self.today) if days else "The whole history"

    def where(self) -> str:
        """The repositories that the hours are from: by name, or how many."""
        return self.sources[0] if len(self.sources) == 1 else f"{len(self.sources)} repositories"

    def whose(self) -> str:
        """Who is meant, with the addresses: `you: mira@example.net and 2 other addresses`."""
        if self.own:
            return f"you: {_addresses(self.result.who[0])}" if self.result.who else "you: git does not know your e-mail"
        if len(self.people) > _MOST_NAMED:
            return f"{len(self.people):,} contributors"
        persons = [self.person(row) for row in self.people]
        if len(persons) == 1:
            return f"{persons[0].names[0]}: {_addresses(persons[0])}"
        return listed([person.names[0] for person in persons])


def range_text(low: int, high: int) -> str:
    """Minutes as `63 to 79 h`; what is short, exactly: `35 min to 2 h`."""
    if high < _ROUGHLY:
        return f"{hours_text(low)} to {hours_text(high)}"
    return f"{low // 60:,} to {-(-high // 60):,} h"


def whole_text(minutes: int) -> str:
    """`12 h 18 min`; what is long, in whole hours: `1,842 h`."""
    return hours_text(minutes) if minutes < _LONG else f"{round(minutes / 60):,} h"


def days_text(days: Period, today: date) -> str:
    """`October and November 2026`, `5 to 9 October 2026`, `since 12 October 2026`, `until 9 October 2026`."""
    first, last = days.first, days.last
    if first == date.min:
        return f"until {_day(last)}"
    if first.day == 1 and last == month(last).last:
        return _months(first, last)
    if last >= month(today).last:
        return f"since {_day(first)}"
    if first == last:
        return _day(first)
    start = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else f"{first.day} {first:%B}"
    return f"{start if first.year == last.year else _day(first)} to {_day(last)}"


def listed(words: Sequence[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f" {joint} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _months(first: date, last: date) -> str:
    if month(first).last == last:
        return f"{first:%B %Y}"
    if (first.month, last.month) == (1, 12):
        return f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    joined = "and" if month(first).last + timedelta(days=1) == last.replace(day=1) else "to"
    return f"{start} {joined} {last:%B %Y}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _addresses(person: Person) -> str:
    first, others = person.emails[0], person.emails[1:]
    if len(others) < _MOST_NAMED:
        return listed(person.emails)
    return f"{first} and {len(others)} other addresses ({', '.join(others[: _MOST_NAMED - 1])}, …)"
