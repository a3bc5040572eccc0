"""Days, periods and durations as people write them. Durations are whole minutes."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DURATION = re.compile(r"(?P<sign>-?)(?:(?P<h>[0-9]{1,6})h)?(?:(?P<m>[0-9]{1,6})m)?")
_DECIMAL_HOURS = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,6})[.,](?P<part>[0-9]{1,2})h")
_QUARTER = re.compile(r"([0-9]{4})-q([1-4])")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_duration(text: str) -> int:
    """`"1h30m"`, `"45m"`, `"2h"`, `"1.5h"`, `"-15m"` → minutes. Raises ValueError with an example."""
    word = text.strip().lower().replace(" ", "")
    if match := _DECIMAL_HOURS.fullmatch(word):
        hundredths = int(match["whole"]) * 100 + int(match["part"].ljust(2, "0"))
        minutes, rest = divmod(hundredths * 60, 100)
        if rest:
            raise ValueError(f'{text!r} is not in whole minutes; write it like "1h30m" or "1.5h"')
        return -minutes if match["sign"] else minutes
    if (match := _DURATION.fullmatch(word)) and (match["h"] or match["m"]):
        minutes = int(match["h"] or 0) * 60 + int(match["m"] or 0)
        return -minutes if match["sign"] else minutes
    raise ValueError(f'{text!r} is not a duration; write it like "1h30m", "45m" or "1.5h"')


def format_duration(minutes: int) -> str:
    """Minutes → `"1h30m"`, `"45m"`, `"2h"`, `"0m"`."""
    sign, (hours, rest) = "-" if minutes < 0 else "", divmod(abs(minutes), 60)
    return sign + (f"{hours}h" if hours else "") + (f"{rest}m" if rest or not hours else "")


class _Backwards(ValueError):  # noqa: N818  it is a part of a message
    """A period that ends before it starts."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise _Backwards(f"the period ends ({self.last}) before it starts ({self.first})")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        if self.first.day == 1 and self == month(self.first):
            return self.first.isoformat()[:7]
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first}..{self.last}"


def month(day: date) -> Period:
    """The calendar month that a day lies in."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def months(period: Period) -> Iterator[Period]:
    """The calendar months that end in a period."""
    each = month(period.first)
    while each.last <= period.last:
        yield each
        each = month(each.last + timedelta(days=1))


def parse_period(text: str, today: date) -> Period:
    """`2026-10`, `2026`, `2026-Q4`, `last-month`, `this-month`, a day, `A..B` (days) → Period. Raises ValueError."""
    why = ""
    try:
        if found := _spelled(text.strip().lower(), today):
            return found
    except _Backwards as error:
        why = f": {error}"
    except (ValueError, OverflowError):
        pass  # the words of what reads dates tell nobody how to write one
    example = "write it like 2026-10, 2026-Q3, last-month or 2026-10-01..2026-10-15"
    raise ValueError(f"{text!r} is not a period{why}; {example}")


def _spelled(word: str, today: date) -> Period | None:
    if word in {"this-month", "last-month"}:
        first = today.replace(day=1)
        return month(first if word == "this-month" else first - timedelta(days=1))
    if match := _QUARTER.fullmatch(word):
        first = date(int(match[1]), int(match[2]) * 3 - 2, 1)
        return Period(first, month(first.replace(month=first.month + 2)).last)
    if _MONTH.fullmatch(word):
        return month(date.fromisoformat(f"{word}-01"))
    if _YEAR.fullmatch(word):
        return Period(date(int(word), 1, 1), date(int(word), 12, 31))
    if word[:1].isdigit():
        start, dots, end = word.partition("..")
        return Period(date.fromisoformat(start), date.fromisoformat(end if dots else start))
    return None


def parse_day(text: str, today: date) -> date:
    """`2026-10-05`, `today`, `yesterday`, `mon` (the last one, never today) → date. Raises ValueError."""
    word = text.strip().lower()
    if word in {"today", "yesterday"}:
        return today - timedelta(days=word == "yesterday")
    for weekday, name in enumerate(_WEEKDAYS):
        if len(word) >= 3 and name.startswith(word):
            return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValueError(f"{text!r} is not a day; write it like 2026-10-05, yesterday or mon") from None
